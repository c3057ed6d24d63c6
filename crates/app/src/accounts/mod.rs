//! Accounts: logging in and out, second factors, passwords, tokens, and their administration.
//!
//! Whatever a person claims to know (password, code, recovery code) is checked in `proof` and
//! nowhere else: there wrong ones are counted, and there an account locks.

mod admin;
mod factor;
mod login;
mod pair;
mod password;
mod proof;
mod scopes;
mod session;
mod tokens;
mod totp;

pub(crate) use admin::{office, overseer, side};
pub(crate) use password::{Cost, hash_password, one_time_password};
pub(crate) use proof::{Claim, Need};
pub use scopes::Scope;
pub(crate) use session::live_account;

use crate::{
    core::Inner,
    error::{Error, text},
};
use aws_lc_rs::digest;

/// SHA-256 of a token, hex: what the database keeps of it.
fn token_hash(token: &str) -> String {
    hex::encode(digest::digest(&digest::SHA256, token.as_bytes()))
}

/// A fresh token: 256 bits, URL-safe.
fn fresh_token(inner: &Inner) -> Result<vault::SecretString, Error> {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    Ok(vault::SecretString::new(
        BASE64_URL_SAFE_NO_PAD.encode(inner.random::<32>()?),
    ))
}

/// A wrong name, password or code, and a locked or closed account: one answer for all.
fn refused() -> Error {
    Error::Unauthenticated {
        code: "session.refused",
        say: text(
            "用户名、口令或动态口令不正确，或账号已锁定",
            "name, password or code is wrong, or the account is locked",
        ),
    }
}

/// The session is over, or never was.
fn ended() -> Error {
    Error::Unauthenticated {
        code: "session.ended",
        say: text(
            "会话已结束，请重新登录",
            "the session has ended, log in again",
        ),
    }
}
