//! What key-encryption keys are named by, and how their rows look. There is one line of keys
//! per level and set of compartments, so that erasing one line closes exactly that material,
//! and a stolen key opens no other.

use std::fmt;

use domain::{Compartment, LabelClass, Level};

use crate::bytes::encode_parts;
use crate::error::Error;
use crate::limits::{COMPARTMENT_CHARS_MAX, COMPARTMENTS_MAX, LEVEL_CHARS_MAX};
use crate::random::Random;
use crate::wrapped::{KeyUse, Purpose, RootWrap, WrappedKey};

/// The level part for what has no level at all.
const OPEN: &str = "open";

/// A level and a set of compartments. The level part is a key such as `state.secret`, `open`,
/// or several keys joined by `+` for material that has a level in several families.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KekId {
    level: String,
    compartments: Vec<String>,
}

impl KekId {
    /// Checks the parts; compartments may come in any order and are kept sorted, each once.
    ///
    /// # Errors
    /// [`Error::KekId`] for an empty or overlong part, a character that no level key has, a
    /// control character in a compartment, or too many compartments.
    pub fn new<C: Into<String>>(
        level: &str,
        compartments: impl IntoIterator<Item = C>,
    ) -> Result<Self, Error> {
        let mut compartments: Vec<String> = compartments.into_iter().map(Into::into).collect();
        compartments.sort_unstable();
        compartments.dedup();
        if !is_level(level)
            || compartments.len() > COMPARTMENTS_MAX
            || !compartments
                .iter()
                .all(|compartment| is_compartment(compartment))
        {
            return Err(Error::KekId);
        }
        Ok(Self {
            level: level.to_owned(),
            compartments,
        })
    }

    /// The key that protects what has this label class: its levels (state first) and its
    /// compartments. The scope does not count: whom to show it to changes, and is decided
    /// elsewhere.
    ///
    /// # Errors
    /// [`Error::KekId`] for more compartments than a key may have.
    pub fn of(class: &LabelClass) -> Result<Self, Error> {
        let levels: Vec<&str> = class.levels.iter().map(Level::key).collect();
        let level = if levels.is_empty() {
            OPEN.to_owned()
        } else {
            levels.join("+")
        };
        Self::new(&level, class.compartments.iter().map(Compartment::as_str))
    }

    /// The level part.
    #[must_use]
    pub fn level(&self) -> &str {
        &self.level
    }

    /// The compartments, sorted.
    #[must_use]
    pub fn compartments(&self) -> &[String] {
        &self.compartments
    }

    /// The one text for a row: a JSON list of the level and the compartments.
    #[must_use]
    pub fn canonical(&self) -> String {
        serde_json::Value::from(self.parts().collect::<Vec<_>>()).to_string()
    }

    /// Reads what [`KekId::canonical`] wrote.
    ///
    /// # Errors
    /// [`Error::KekId`] for anything else.
    pub fn parse(canonical: &str) -> Result<Self, Error> {
        let parts: Vec<String> = serde_json::from_str(canonical).map_err(|_| Error::KekId)?;
        let mut parts = parts.into_iter();
        let id = Self::new(&parts.next().ok_or(Error::KekId)?, parts)?;
        if id.canonical() == canonical {
            Ok(id)
        } else {
            Err(Error::KekId)
        }
    }

    /// The bytes that bind keys and objects to this id.
    pub(crate) fn binding(&self) -> Vec<u8> {
        encode_parts(&self.parts().map(str::as_bytes).collect::<Vec<_>>())
    }

    fn parts(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.level.as_str()).chain(self.compartments.iter().map(String::as_str))
    }
}

/// WHY: the names of compartments can be as secret as what is in them; logs get their number.
impl fmt::Debug for KekId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "KekId({}, {} compartments)",
            self.level,
            self.compartments.len()
        )
    }
}

fn is_level(level: &str) -> bool {
    let allowed = |byte: u8| {
        byte.is_ascii_lowercase()
            || byte.is_ascii_digit()
            || matches!(byte, b'.' | b'_' | b'-' | b'+')
    };
    !level.is_empty() && level.len() <= LEVEL_CHARS_MAX && level.bytes().all(allowed)
}

fn is_compartment(compartment: &str) -> bool {
    !compartment.is_empty()
        && compartment.chars().count() <= COMPARTMENT_CHARS_MAX
        && !compartment.chars().any(char::is_control)
}

/// One row: a key-encryption key as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKek {
    /// What it opens.
    pub id: KekId,
    /// Counts the keys of this id, from 1; new data keys are wrapped by the highest.
    pub generation: u32,
    /// The key itself, wrapped by the root.
    pub wrapped: WrappedKey,
}

impl StoredKek {
    /// Wraps the same key by another root. A root rotation does this for every row and changes
    /// nothing else: data keys and objects stay as they are.
    ///
    /// # Errors
    /// Those of [`WrappedKey::rewrap`].
    pub fn rewrap(
        &self,
        from: &dyn RootWrap,
        to: &dyn RootWrap,
        random: &dyn Random,
    ) -> Result<Self, Error> {
        let context = context(&self.id, self.generation);
        let of = KeyUse {
            purpose: Purpose::Kek,
            context: &context,
        };
        let wrapped = self.wrapped.rewrap(of, from, to, random)?;
        Ok(Self {
            id: self.id.clone(),
            generation: self.generation,
            wrapped,
        })
    }
}

/// What a key-encryption key's wrapping is bound to.
pub(crate) fn context(id: &KekId, generation: u32) -> Vec<u8> {
    encode_parts(&[&id.binding(), &generation.to_be_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compartments_are_sorted_and_kept_once() {
        let one = KekId::new("state.secret", ["乙", "甲", "乙"]).unwrap();
        let two = KekId::new("state.secret", ["甲", "乙"]).unwrap();
        assert_eq!(one, two);
        assert_eq!(one.binding(), two.binding());
        assert_eq!(one.compartments(), ["乙", "甲"]);
        assert_eq!(one.level(), "state.secret");
    }

    #[test]
    fn a_label_class_names_its_key() {
        let mut class = LabelClass::open();
        assert_eq!(
            KekId::of(&class).unwrap(),
            KekId::new("open", [""; 0]).unwrap()
        );
        class.levels = class.levels.with(Level::Ordinary).with(Level::Secret);
        class.compartments.insert(Compartment::parse("甲").unwrap());
        let id = KekId::of(&class).unwrap();
        assert_eq!(
            id,
            KekId::new("state.secret+trade.ordinary", ["甲"]).unwrap()
        );
    }

    #[test]
    fn an_id_reads_back_from_its_one_text() {
        for id in [
            KekId::new("open", [""; 0]).unwrap(),
            KekId::new("state.top_secret+trade.core", ["A\"B", "a,b", "甲 乙"]).unwrap(),
            KekId::new("foreign.nato-like.secret", ["x"]).unwrap(),
        ] {
            assert_eq!(KekId::parse(&id.canonical()).unwrap(), id);
        }
        assert_eq!(
            KekId::new("open", ["b", "a"]).unwrap().canonical(),
            r#"["open","a","b"]"#
        );
        for wrong in [
            "",
            "[]",
            "open",
            r#"["open","b","a"]"#,
            r#"["open", "a"]"#,
            r#"["Open"]"#,
        ] {
            assert!(matches!(KekId::parse(wrong), Err(Error::KekId)), "{wrong}");
        }
    }

    #[test]
    fn impossible_parts_are_refused() {
        let long = "x".repeat(65);
        let many = (0..=COMPARTMENTS_MAX).map(|n| n.to_string());
        assert!(KekId::new("", [""; 0]).is_err());
        assert!(KekId::new("机密", [""; 0]).is_err());
        assert!(KekId::new("a b", [""; 0]).is_err());
        assert!(KekId::new("open", [""]).is_err());
        assert!(KekId::new("open", ["a\nb"]).is_err());
        assert!(KekId::new("open", [long.as_str()]).is_err());
        assert!(KekId::new("open", many).is_err());
    }

    #[test]
    fn an_id_does_not_show_its_compartments() {
        let id = KekId::new("state.secret", ["项目甲"]).unwrap();
        assert_eq!(format!("{id:?}"), "KekId(state.secret, 1 compartments)");
    }
}
