//! Signatures: a person's own credential given for this act. It is checked before the transaction,
//! covers the digest of what is signed, and is never stored.

use super::engine::Engine;
use crate::{
    accounts::{Claim, Need},
    core::App,
    error::{Error, text},
    views::SignatureInput,
};
use domain::PersonId;
use registers::{Action, Facts, Party};
use std::collections::BTreeSet;
use vault::SecretString;

/// A signature whose credential was right.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) person: PersonId,
    pub(crate) method: String,
    /// A code's time step, to be used up with the commit.
    pub(crate) otp_step: Option<(domain::AccountId, i64)>,
}

fn wrong() -> Error {
    Error::Malformed {
        code: "signature.wrong",
        say: text("签字凭据不正确", "a signature's credential is wrong"),
    }
}

impl App {
    /// Checks every credential; one wrong one refuses all.
    pub(super) async fn verify_signatures(
        &self,
        signatures: &[SignatureInput],
    ) -> Result<Vec<Signed>, Error> {
        let mut signed = Vec::with_capacity(signatures.len());
        for signature in signatures {
            signed.push(self.verify_signature(signature).await?);
        }
        Ok(signed)
    }

    async fn verify_signature(&self, signature: &SignatureInput) -> Result<Signed, Error> {
        let person = signature.person;
        let given = SecretString::new(signature.credential.expose().to_owned());
        let (password, code) = match signature.method.as_str() {
            "password" => (Some(given), None),
            "totp" => (None, Some(given)),
            _ => {
                return Err(Error::Malformed {
                    code: "signature.method",
                    say: text(
                        "签字方式只能是 password 或 totp",
                        "a signature's method is password or totp",
                    ),
                });
            }
        };
        let account = self
            .read_tx(move |_, tx| Ok(tx.account_of(person)?))
            .await?;
        let claim = Claim {
            account: account.filter(|row| !row.must_change),
            need: Need::Signature,
            password,
            code,
        };
        // a signature is no way around the lock-out of logins
        let proven = self.prove(claim, |_, _, proven| Ok(proven.used_up()));
        Ok(Signed {
            person,
            method: "counter".to_owned(),
            otp_step: proven.await?.ok_or_else(wrong)?,
        })
    }
}

/// Who has to sign an action on these facts.
fn required(action: &Action, facts: &Facts<'_>) -> Result<BTreeSet<PersonId>, Error> {
    let mut persons = BTreeSet::new();
    for signer in &action.sign {
        let applies = signer
            .when
            .as_ref()
            .is_none_or(|when| when.eval_bool(facts) != Ok(false));
        if !applies {
            continue;
        }
        for party in signer.who.resolve(facts).map_err(Error::internal)? {
            if let Party::Person(id) = party {
                persons.insert(
                    id.parse()
                        .map_err(|_| Error::defect("a stored person id"))?,
                );
            }
        }
    }
    Ok(persons)
}

/// Refuses an action that lacks a signature, and codes that were used before.
pub(super) fn check(
    engine: &mut Engine<'_, '_>,
    action: &Action,
    facts: &Facts<'_>,
) -> Result<(), Error> {
    let required = required(action, facts)?;
    let given: BTreeSet<PersonId> = engine.signed.iter().map(|signed| signed.person).collect();
    if given.len() < engine.signed.len() {
        return Err(Error::Malformed {
            code: "signature.twice",
            say: text("同一人不能签字两次", "one person cannot sign twice"),
        });
    }
    if !action.sign.is_empty() && (required.is_empty() || !required.is_subset(&given)) {
        return Err(Error::conflict(
            "signature.missing",
            "缺少签字：须由规定的人员本人签字",
            "a signature is missing: the person named must sign in their own right",
        ));
    }
    engine
        .signed
        .retain(|signed| required.contains(&signed.person));
    for signed in engine.signed.clone() {
        if let Some((account, step)) = signed.otp_step
            && !engine.tx.keep().use_otp(account, step)?
        {
            return Err(wrong());
        }
    }
    Ok(())
}
