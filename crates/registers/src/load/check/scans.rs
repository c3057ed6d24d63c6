//! What is done to lines by scanning: by what a scan knows a line, and what it does.

use super::{Seen, keys};
use crate::load::mistake::{Mistake, Thing};
use crate::model::{Field, FieldKind};

/// The field whose record the label names.
pub(super) fn by(seen: &Seen<'_>, name: &str, broken: &[&str]) -> Option<Mistake> {
    let names_one = |field: &Field| {
        let kinds = [
            FieldKind::Link,
            FieldKind::Person,
            FieldKind::Unit,
            FieldKind::Post,
            FieldKind::Place,
        ];
        kinds.contains(&field.kind)
    };
    let wrong = |field: String| Mistake::ScanBy { field };
    judge((seen, broken), name, names_one, wrong)
}

/// A text that is typed where there is no label.
pub(super) fn number(seen: &Seen<'_>, name: &str, broken: &[&str]) -> Option<Mistake> {
    let is_text = |field: &Field| field.kind == FieldKind::Text;
    let wrong = |field: String| Mistake::ScanNumber { field };
    judge((seen, broken), name, is_text, wrong)
}

fn judge(
    (seen, broken): (&Seen<'_>, &[&str]),
    name: &str,
    fits: impl Fn(&Field) -> bool,
    wrong: impl Fn(String) -> Mistake,
) -> Option<Mistake> {
    let found = seen.fields.iter().find(|field| field.key == name);
    match found {
        None => {
            let known = keys(seen.fields, |field| &field.key);
            Some(Mistake::no_such(Thing::Field, name, known))
        }
        Some(field) if fits(field) || broken.contains(&name) => None,
        Some(_) => Some(wrong(name.to_owned())),
    }
}

/// What a scan does takes a line that is there out of the states in which it waits: else one that was
/// scanned could not be told from one that was not.
pub(super) fn action(seen: &Seen<'_>, name: &str) -> Option<Mistake> {
    let found = seen.actions.iter().find(|action| action.key == name);
    let Some(action) = found else {
        let known = keys(seen.actions, |action| &action.key);
        return Some(Mistake::no_such(Thing::Action, name, known));
    };
    let leads_on = action.to.as_deref().is_some_and(|to| !action.is_from(to));
    (action.is_initial() || !leads_on).then(|| Mistake::ScanAction {
        action: name.to_owned(),
    })
}
