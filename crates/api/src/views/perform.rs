//! What came of an act, and what waits for decisions.

use super::{imports::row_problem, named, records, rule_problem};
use wire::LabelView;

/// What came of an act.
pub(crate) fn performed(performed: app::Performed) -> wire::Performed {
    match performed {
        app::Performed::Done { record, made } => wire::Performed::Done(wire::Done {
            record: records::record(*record),
            made: made.into_iter().map(self::made).collect(),
        }),
        app::Performed::Waiting { approval, record } => wire::Performed::Waiting(wire::Waiting {
            approval,
            record: records::record(*record),
        }),
        app::Performed::WouldHappen {
            state,
            needs_approval,
            rules,
        } => {
            let rules = rules.into_iter().map(rule_problem).collect();
            wire::Performed::WouldHappen(wire::WouldHappen {
                state,
                needs_approval,
                rules,
            })
        }
    }
}

/// What an unfinished form comes to.
pub(crate) fn unfinished(view: app::Unfinished) -> wire::Performed {
    let mark = view.mark;
    wire::Performed::Unfinished(wire::Unfinished {
        state: view.state,
        fields: view.fields.into_iter().map(standing).collect(),
        problems: view.problems.into_iter().map(row_problem).collect(),
        filled: view.filled,
        computed: view.computed,
        label: view.label.map(|label| LabelView::new(label, mark)),
        rules: view.rules.into_iter().map(rule_problem).collect(),
        undecided: view.undecided.into_iter().map(rule_problem).collect(),
        decisions: view.decisions.into_iter().map(ahead).collect(),
        refused: view.refused.into_iter().map(row_problem).collect(),
    })
}

fn standing(standing: app::Standing) -> wire::FieldStanding {
    let app::Standing {
        field,
        shown,
        required,
    } = standing;
    wire::FieldStanding {
        field,
        shown,
        required,
    }
}

fn ahead(ahead: app::DecisionAhead) -> wire::DecisionAhead {
    wire::DecisionAhead {
        step: ahead.step,
        name: ahead.name.map(Into::into),
    }
}

fn made(made: app::MadeView) -> wire::Made {
    let app::MadeView {
        id,
        register,
        number,
    } = made;
    wire::Made {
        id,
        register,
        number,
    }
}

/// Something a person was told.
pub(crate) fn notice(view: app::NoticeView) -> wire::Notice {
    let app::NoticeView {
        record,
        register,
        number,
        kind,
        at,
    } = view;
    wire::Notice {
        record,
        register,
        number,
        kind,
        at,
    }
}

/// An approval that waits.
pub(crate) fn approval(view: app::ApprovalView) -> wire::Approval {
    wire::Approval {
        id: view.id,
        record: records::record(view.record),
        action: view.action,
        state: view.state,
        reason: view.reason.map(|reason| wire::SentBack {
            code: reason.code,
            changed: reason.changed,
        }),
        frozen: view.frozen,
        digest: view.digest,
        step: view.step,
        steps: view.steps,
        waits_for: view.waits_for,
        requested_by: view.requested_by.map(named),
        at: view.at,
        decisions: view.decisions.into_iter().map(decision).collect(),
    }
}

fn decision(view: app::DecisionView) -> wire::Decision {
    wire::Decision {
        step: view.step,
        person: named(view.person),
        on_behalf_of: view.on_behalf_of.map(named),
        verdict: view.verdict,
        comment: view.comment,
        at: view.at,
    }
}
