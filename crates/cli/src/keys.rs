//! Keys of indexes and tables, in files.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use zeroize::{Zeroize, Zeroizing};

use crate::{Error, files};

/// Where a key is: `file:PATH`, 32 bytes or 64 hexadecimal characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySource(PathBuf);

impl FromStr for KeySource {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("file:") {
            Some(path) if !path.is_empty() => Ok(Self(path.into())),
            Some(_) | None => Err("file:PATH".to_owned()),
        }
    }
}

impl KeySource {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// As an argument of a program that is started.
    pub(crate) fn argument(&self) -> std::ffi::OsString {
        let mut text = std::ffi::OsString::from("file:");
        text.push(&self.0);
        text
    }

    /// Reads the key.
    pub(crate) fn read(&self) -> Result<passages::Key, Error> {
        let content = Zeroizing::new(files::read(&self.0)?);
        let mut key = [0; passages::KEY_BYTES];
        let text = content.trim_ascii_end();
        let read = if content.len() == key.len() {
            key.copy_from_slice(&content);
            true
        } else {
            // WHY its error is dropped: it would quote a character of the key
            hex::decode_to_slice(text, &mut key).is_ok()
        };
        if !read || key == [0; passages::KEY_BYTES] {
            key.zeroize();
            return Err(Error::Key {
                path: self.0.clone(),
            });
        }
        Ok(passages::Key::new(key))
    }

    /// Reads the key, or makes one where there is no such file.
    pub(crate) fn read_or_make(
        &self,
        random: &mut passages::Random<'_>,
    ) -> Result<passages::Key, Error> {
        if self.0.exists() {
            return self.read();
        }
        let mut key = Zeroizing::new([0; passages::KEY_BYTES]);
        random(key.as_mut_slice()).map_err(passages::Error::Random)?;
        let mut text = Zeroizing::new(hex::encode(key.as_slice()));
        text.push('\n');
        let mut file = files::for_secrets(&self.0)?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|source| Error::Write {
                path: self.0.clone(),
                source,
            })?;
        Ok(passages::Key::new(*key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_in_two_forms_and_made_where_there_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.key");
        let source: KeySource = format!("file:{}", path.display()).parse().unwrap();
        assert!("x".parse::<KeySource>().is_err() && "file:".parse::<KeySource>().is_err());
        assert!(matches!(source.read(), Err(Error::Read { .. })));
        source
            .read_or_make(&mut |bytes| {
                bytes.fill(7);
                Ok(())
            })
            .unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "07".repeat(32) + "\n"
        );
        source.read().unwrap();
        source
            .read_or_make(&mut |_| panic!("there is one"))
            .unwrap();
        std::fs::write(&path, [9; 32]).unwrap();
        source.read().unwrap();
        for wrong in [&b"07"[..], &[b'x'; 64], &[0; 32], &[9; 33]] {
            std::fs::write(&path, wrong).unwrap();
            assert!(matches!(source.read(), Err(Error::Key { .. })), "{wrong:?}");
        }
    }
}
