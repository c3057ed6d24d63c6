//! RAR, all versions.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;

use rars::error::{Error, ErrorKind};
use rars::{
    Archive, ArchiveMember, ArchiveMemberDetail, ArchiveReadOptions, ArchiveReader,
    ExtractionDecision, ExtractionErrorAction,
};

use super::{MEMORY_KB, Reading, link, name_of};
use crate::limits::Stop;
use crate::read::{Fault, Outcome};
use crate::report::Cause;
use crate::{Part, Place};

pub(in crate::read) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let options = ArchiveReadOptions::new()
        .with_max_header_count(into.limits().members as u64 * 2)
        .with_max_header_bytes(bytes.len() as u64);
    let archive = ArchiveReader::read_with_options(bytes, options)
        .map_err(|error| Fault(cause_of(&error)))?;
    let mut split = false;
    for member in archive.members() {
        into.look()?;
        split |= member.meta.is_split_before || member.meta.is_split_after;
        told(&member, into)?;
    }
    if split {
        into.note(Cause::MissingVolume);
    }
    comment(&archive, into)?;
    extract(&archive, bytes.len(), into)
}

/// A part of the archive's own that is packed like a member.
fn comment(archive: &Archive, into: &mut Reading<'_>) -> Outcome {
    let options = ArchiveReadOptions::new()
        .with_max_reader_workspace_bytes(u64::from(MEMORY_KB) << 10)
        .with_max_member_output_bytes(1 << 20);
    let Ok(Some(comment)) = archive.comment_with_options(options) else {
        return Ok(());
    };
    let before = into.place();
    into.at(Place {
        part: Part::Comment,
        ..Place::default()
    })?;
    into.write(name_of(&comment).trim_end_matches('\0'))?;
    into.at(before)
}

fn told(member: &ArchiveMember, into: &mut Reading<'_>) -> Outcome {
    let name = name(member);
    if let ArchiveMemberDetail::Rar50Plus {
        redirection: Some(redirection),
        ..
    } = &member.detail
    {
        return link(&name, &name_of(&redirection.target_name), into);
    }
    into.member(&name)?;
    if member.meta.is_encrypted {
        into.note(Cause::Encrypted);
    }
    Ok(())
}

fn name(member: &ArchiveMember) -> String {
    let name = name_of(&member.meta.name).replace('\\', "/");
    if member.meta.is_directory && !name.ends_with('/') {
        name + "/"
    } else {
        name
    }
}

/// What is being unpacked: the library wants writers of its own, so bytes are handed over from one member to the next.
#[derive(Debug, Default)]
struct Bytes {
    name: String,
    bytes: Vec<u8>,
}

struct Into {
    shared: Rc<RefCell<Bytes>>,
    room: usize,
    stop: Option<Arc<dyn Stop>>,
}

impl Write for Into {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        let mut shared = self.shared.borrow_mut();
        let full = shared.bytes.len().saturating_add(chunk.len()) > self.room;
        if full || self.stop.as_ref().is_some_and(|stop| stop.now()) {
            return Err(io::Error::other("no more room or time"));
        }
        shared.bytes.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn extract(archive: &Archive, packed: usize, into: &mut Reading<'_>) -> Outcome {
    let options = ArchiveReadOptions::new()
        .with_max_reader_workspace_bytes(u64::from(MEMORY_KB) << 11)
        .with_rar50_dictionary_size_limit(u64::from(MEMORY_KB) << 10)
        .with_max_total_output_bytes(into.room(packed as u64));
    let shared = Rc::new(RefCell::new(Bytes::default()));
    let stop = into.limits().stop.clone();
    let mut fault = None;
    let mut failed = RefCell::new(Vec::new());
    let outcome = archive.extract_with_control_and_errors(
        options,
        |member| {
            if let Err(end) = handed_over(&shared, into) {
                fault = Some(end);
                return Ok(ExtractionDecision::Stop);
            }
            let meta = &member.meta;
            if meta.is_directory || meta.is_redirection || meta.unpacked_size == 0 {
                return Ok(ExtractionDecision::Skip);
            }
            let unreadable = meta.is_encrypted || meta.is_split_before || meta.is_split_after;
            let room = into.room(meta.packed_size);
            if meta.unpacked_size > room && !unreadable {
                failed.borrow_mut().push(Cause::TooBig);
            }
            if unreadable || meta.unpacked_size > room {
                return Ok(ExtractionDecision::Skip);
            }
            shared.borrow_mut().name = name(member);
            Ok(ExtractionDecision::Extract(Box::new(Into {
                shared: Rc::clone(&shared),
                room: usize::try_from(room).unwrap_or(usize::MAX),
                stop: stop.clone(),
            })))
        },
        |_, error| {
            failed.borrow_mut().push(cause_of(error));
            Ok(ExtractionErrorAction::Continue)
        },
    );
    for cause in failed.get_mut().drain(..) {
        into.note(cause);
    }
    if let Some(end) = fault {
        return Err(end);
    }
    handed_over(&shared, into)?;
    match outcome {
        Ok(_) => Ok(()),
        Err(error) => Err(Fault(cause_of(&error))),
    }
}

fn handed_over(shared: &RefCell<Bytes>, into: &mut Reading<'_>) -> Outcome {
    let Bytes { name, bytes } = shared.take();
    into.unpacked(bytes.len())?;
    if bytes.is_empty() {
        return Ok(());
    }
    into.inside(&name, &bytes)
}

fn cause_of(error: &Error) -> Cause {
    let kind = error.kind();
    let unsupported = kind == ErrorKind::UnsupportedFeature;
    let locked = matches!(kind, ErrorKind::PasswordRequired | ErrorKind::BadPassword);
    if locked || (unsupported && error.to_string().contains("crypt")) {
        Cause::Encrypted
    } else if matches!(kind, ErrorKind::ResourceLimit | ErrorKind::Cancelled) {
        Cause::TooBig
    } else if unsupported || kind == ErrorKind::UnsupportedFormat {
        Cause::UnknownFormat
    } else {
        Cause::Damaged
    }
}
