//! Addresses: the server's own, and paths with what callers put into them.

use std::fmt::Write as _;

use crate::Error;

/// Where the interface lies on a server.
pub(crate) const API: &str = "/api/v1";

/// Checks a server's address and takes off what is behind it.
pub(crate) fn base(address: &str) -> Result<String, Error> {
    let base = address.trim_end_matches('/');
    let authority = base
        .strip_prefix("https://")
        .or_else(|| base.strip_prefix("http://"));
    let plain = |text: &str| !text.is_empty() && !text.contains(['/', '@', ' ', '?', '#']);
    match authority {
        Some(authority) if plain(authority) => Ok(base.to_owned()),
        _ => Err(Error::Address(address.to_owned())),
    }
}

/// Whether what is sent there can be read on the way.
pub(crate) fn is_clear(base: &str) -> bool {
    let Some(authority) = base.strip_prefix("http://") else {
        return false;
    };
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let here = host
        .parse::<std::net::IpAddr>()
        .is_ok_and(|ip| ip.is_loopback());
    !here && host != "localhost"
}

/// One segment of a path.
pub(crate) fn segment(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else if write!(out, "%{byte:02X}").is_err() {
            break; // a String takes everything
        }
    }
    out
}

/// A path with the parameters that have a value.
pub(crate) fn with_query(path: &str, parameters: &[(&str, Option<String>)]) -> String {
    let mut out = path.to_owned();
    let mut mark = '?';
    for (name, value) in parameters {
        if let Some(value) = value {
            out.push(mark);
            out.push_str(name);
            out.push('=');
            out.push_str(&segment(value));
            mark = '&';
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_has_a_plain_address() {
        assert_eq!(
            base("https://ruping.example/").unwrap(),
            "https://ruping.example"
        );
        assert_eq!(
            base("http://127.0.0.1:8080").unwrap(),
            "http://127.0.0.1:8080"
        );
        for wrong in [
            "",
            "ruping.example",
            "ftp://x",
            "https://",
            "https://a@b",
            "http://x/api",
        ] {
            assert!(matches!(base(wrong), Err(Error::Address(_))), "{wrong}");
        }
    }

    #[test]
    fn only_this_machine_is_reached_in_the_clear() {
        for here in [
            "http://127.0.0.1:80",
            "http://[::1]:80",
            "http://localhost",
            "https://x",
        ] {
            assert!(!is_clear(here), "{here}");
        }
        for there in [
            "http://10.0.0.1",
            "http://ruping.example:80",
            "http://localhost.example",
        ] {
            assert!(is_clear(there), "{there}");
        }
    }

    #[test]
    fn what_callers_put_into_a_path_stays_one_piece() {
        assert_eq!(segment("a/../b?c#机"), "a%2F..%2Fb%3Fc%23%E6%9C%BA");
        let path = with_query(
            "/x",
            &[
                ("a", Some("1&2".into())),
                ("b", None),
                ("c", Some("z".into())),
            ],
        );
        assert_eq!(path, "/x?a=1%262&c=z");
        assert_eq!(with_query("/x", &[("a", None)]), "/x");
    }
}
