//! What tests of readers share: packages made by hand, and what a reader told of them.

use crate::read::{Read, Reading, file};
use crate::report::{Cause, Where};
use crate::{Limits, Part};

/// What was read of a file.
pub(crate) struct Told {
    read: Read,
}

pub(crate) fn told(bytes: &[u8]) -> Told {
    told_within(bytes, &Limits::default())
}

pub(crate) fn told_within(bytes: &[u8], limits: &Limits) -> Told {
    let mut reading = Reading::new(limits);
    file(bytes, "", &mut reading);
    reading.look_at_pictures();
    Told {
        read: reading.end(),
    }
}

impl Told {
    pub(crate) fn text(&self) -> &str {
        self.read.text.as_str()
    }

    pub(crate) fn causes(&self) -> Vec<Cause> {
        self.read.causes.iter().copied().collect()
    }

    /// Where words stand; they have to be there.
    pub(crate) fn place(&self, words: &str) -> Where {
        let at = self.text().find(words);
        let at = at.unwrap_or_else(|| panic!("{words} is not in {}", self.text()));
        self.read.text.place_told(at)
    }

    pub(crate) fn part(&self, words: &str) -> Part {
        self.place(words).part
    }

    pub(crate) fn count(&self, words: &str) -> usize {
        self.text().matches(words).count()
    }

    pub(crate) fn property(&self, name: &str) -> Option<&str> {
        let mut all = self.read.text.properties().iter();
        all.find(|one| one.name == name)
            .map(|one| one.value.as_str())
    }
}

/// A package whose members are not packed.
pub(crate) fn package(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for (name, data) in members {
        let at = u32::try_from(bytes.len()).unwrap();
        let member = member(name, data, 0, data);
        directory.extend_from_slice(b"PK\x01\x02\x14\0");
        directory.extend_from_slice(&member[4..30]);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&at.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
        bytes.extend(member);
    }
    let at = u32::try_from(bytes.len()).unwrap();
    let size = u32::try_from(directory.len()).unwrap();
    let count = u16::try_from(members.len()).unwrap();
    bytes.extend(directory);
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    bytes.extend_from_slice(&count.to_le_bytes());
    bytes.extend_from_slice(&count.to_le_bytes());
    bytes.extend_from_slice(&size.to_le_bytes());
    bytes.extend_from_slice(&at.to_le_bytes());
    bytes.extend_from_slice(&[0, 0]);
    bytes
}

/// A member with the head before it: `packed` is what lies there, by a method.
pub(crate) fn member(name: &str, data: &[u8], method: u16, packed: &[u8]) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04\x14\0\0\x08".to_vec();
    bytes.extend_from_slice(&method.to_le_bytes());
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(&crc32fast::hash(data).to_le_bytes());
    bytes.extend_from_slice(&u32::try_from(packed.len()).unwrap().to_le_bytes());
    bytes.extend_from_slice(&u32::try_from(data.len()).unwrap().to_le_bytes());
    bytes.extend_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
    bytes.extend_from_slice(&[0, 0]);
    bytes.extend_from_slice(name.as_bytes());
    bytes.extend_from_slice(packed);
    bytes
}

/// Reads copies of a file that were cut and changed: none may panic, and each ends.
pub(crate) fn survives(bytes: &[u8]) {
    let step = bytes.len() / 200 + 1;
    for length in (0..bytes.len()).step_by(step) {
        told(&bytes[..length]);
    }
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % u64::try_from(below).unwrap()).unwrap()
    };
    for _ in 0..400 {
        let mut changed = bytes.to_vec();
        for _ in 0..=random(8) {
            let at = random(bytes.len());
            changed[at] = [0, 0x7f, 0x80, 0xff, changed[at] ^ 1][random(5)];
        }
        told(&changed);
    }
}
