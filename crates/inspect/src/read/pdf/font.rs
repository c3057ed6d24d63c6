//! Fonts, as far as text needs them: what codes mean and how wide they are.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_cmap::{BfString, CMap, CMapName, CidFamily, WritingMode, load_embedded};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as Bytes};

use super::Document;
use super::encoding::{Base, of_name};
use crate::read::{Fault, Reading};

/// Widths told for a range of characters are taken one by one up to this many.
const RANGE_MAX: u32 = 65_536;

/// A font.
#[derive(Debug)]
pub(super) struct Font {
    kind: Kind,
    to_unicode: Option<CMap>,
    /// Text of one unit of a glyph's space; 1/1000 but for fonts that draw their own glyphs.
    unit: f32,
    pub(super) vertical: bool,
}

#[derive(Debug)]
enum Kind {
    Simple {
        characters: Vec<Option<Rc<str>>>,
        widths: Vec<f32>,
    },
    Composite {
        encoding: Rc<CMap>,
        /// Codes are UTF-16 themselves.
        unicode: bool,
        /// From numbers of glyphs to characters, where the collection of glyphs is a known one.
        characters: Option<Rc<CMap>>,
        widths: HashMap<u32, f32>,
        width: f32,
    },
}

/// A code that was read from a string.
#[derive(Debug, Clone, Copy)]
pub(super) struct Code {
    pub(super) code: u32,
    pub(super) length: usize,
    /// In units of text; downwards in fonts that are written so.
    pub(super) advance: f32,
}

impl Font {
    pub(super) fn read(
        dict: &Dict<'_>,
        document: &mut Document<'_>,
        into: &mut Reading<'_>,
    ) -> Result<Self, Fault> {
        let to_unicode = match dict.get::<Stream<'_>>("ToUnicode") {
            Some(stream) => {
                let data = document.data(&stream, into)?;
                CMap::parse(&data, load_embedded)
            }
            None => None,
        };
        let subtype = dict.get::<Name<'_>>("Subtype");
        let subtype = subtype.as_ref().map_or(&b""[..], |name| name.as_ref());
        let (kind, vertical) = if subtype == b"Type0" {
            composite(dict, document, into)?
        } else {
            (simple(dict, document, into)?, false)
        };
        let unit = if subtype == b"Type3" {
            dict.get::<Array<'_>>("FontMatrix")
                .and_then(|matrix| matrix.iter::<f32>().next())
                .map_or(0.001, f32::abs)
        } else {
            0.001
        };
        Ok(Self {
            kind,
            to_unicode,
            unit,
            vertical,
        })
    }

    /// The code at the beginning of a string.
    pub(super) fn next(&self, bytes: &[u8]) -> Option<Code> {
        match &self.kind {
            Kind::Simple { widths, .. } => {
                let code = *bytes.first()?;
                let width = widths.get(usize::from(code)).copied().unwrap_or_default();
                Some(Code {
                    code: u32::from(code),
                    length: 1,
                    advance: width * self.unit,
                })
            }
            Kind::Composite {
                encoding,
                widths,
                width,
                ..
            } => {
                let (code, length, cid) = composite_code(encoding, bytes)?;
                let advance = if self.vertical {
                    1.0
                } else {
                    widths.get(&cid).copied().unwrap_or(*width) * self.unit
                };
                Some(Code {
                    code,
                    length,
                    advance,
                })
            }
        }
    }

    /// Writes the characters that a code means.
    pub(super) fn write(&self, code: Code, text: &mut String) {
        let told = self
            .to_unicode
            .as_ref()
            .and_then(|map| map.lookup_bf_string(code.code));
        match told {
            Some(BfString::Char(one)) if one != '\0' => return text.push(one),
            Some(BfString::String(more)) => return text.push_str(&more),
            _ => {}
        }
        match &self.kind {
            Kind::Simple { characters, .. } => {
                let known = usize::try_from(code.code)
                    .ok()
                    .and_then(|at| characters.get(at)?.as_deref());
                text.push_str(known.unwrap_or_default());
            }
            Kind::Composite {
                encoding,
                unicode,
                characters,
                ..
            } => {
                if *unicode {
                    text.extend(utf16(code));
                } else if let Some(characters) = characters {
                    let length = u8::try_from(code.length).unwrap_or_default();
                    let cid = encoding
                        .lookup_cid_code(code.code, length)
                        .unwrap_or_default();
                    match characters.lookup_bf_string(cid) {
                        Some(BfString::Char(one)) => text.push(one),
                        Some(BfString::String(more)) => text.push_str(&more),
                        None => {}
                    }
                }
            }
        }
    }
}

fn utf16(code: Code) -> Option<char> {
    if code.length < 4 {
        return char::from_u32(code.code);
    }
    let halves = [code.code >> 16, code.code & 0xFFFF].map(|half| u16::try_from(half).ok());
    char::decode_utf16(halves.into_iter().flatten())
        .next()?
        .ok()
}

fn composite_code(encoding: &CMap, bytes: &[u8]) -> Option<(u32, usize, u32)> {
    let mut code = 0;
    for (byte, length) in bytes.iter().zip(1_u8..=4) {
        code = code << 8 | u32::from(*byte);
        if let Some(cid) = encoding.lookup_cid_code(code, length) {
            return Some((code, usize::from(length), cid));
        }
    }
    // WHY two: what no encoding knows is hardly ever of one byte, and to be out of step would spoil the rest
    let two = bytes.get(..2).unwrap_or(bytes);
    let code = two
        .iter()
        .fold(0, |code, byte| code << 8 | u32::from(*byte));
    (!two.is_empty()).then_some((code, two.len(), 0))
}

fn composite(
    dict: &Dict<'_>,
    document: &mut Document<'_>,
    into: &mut Reading<'_>,
) -> Result<(Kind, bool), Fault> {
    let descendant = dict
        .get::<Array<'_>>("DescendantFonts")
        .and_then(|array| array.iter::<Dict<'_>>().next())
        .unwrap_or_default();
    let (encoding, name) = match dict.get::<Object<'_>>("Encoding") {
        Some(Object::Name(name)) => (document.cmap(name.as_ref()), name.as_ref().to_vec()),
        Some(Object::Stream(stream)) => {
            let data = document.data(&stream, into)?;
            (CMap::parse(&data, load_embedded).map(Rc::new), Vec::new())
        }
        _ => (None, Vec::new()),
    };
    let encoding = encoding.unwrap_or_else(|| Rc::new(CMap::identity_h()));
    let vertical =
        encoding.metadata().writing_mode == Some(WritingMode::Vertical) || name.ends_with(b"-V");
    let unicode = memchr::memmem::find(&name, b"UCS2").is_some()
        || memchr::memmem::find(&name, b"UTF16").is_some();
    let collection = family(&descendant).or_else(|| {
        let collection = encoding.metadata().character_collection.as_ref();
        collection.map(|collection| collection.family.clone())
    });
    let characters = collection
        .and_then(|family| family.ucs2_cmap())
        .and_then(|name| document.cmap(name.to_bytes()));
    let widths = descendant
        .get::<Array<'_>>("W")
        .map(|array| cid_widths(&array))
        .unwrap_or_default();
    let kind = Kind::Composite {
        encoding,
        unicode,
        characters,
        widths,
        width: descendant.get::<f32>("DW").unwrap_or(1_000.0),
    };
    Ok((kind, vertical))
}

fn family(descendant: &Dict<'_>) -> Option<CidFamily> {
    let info = descendant.get::<Dict<'_>>("CIDSystemInfo")?;
    let registry = info.get::<Bytes<'_>>("Registry")?;
    let ordering = info.get::<Bytes<'_>>("Ordering")?;
    let family = CidFamily::from_registry_ordering(registry.as_bytes(), ordering.as_bytes());
    family.ucs2_cmap().is_some().then_some(family)
}

/// `first [width …]` or `first last width`.
fn cid_widths(array: &Array<'_>) -> HashMap<u32, f32> {
    let mut widths = HashMap::new();
    let mut items = array.flex_iter();
    loop {
        if let Some((first, each)) = items.next::<(u32, Array<'_>)>() {
            for (at, width) in (first..).zip(each.iter::<f32>()) {
                widths.insert(at, width);
            }
        } else if let Some((first, last, width)) = items.next::<(u32, u32, f32)>() {
            for at in first..=last.min(first.saturating_add(RANGE_MAX)) {
                widths.insert(at, width);
            }
        } else {
            return widths;
        }
        if widths.len() > 4 * RANGE_MAX as usize {
            return widths;
        }
    }
}

fn simple(
    dict: &Dict<'_>,
    document: &mut Document<'_>,
    into: &mut Reading<'_>,
) -> Result<Kind, Fault> {
    let name = dict.get::<Name<'_>>("BaseFont");
    let name = name.as_ref().map_or("", Name::as_str).to_owned();
    let descriptor = dict.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
    let (mut base, differences) = match dict.get::<Object<'_>>("Encoding") {
        Some(Object::Name(name)) => (Base::named(name.as_ref()), None),
        Some(Object::Dict(encoding)) => (
            encoding
                .get::<Name<'_>>("BaseEncoding")
                .and_then(|name| Base::named(name.as_ref())),
            encoding.get::<Array<'_>>("Differences"),
        ),
        _ => (None, None),
    };
    base = base.or_else(|| Base::of_font(&name));
    let mut characters: Vec<Option<Rc<str>>> = vec![None; 256];
    let own = match (base, descriptor.get::<Stream<'_>>("FontFile")) {
        (None, Some(program)) => own_encoding(&document.data(&program, into)?),
        _ => Vec::new(),
    };
    let truetype = dict
        .get::<Name<'_>>("Subtype")
        .is_some_and(|subtype| subtype.as_ref() == b"TrueType");
    let fallback = if truetype {
        Base::WinAnsi
    } else {
        Base::Standard
    };
    for (code, known) in (0_u8..=255).zip(&mut characters) {
        let character = base.unwrap_or(fallback).character(code);
        *known = character.map(|one| Rc::from(one.to_string()));
    }
    for (code, name) in own.into_iter().chain(different(differences.as_ref())) {
        if let Some(known) = characters.get_mut(code) {
            *known = of_name(&name).map(Rc::from);
        }
    }
    Ok(Kind::Simple {
        characters,
        widths: simple_widths(dict, &descriptor, &name),
    })
}

/// Codes and names: `39 /quotesingle 96 /grave /a …`.
fn different(differences: Option<&Array<'_>>) -> Vec<(usize, String)> {
    let mut named = Vec::new();
    let mut code = 0_usize;
    for item in differences
        .iter()
        .flat_map(|array| array.iter::<Object<'_>>())
    {
        if let Object::Number(number) = item {
            code = usize::try_from(number.as_i64()).unwrap_or_default();
        } else if let Object::Name(name) = item {
            named.push((code, name.as_str().to_owned()));
            code = code.saturating_add(1);
        }
    }
    named
}

/// The encoding that a Type 1 font program carries in its plain part: `dup 65 /A put`.
fn own_encoding(program: &[u8]) -> Vec<(usize, String)> {
    let plain = memchr::memmem::find(program, b"eexec").unwrap_or(program.len());
    let plain = String::from_utf8_lossy(program.get(..plain).unwrap_or_default());
    let Some((_, encoding)) = plain.split_once("/Encoding") else {
        return Vec::new();
    };
    let mut named = Vec::new();
    for entry in encoding.split("dup").skip(1) {
        let mut words = entry.split_whitespace();
        let code = words.next().and_then(|word| word.parse().ok());
        let name = words.next().and_then(|word| word.strip_prefix('/'));
        match (code, name) {
            (Some(code), Some(name)) => named.push((code, name.to_owned())),
            _ => break,
        }
    }
    named
}

/// Widths of the fonts that need none are guessed: only where text is set anew does a gap come of it.
fn simple_widths(dict: &Dict<'_>, descriptor: &Dict<'_>, name: &str) -> Vec<f32> {
    let guess = if name.contains("Courier") {
        600.0
    } else if name.contains("Times") {
        480.0
    } else {
        540.0
    };
    let told = dict.get::<Array<'_>>("Widths");
    let missing = descriptor
        .get::<f32>("MissingWidth")
        .unwrap_or(if told.is_some() { 0.0 } else { guess });
    let mut widths = vec![missing; 256];
    let first = dict.get::<u32>("FirstChar").unwrap_or_default();
    let first = usize::try_from(first).unwrap_or(256);
    if let (Some(told), Some(from)) = (told, widths.get_mut(first..)) {
        for (width, told) in from.iter_mut().zip(told.iter::<f32>()) {
            *width = told;
        }
    }
    widths
}

/// A predefined encoding by its name.
pub(super) fn predefined(name: &[u8]) -> Option<CMap> {
    let name = CMapName::from_bytes(name);
    if name == CMapName::IdentityH {
        Some(CMap::identity_h())
    } else if name == CMapName::IdentityV {
        Some(CMap::identity_v())
    } else {
        CMap::parse(load_embedded(name)?, load_embedded)
    }
}
