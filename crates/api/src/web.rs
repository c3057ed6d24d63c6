//! The pages for browsers: what `web/dist` held when the program was built. There is one page, made anew
//! each time with a nonce for its styles; every other file is given as it is. Nothing here asks who
//! somebody is, and nothing here may tell anything of a register.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::answer;
use crate::refusal::Refusal;
use crate::security;
use crate::site::Site;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
#[exclude = "*.map"]
struct Embedded;

/// Gives what a path below the folder holds.
type Built = fn(&str) -> Option<Cow<'static, [u8]>>;

/// The page, and its place for the nonce.
const INDEX: &str = "index.html";
const NONCE: &str = "__NONCE__";
/// The page where none was built.
const UNBUILT: &str = include_str!("web/unbuilt.html");

/// The folder of files that have the digest of their content in their name.
const HASHED: &str = "assets";
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// By the ends of names what pages are made of; whatever ends otherwise is no file.
const KINDS: [(&str, &str); 12] = [
    ("css", "text/css; charset=utf-8"),
    ("ico", "image/x-icon"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("webp", "image/webp"),
    ("woff2", "font/woff2"),
];

/// What a path asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked<'p> {
    /// The page, which knows itself where it is.
    Page,
    /// A file of this name and kind.
    File(&'p str, &'static str),
    /// Nothing of ours.
    Nothing,
}

/// Answers whatever is no route of the interface.
pub(crate) async fn serve(
    State(site): State<Site>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let asked = if [Method::GET, Method::HEAD].contains(&method) {
        asked(uri.path())
    } else {
        Asked::Nothing
    };
    let answer = match asked {
        Asked::Page => Some(page(embedded, &site.app.nonce()?)?),
        Asked::File(name, kind) => file(embedded, (name, kind), takes_gzip(&headers)),
        Asked::Nothing => None,
    };
    match answer {
        Some(answer) => Ok(answer),
        None => Err(answer::unknown_path().await),
    }
}

fn embedded(name: &str) -> Option<Cow<'static, [u8]>> {
    Embedded::get(name).map(|file| file.data)
}

fn asked(path: &str) -> Asked<'_> {
    let path = path.strip_prefix('/').unwrap_or(path);
    if path.is_empty() {
        return Asked::Page;
    }
    if !path.split('/').all(is_plain) {
        return Asked::Nothing;
    }
    let (folder, below) = path.split_once('/').unzip();
    let folder = folder.unwrap_or(path);
    // a page may be called after the log; what lies below is the log's own
    if folder == "api" || (folder == "log" && below.is_some()) {
        return Asked::Nothing;
    }
    let end = path.rsplit_once('.').map_or("", |(_, end)| end);
    let kind = KINDS.iter().find(|(known, _)| *known == end);
    match kind {
        Some((_, kind)) => Asked::File(path, kind),
        None if folder == HASHED || end == "gz" => Asked::Nothing,
        None => Asked::Page,
    }
}

/// Whether a part of a path is letters, digits and a few signs, and beyond them only what is not ASCII:
/// so that no part means to a folder anything but its name.
fn is_plain(part: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let mut parts = part.split('%');
    let before = parts.next().unwrap_or_default();
    let is_foreign = |escaped: &str| match escaped.as_bytes() {
        [b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', low, rest @ ..] => {
            low.is_ascii_hexdigit() && rest.iter().copied().all(letter)
        }
        _ => false,
    };
    !part.is_empty()
        && !part.starts_with('.')
        && before.bytes().all(letter)
        && parts.all(is_foreign)
}

/// Whether the asker takes gzip.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let refused = |parameter: &str| {
        let weight = parameter.strip_prefix("q=");
        weight.is_some_and(|weight| weight.trim_matches(['0', '.']).is_empty())
    };
    let named = headers.get_all(header::ACCEPT_ENCODING).iter();
    named
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let is_gzip = parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
            is_gzip && !parts.any(refused)
        })
}

/// The page with its nonce.
fn page(built: Built, nonce: &str) -> Result<Response, Refusal> {
    let index = built(INDEX).and_then(|bytes| String::from_utf8(bytes.into_owned()).ok());
    let text = index.as_deref().unwrap_or(UNBUILT).replace(NONCE, nonce);
    let policy = HeaderValue::try_from(security::content_security_policy(Some(nonce)))
        .map_err(|error| Refusal::internal(Box::new(error)))?;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    Ok((headers, text).into_response())
}

/// A file, packed if it was packed beforehand and the asker takes it so.
fn file(built: Built, (name, kind): (&str, &'static str), gzip: bool) -> Option<Response> {
    let plain = built(name)?;
    let packed = built(&format!("{name}.gz"));
    let is_hashed = name
        .split_once('/')
        .is_some_and(|(folder, _)| folder == HASHED);
    let kept = if is_hashed { FOR_GOOD } else { ASK_AGAIN };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    if packed.is_some() {
        let vary = HeaderValue::from_static("accept-encoding");
        headers.insert(header::VARY, vary);
    }
    let body = match packed.filter(|_| gzip) {
        Some(packed) => {
            let coding = HeaderValue::from_static("gzip");
            headers.insert(header::CONTENT_ENCODING, coding);
            packed
        }
        None => plain,
    };
    Some((headers, Body::from(body)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(name: &str) -> Option<Cow<'static, [u8]>> {
        let text = match name {
            "index.html" => "<meta name=\"nonce\" content=\"__NONCE__\" />",
            "assets/index-B4x_9.js" => "plain",
            "assets/index-B4x_9.js.gz" => "packed",
            "assets/sans-1.woff2" => "letters",
            "favicon.svg" => "<svg/>",
            _ => return None,
        };
        Some(Cow::Borrowed(text.as_bytes()))
    }

    fn nothing(_: &str) -> Option<Cow<'static, [u8]>> {
        None
    }

    async fn body(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await;
        String::from_utf8(bytes.unwrap().to_vec()).unwrap()
    }

    fn header_of<'r>(response: &'r Response, name: &str) -> Option<&'r str> {
        response
            .headers()
            .get(name)
            .map(|one| one.to_str().unwrap())
    }

    #[test]
    fn whatever_is_no_file_and_no_part_of_the_interface_is_the_page() {
        for path in [
            "/",
            "/index.html",
            "/log",
            "/registers/document",
            "/registers/circulation.readers",
            "/records/019cc5ce-f280-7d09-9138-84632025f651",
            "/scan/%E6%9C%BA%e5%af%86-001",
        ] {
            assert_eq!(asked(path), Asked::Page, "{path}");
        }
        for path in [
            "/api",
            "/api/v1/nowhere",
            "/api/x.js",
            "/log/x",
            "/log/x.js",
        ] {
            assert_eq!(asked(path), Asked::Nothing, "{path}");
        }
    }

    #[test]
    fn a_file_is_known_by_how_its_name_ends() {
        let script = Asked::File("assets/a-1.js", "text/javascript; charset=utf-8");
        assert_eq!(asked("/assets/a-1.js"), script);
        assert_eq!(
            asked("/favicon.svg"),
            Asked::File("favicon.svg", "image/svg+xml")
        );
        assert_eq!(
            asked("/fonts/sans.woff2"),
            Asked::File("fonts/sans.woff2", "font/woff2")
        );
        for path in [
            "/assets",
            "/assets/a-1.js.gz",
            "/assets/a",
            "/favicon.svg.gz",
        ] {
            assert_eq!(asked(path), Asked::Nothing, "{path}");
        }
    }

    #[test]
    fn no_path_means_anything_but_its_name() {
        for path in [
            "//",
            "/registers//document",
            "/registers/",
            "/..",
            "/assets/../index.html",
            "/assets/./a-1.js",
            "/%2e%2e/index.html",
            "/assets/%2e%2e%2findex.html",
            "/assets%2Fa-1.js",
            "/assets\\a-1.js",
            "/assets/a-1.js%00",
            "/%00",
            "/%",
            "/%e",
            "/%zz",
            "/.git/config",
            "/.env",
            "/a b",
            "/机密",
        ] {
            assert_eq!(asked(path), Asked::Nothing, "{path}");
        }
    }

    #[test]
    fn gzip_is_for_those_who_name_it() {
        let takes = |named: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in named {
                headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            }
            takes_gzip(&headers)
        };
        for yes in [
            &["gzip"][..],
            &["gzip, deflate, br, zstd"],
            &["br;q=1.0, GZIP;q=0.8"],
            &["br", "gzip"],
        ] {
            assert!(takes(yes), "{yes:?}");
        }
        for no in [
            &[][..],
            &["identity"],
            &["br"],
            &["gzip;q=0"],
            &["gzip; q=0.000"],
            &["xgzip"],
        ] {
            assert!(!takes(no), "{no:?}");
        }
    }

    #[tokio::test]
    async fn a_page_carries_its_nonce_and_its_policy_the_same() {
        let answer = page(made, "abc").unwrap();
        let policy = content_policy(&answer);
        assert_eq!(policy, security::content_security_policy(Some("abc")));
        assert_eq!(header_of(&answer, "cache-control"), Some("no-store"));
        assert_eq!(
            body(answer).await,
            "<meta name=\"nonce\" content=\"abc\" />"
        );
    }

    fn content_policy(answer: &Response) -> &str {
        header_of(answer, "content-security-policy").unwrap()
    }

    #[tokio::test]
    async fn without_pages_a_page_says_so_in_both_languages() {
        let answer = page(nothing, "abc").unwrap();
        assert!(content_policy(&answer).contains("'nonce-abc'"));
        let text = body(answer).await;
        for word in ["没有构建界面", "without its pages", "nonce=\"abc\""] {
            assert!(text.contains(word), "{text}");
        }
        assert!(!text.contains(NONCE) && text.matches("cargo xtask web").count() == 2);
    }

    #[tokio::test]
    async fn a_file_is_packed_for_those_who_take_it_and_kept_by_its_name() {
        let script = ("assets/index-B4x_9.js", "text/javascript; charset=utf-8");
        let packed = file(made, script, true).unwrap();
        assert_eq!(header_of(&packed, "content-encoding"), Some("gzip"));
        assert_eq!(header_of(&packed, "vary"), Some("accept-encoding"));
        assert_eq!(header_of(&packed, "cache-control"), Some(FOR_GOOD));
        assert_eq!(header_of(&packed, "content-type"), Some(script.1));
        assert_eq!(body(packed).await, "packed");
        let plain = file(made, script, false).unwrap();
        assert_eq!(header_of(&plain, "content-encoding"), None);
        assert_eq!(header_of(&plain, "vary"), Some("accept-encoding"));
        assert_eq!(body(plain).await, "plain");
        let letters = file(made, ("assets/sans-1.woff2", "font/woff2"), true).unwrap();
        assert_eq!(header_of(&letters, "content-encoding"), None);
        assert_eq!(header_of(&letters, "vary"), None);
        let icon = file(made, ("favicon.svg", "image/svg+xml"), true).unwrap();
        assert_eq!(header_of(&icon, "cache-control"), Some(ASK_AGAIN));
        assert!(file(made, ("assets/gone.js", "text/javascript"), true).is_none());
    }
}
