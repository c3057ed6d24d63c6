//! Time-based one-time codes (RFC 6238): six digits, 30 seconds, one step of tolerance, each used once.

use crate::{
    caller::Caller,
    core::{App, Inner},
    error::{Error, text},
};
use domain::{AccountId, Timestamp};
use store::AccountRow;
use vault::{KeyId, KeyUse, Purpose, RootWrap, SecretString};

const STEP_SECONDS: i64 = 30;

/// What a code is worth.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TotpCheck {
    /// Right, with the time step it belongs to (to be used up).
    Step(i64),
    /// Wrong.
    Wrong,
    /// The account has no second factor.
    NotSetUp,
}

/// Checks a code against an account's secret.
pub(crate) fn check_code(
    inner: &Inner,
    account: &AccountRow,
    code: &str,
    now: Timestamp,
) -> Result<TotpCheck, Error> {
    let Some(sealed) = &account.totp else {
        return Ok(TotpCheck::NotSetUp);
    };
    let secret = open_secret(inner, account.id, sealed)?;
    let current = now.as_second() / STEP_SECONDS;
    for step in [current - 1, current, current + 1] {
        if subtle::ConstantTimeEq::ct_eq(code_at(secret.expose(), step).as_bytes(), code.as_bytes())
            .into()
        {
            return Ok(TotpCheck::Step(step));
        }
    }
    Ok(TotpCheck::Wrong)
}

/// The code of a time step (RFC 4226 5.3, HMAC-SHA-1 as every authenticator app has it).
pub(crate) fn code_at(secret: &[u8], step: i64) -> String {
    use aws_lc_rs::hmac;
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes.last().copied().unwrap_or(0) & 0x0f);
    let word = bytes.get(offset..offset + 4).map_or([0; 4], |four| {
        let mut word = [0; 4];
        word.copy_from_slice(four);
        word
    });
    format!(
        "{:06}",
        (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000
    )
}

fn usage(context: &[u8]) -> KeyUse<'_> {
    KeyUse {
        purpose: Purpose::Pepper,
        context,
    }
}

fn open_secret(
    inner: &Inner,
    account: AccountId,
    sealed: &[u8],
) -> Result<vault::SecretBytes, Error> {
    let context = format!("totp:{account}");
    let wrapped = vault::WrappedKey::from_bytes(sealed)?;
    Ok(inner.root.unwrap(usage(context.as_bytes()), &wrapped)?)
}

impl App {
    /// Sets up a second factor; the secret (base32) and its `otpauth` address are told once.
    pub async fn enroll_totp(&self, caller: &Caller) -> Result<(SecretString, String), Error> {
        let inner = &self.inner;
        let secret = inner.random::<20>()?;
        let context = format!("totp:{}", caller.account);
        let wrapped = inner.root.wrap(
            usage(context.as_bytes()),
            KeyId::random(&*inner.random)?,
            &secret,
            &*inner.random,
        )?;
        let account = caller.account;
        let name = self
            .transact(move |_, tx| {
                let row = tx.account(account)?.ok_or(Error::NotFound)?;
                if row.totp.is_some() {
                    return Err(Error::Conflict {
                        code: "totp.already_set_up",
                        say: text("已启用动态口令，重置须由安全保密管理员办理", "a second factor is set up already; resetting it is the security administrator's"),
                    });
                }
                tx.keep().set_totp(account, &wrapped.to_bytes())?;
                Ok(row.name)
            })
            .await?;
        let base32 = base32(&secret);
        let url = format!("otpauth://totp/Ruping:{name}?secret={base32}&issuer=Ruping");
        Ok((SecretString::new(base32), url))
    }
}

/// RFC 4648 base32 without padding.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::new();
    for block in bytes.chunks(5) {
        let mut word = [0_u8; 8];
        for (to, from) in word.iter_mut().skip(3).zip(block) {
            *to = *from;
        }
        let bits = u64::from_be_bytes(word);
        let digits = (block.len() * 8).div_ceil(5);
        for digit in 0..digits {
            let index = (bits >> (35 - 5 * digit)) & 31;
            let letter = usize::try_from(index)
                .ok()
                .and_then(|index| ALPHABET.get(index));
            out.push(char::from(letter.copied().unwrap_or(b'A')));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_rfc_6238_appendix_b() {
        let secret = b"12345678901234567890";
        // the appendix prints eight digits; six are their tail
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(secret, seconds / STEP_SECONDS), code);
        }
    }

    #[test]
    fn base32_of_rfc_4648() {
        for (plain, coded) in [("f", "MY"), ("fo", "MZXQ"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(plain.as_bytes()), coded);
        }
    }
}
