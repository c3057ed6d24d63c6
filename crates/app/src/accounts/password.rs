//! Passwords: argon2id hashes, a few at once.

use crate::{
    core::{App, Inner},
    error::{Error, text},
    gate::Gate,
    limits,
};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use vault::SecretString;

/// WHY: one for the process, because the memory it guards is the process's.
static GATE: Gate = Gate::new(limits::HASHES, limits::HASHES_WAITING, || Error::Limited {
    code: "session.busy",
    say: text(
        "同时登录的人过多，请稍后重试",
        "too many people log in at once, try again in a moment",
    ),
});

/// What hashing a password costs; a hash names its own cost, so each verifies under either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cost {
    /// For people: 19 MiB and tens of milliseconds.
    Everyday,
    /// For folders made by `init --test`, whose passwords guard nothing: 64 KiB, one pass.
    Test,
}

fn argon2(cost: Cost) -> Result<Argon2<'static>, Error> {
    let (kib, passes) = match cost {
        Cost::Everyday => (19 * 1024, 2),
        Cost::Test => (64, 1),
    };
    let params =
        Params::new(kib, passes, 1, None).map_err(|_| Error::defect("argon2 parameters"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password (PHC string), on this thread: for setting up, where nobody waits.
pub(crate) fn hash_password(inner: &Inner, password: &SecretString) -> Result<String, Error> {
    hash_with_salt(inner.hashing, &inner.random::<16>()?, password)
}

fn hash_with_salt(cost: Cost, salt: &[u8; 16], password: &SecretString) -> Result<String, Error> {
    let hash = argon2(cost)?
        .hash_password_with_salt(password.expose().as_bytes(), salt)
        .map_err(|_| Error::defect("a password could not be hashed"))?;
    Ok(hash.to_string())
}

/// Whether a password belongs to a hash. One that is too long is hashed as nothing, so that it
/// costs what others cost.
fn verify_password(hash: &str, password: &SecretString) -> Result<bool, Error> {
    let fits = password.expose().len() <= limits::PASSWORD_MAX_BYTES;
    let given = if fits { password.expose() } else { "" };
    let parsed = PasswordHash::new(hash).map_err(|_| Error::defect("a stored hash is damaged"))?;
    // the cost is the hash's own, whatever is passed here
    let hasher = argon2(Cost::Everyday)?;
    let right = hasher.verify_password(given.as_bytes(), &parsed).is_ok();
    Ok(right && fits)
}

/// Runs `work` when it has its turn, where it does not hold up the runtime.
async fn in_turn<T, F>(work: F) -> Result<T, Error>
where
    F: FnOnce() -> Result<T, Error> + Send + 'static,
    T: Send + 'static,
{
    let turn = GATE.enter().await?;
    tokio::task::spawn_blocking(move || {
        // INVARIANT: the turn is with the work, not with the request, which may be given up
        let _turn = turn;
        work()
    })
    .await
    .map_err(Error::internal)?
}

impl App {
    /// Whether a password belongs to a hash.
    pub(super) async fn verify(&self, hash: String, password: SecretString) -> Result<bool, Error> {
        in_turn(move || verify_password(&hash, &password)).await
    }

    /// Hashes a password.
    pub(super) async fn hash(&self, password: SecretString) -> Result<String, Error> {
        let (cost, salt) = (self.inner.hashing, self.inner.random::<16>()?);
        in_turn(move || hash_with_salt(cost, &salt, &password)).await
    }
}

/// Refuses passwords that are too short or too long.
pub(super) fn check_strength(password: &SecretString) -> Result<(), Error> {
    let chars = password.expose().chars().count();
    if chars < limits::PASSWORD_MIN_CHARS || password.expose().len() > limits::PASSWORD_MAX_BYTES {
        return Err(Error::Malformed {
            code: "password.weak",
            say: text(
                "口令至少 10 个字符、至多 256 字节",
                "a password has at least 10 characters and at most 256 bytes",
            ),
        });
    }
    Ok(())
}

/// A one-time password that can be read aloud: 20 characters without look-alikes.
pub(crate) fn one_time_password(inner: &Inner) -> Result<SecretString, Error> {
    const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789_";
    let bytes = inner.random::<20>()?;
    let mut text = String::with_capacity(24);
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % 5 == 0 {
            text.push('-');
        }
        let letter = ALPHABET
            .get(usize::from(byte & 31))
            .copied()
            .unwrap_or(b'a');
        text.push(char::from(letter));
    }
    Ok(SecretString::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_dear_but_for_tests_and_verifies_by_its_own_cost() {
        let password = SecretString::new("korrekt-pferd-9".to_owned());
        let other = SecretString::new("korrekt-pferd-8".to_owned());
        let costs = [
            (Cost::Everyday, "$argon2id$v=19$m=19456,t=2,p=1$"),
            (Cost::Test, "$argon2id$v=19$m=64,t=1,p=1$"),
        ];
        for (cost, head) in costs {
            let hash = hash_with_salt(cost, &[7; 16], &password).unwrap();
            assert!(hash.starts_with(head), "{hash}");
            assert!(verify_password(&hash, &password).unwrap(), "{cost:?}");
            assert!(!verify_password(&hash, &other).unwrap(), "{cost:?}");
        }
    }
}
