//! Headers that tell browsers what an answer may do. The content security policy is one constant.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::site::Cookies;

/// The policy of every page; `{nonce}` stands for what a page gives its own styles.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; font-src 'self'; \
    connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'";

/// The content security policy, with the nonce of one page or for an answer that is no page.
#[must_use]
pub fn content_security_policy(nonce: Option<&str>) -> String {
    match nonce {
        Some(nonce) => POLICY.replace("{nonce}", nonce),
        None => POLICY.replace(" 'nonce-{nonce}'", ""),
    }
}

/// The headers of every answer, made once.
#[derive(Clone, Debug)]
pub(crate) struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    pub(crate) fn new(cookies: Cookies) -> Self {
        let fixed = |name: &'static str, value: &'static str| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        };
        let mut headers = vec![
            fixed("x-content-type-options", "nosniff"),
            fixed("referrer-policy", "no-referrer"),
            fixed("cross-origin-opener-policy", "same-origin"),
            fixed("cross-origin-resource-policy", "same-origin"),
            fixed("cache-control", "no-store"),
        ];
        if let Ok(policy) = HeaderValue::try_from(content_security_policy(None)) {
            headers.push((header::CONTENT_SECURITY_POLICY, policy));
        }
        if cookies == Cookies::Secure {
            headers.push(fixed("strict-transport-security", "max-age=31536000"));
        }
        Self(headers)
    }
}

/// Adds the headers; one that a handler has set stays.
pub(crate) async fn protect(
    State(headers): State<Headers>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in &headers.0 {
        response
            .headers_mut()
            .entry(name)
            .or_insert_with(|| value.clone());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_is_that_of_the_pages_with_and_without_a_nonce() {
        let page = content_security_policy(Some("abc"));
        assert!(page.contains("style-src 'self' 'nonce-abc';"), "{page}");
        let bare = content_security_policy(None);
        assert!(bare.contains("style-src 'self';"), "{bare}");
        for policy in [page, bare] {
            assert!(
                policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';")
            );
            assert!(
                !policy.contains("unsafe-inline") && !policy.contains("  "),
                "{policy}"
            );
        }
    }

    #[test]
    fn only_encrypted_sites_ask_browsers_to_stay_encrypted() {
        let names = |cookies| -> Vec<String> {
            Headers::new(cookies)
                .0
                .iter()
                .map(|(name, _)| name.to_string())
                .collect()
        };
        assert!(names(Cookies::Secure).contains(&"strict-transport-security".to_owned()));
        assert!(!names(Cookies::Plain).contains(&"strict-transport-security".to_owned()));
        assert!(names(Cookies::Plain).contains(&"content-security-policy".to_owned()));
    }
}
