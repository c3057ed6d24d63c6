//! What JSON lets pass and a register may not take in: one name twice in an object, where readers
//! differ over which value counts, and the character NUL, which not every database can hold.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// What is wrong with a text that is JSON all the same.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A name stands twice in one object.
    Twice,
    /// A text or a name holds NUL.
    Nul,
}

const TWICE: &str = "a name stands twice in one object";
const NUL: &str = "a text holds the character NUL";

/// Looks through a whole document. What is not JSON passes here: its own reader says so better.
pub(crate) fn check(text: &str) -> Result<(), Fault> {
    let Err(error) = serde_json::from_str::<Seen>(text) else {
        return Ok(());
    };
    let words = error.to_string();
    if words.starts_with(TWICE) {
        Err(Fault::Twice)
    } else if words.starts_with(NUL) {
        Err(Fault::Nul)
    } else {
        Ok(())
    }
}

/// A value that was looked at and not kept.
struct Seen;

impl<'de> Deserialize<'de> for Seen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Look)
    }
}

struct Look;

impl<'de> Visitor<'de> for Look {
    type Value = Seen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Seen, E> {
        Ok(Seen)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Seen, E> {
        Ok(Seen)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Seen, E> {
        Ok(Seen)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Seen, E> {
        Ok(Seen)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Seen, E> {
        Ok(Seen)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Seen, E> {
        if text.contains('\0') {
            return Err(E::custom(NUL));
        }
        Ok(Seen)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Seen, A::Error> {
        while list.next_element::<Seen>()?.is_some() {}
        Ok(Seen)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Seen, A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if name.contains('\0') {
                return Err(de::Error::custom(NUL));
            }
            map.next_value::<Seen>()?;
            if !names.insert(name) {
                return Err(de::Error::custom(TWICE));
            }
        }
        Ok(Seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_counts_once_in_each_object() {
        assert_eq!(
            check(r#"{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}"#),
            Ok(())
        );
        for twice in [
            r#"{"a":1,"a":1}"#,
            r#"{"b":[{"c":{"a":1,"x":0,"a":2}}]}"#,
            "{\"a\":1,\"\\u0061\":2}",
        ] {
            assert_eq!(check(twice), Err(Fault::Twice), "{twice}");
        }
    }

    #[test]
    fn nul_is_found_in_texts_and_names() {
        for nul in [r#"{"a":"x\u0000y"}"#, r#"{"a\u0000":1}"#, r#"[["\u0000"]]"#] {
            assert_eq!(check(nul), Err(Fault::Nul), "{nul}");
        }
        assert_eq!(check(r#"{"a":"\\u0000 \u0001"}"#), Ok(()));
    }

    #[test]
    fn what_is_not_json_is_left_to_its_reader() {
        for broken in ["", "{", r#"{"a":NaN}"#, r#"{"a":1e999}"#, "{} {}"] {
            assert_eq!(check(broken), Ok(()), "{broken}");
        }
    }
}
