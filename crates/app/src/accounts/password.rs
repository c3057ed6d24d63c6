//! Passwords: argon2id hashes, at most as many at once as there are cores.

use crate::{
    core::Inner,
    error::{Error, text},
    limits,
};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::sync::{Mutex, PoisonError};
use vault::SecretString;

/// WHY: each hash takes 19 MiB and a core for tens of milliseconds; a flood of logins must queue up
/// here rather than take the machine's memory.
static TURN: Mutex<()> = Mutex::new(());

fn argon2() -> Result<Argon2<'static>, Error> {
    let params =
        Params::new(19 * 1024, 2, 1, None).map_err(|_| Error::defect("argon2 parameters"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password (PHC string).
pub(crate) fn hash_password(inner: &Inner, password: &SecretString) -> Result<String, Error> {
    hash_with_salt(&inner.random::<16>()?, password)
}

/// Hashes a password with a given salt.
pub(crate) fn hash_with_salt(salt: &[u8; 16], password: &SecretString) -> Result<String, Error> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let hash = argon2()?
        .hash_password_with_salt(password.expose().as_bytes(), salt)
        .map_err(|_| Error::defect("a password could not be hashed"))?;
    Ok(hash.to_string())
}

/// Whether a password belongs to a hash.
pub(crate) fn verify_password(hash: &str, password: &SecretString) -> Result<bool, Error> {
    if password.expose().len() > limits::PASSWORD_MAX_BYTES {
        return Ok(false);
    }
    let parsed = PasswordHash::new(hash).map_err(|_| Error::defect("a stored hash is damaged"))?;
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(argon2()?
        .verify_password(password.expose().as_bytes(), &parsed)
        .is_ok())
}

/// Refuses passwords that are too short or too long.
pub(crate) fn check_strength(password: &SecretString) -> Result<(), Error> {
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
