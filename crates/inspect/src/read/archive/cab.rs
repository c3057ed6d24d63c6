//! Cabinets.

use flate2::{Decompress, FlushDecompress};
use lzxd::{Lzxd, WindowSize};

use super::{Reading, name_of, u16_at, u32_at};
use crate::read::{Fault, Outcome};
use crate::report::Cause;

const DAMAGED: Fault = Fault(Cause::Damaged);
const HAS_PREVIOUS: u16 = 1;
const HAS_NEXT: u16 = 2;
const HAS_RESERVE: u16 = 4;

/// Files whose data begins or ends in another cabinet have one of these instead of a folder's number.
const ELSEWHERE: u16 = 0xFFFD;

/// A block is never larger.
const BLOCK: usize = 32 * 1_024;

#[derive(Debug)]
struct Folder {
    from: usize,
    blocks: u16,
    method: u16,
}

#[derive(Debug)]
struct File {
    name: String,
    folder: u16,
    from: usize,
    length: usize,
}

pub(in crate::read) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let flags = u16_at(bytes, 30).ok_or(DAMAGED)?;
    if flags & (HAS_PREVIOUS | HAS_NEXT) != 0 {
        into.note(Cause::MissingVolume);
    }
    let (at, folder_reserve, block_reserve) = after_header(bytes, flags).ok_or(DAMAGED)?;
    let count = u16_at(bytes, 26).ok_or(DAMAGED)?;
    let folders: Vec<Folder> = (0..usize::from(count))
        .map_while(|number| folder(bytes, at + number * (8 + folder_reserve)))
        .collect();
    let files = files(bytes, into)?;
    for (number, folder) in folders.iter().enumerate() {
        let number = u16::try_from(number).unwrap_or(ELSEWHERE);
        let data = unpacked(bytes, folder, block_reserve, into)?;
        for file in files.iter().filter(|file| file.folder == number) {
            let end = file.from.saturating_add(file.length);
            let inside = data.get(file.from.min(data.len())..end.min(data.len()));
            let inside = inside.unwrap_or_default();
            if end > data.len() {
                into.note(Cause::Damaged);
            }
            if !inside.is_empty() {
                into.inside(&file.name, inside)?;
            }
        }
    }
    Ok(())
}

/// Where folders begin, and how many bytes of others' own stand behind each folder and before each block.
fn after_header(bytes: &[u8], flags: u16) -> Option<(usize, usize, usize)> {
    let mut at = 36;
    let mut reserves = (0, 0);
    if flags & HAS_RESERVE != 0 {
        reserves = (usize::from(*bytes.get(38)?), usize::from(*bytes.get(39)?));
        at = 40 + usize::from(u16_at(bytes, 36)?);
    }
    let names = 2 * (usize::from(flags & HAS_PREVIOUS != 0) + usize::from(flags & HAS_NEXT != 0));
    for _ in 0..names {
        at += memchr::memchr(0, bytes.get(at..)?)? + 1;
    }
    Some((at, reserves.0, reserves.1))
}

fn folder(bytes: &[u8], at: usize) -> Option<Folder> {
    Some(Folder {
        from: usize::try_from(u32_at(bytes, at)?).ok()?,
        blocks: u16_at(bytes, at + 4)?,
        method: u16_at(bytes, at + 6)?,
    })
}

/// All files; each is told as it is met.
fn files(bytes: &[u8], into: &mut Reading<'_>) -> Result<Vec<File>, Fault> {
    let mut files = Vec::new();
    let mut at = u32_at(bytes, 16)
        .and_then(|at| usize::try_from(at).ok())
        .ok_or(DAMAGED)?;
    for _ in 0..u16_at(bytes, 28).ok_or(DAMAGED)? {
        let Some((file, length)) = file(bytes, at) else {
            into.note(Cause::Damaged);
            break;
        };
        into.member(&file.name)?;
        if file.folder >= ELSEWHERE {
            into.note(Cause::MissingVolume);
        }
        files.push(file);
        at += length;
    }
    Ok(files)
}

fn file(bytes: &[u8], at: usize) -> Option<(File, usize)> {
    let rest = bytes.get(at.checked_add(16)?..)?;
    let length = memchr::memchr(0, rest)?;
    let file = File {
        name: name_of(rest.get(..length)?).replace('\\', "/"),
        folder: u16_at(bytes, at + 8)?,
        from: usize::try_from(u32_at(bytes, at + 4)?).ok()?,
        length: usize::try_from(u32_at(bytes, at)?).ok()?,
    };
    Some((file, 16 + length + 1))
}

enum Method {
    Stored,
    Deflate,
    Lzx(Box<Lzxd>),
}

fn method(folder: &Folder) -> Option<Method> {
    Some(match folder.method & 0xF {
        0 => Method::Stored,
        1 => Method::Deflate,
        3 => Method::Lzx(Box::new(Lzxd::new(window(folder.method >> 8 & 0x1F)?))),
        _ => return None,
    })
}

fn window(bits: u16) -> Option<WindowSize> {
    Some(match bits {
        15 => WindowSize::KB32,
        16 => WindowSize::KB64,
        17 => WindowSize::KB128,
        18 => WindowSize::KB256,
        19 => WindowSize::KB512,
        20 => WindowSize::MB1,
        21 => WindowSize::MB2,
        _ => return None,
    })
}

fn unpacked(
    bytes: &[u8],
    folder: &Folder,
    reserve: usize,
    into: &mut Reading<'_>,
) -> Result<Vec<u8>, Fault> {
    let mut data = Vec::new();
    let Some(mut method) = method(folder) else {
        into.note(Cause::UnknownFormat);
        return Ok(data);
    };
    let room = usize::try_from(into.room(bytes.len() as u64)).unwrap_or(usize::MAX);
    let mut at = folder.from;
    for _ in 0..folder.blocks {
        into.look()?;
        let Some((packed, length)) = block(bytes, at, reserve) else {
            into.note(Cause::Damaged);
            break;
        };
        if length == 0 {
            into.note(Cause::MissingVolume);
            break;
        }
        if data.len() + length > room {
            into.note(Cause::TooBig);
            break;
        }
        let before = data.len();
        if one_block(&mut method, packed, length, &mut data).is_none() {
            into.note(Cause::Damaged);
            break;
        }
        into.unpacked(data.len() - before)?;
        at += 8 + reserve + packed.len();
    }
    Ok(data)
}

fn block(bytes: &[u8], at: usize, reserve: usize) -> Option<(&[u8], usize)> {
    let packed = usize::from(u16_at(bytes, at.checked_add(4)?)?);
    let length = usize::from(u16_at(bytes, at + 6)?);
    let from = at + 8 + reserve;
    Some((bytes.get(from..from + packed)?, length.min(BLOCK)))
}

fn one_block(method: &mut Method, packed: &[u8], length: usize, data: &mut Vec<u8>) -> Option<()> {
    match method {
        Method::Stored => data.extend_from_slice(packed.get(..length.min(packed.len()))?),
        Method::Lzx(lzx) => data.extend_from_slice(lzx.decompress_next(packed, length).ok()?),
        Method::Deflate => {
            let packed = packed.strip_prefix(b"CK")?;
            let mut inflate = Decompress::new(false);
            if !data.is_empty() {
                let history = data.get(data.len().saturating_sub(BLOCK)..)?;
                inflate.set_dictionary(history).ok()?;
            }
            let mut out = vec![0; length];
            inflate
                .decompress(packed, &mut out, FlushDecompress::Finish)
                .ok()?;
            let length = usize::try_from(inflate.total_out()).ok()?;
            data.extend_from_slice(out.get(..length)?);
        }
    }
    Some(())
}
