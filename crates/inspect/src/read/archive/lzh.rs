//! LHA.

use std::io;

use delharc::{LhaDecodeReader, Read as _};

use super::{Reading, content};
use crate::read::{Fault, Outcome};
use crate::report::Cause;

pub(in crate::read) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut reader = LhaDecodeReader::new(bytes).map_err(|_| Fault(Cause::Damaged))?;
    loop {
        into.look()?;
        let header = reader.header();
        let name = super::name_of(&raw_name(header));
        let directory = header.is_directory();
        let packed = usize::try_from(header.compressed_size).unwrap_or(usize::MAX);
        if let Some(comment) = header.parse_comment() {
            let comment = comment.to_string();
            into.property("comment", &comment)?;
        }
        into.member(&name)?;
        if !directory {
            if reader.is_decoder_supported() {
                content(
                    &name,
                    &mut Member(&mut reader),
                    packed.min(bytes.len()),
                    into,
                )?;
            } else {
                into.note(Cause::UnknownFormat);
            }
        }
        match reader.next_file() {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(_) => return Err(Fault(Cause::Damaged)),
        }
    }
}

/// The library reads by a trait of its own.
struct Member<'a, 'b>(&'a mut LhaDecodeReader<&'b [u8]>);

impl io::Read for Member<'_, '_> {
    fn read(&mut self, chunk: &mut [u8]) -> io::Result<usize> {
        self.0
            .read_all(chunk)
            .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))
    }
}

/// Names as bytes: the library would write every byte that is not ASCII as `%xx`.
fn raw_name(header: &delharc::LhaHeader) -> Vec<u8> {
    let (mut file, mut folder) = (header.filename.to_vec(), Vec::new());
    for extra in header.iter_extra() {
        match extra.split_first() {
            Some((1, name)) => file = name.to_vec(),
            Some((2, name)) => folder = name.to_vec(),
            _ => {}
        }
    }
    for byte in &mut folder {
        if *byte == 0xFF {
            *byte = b'/';
        }
    }
    folder.extend(file);
    folder
}
