//! Expressions: their names, their kinds, and a try on sample records.

use super::World;
use crate::load::mistake::Mistake;
use crate::load::wanted::{ExprScope, WantedExpr, Wants};
use crate::model::Definition;
use crate::shape::{self, Samples, Shape, Sight};

pub(super) fn check(
    definition: &Definition,
    wanted: &WantedExpr<'_>,
    world: &World<'_>,
    broken: &[&str],
) {
    if wanted.scope == ExprScope::Free {
        return;
    }
    let sight = Sight::new(definition, world, broken);
    let checked = shape::check(wanted.expr.node(), &wanted.scope, &sight);
    let judged = !checked.mistakes.is_empty();
    for (offset, mistake) in checked.mistakes {
        wanted.file.note(wanted.place(offset), mistake);
    }
    if judged {
        return;
    }
    if let Some(mistake) = gives(wanted.gives, &checked.shape) {
        wanted.file.note(wanted.at, mistake);
        return;
    }
    wanted.expr.settle(checked.node.clone());
    if checked.unsure {
        return;
    }
    let entry = shape::entry(&wanted.scope, &sight);
    let samples = Samples::new(&checked.node, &wanted.scope, entry, &sight);
    if let Err(error) = samples.try_full(&checked.node) {
        let at = wanted.place(error.offset);
        wanted.file.note(
            at,
            Mistake::ExpressionFails {
                kind: error.kind,
                empty: None,
            },
        );
        return;
    }
    if wanted.gives == Wants::Computed {
        return;
    }
    if let Some((empty, error)) = samples.try_empty(&checked.node) {
        let at = wanted.place(error.offset);
        wanted.file.note(
            at,
            Mistake::ExpressionFails {
                kind: error.kind,
                empty: Some(empty),
            },
        );
    }
}

fn gives(wants: Wants, shape: &Shape) -> Option<Mistake> {
    use Shape as S;
    let (fits, wanted) = match wants {
        Wants::Truth => (matches!(shape, S::Bool | S::Any), "true or false"),
        Wants::Time => (
            matches!(shape, S::Day | S::Instant | S::Any | S::Nothing),
            "a day or an instant",
        ),
        Wants::Text => (matches!(shape, S::Text | S::Any), "a text"),
        Wants::List => (matches!(shape, S::List(_) | S::Any), "a list"),
        Wants::Anything | Wants::Computed => (true, ""),
    };
    (!fits).then(|| Mistake::ExpressionGives {
        wanted,
        given: shape.called(),
    })
}
