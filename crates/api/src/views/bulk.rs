//! The same act on many records.

use super::imports::row_problem;

/// A bulk act and how far it is.
pub(crate) fn bulk(view: app::BulkView) -> wire::Bulk {
    wire::Bulk {
        id: view.id,
        register: view.register,
        action: view.action,
        state: view.state,
        dry_run: view.dry_run,
        atomic: view.atomic,
        counts: view.counts,
        can_undo: view.can_undo,
        undoes: view.undoes,
        undone: view.undone,
        created_at: view.created_at,
        items: view.items.into_iter().map(bulk_outcome).collect(),
    }
}

/// A record and what became of it.
pub(crate) fn bulk_outcome(view: app::BatchLineView) -> wire::BulkOutcome {
    wire::BulkOutcome {
        row: view.row,
        record: view.record,
        outcome: view.outcome,
        problems: view.problems.into_iter().map(row_problem).collect(),
    }
}
