//! Pictures as tesseract reads them best: grey, upright, on white, with letters of some twenty dots and room around them.

use std::borrow::Cow;
use std::io::Cursor;

use image::imageops::{FilterType, overlay, resize};
use image::{DynamicImage, GrayImage, ImageDecoder, ImageError, ImageReader, Limits, Luma};

use inspect::Cause;

/// Bytes that a picture unpacks to: a page of A4 in colours at 600 dots to the inch. WHY: a worker has 256 MB for all it does.
const MOST: u64 = 112 << 20;
/// A picture of fewer dots is one of a screen or a low scan, whose letters have some twelve dots; tesseract reads them better
/// at twice the size (年 of 12 dots as 征, 密 as 窗 before), in a tenth more time.
const SMALL: u64 = 1_500_000;
/// Room around, in dots: of letters at the very edge it makes nothing.
const ROOM: u32 = 16;

/// How pictures begin that only tesseract itself unpacks: TIFF, JPEG 2000 with and without a box around it. WHY nothing else
/// is ever given to it: what it does not know for a picture it takes for a list of names, and reads the files of those names.
const ITS_OWN: [&[u8]; 4] = [
    b"II*\0",
    b"MM\0*",
    b"\0\0\0\x0cjP  \r\n\x87\n",
    b"\xff\x4f\xff\x51",
];

/// A picture made ready, or as it is where only tesseract itself can unpack it (TIFF, JPEG 2000). It has bounds of memory
/// and time for that, and TIFF and JPEG 2000 are what scanners write: grey, upright and large enough.
///
/// # Errors
/// It is larger than the limits, or not whole.
pub(super) fn prepared(picture: &[u8]) -> Result<Cow<'_, [u8]>, Cause> {
    if ITS_OWN.iter().any(|begin| picture.starts_with(begin)) {
        return Ok(Cow::Borrowed(picture));
    }
    let reader = ImageReader::new(Cursor::new(picture)).with_guessed_format();
    let mut reader = reader.map_err(|_| Cause::Damaged)?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| cause_of(&error))?;
    if decoder.total_bytes() > MOST {
        return Err(Cause::TooBig);
    }
    let orientation = decoder.orientation();
    let mut unpacked = DynamicImage::from_decoder(decoder).map_err(|error| cause_of(&error))?;
    if let Ok(orientation) = orientation {
        unpacked.apply_orientation(orientation);
    }
    Ok(Cow::Owned(file(&roomy(&large(grey(unpacked))))))
}

fn cause_of(error: &ImageError) -> Cause {
    match error {
        ImageError::Limits(_) => Cause::TooBig,
        ImageError::Unsupported(_) => Cause::ImageWithoutOcr,
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::IoError(_) => Cause::Damaged,
    }
}

/// Grey, and white where nothing is.
fn grey(picture: DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    let picture = picture.into_luma_alpha8();
    let mut grey = GrayImage::new(picture.width(), picture.height());
    for (to, from) in grey.pixels_mut().zip(picture.pixels()) {
        let [shade, alpha] = from.0.map(u16::from);
        let mixed = (shade * alpha + 255 * (255 - alpha)) / 255;
        *to = Luma([u8::try_from(mixed).unwrap_or(u8::MAX)]);
    }
    grey
}

/// Twice as large where letters are small.
fn large(picture: GrayImage) -> GrayImage {
    let (width, height) = picture.dimensions();
    if u64::from(width) * u64::from(height) > SMALL {
        return picture;
    }
    resize(&picture, width * 2, height * 2, FilterType::CatmullRom)
}

/// With room around it, in the shade of its corner.
fn roomy(picture: &GrayImage) -> GrayImage {
    let (width, height) = picture.dimensions();
    let shade = picture
        .get_pixel_checked(0, 0)
        .copied()
        .unwrap_or(Luma([255]));
    let mut wider = GrayImage::from_pixel(width + 2 * ROOM, height + 2 * ROOM, shade);
    overlay(&mut wider, picture, ROOM.into(), ROOM.into());
    wider
}

/// The simplest file that there is for grey dots.
fn file(picture: &GrayImage) -> Vec<u8> {
    let mut file = format!("P5\n{} {}\n255\n", picture.width(), picture.height()).into_bytes();
    file.extend_from_slice(picture.as_raw());
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(picture: &DynamicImage) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        picture
            .write_to(&mut file, image::ImageFormat::Png)
            .unwrap();
        file.into_inner()
    }

    fn seen(file: &[u8]) -> GrayImage {
        let made = prepared(file).unwrap().into_owned();
        let rest = made.strip_prefix(b"P5\n").unwrap();
        let ends: Vec<usize> = (0..rest.len())
            .filter(|at| rest[*at] == b'\n')
            .take(2)
            .collect();
        let size = std::str::from_utf8(&rest[..ends[0]]).unwrap();
        let (width, height) = size.split_once(' ').unwrap();
        let dots = rest[ends[1] + 1..].to_vec();
        GrayImage::from_raw(width.parse().unwrap(), height.parse().unwrap(), dots).unwrap()
    }

    #[test]
    fn what_is_clear_is_white_and_small_pictures_grow() {
        let clear = image::RgbaImage::from_pixel(60, 20, image::Rgba([0, 0, 0, 0]));
        let made = seen(&png(&clear.into()));
        assert_eq!(made.dimensions(), (60 * 2 + 2 * ROOM, 20 * 2 + 2 * ROOM));
        assert!(made.pixels().all(|dot| dot.0 == [255]));
        let large = GrayImage::from_pixel(2_000, 1_000, Luma([7]));
        let made = seen(&png(&large.into()));
        assert_eq!(made.dimensions(), (2_000 + 2 * ROOM, 1_000 + 2 * ROOM));
    }

    #[test]
    fn what_lies_on_its_side_is_put_upright() {
        // a quarter turn to the right, as a telephone writes it before the picture
        let exif = b"\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let mut file = Cursor::new(Vec::new());
        let lying: DynamicImage = GrayImage::from_pixel(80, 20, Luma([0])).into();
        lying.write_to(&mut file, image::ImageFormat::Jpeg).unwrap();
        let mut file = file.into_inner();
        file.splice(2..2, exif.iter().copied());
        assert_eq!(
            seen(&file).dimensions(),
            (20 * 2 + 2 * ROOM, 80 * 2 + 2 * ROOM)
        );
    }

    #[test]
    fn what_is_enormous_or_broken_is_told_and_what_is_unknown_is_left() {
        // a bitmap that says it has 20,000 dots on each side
        let mut file = b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
        file.extend([20_000_u32.to_le_bytes(), 20_000_u32.to_le_bytes()].concat());
        file.extend([1, 0, 24, 0]);
        file.resize(200, 0);
        assert_eq!(prepared(&file).map(|_| ()), Err(Cause::TooBig));
        let mut broken = png(&GrayImage::new(100, 100).into());
        broken.truncate(40);
        assert_eq!(prepared(&broken).map(|_| ()), Err(Cause::Damaged));
        assert!(matches!(prepared(b"II*\0\x08\0\0\0"), Ok(Cow::Borrowed(_))));
    }

    #[test]
    fn what_is_no_picture_is_never_given_away() {
        for bytes in [
            b"/etc/passwd\n".as_slice(),
            b"",
            b"P5\n1 1\n255\n\0",
            b"II",
            b"\0\0\0\x0cjP",
        ] {
            assert_eq!(prepared(bytes), Err(Cause::ImageWithoutOcr), "{bytes:?}");
        }
    }
}
