//! JSON bodies: media type, size, encoding, depth, grammar and shape are each refused in words of
//! their own, and what was sent is repeated only where it is a name.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use wire::limits::{JSON_BYTES, JSON_DEPTH};

use super::strict::{self, Fault};
use super::{body, depth};
use crate::answer::Json;
use crate::limits::{ECHO_CHARS, JSON_BODY};
use crate::refusal::{Refusal, too_large};
use crate::site::Site;

impl<T: DeserializeOwned> FromRequest<Site> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &Site) -> Result<Self, Refusal> {
        if !is_json(request.headers()) {
            return Err(other_media_type());
        }
        let mut parts = request.into_body().into_data_stream();
        let bytes = body::whole(&mut parts, JSON_BYTES, JSON_BODY).await?;
        let bytes = bytes.ok_or_else(body_too_large)?;
        read(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    value
        .and_then(|value| value.split(';').next())
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"))
}

fn other_media_type() -> Refusal {
    let (zh, en) = ("请求正文须为 JSON", "the body must be JSON");
    Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "request.media_type",
        zh,
        en,
    )
    .hint("send `Content-Type: application/json`")
}

fn body_too_large() -> Refusal {
    too_large(
        "request.too_large",
        "请求正文超过 1 MiB",
        "the body is larger than 1 MiB",
    )
    .hint("send large content as a file, at POST /api/v1/files")
}

fn bad(code: &str, zh: &str, en: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, code, zh, en)
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let (zh, en) = (
            format!("请求正文不是有效的 UTF-8（第 {at} 字节处）"),
            format!("the body is not UTF-8 at byte {at}"),
        );
        bad("request.not_utf8", &zh, &en)
    })?;
    if !depth::within(text, JSON_DEPTH) {
        let (zh, en) = (
            "JSON 嵌套超过 32 层",
            "lists and objects lie more than 32 deep",
        );
        return Err(bad("request.too_deep", zh, en));
    }
    // WHY: serde also reads a list as a struct, field by field; a request is always an object
    if text.trim_start().starts_with('[') {
        let (zh, en) = (
            "请求正文须是 JSON 对象",
            "the body is an object, not a list",
        );
        return Err(bad("request.shape", zh, en));
    }
    strict::check(text).map_err(|fault| ambiguous(&fault))?;
    serde_json::from_str(text).map_err(|error| unreadable(&error))
}

fn ambiguous(fault: &Fault) -> Refusal {
    match fault {
        Fault::Twice => bad(
            "request.duplicate_field",
            "同一对象中有重复的字段名",
            "a name stands twice in one object",
        ),
        Fault::Nul => super::nul(),
    }
}

fn unreadable(error: &serde_json::Error) -> Refusal {
    let place = format!("line {} column {}", error.line(), error.column());
    match error.classify() {
        Category::Syntax | Category::Eof | Category::Io => {
            let en = format!("the body is not JSON: {}", words(error));
            let zh = format!(
                "请求正文不是有效的 JSON（第 {} 行第 {} 列）",
                error.line(),
                error.column()
            );
            bad("request.malformed_json", &zh, &format!("{en} at {place}"))
        }
        Category::Data => misshapen(&words(error), &place),
    }
}

/// What the parser says, without the place.
fn words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let end = text.rfind(" at line ").unwrap_or(text.len());
    text.chars()
        .take(
            text.get(..end)
                .unwrap_or_default()
                .chars()
                .count()
                .min(ECHO_CHARS),
        )
        .collect()
}

/// JSON, but not of the form that belongs here. Names are repeated, values never.
fn misshapen(words: &str, place: &str) -> Refusal {
    if words.starts_with("unknown field") {
        let zh = format!("请求中有不认识的字段：{words}");
        return bad(
            "request.unknown_field",
            &zh,
            &format!("{words}, at {place}"),
        );
    }
    let named = ["missing field", "duplicate field"]
        .iter()
        .any(|start| words.starts_with(start));
    let what = if named {
        words
    } else {
        "a value is not of the kind that belongs there"
    };
    bad(
        "request.shape",
        &format!("请求的结构不正确：{what}"),
        &format!("{what}, at {place}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::{Login, NewRecord};

    fn refused<T: DeserializeOwned>(bytes: &[u8]) -> (String, String) {
        let Err(refusal) = read::<T>(bytes) else {
            panic!("it was read")
        };
        let problem = refusal.problem("");
        assert_eq!(problem.status, 400);
        assert!(problem.say.is_some());
        (problem.code, problem.detail)
    }

    #[test]
    fn each_fault_of_a_body_has_its_own_code() {
        let code = |bytes: &[u8]| refused::<NewRecord>(bytes).0;
        assert_eq!(code(b"{\"fields\":"), "request.malformed_json");
        assert_eq!(code(b""), "request.malformed_json");
        assert_eq!(code(b"{} {}"), "request.malformed_json");
        assert_eq!(code(b"{\"action\":\"\xff\"}"), "request.not_utf8");
        assert_eq!(code(b"{\"state\":\"lent\"}"), "request.unknown_field");
        assert_eq!(code(b"{\"fields\":[]}"), "request.shape");
        assert_eq!(code(b"[]"), "request.shape");
        assert_eq!(code(br#"{"fields":{"a":NaN}}"#), "request.malformed_json");
        assert_eq!(code(br#"{"fields":{"a":1e999}}"#), "request.malformed_json");
        assert_eq!(
            code(br#"{"fields":{"a":"\ud800"}}"#),
            "request.malformed_json"
        );
        assert_eq!(
            code(br#"{"fields":{"a":1,"a":2}}"#),
            "request.duplicate_field"
        );
        assert_eq!(
            code(br#"{"fields":{},"fields":{}}"#),
            "request.duplicate_field"
        );
        assert_eq!(
            code(br#"{"fields":{"a":"\u0000"}}"#),
            "request.nul_character"
        );
        let deep = format!(
            "{{\"fields\":{{\"a\":{}{}}}}}",
            "[".repeat(40),
            "]".repeat(40)
        );
        assert_eq!(code(deep.as_bytes()), "request.too_deep");
    }

    #[test]
    fn values_are_never_repeated() {
        let (code, detail) = refused::<Login>(br#"{"name":"a","password":["hunter2"]}"#);
        assert_eq!(code, "request.shape");
        assert!(!detail.contains("hunter2"), "{detail}");
        let (_, detail) = refused::<Login>(br#"{"name":"a"}"#);
        assert!(detail.starts_with("missing field `password`"), "{detail}");
    }

    #[test]
    fn a_long_unknown_name_is_not_sent_back_whole() {
        let long = format!("{{\"{}\":1}}", "x".repeat(10_000));
        let (code, detail) = refused::<Login>(long.as_bytes());
        assert_eq!(code, "request.unknown_field");
        assert!(detail.len() < 500, "{}", detail.len());
    }

    #[test]
    fn only_json_is_taken_for_json() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
            is_json(&headers)
        };
        assert!(of("application/json") && of("Application/JSON; charset=utf-8"));
        assert!(!of("text/plain") && !of("application/x-www-form-urlencoded"));
        assert!(!is_json(&HeaderMap::new()));
    }
}
