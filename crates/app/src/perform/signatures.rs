//! Credentials of signatures: a person's own, given for this act. They are checked before the
//! transaction and never stored; who has to sign is `signers`.

use super::signers::Signed;
use crate::{
    accounts::{Claim, Need},
    core::App,
    error::{Error, text},
    limits,
    views::SignatureInput,
};
use domain::PersonId;
use registers::model::SignMethod;
use vault::SecretString;

/// The credential was not right; nothing tells which part of it.
pub(super) fn wrong() -> Error {
    Error::Malformed {
        code: "signature.wrong",
        say: text("签字凭据不正确", "a signature's credential is wrong"),
    }
}

impl App {
    /// Checks every credential; one wrong one refuses all.
    pub(crate) async fn verify_signatures(
        &self,
        signatures: &[SignatureInput],
    ) -> Result<(Vec<Signed>, Vec<String>), Error> {
        let (mut signed, mut slips) = (Vec::with_capacity(signatures.len()), Vec::new());
        for signature in signatures {
            match signature.person {
                Some(person) => signed.push(self.verify_signature(person, signature).await?),
                None if signature.method == SignMethod::Slip.key() => {
                    slips.push(place(signature.credential.expose())?);
                }
                None => {
                    return Err(Error::Malformed {
                        code: "signature.person",
                        say: text(
                            "除回执外，签字须写明签字人",
                            "a signature names who signs, unless it is by return slip",
                        ),
                    });
                }
            }
        }
        Ok((signed, slips))
    }

    async fn verify_signature(
        &self,
        person: PersonId,
        signature: &SignatureInput,
    ) -> Result<Signed, Error> {
        if signature.method == "paper" {
            return on_paper(person, signature.credential.expose());
        }
        let given = SecretString::new(signature.credential.expose().to_owned());
        let (password, code) = match signature.method.as_str() {
            "password" => (Some(given), None),
            "totp" => (None, Some(given)),
            _ => {
                return Err(Error::Malformed {
                    code: "signature.method",
                    say: text(
                        "签字方式只能是 password、totp、paper，或外部人员的 slip",
                        "a signature's method is password, totp or paper, or slip for outsiders",
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
            method: SignMethod::Counter,
            paper: None,
            otp_step: proven.await?.ok_or_else(wrong)?,
            at: None,
        })
    }
}

/// A signature in a paper book: it says where it stands, and counts only where the definition
/// lets paper count.
fn on_paper(person: PersonId, written: &str) -> Result<Signed, Error> {
    Ok(Signed {
        person,
        method: SignMethod::Paper,
        paper: Some(place(written)?),
        otp_step: None,
        at: None,
    })
}

/// Where a signature on paper stands: book, page and line, or the slip.
fn place(written: &str) -> Result<String, Error> {
    let place = written.trim();
    if place.is_empty() || place.chars().count() > limits::PAPER_PLACE_CHARS {
        return Err(Error::Malformed {
            code: "signature.paper_place",
            say: text(
                "纸质签字须写明簿册、页、行（200 字以内）",
                "a signature on paper says book, page and line, in at most 200 characters",
            ),
        });
    }
    Ok(place.to_owned())
}
