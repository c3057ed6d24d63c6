//! The query of an address; unknown parameters are refused, not ignored.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::refusal::Refusal;
use crate::site::Site;

/// The parameters of the address.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Site> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Self, Refusal> {
        legible(parts.uri.query().unwrap_or_default())?;
        axum::extract::Query::<T>::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|_| not_understood())
    }
}

/// Refuses what decodes to no text. WHY: the reader of queries would replace such bytes, and then
/// look for something nobody asked for.
fn legible(query: &str) -> Result<(), Refusal> {
    let bytes = unescaped(query);
    if bytes.contains(&0) {
        return Err(super::nul());
    }
    if std::str::from_utf8(&bytes).is_err() {
        let (zh, en) = (
            "查询参数不是有效的 UTF-8",
            "a parameter of the address is not UTF-8",
        );
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "request.not_utf8",
            zh,
            en,
        ));
    }
    Ok(())
}

/// The bytes that the escapes of an address stand for.
fn unescaped(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escape = after.first_chunk::<2>().filter(|_| *first == b'%');
        let escaped = escape
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(escaped.unwrap_or(*first));
        rest = match escaped {
            Some(_) => after.get(2..).unwrap_or_default(),
            None => after,
        };
    }
    out
}

fn not_understood() -> Refusal {
    let (zh, en) = (
        "查询参数不正确",
        "a parameter of the address is unknown or not of its kind",
    );
    Refusal::new(StatusCode::BAD_REQUEST, "request.query", zh, en)
        .hint("the parameters of each address are in /api/openapi.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_text() {
        let code = |query: &str| legible(query).map_err(|refusal| refusal.code().to_owned());
        for fine in ["", "q=%E6%9C%BA&sort=-x", "q=100%", "q=%zz", "q=a+b"] {
            assert_eq!(code(fine), Ok(()), "{fine}");
        }
        for odd in ["q=%ff", "%c3%28=1", "q=%E6%9C"] {
            assert_eq!(code(odd), Err("request.not_utf8".to_owned()), "{odd}");
        }
        assert_eq!(code("q=a%00b"), Err("request.nul_character".to_owned()));
    }
}
