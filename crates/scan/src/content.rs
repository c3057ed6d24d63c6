//! Contents that lie in no file: how a worker is given one, and what it tells of it. What a server was sent is never
//! written down in the clear to be read.

use std::io::{Read, empty};
use std::path::Path;

use inspect::Cause;

use crate::Told;
use crate::read::{How, read_from};

/// How a line that announces a content begins; no path does, for paths are hex digits.
const HEAD: char = '=';

/// A content to be read.
#[derive(Clone, Copy)]
pub struct Content<'c> {
    /// Its name, if it has one.
    pub name: &'c str,
    /// Its size in bytes.
    pub size: u64,
    /// The first bytes of it, or all.
    pub bytes: &'c [u8],
}

impl std::fmt::Debug for Content<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Content")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl Content<'_> {
    /// The line before its bytes.
    pub(crate) fn head(&self) -> String {
        let name = hex::encode(self.name);
        format!("{HEAD}{} {} {name}\n", self.bytes.len(), self.size)
    }
}

/// A content as its reader has it.
pub(crate) struct Given {
    name: String,
    size: u64,
    bytes: Vec<u8>,
}

impl Given {
    /// The content that a line announces, if it does.
    pub(crate) fn read(line: &str, from: impl Read) -> std::io::Result<Option<Self>> {
        let Some(said) = line.trim_end_matches('\n').strip_prefix(HEAD) else {
            return Ok(None);
        };
        let wrong = || std::io::Error::from(std::io::ErrorKind::InvalidData);
        let mut words = said.split(' ');
        let mut number = || words.next().and_then(|word| word.parse::<u64>().ok());
        let (sent, size) = number().zip(number()).ok_or_else(wrong)?;
        let name = words.next().and_then(|name| hex::decode(name).ok());
        let name = name.and_then(|name| String::from_utf8(name).ok());
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(usize::try_from(sent).map_err(|_| wrong())?)?;
        if from.take(sent).read_to_end(&mut bytes)? as u64 != sent {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(Self {
            name: name.ok_or_else(wrong)?,
            size,
            bytes,
        }))
    }

    pub(crate) fn read_by(self, how: How<'_>) -> Told {
        let sent = self.bytes.len() as u64;
        let mut told = read_from(self.bytes, &mut empty(), Path::new(&self.name), how);
        if sent < self.size {
            told.size = Some(self.size);
            told.sha256 = None;
            told.report.missed(Cause::TooBig);
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_comes_with_its_name_and_its_size() {
        let content = Content {
            name: "机密 1.txt",
            size: 9,
            bytes: b"a\nb=",
        };
        let head = content.head();
        let given = Given::read(&head, content.bytes).unwrap().unwrap();
        assert_eq!(
            (given.name.as_str(), given.size, given.bytes.as_slice()),
            ("机密 1.txt", 9, b"a\nb=".as_slice())
        );
        let nameless = Content {
            name: "",
            ..content
        };
        let given = Given::read(&nameless.head(), content.bytes)
            .unwrap()
            .unwrap();
        assert_eq!(given.name, "");
        assert!(Given::read("61\n", b"".as_slice()).unwrap().is_none());
    }

    #[test]
    fn what_is_announced_and_does_not_come_is_an_error() {
        for head in [
            "=5 5 61",
            "=",
            "=1",
            "=1 1",
            "=1 1 zz",
            "=18446744073709551615 1 61",
            "=-1 1 61",
        ] {
            let read = Given::read(head, b"abc".as_slice());
            assert!(read.is_err(), "{head}");
        }
    }
}
