//! Searches raw bytes for what must not be readable in them: as UTF-8, as UTF-16 of both byte
//! orders, as hexadecimal digits of both cases, and as base64 at each of its three alignments.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// A secret that was planted, in every form it is searched in.
#[derive(Debug, Clone)]
pub struct Planted {
    /// What was planted.
    pub secret: String,
    forms: Vec<(&'static str, Vec<u8>)>,
}

/// A secret that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub secret: String,
    /// In which form.
    pub form: &'static str,
    /// In which file.
    pub file: PathBuf,
}

impl Planted {
    /// Makes the forms of a secret.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        let bytes = secret.as_bytes();
        let mut forms = vec![
            ("utf-8", bytes.to_vec()),
            (
                "utf-16le",
                secret.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            ),
            (
                "utf-16be",
                secret.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            ),
        ];
        let lower: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        forms.push(("hex", lower.to_uppercase().into_bytes()));
        forms.push(("hex", lower.into_bytes()));
        for before in 0..3 {
            for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
                let mut padded = vec![0; before];
                padded.extend_from_slice(bytes);
                let text = engine.encode(&padded);
                // digits at both ends also depend on the neighbours
                let first = (before * 8).div_ceil(6);
                let last = padded.len() * 8 / 6;
                let inner = text.get(first..last).unwrap_or_default();
                forms.push(("base64", inner.as_bytes().to_vec()));
            }
        }
        Self {
            secret: secret.to_owned(),
            forms,
        }
    }

    /// The forms that these bytes hold.
    #[must_use]
    pub fn forms_in(&self, bytes: &[u8]) -> Vec<&'static str> {
        let found = Needles::of(std::slice::from_ref(self)).found_in(bytes);
        found.into_iter().map(|(_, form)| form).collect()
    }
}

/// Every form of every secret by its first byte, so that one pass over the bytes is enough.
struct Needles<'p> {
    by_first: BTreeMap<u8, Vec<Needle<'p>>>,
}

/// A secret, the name of a form of it, and that form without its first byte.
type Needle<'p> = (&'p Planted, &'static str, &'p [u8]);

impl<'p> Needles<'p> {
    fn of(planted: &'p [Planted]) -> Self {
        let mut by_first: BTreeMap<u8, Vec<_>> = BTreeMap::new();
        for one in planted {
            for (name, form) in &one.forms {
                if let Some((first, rest)) = form.split_first() {
                    by_first.entry(*first).or_default().push((one, *name, rest));
                }
            }
        }
        Self { by_first }
    }

    fn found_in(&self, bytes: &[u8]) -> Vec<(&'p str, &'static str)> {
        let mut found = BTreeSet::new();
        let mut starts: [bool; 256] = [false; 256];
        for first in self.by_first.keys() {
            if let Some(start) = starts.get_mut(usize::from(*first)) {
                *start = true;
            }
        }
        for (at, byte) in bytes.iter().enumerate() {
            if !starts.get(usize::from(*byte)).copied().unwrap_or_default() {
                continue;
            }
            let after = bytes.get(at + 1..).unwrap_or_default();
            for (one, name, rest) in self.by_first.get(byte).into_iter().flatten() {
                if after.starts_with(rest) {
                    found.insert((one.secret.as_str(), *name));
                }
            }
        }
        found.into_iter().collect()
    }
}

/// Searches every file under a folder, and a file itself; tells what was found and how many files
/// were read.
///
/// # Errors
/// When something cannot be read.
pub fn search(place: &Path, planted: &[Planted]) -> Result<(Vec<Found>, usize)> {
    let needles = Needles::of(planted);
    let (mut found, mut read, mut todo) = (Vec::new(), 0, vec![place.to_path_buf()]);
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                todo.push(entry?.path());
            }
            continue;
        }
        // a journal may go while we look
        let Ok(bytes) = fs::read(&path) else { continue };
        read += 1;
        let here = needles.found_in(&bytes);
        found.extend(here.into_iter().map(|(secret, form)| Found {
            secret: secret.to_owned(),
            form,
            file: path.clone(),
        }));
    }
    Ok((found, read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_secret_is_found_in_every_form_and_at_every_alignment() {
        let secret = "龙门计划-7Q";
        let planted = Planted::new(secret);
        let surround = |bytes: &[u8], before: usize| {
            let mut all = vec![b'x'; before];
            all.extend_from_slice(bytes);
            all.extend_from_slice(b"yz");
            all
        };
        for before in 0..3 {
            let plain = surround(secret.as_bytes(), before);
            assert_eq!(planted.forms_in(&plain), ["utf-8"]);
            for coded in [
                STANDARD_NO_PAD.encode(&plain),
                URL_SAFE_NO_PAD.encode(&plain),
            ] {
                let coded = format!("data:{coded}");
                assert!(
                    planted.forms_in(coded.as_bytes()).contains(&"base64"),
                    "{before}"
                );
            }
            let hex: String = plain.iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(planted.forms_in(hex.as_bytes()).contains(&"hex"));
            assert!(
                planted
                    .forms_in(hex.to_uppercase().as_bytes())
                    .contains(&"hex")
            );
        }
        let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(planted.forms_in(&surround(&wide, 1)), ["utf-16le"]);
        let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(planted.forms_in(&surround(&wide, 0)), ["utf-16be"]);
        assert!(planted.forms_in("龙门计划-7".as_bytes()).is_empty());
    }

    #[test]
    fn folders_are_searched_to_the_bottom() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b");
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("c"), "some 龙门计划-7Q here").unwrap();
        fs::write(folder.path().join("d"), "nothing").unwrap();
        let (found, read) = search(folder.path(), &[Planted::new("龙门计划-7Q")]).unwrap();
        assert_eq!(read, 2);
        let [one] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!((one.form, &one.file), ("utf-8", &deep.join("c")));
    }
}
