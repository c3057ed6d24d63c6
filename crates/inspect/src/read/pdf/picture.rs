//! Pages that are pictures.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use hayro_syntax::Filter;
use hayro_syntax::object::stream::ImageDecodeParams;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::Document;
use super::guard::is_too_much;
use crate::Place;
use crate::read::picture::may_hold_text;
use crate::read::{Fault, Outcome, Reading};
use crate::report::Cause;

/// A table of colours is never larger.
const COLOURS: u64 = 4_096;
/// Bytes of a dot, at most.
const CHANNELS: u64 = 4;
/// A page of more small pictures than this may be one in stripes.
const STRIPES: usize = 8;

/// More dots than this are not unpacked: a page of A3 has as many at 600 to the inch.
const DOTS: u64 = 72 << 20;

/// Gives the pictures of a page to whoever reads pictures.
pub(super) fn read(
    pictures: &[Stream<'_>],
    place: Place,
    document: &Document<'_>,
    into: &mut Reading<'_>,
) -> Outcome {
    for picture in pictures.iter().filter(|picture| is_worth_it(picture)) {
        into.look()?;
        if into.limits().ocr.is_none() {
            into.note(Cause::ImageWithoutOcr);
            break;
        }
        match file(picture, document, into)? {
            Some(file) => into.picture(place, file),
            None => into.note(Cause::ImageWithoutOcr),
        }
    }
    Ok(())
}

/// Whether a page may be a picture that was cut: into stripes, or drawn within its own operators. Nobody joins them.
pub(super) fn is_in_pieces(pictures: &[Stream<'_>], inline: bool) -> bool {
    (inline || pictures.len() > STRIPES) && !pictures.iter().any(is_worth_it)
}

fn is_worth_it(picture: &Stream<'_>) -> bool {
    let dict = picture.dict();
    let size = dict.get::<u32>("Width").zip(dict.get::<u32>("Height"));
    size.is_none_or(may_hold_text)
}

/// A picture as a file of its own.
fn file(
    picture: &Stream<'_>,
    document: &Document<'_>,
    into: &mut Reading<'_>,
) -> Result<Option<Vec<u8>>, Fault> {
    let dict = picture.dict();
    let (width, height) = (dict.get::<u32>("Width"), dict.get::<u32>("Height"));
    let dots = u64::from(width.unwrap_or(1)).saturating_mul(height.unwrap_or(1).into());
    if dots > DOTS {
        into.note(Cause::TooBig);
        return Ok(None);
    }
    let filters = picture.filters();
    match *filters {
        [Filter::DctDecode | Filter::JpxDecode] => Ok(Some(picture.raw_data().into_owned())),
        [Filter::CcittFaxDecode] => Ok(tiff(picture)),
        [Filter::Jbig2Decode] => Ok(two_coloured(picture)),
        _ => {
            // WHY: a page that is nearly white packs better than the limits believe; how much comes of it is known
            let ratio = into.limits().ratio.max(1);
            let least = usize::try_from(dots.saturating_mul(CHANNELS) / ratio + 1);
            let data = document.data_as_of(picture, least.unwrap_or_default(), into)?;
            // only what comes of it is kept, and it is small: a long scan is no reason to end
            into.let_go(data.len());
            Ok(png(dict, &data))
        }
    }
}

/// Black and white as JBIG2 packs it. Its own size is looked at before it is unpacked, for it may be another than the
/// document's.
fn two_coloured(picture: &Stream<'_>) -> Option<Vec<u8>> {
    let raw = picture.raw_data();
    // the first segment: number, kind, what it refers to, page, length; then the page's width and height
    let page = raw
        .get(4)
        .filter(|kind| **kind & 0x7f == 48)
        .and(raw.get(5))
        == Some(&0);
    let side = |at: usize| Some(u32::from_be_bytes(raw.get(at..at + 4)?.try_into().ok()?));
    let (width, height) = (side(11)?, side(15)?);
    if !page || u64::from(width).saturating_mul(height.into()) > DOTS {
        return None;
    }
    let unpacked = picture.decoded_image(&ImageDecodeParams::default()).ok()?;
    let is = unpacked.image_data?;
    if is.bits_per_component != 8 {
        return None;
    }
    packed((is.width, is.height), (8, 0, 1), None, &unpacked.data)
}

/// A facsimile within the least TIFF that readers of pictures take.
fn tiff(picture: &Stream<'_>) -> Option<Vec<u8>> {
    let dict = picture.dict();
    let parameters = dict
        .get::<Dict<'_>>("DecodeParms")
        .or_else(|| dict.get::<Array<'_>>("DecodeParms")?.iter().next())
        .unwrap_or_default();
    let width = parameters.get::<u32>("Columns").unwrap_or(1_728);
    let height = dict.get::<u32>("Height")?;
    let kind = parameters.get::<i32>("K").unwrap_or_default();
    let data = picture.raw_data();
    let (compression, options) = if kind < 0 { (4, 0) } else { (3, kind.signum()) };
    let fields = [
        (256, width),
        (257, height),
        (258, 1),
        (259, compression),
        (262, 0),
        (273, 8),
        (277, 1),
        (278, height),
        (279, u32::try_from(data.len()).ok()?),
        (292, options.unsigned_abs()),
    ];
    let mut file = b"II*\0".to_vec();
    file.extend(u32::try_from(data.len() + 8).ok()?.to_le_bytes());
    file.extend(&*data);
    file.extend(u16::try_from(fields.len()).ok()?.to_le_bytes());
    for (tag, value) in fields {
        file.extend(u16::to_le_bytes(tag));
        file.extend([4, 0, 1, 0, 0, 0]);
        file.extend(u32::to_le_bytes(value));
    }
    file.extend([0; 4]);
    Some(file)
}

/// Grey or coloured dots as a PNG.
fn png(dict: &Dict<'_>, data: &[u8]) -> Option<Vec<u8>> {
    let (width, height) = (dict.get::<u32>("Width")?, dict.get::<u32>("Height")?);
    let mask = dict.get::<bool>("ImageMask").unwrap_or_default();
    let bits = dict.get::<u8>("BitsPerComponent").unwrap_or(1);
    let (kind, channels, colours) = if mask {
        (0, 1, None)
    } else {
        colours(&dict.get::<Object<'_>>("ColorSpace")?)?
    };
    let bits = if mask { 1 } else { bits };
    packed((width, height), (bits, kind, channels), colours, data)
}

/// A PNG of so many dots: bits of a number, PNG's number of the kind of colours, numbers of a dot, table of colours.
fn packed(
    (width, height): (u32, u32),
    (bits, kind, channels): (u8, u8, usize),
    colours: Option<Vec<u8>>,
    data: &[u8],
) -> Option<Vec<u8>> {
    let row = (usize::try_from(width).ok()? * channels * usize::from(bits)).div_ceil(8);
    let rows = usize::try_from(height).ok()?;
    if row == 0 || data.len() < row.checked_mul(rows)? {
        return None;
    }
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
    for line in data.chunks_exact(row).take(rows) {
        packer.write_all(&[0]).ok()?;
        packer.write_all(line).ok()?;
    }
    let mut header = width.to_be_bytes().to_vec();
    header.extend(height.to_be_bytes());
    header.extend([bits, kind, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header)?;
    if let Some(colours) = colours {
        chunk(&mut file, *b"PLTE", &colours)?;
    }
    chunk(&mut file, *b"IDAT", &packer.finish().ok()?)?;
    chunk(&mut file, *b"IEND", &[])?;
    Some(file)
}

/// PNG's number of a kind of colours, how many numbers a dot has, and the table of colours, where dots are numbers in one.
fn colours(space: &Object<'_>) -> Option<(u8, usize, Option<Vec<u8>>)> {
    let grey = Some((0, 1, None));
    let coloured = Some((2, 3, None));
    if let Object::Name(name) = space {
        return match name.as_ref() {
            b"DeviceGray" | b"G" | b"CalGray" => grey,
            b"DeviceRGB" | b"RGB" | b"CalRGB" => coloured,
            _ => None,
        };
    }
    let array = space.clone().into_array()?;
    let mut items = array.iter::<Object<'_>>();
    let name = items.next()?.into_name()?;
    match name.as_ref() {
        b"CalGray" => grey,
        b"CalRGB" => coloured,
        b"ICCBased" => match items.next()?.into_stream()?.dict().get::<u32>("N")? {
            1 => grey,
            3 => coloured,
            _ => None,
        },
        b"Indexed" | b"I" => {
            let (_, channels, _) = plain(&items.next()?)?;
            let table = items.nth(1)?;
            let table = if let Object::String(table) = &table {
                table.as_bytes().to_vec()
            } else {
                let table = table.into_stream()?;
                let raw = table.raw_data();
                if is_too_much(&table.filters(), &raw, COLOURS) {
                    return None;
                }
                table.decoded().ok()?.into_owned()
            };
            let table = if channels == 1 {
                table.iter().flat_map(|grey| [*grey; 3]).collect()
            } else {
                table
            };
            Some((3, 1, Some(table)))
        }
        _ => None,
    }
}

/// The colours that a table is of; never a table again.
fn plain(space: &Object<'_>) -> Option<(u8, usize, Option<Vec<u8>>)> {
    let indexed = space.clone().into_array().is_some_and(|array| {
        array
            .iter::<Name<'_>>()
            .next()
            .is_some_and(|name| matches!(name.as_ref(), b"Indexed" | b"I"))
    });
    if indexed { None } else { colours(space) }
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) -> Option<()> {
    let mut sum = Crc::new();
    sum.update(&kind);
    sum.update(data);
    file.extend(u32::try_from(data.len()).ok()?.to_be_bytes());
    file.extend(kind);
    file.extend(data);
    file.extend(sum.sum().to_be_bytes());
    Some(())
}
