//! One signature for a pile: whoever signs at the counter proves once who they are, and signs each of the records that
//! are acted on in one go. Every one of them seals the signature over its own content.

use super::BulkInput;
use crate::{
    caller::Caller,
    core::App,
    error::{Error, text},
    limits,
    perform::{Engine, Signed, signed_by_program, too_long, use_up},
    views::SignatureInput,
};
use domain::RecordId;
use registers::{Action, model::SignMethod};
use std::collections::BTreeSet;

/// What was signed for all of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Pile {
    signed: Vec<Signed>,
    /// Nobody has signed, and nobody is asked to: it is only told what else would happen.
    unsigned: bool,
}

impl Pile {
    /// Each credential is used up once, however many records it signs. WHY: whoever uses a code has locked what is
    /// acted on before.
    pub(super) fn use_up(
        &self,
        engine: &mut Engine<'_, '_>,
        records: impl Iterator<Item = RecordId>,
    ) -> Result<Self, Error> {
        let mut pile = self.clone();
        if pile.signed.iter().any(|one| one.otp_step.is_some()) {
            let mut places = BTreeSet::new();
            for record in records {
                let row = engine.tx.record(record)?;
                places.extend(row.map(|row| (row.root(), row.id)));
            }
            // whatever locks both locks the record before its line
            for (root, record) in places {
                engine.tx.lock_record(root)?;
                engine.tx.lock_record(record)?;
            }
        }
        use_up(engine, &mut pile.signed)?;
        Ok(pile)
    }

    /// WHY: a credential is never kept, so nothing can be signed in the background.
    pub(super) fn check_in_one_go(&self) -> Result<(), Error> {
        if self.signed.is_empty() {
            Ok(())
        } else {
            Err(not_in_one_go())
        }
    }

    /// Lays the signatures beside the next record.
    pub(super) fn put(&self, engine: &mut Engine<'_, '_>) {
        engine.signed.clone_from(&self.signed);
        engine.unsigned = self.unsigned;
    }
}

/// Whether signatures are given by a person, and for records that are acted on while they are there.
pub(super) fn check(caller: &Caller, input: &BulkInput) -> Result<(), Error> {
    if input.signatures.is_empty() {
        return Ok(());
    }
    if caller.scopes().is_some() {
        return Err(signed_by_program());
    }
    if input.signatures.len() > limits::SIGNATURES {
        return Err(too_long());
    }
    if input
        .signatures
        .iter()
        .any(|one| one.method == SignMethod::Slip.key())
    {
        return Err(Error::Malformed {
            code: "bulk.slip",
            say: text(
                "回执须逐条登记",
                "a return slip is told of record by record",
            ),
        });
    }
    if input.list.is_some() && !input.dry_run {
        return Err(Error::Malformed {
            code: "bulk.signed_list",
            say: text(
                "签字办理须逐条列出记录及其版本，不能只给查询条件",
                "what is signed is named, each record at the version that was seen, and not by a query",
            ),
        });
    }
    if input.atomic || input.dry_run {
        return Ok(());
    }
    Err(not_in_one_go())
}

/// Whether somebody has to sign at the counter, which nobody does in the background.
pub(super) fn check_unsigned(action: &Action) -> Result<(), Error> {
    let mut signers = action.sign.iter();
    if signers.any(|signer| signer.when.is_none() && !signer.allows(SignMethod::Inbox)) {
        return Err(not_in_one_go());
    }
    Ok(())
}

fn not_in_one_go() -> Error {
    Error::Malformed {
        code: "bulk.signatures",
        say: text(
            "批量签字只能以“全部成功或全部不办”方式一次办理 500 条以内",
            "what is signed is done to up to 500 records at once, all or none",
        ),
    }
}

impl App {
    /// Checks every credential, once.
    pub(super) async fn pile(
        &self,
        signatures: &[SignatureInput],
        dry_run: bool,
    ) -> Result<Pile, Error> {
        // slips are told of record by record
        let (signed, _) = self.verify_signatures(signatures).await?;
        Ok(Pile {
            signed,
            unsigned: dry_run && signatures.is_empty(),
        })
    }
}
