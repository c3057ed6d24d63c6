//! What a definition asks for and the program does not carry out yet is refused at load: a
//! construct that loads and is then passed over would be a promise nobody keeps.

use super::Places;
use crate::load::mistake::Mistake;
use crate::load::wanted::{Scope, Spot};
use crate::load::{Construct, Known};
use crate::model::{Action, Definition, FieldKind, LabelRule, SignMethod};

pub(super) fn check(definition: &Definition, known: &Known<'_>, places: &Places<'_, '_>) {
    let used = Used { known, places };
    for line in &definition.lines {
        let spot = Spot::Line(line.key.clone());
        used.note(Construct::Lines, &spot);
        if line.fields.iter().any(is_signature) {
            used.note(Construct::SignatureField, &spot);
        }
        for action in &line.actions {
            used.action(&Scope::Line(line.key.clone()), action);
        }
    }
    for action in &definition.actions {
        used.action(&Scope::Record, action);
    }
    let plain = [
        (Construct::Migrations, !definition.migrations.is_empty()),
        (
            Construct::SignatureField,
            definition.fields.iter().any(is_signature),
        ),
    ];
    for (construct, _) in plain.into_iter().filter(|(_, there)| *there) {
        used.note(construct, &Spot::Register);
    }
    if definition.label == LabelRule::Own {
        used.note(Construct::OwnLabel, &Spot::Label);
    }
}

fn is_signature(field: &crate::Field) -> bool {
    field.kind == FieldKind::Signature
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

    fn action(&self, scope: &Scope, action: &Action) {
        let spot = Spot::Action(scope.clone(), action.key.clone());
        if !action.fan_out.is_empty() {
            self.note(Construct::FanOut, &spot);
        }
        let signed = |method: SignMethod| {
            let mut signers = action.sign.iter();
            signers.any(|signer| signer.method.contains(&method))
        };
        if signed(SignMethod::Inbox) {
            self.note(Construct::SignByInbox, &spot);
        }
        if signed(SignMethod::Slip) {
            self.note(Construct::SignBySlip, &spot);
        }
    }
}

impl Construct {
    /// How messages call it.
    const fn called(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::FanOut => "fan_out",
            Self::SignByInbox => "signing in the inbox",
            Self::SignBySlip => "signing by return slip",
            Self::SignatureField => "signature fields",
            Self::OwnLabel => "a label of its own",
            Self::Migrations => "migrations",
        }
    }
}
