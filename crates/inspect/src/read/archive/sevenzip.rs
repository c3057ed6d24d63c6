//! 7z.

use std::io::{Cursor, Read};

use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, Error, Password};

use super::{MEMORY_KB, Reading, Unpacked, unpack};
use crate::read::{Fault, Outcome};
use crate::report::Cause;

const MEMORY: usize = MEMORY_KB as usize;

/// Attributes of Windows, with those of Unix in the upper half.
const LINK: u32 = 0o120_000 << 16;
const KIND: u32 = 0o170_000 << 16;

pub(in crate::read) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut source = Cursor::new(bytes);
    let password = Password::empty();
    let archive = Archive::read_with_memory_limit(&mut source, &password, MEMORY)
        .map_err(|error| Fault(cause_of(&error)))?;
    for (at, entry) in archive.files.iter().enumerate() {
        into.member(&name(entry))?;
        if archive.is_file_encrypted(at) {
            into.note(Cause::Encrypted);
        }
    }
    for block in 0..archive.blocks.len() {
        into.look()?;
        // WHY one thread: the caller has given this file one
        let decoder =
            BlockDecoder::new_with_memory_limit(1, MEMORY, block, &archive, &password, &mut source);
        let mut fault = None;
        let outcome = decoder.for_each_entries(&mut |entry, reader| {
            Ok(match one(entry, reader, bytes.len(), into) {
                Ok(go_on) => go_on,
                Err(end) => {
                    fault = Some(end);
                    false
                }
            })
        });
        if let Some(end) = fault {
            return Err(end);
        }
        if let Err(error) = outcome {
            into.note(cause_of(&error));
        }
    }
    Ok(())
}

/// Reads a member; says whether what lies behind it in the same block can be read.
fn one(
    entry: &ArchiveEntry,
    reader: &mut dyn Read,
    packed: usize,
    into: &mut Reading<'_>,
) -> Result<bool, Fault> {
    let Unpacked { bytes, cause } = unpack(reader, packed, into)?;
    if !bytes.is_empty() && entry.windows_attributes() & KIND != LINK {
        into.inside(&name(entry), &bytes)?;
    }
    Ok(match cause {
        Some(cause) => {
            into.note(cause);
            false
        }
        None => true,
    })
}

fn name(entry: &ArchiveEntry) -> String {
    entry.name().replace('\\', "/")
}

fn cause_of(error: &Error) -> Cause {
    let method = match error {
        Error::UnsupportedCompressionMethod(method) => method.as_str(),
        Error::PasswordRequired | Error::MaybeBadPassword(_) => return Cause::Encrypted,
        Error::MaxMemLimited { .. } => return Cause::TooBig,
        Error::UnsupportedVersion { .. } | Error::ExternalUnsupported | Error::Unsupported(_) => {
            return Cause::UnknownFormat;
        }
        Error::BadSignature(_)
        | Error::ChecksumVerificationFailed
        | Error::NextHeaderCrcMismatch
        | Error::Io(..)
        | Error::FileOpen(..)
        | Error::Other(_)
        | Error::BadTerminatedStreamsInfo(_)
        | Error::BadTerminatedUnpackInfo
        | Error::BadTerminatedPackInfo(_)
        | Error::BadTerminatedSubStreamsInfo
        | Error::BadTerminatedHeader(_)
        | Error::FileNotFound => return Cause::Damaged,
    };
    if method.contains("AES") {
        Cause::Encrypted
    } else {
        Cause::UnknownFormat
    }
}
