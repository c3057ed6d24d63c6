//! Records, definitions, files and log entries.

use crate::refusal::Refusal;
use wire::LabelView;

/// A record as the caller may see it.
pub(crate) fn record(view: app::RecordView) -> wire::Record {
    wire::Record {
        id: view.id,
        register: view.register,
        number: view.number,
        state: view.state,
        version: view.version,
        label: LabelView::new(view.label, view.mark),
        fields: view.fields,
        lines: view.lines.into_iter().map(line).collect(),
        line: view.line.map(place),
        clocks: view.clocks.into_iter().map(clock).collect(),
        actions: view.actions.into_iter().map(action).collect(),
        scans: view.scans,
        created_at: view.created_at,
        updated_at: view.updated_at,
        entry: view.entry,
        proof: view.entry.map(|entry| format!("/api/v1/log/proof/{entry}")),
    }
}

/// What a record is called.
pub(crate) fn name(view: app::NameView) -> wire::RecordName {
    let app::NameView {
        id,
        register,
        number,
        title,
    } = view;
    wire::RecordName {
        id,
        register,
        number,
        title,
    }
}

fn place(place: app::LinePlace) -> wire::LinePlace {
    let app::LinePlace { of, line, no } = place;
    wire::LinePlace { of, line, no }
}

/// A line of a record.
pub(crate) fn line(view: app::LineView) -> wire::Line {
    let app::LineView {
        id,
        line,
        no,
        state,
        version,
        fields,
        actions,
    } = view;
    wire::Line {
        id,
        line,
        no,
        state,
        version,
        fields,
        actions: actions.into_iter().map(action).collect(),
    }
}

fn clock(clock: app::ClockView) -> wire::ClockState {
    let app::ClockView {
        key,
        started_at,
        due_at,
        state,
        fired,
    } = clock;
    wire::ClockState {
        key,
        started_at,
        due_at,
        state,
        fired,
    }
}

fn action(action: app::ActionView) -> wire::ActionState {
    let app::ActionView {
        key,
        allowed,
        reasons,
    } = action;
    wire::ActionState {
        key,
        allowed,
        reasons: super::texts(reasons),
    }
}

/// How a page is asked for.
pub(crate) fn page_input(query: wire::PageQuery) -> app::PageInput {
    let wire::PageQuery {
        after,
        limit,
        count,
    } = query;
    app::PageInput {
        after,
        limit,
        count,
    }
}

/// A page of a list, each on it shown in its own way.
pub(crate) fn page<T, U>(page: app::Page<T>, shown: impl Fn(T) -> U) -> wire::Page<U> {
    wire::Page {
        items: page.items.into_iter().map(shown).collect(),
        next: page.next,
        total: page.total,
    }
}

/// One version of a record.
pub(crate) fn version(view: app::VersionView) -> wire::Version {
    wire::Version {
        version: view.version,
        at: view.at,
        actor: view.actor,
        action: view.action,
        state: view.state,
        label: view.label.map(|label| LabelView::new(label, view.mark)),
        fields: view.fields,
        comment: view.comment,
        signatures: view.signatures.into_iter().map(signed).collect(),
        entry: view.entry,
    }
}

fn signed(view: app::SignedView) -> wire::Signed {
    let app::SignedView {
        person,
        action,
        method,
        paper,
        digest,
        at,
    } = view;
    wire::Signed {
        person: person.map(super::named),
        action,
        method,
        paper,
        digest,
        at,
    }
}

/// A definition as pages draw from it.
pub(crate) fn definition(definition: &registers::Definition) -> Result<wire::Definition, Refusal> {
    super::written(definition)
}

/// A stored file.
pub(crate) fn file(view: app::FileView) -> wire::File {
    let app::FileView {
        id,
        name,
        media_type,
        size,
        sha256,
    } = view;
    wire::File {
        id,
        name,
        media_type,
        size,
        sha256,
    }
}

/// A log entry.
pub(crate) fn log_page(page: app::EntryPage) -> wire::LogPage {
    wire::LogPage {
        items: page.items.into_iter().map(log_entry).collect(),
        next: page.next,
    }
}

fn log_entry(view: app::EntryView) -> wire::LogEntry {
    let app::EntryView {
        n,
        index,
        entry,
        name,
        account,
    } = view;
    wire::LogEntry {
        n,
        index,
        entry,
        name: name.map(Into::into),
        account,
    }
}
