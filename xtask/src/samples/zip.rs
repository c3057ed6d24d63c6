//! The smallest ZIP writer: members stored as they are, dated 1980-01-01, so that the same members
//! always give the same bytes.

/// A ZIP archive in the making.
#[derive(Debug, Default)]
pub(super) struct Zip {
    members: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

/// Version 2.0 of the format: folders in names.
const VERSION: u16 = 20;

/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;

/// 1980-01-01, the first day the format knows.
const DATE: u16 = (1 << 5) | 1;

impl Zip {
    /// Adds one member.
    pub(super) fn add(&mut self, name: &str, content: impl AsRef<[u8]>) {
        let content = content.as_ref();
        let offset = size(&self.members);
        let mut head = Vec::new();
        // version, flags, method 0 = stored, time, date
        for field in [VERSION, FLAGS, 0, 0, DATE] {
            head.extend(field.to_le_bytes());
        }
        for field in [crc32(content), size(content), size(content)] {
            head.extend(field.to_le_bytes());
        }
        let name_length = u16::try_from(name.len()).unwrap_or(u16::MAX);
        head.extend(name_length.to_le_bytes());
        // no extra field
        head.extend([0, 0]);

        self.members.extend(b"PK\x03\x04");
        self.members.extend(&head);
        self.members.extend(name.bytes());
        self.members.extend(content);

        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(&head);
        // no comment, first disk, no internal or external attributes
        self.directory.extend([0; 10]);
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend(name.bytes());
        self.count += 1;
    }

    /// The archive's bytes.
    pub(super) fn finish(self) -> Vec<u8> {
        let mut bytes = self.members;
        let start = size(&bytes);
        bytes.extend(&self.directory);
        bytes.extend(b"PK\x05\x06");
        // this disk, disk of the directory
        bytes.extend([0; 4]);
        bytes.extend(self.count.to_le_bytes());
        bytes.extend(self.count.to_le_bytes());
        bytes.extend(size(&self.directory).to_le_bytes());
        bytes.extend(start.to_le_bytes());
        // no comment
        bytes.extend([0; 2]);
        bytes
    }
}

fn size(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

/// CRC-32 as ZIP wants it: polynomial 0xEDB88320, reflected, bit by bit.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let carry = crc & 1;
            crc >>= 1;
            crc ^= carry * 0xEDB8_8320;
        }
    }
    !crc
}
