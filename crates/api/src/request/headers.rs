//! Headers that say something about the act itself.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use wire::limits::IDEMPOTENCY_KEY_BYTES;

use crate::refusal::Refusal;
use crate::site::Site;

/// The version of the record that the caller has seen.
#[derive(Debug)]
pub(crate) struct IfMatch(pub(crate) i64);

impl FromRequestParts<Site> for IfMatch {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Self, Refusal> {
        if_match(&parts.headers).map(Self)
    }
}

fn if_match(headers: &HeaderMap) -> Result<i64, Refusal> {
    let Some(value) = headers.get(header::IF_MATCH) else {
        let (zh, en) = (
            "须说明所见的记录版本",
            "the version of the record that was seen must be named",
        );
        let (status, code) = (
            StatusCode::PRECONDITION_REQUIRED,
            "record.if_match_required",
        );
        return Err(Refusal::new(status, code, zh, en)
            .hint("send the record's `version` in quotes in If-Match"));
    };
    let text = value.to_str().ok().map(str::trim);
    let version = text.and_then(|text| text.strip_prefix('"')?.strip_suffix('"')?.parse().ok());
    version.ok_or_else(|| {
        let (zh, en) = (
            "If-Match 须为带引号的版本号",
            "If-Match must be one version in quotes",
        );
        Refusal::new(StatusCode::BAD_REQUEST, "request.if_match", zh, en)
    })
}

/// The key under which a repeat of this request gets the same answer.
#[derive(Debug)]
pub(crate) struct IdempotencyKey(pub(crate) Option<String>);

impl FromRequestParts<Site> for IdempotencyKey {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Self, Refusal> {
        idempotency_key(parts.headers.get("idempotency-key")).map(Self)
    }
}

fn idempotency_key(value: Option<&HeaderValue>) -> Result<Option<String>, Refusal> {
    let Some(value) = value else { return Ok(None) };
    let fits = |text: &&str| {
        (1..=IDEMPOTENCY_KEY_BYTES).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let key = value.to_str().ok().filter(fits).map(ToOwned::to_owned);
    key.map(Some).ok_or_else(|| {
        let (zh, en) = (
            "幂等键须为 1 至 200 个可见 ASCII 字符",
            "an idempotency key has 1 to 200 visible ASCII characters",
        );
        Refusal::new(StatusCode::BAD_REQUEST, "request.idempotency_key", zh, en)
    })
}

/// The one part of a file that is asked for. Other forms of ranges are ignored, as RFC 9110 lets
/// a server do: the whole file answers them too.
#[derive(Debug)]
pub(crate) struct Range(pub(crate) Option<(u64, Option<u64>)>);

impl FromRequestParts<Site> for Range {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Self, Self::Rejection> {
        let value = parts
            .headers
            .get(header::RANGE)
            .and_then(|value| value.to_str().ok());
        Ok(Self(value.and_then(range)))
    }
}

fn range(text: &str) -> Option<(u64, Option<u64>)> {
    let (first, last) = text.trim().strip_prefix("bytes=")?.split_once('-')?;
    let first: u64 = first.trim().parse().ok()?;
    let last = match last.trim() {
        "" => None,
        last => Some(last.parse().ok()?),
    };
    last.is_none_or(|last| last >= first && last < u64::MAX)
        .then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matching(value: &'static str) -> Result<i64, String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_MATCH, HeaderValue::from_static(value));
        if_match(&headers).map_err(|refusal| refusal.code().to_owned())
    }

    #[test]
    fn a_version_is_named_in_quotes() {
        assert_eq!(matching("\"7\""), Ok(7));
        for wrong in ["7", "W/\"7\"", "*", "\"7\", \"8\"", "\"x\"", "\"", ""] {
            assert_eq!(
                matching(wrong),
                Err("request.if_match".to_owned()),
                "{wrong}"
            );
        }
        let missing = if_match(&HeaderMap::new()).unwrap_err();
        assert_eq!(
            (missing.status().as_u16(), missing.code()),
            (428, "record.if_match_required")
        );
    }

    #[test]
    fn an_idempotency_key_is_short_and_visible() {
        let key = |text: &str| {
            idempotency_key(Some(&HeaderValue::from_str(text).unwrap())).map_err(|_| ())
        };
        assert_eq!(idempotency_key(None).unwrap(), None);
        assert_eq!(key("a-1"), Ok(Some("a-1".to_owned())));
        assert_eq!(key(""), Err(()));
        assert_eq!(key("a b"), Err(()));
        assert_eq!(key(&"x".repeat(201)), Err(()));
    }

    #[test]
    fn one_range_is_understood_and_others_are_ignored() {
        assert_eq!(range("bytes=0-9"), Some((0, Some(9))));
        assert_eq!(range("bytes=5-"), Some((5, None)));
        let last = format!("bytes=0-{}", u64::MAX);
        for other in [
            "bytes=-5",
            "bytes=9-0",
            "bytes=0-1,3-4",
            "items=0-1",
            "bytes=a-b",
            &last,
        ] {
            assert_eq!(range(other), None, "{other}");
        }
    }
}
