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
pub(crate) fn import_row(view: app::BatchLineView) -> wire::ImportRow {
    wire::ImportRow {
        row: view.row,
        outcome: view.outcome,
        record: view.record,
        number: view.number,
        problems: view.problems.into_iter().map(row_problem).collect(),
    }
}

/// Something that is wrong with one of many.
pub(super) fn row_problem(problem: app::Problem) -> wire::RowProblem {
    wire::RowProblem {
        field: problem.field,
        rule: problem.rule,
        code: problem.code,
        say: problem.say.into(),
    }
}
