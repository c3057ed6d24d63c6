//! Accounts: logging in and out, second factors, passwords, tokens, and their administration.

mod admin;
mod login;
mod password;
mod tokens;
mod totp;

pub(crate) use admin::office;
pub(crate) use login::live_account;
pub(crate) use password::{hash_password, one_time_password, verify_password};
pub(crate) use totp::{TotpCheck, check_code};

use crate::{core::Inner, error::Error};
use aws_lc_rs::digest;

/// SHA-256 of a token, hex: what the database keeps of it.
pub(crate) fn token_hash(token: &str) -> String {
    hex::encode(digest::digest(&digest::SHA256, token.as_bytes()))
}

/// A fresh token: 256 bits, URL-safe.
pub(crate) fn fresh_token(inner: &Inner) -> Result<vault::SecretString, Error> {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    Ok(vault::SecretString::new(
        BASE64_URL_SAFE_NO_PAD.encode(inner.random::<32>()?),
    ))
}
