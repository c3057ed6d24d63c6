//! Files that are taken in.

/// A file and how far it is.
pub(crate) fn import(view: app::ImportView) -> wire::Import {
    let heads = view.heads.into_iter().map(|one| wire::ImportHead {
        head: one.head,
        field: one.field,
    });
    let targets = view
        .targets
        .into_iter()
        .map(|(field, name)| wire::ImportTarget {
            field,
            name: name.into(),
        });
    wire::Import {
        id: view.id,
        register: view.register,
        name: view.name,
        state: view.state,
        action: view.action,
        dry_run: view.dry_run,
        heads: heads.collect(),
        targets: targets.collect(),
        counts: view.counts,
        created_at: view.created_at,
    }
}

/// A row and what became of it.
pub(crate) fn import_row(view: app::ImportLineView) -> wire::ImportRow {
    let problems = view.problems.into_iter().map(|one| wire::ImportProblem {
        field: one.field,
        rule: one.rule,
        code: one.code,
        say: one.say.into(),
    });
    wire::ImportRow {
        row: view.row,
        outcome: view.outcome,
        record: view.record,
        number: view.number,
        problems: problems.collect(),
    }
}
