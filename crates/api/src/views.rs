//! From the answers of the use cases to the shapes of the wire: moving values, nothing else.

mod accounts;
mod bulk;
mod custody;
mod imports;
mod packs;
mod perform;
mod records;

pub(crate) use accounts::{account, me, session, token};
pub(crate) use bulk::{bulk, bulk_outcome};
pub(crate) use custody::custody;
pub(crate) use imports::{import, import_row};
pub(crate) use packs::{pack_files, written};
pub(crate) use perform::{approval, notice, performed, unfinished};
pub(crate) use records::{
    definition, file, line, log_page, name, page, page_input, record, version,
};

use domain::Text;

/// A field that is wrong.
pub(crate) fn field_problem(problem: app::FieldProblem) -> wire::FieldProblem {
    let app::FieldProblem { field, code, say } = problem;
    wire::FieldProblem {
        field,
        code,
        say: say.into(),
    }
}

/// A rule that objects.
pub(crate) fn rule_problem(problem: app::RuleProblem) -> wire::RuleProblem {
    let app::RuleProblem {
        id,
        clause,
        letter,
        severity,
        say,
    } = problem;
    wire::RuleProblem {
        id,
        clause,
        letter,
        severity,
        say: say.into(),
    }
}

fn named(person: app::NamedPerson) -> wire::NamedPerson {
    wire::NamedPerson {
        id: person.id,
        name: person.name,
    }
}

fn texts(texts: Vec<Text>) -> Vec<wire::Text> {
    texts.into_iter().map(Into::into).collect()
}
