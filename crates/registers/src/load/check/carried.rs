//! What a definition asks for and the program does not carry out yet is refused at load: a
//! construct that loads and is then passed over would be a promise nobody keeps.

use super::Places;
use crate::load::mistake::Mistake;
use crate::load::wanted::{Scope, Spot};
use crate::load::{Construct, Known};
use crate::model::{Action, Definition, SignMethod};

pub(super) fn check(definition: &Definition, known: &Known<'_>, places: &Places<'_, '_>) {
    let used = Used { known, places };
    for line in &definition.lines {
        used.note(Construct::Lines, &Spot::Line(line.key.clone()));
        for action in &line.actions {
            let spot = Spot::Action(Scope::Line(line.key.clone()), action.key.clone());
            used.action(&spot, action);
            let mut signers = action.sign.iter();
            if signers.any(|signer| signer.allows(SignMethod::Inbox)) {
                used.note(Construct::SignLineByInbox, &spot);
            }
        }
    }
    for action in &definition.actions {
        let spot = Spot::Action(Scope::Record, action.key.clone());
        used.action(&spot, action);
    }
    if !definition.migrations.is_empty() {
        used.note(Construct::Migrations, &Spot::Register);
    }
}

struct Used<'u, 't> {
    known: &'u Known<'u>,
    places: &'u Places<'u, 't>,
}

impl Used<'_, '_> {
    fn note(&self, construct: Construct, spot: &Spot) {
        if self.known.not_carried.contains(&construct) {
            let what = construct.called();
            self.places.note(spot, Mistake::NotCarried { what });
        }
    }

    fn action(&self, spot: &Spot, action: &Action) {
        if !action.fan_out.is_empty() {
            self.note(Construct::FanOut, spot);
        }
    }
}

impl Construct {
    /// How messages call it.
    const fn called(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::FanOut => "fan_out",
            Self::SignLineByInbox => "signing a line in the inbox",
            Self::Migrations => "migrations",
        }
    }
}
