//! Who asks: a browser by its cookie and, where something changes, its CSRF token; a program by
//! its bearer token. A session that still has a one-time password reaches only the handlers that
//! take [`OneTime`].

use app::Caller;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::refusal::Refusal;
use crate::scopes;
use crate::site::{Cookies, Site};

/// The cookie that carries a session.
const COOKIE: &str = "ruping_session";
/// The header that shows that a change comes from our own page.
const CSRF: &str = "x-csrf-token";

/// Somebody who is logged in.
pub(crate) struct Known(pub(crate) Caller);

/// Somebody who is logged in, perhaps with a one-time password that must be changed first.
pub(crate) struct OneTime(pub(crate) Caller);

/// Somebody who is logged in and only listens: their session lives no longer for it.
pub(crate) struct Listener(pub(crate) Caller);

impl FromRequestParts<Site> for Listener {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refusal> {
        if parts.headers.contains_key(header::AUTHORIZATION) {
            // a program is refused as everywhere
            let Known(caller) = Known::from_request_parts(parts, site).await?;
            return Ok(Self(caller));
        }
        let token = session_token(&parts.headers).ok_or_else(login_first)?;
        let caller = site.app.recognise_session(token).await?;
        if caller.must_change() {
            return Err(change_first());
        }
        Ok(Self(caller))
    }
}

impl FromRequestParts<Site> for OneTime {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refusal> {
        if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
            let token = bearer(value).ok_or_else(login_first)?;
            let caller = site.app.authenticate_token(token).await?;
            scopes::check(parts, &caller)?;
            return Ok(Self(caller));
        }
        let token = session_token(&parts.headers).ok_or_else(login_first)?;
        let caller = site.app.authenticate_session(token).await?;
        if !parts.method.is_safe() {
            check_csrf(&parts.headers, caller.csrf())?;
        }
        Ok(Self(caller))
    }
}

impl FromRequestParts<Site> for Known {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refusal> {
        let OneTime(caller) = OneTime::from_request_parts(parts, site).await?;
        if caller.must_change() {
            return Err(change_first());
        }
        Ok(Self(caller))
    }
}

fn change_first() -> Refusal {
    let (zh, en) = (
        "请先修改一次性口令",
        "the one-time password must be changed first",
    );
    let code = "account.password_change_needed";
    Refusal::new(StatusCode::FORBIDDEN, code, zh, en).hint("change it at POST /api/v1/me/password")
}

fn login_first() -> Refusal {
    Refusal::new(
        StatusCode::UNAUTHORIZED,
        "session.needed",
        "请先登录",
        "log in first",
    )
}

fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn session_token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, token)| token)
}

/// A page of another site can make a browser send the cookie, but cannot know this.
fn check_csrf(headers: &HeaderMap, expected: Option<&str>) -> Result<(), Refusal> {
    let Some(expected) = expected else {
        return Ok(());
    };
    let given = headers
        .get(CSRF)
        .map(HeaderValue::as_bytes)
        .unwrap_or_default();
    if same(given, expected.as_bytes()) {
        return Ok(());
    }
    let (zh, en) = (
        "缺少或错误的防伪令牌",
        "the token against forged requests is missing or wrong",
    );
    Err(Refusal::new(StatusCode::FORBIDDEN, "session.csrf", zh, en)
        .hint("send the session's `csrf` in X-CSRF-Token"))
}

/// Compares in a time that does not tell where two texts differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |diff, (a, b)| diff | (a ^ b)) == 0
}

/// The cookie of a fresh session. The server alone says when it ends; a browser forgets it when it
/// is closed.
pub(crate) fn set_cookie(cookies: Cookies, token: &str) -> Result<HeaderValue, Refusal> {
    cookie(cookies, token)
}

/// The cookie that ends a session in the browser.
pub(crate) fn clear_cookie(cookies: Cookies) -> Result<HeaderValue, Refusal> {
    cookie(cookies, "; Max-Age=0")
}

fn cookie(cookies: Cookies, value: &str) -> Result<HeaderValue, Refusal> {
    let secure = match cookies {
        Cookies::Secure => "; Secure",
        Cookies::Plain => "",
    };
    let text = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict{secure}");
    let mut value =
        HeaderValue::try_from(text).map_err(|error| Refusal::internal(Box::new(error)))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let several = headers(&[("cookie", "a=1; ruping_session=tok; b=2")]);
        assert_eq!(session_token(&several), Some("tok"));
        let two = headers(&[("cookie", "a=1"), ("cookie", "ruping_session=x")]);
        assert_eq!(session_token(&two), Some("x"));
        assert_eq!(
            session_token(&headers(&[("cookie", "xruping_session=x")])),
            None
        );
    }

    #[test]
    fn a_bearer_token_has_its_scheme() {
        assert_eq!(bearer(&HeaderValue::from_static("Bearer abc")), Some("abc"));
        assert_eq!(bearer(&HeaderValue::from_static("bearer abc")), Some("abc"));
        assert_eq!(bearer(&HeaderValue::from_static("Basic abc")), None);
        assert_eq!(bearer(&HeaderValue::from_static("abc")), None);
    }

    #[test]
    fn a_forged_request_is_refused() {
        assert!(check_csrf(&headers(&[("x-csrf-token", "right")]), Some("right")).is_ok());
        assert!(
            check_csrf(&headers(&[]), None).is_ok(),
            "programs send no cookie"
        );
        for wrong in [headers(&[]), headers(&[("x-csrf-token", "wrong")])] {
            assert_eq!(
                check_csrf(&wrong, Some("right")).unwrap_err().code(),
                "session.csrf"
            );
        }
    }

    #[test]
    fn a_session_cookie_is_for_our_pages_alone() {
        let cookie = set_cookie(Cookies::Secure, "tok").unwrap();
        assert!(cookie.is_sensitive());
        assert_eq!(
            cookie.to_str().unwrap(),
            "ruping_session=tok; Path=/; HttpOnly; SameSite=Strict; Secure"
        );
        let plain = clear_cookie(Cookies::Plain).unwrap();
        assert_eq!(
            plain.to_str().unwrap(),
            "ruping_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict"
        );
    }
}
