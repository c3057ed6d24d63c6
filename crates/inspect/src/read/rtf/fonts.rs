//! Which encoding the bytes of a font are in.

use std::collections::BTreeMap;

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GB18030, MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256,
    WINDOWS_1257, WINDOWS_1258,
};

/// A table with more fonts is none.
const FONTS_MOST: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct Fonts {
    of: BTreeMap<u32, Option<&'static Encoding>>,
    current: u32,
    page: Option<&'static Encoding>,
    usual: u32,
}

impl Fonts {
    pub(super) fn entry(&mut self, font: u32) {
        self.current = font;
    }

    pub(super) fn charset(&mut self, charset: u32) {
        let encoding = match charset {
            128 => Some(SHIFT_JIS),
            129 | 130 => Some(EUC_KR),
            134 => Some(GB18030),
            136 => Some(BIG5),
            161 => Some(WINDOWS_1253),
            162 => Some(WINDOWS_1254),
            163 => Some(WINDOWS_1258),
            177 => Some(WINDOWS_1255),
            178 => Some(WINDOWS_1256),
            186 => Some(WINDOWS_1257),
            204 => Some(WINDOWS_1251),
            222 => Some(WINDOWS_874),
            238 => Some(WINDOWS_1250),
            77 => Some(MACINTOSH),
            _ => None,
        };
        self.set(encoding);
    }

    pub(super) fn page_of_font(&mut self, page: u32) {
        self.set(of_page(page));
    }

    fn set(&mut self, encoding: Option<&'static Encoding>) {
        if self.of.len() < FONTS_MOST {
            self.of.insert(self.current, encoding);
        }
    }

    /// Some programs give fonts of a script its name instead of its number.
    pub(super) fn named(&mut self, name: &str) {
        if name.contains("CE;") && self.of.get(&self.current) == Some(&None) {
            self.set(Some(WINDOWS_1250));
        }
    }

    pub(super) fn page(&mut self, page: u32) {
        self.page = of_page(page);
    }

    /// The font of text without one.
    pub(super) fn usual(&mut self, font: u32) {
        self.usual = font;
    }

    /// The encoding of bytes in a font. WHY the bytes are asked: a run that a program gave a western font is Chinese all
    /// the same where the whole document is and its bytes keep to that.
    pub(super) fn encoding(&self, font: u32, bytes: &[u8]) -> &'static Encoding {
        let font = if font == u32::MAX { self.usual } else { font };
        let page = self.page.unwrap_or(WINDOWS_1252);
        let Some(own) = self.of.get(&font).copied().flatten() else {
            return page;
        };
        let double = |encoding| [GB18030, BIG5, SHIFT_JIS, EUC_KR].contains(&encoding);
        let fits = |encoding: &'static Encoding| {
            encoding
                .decode_without_bom_handling_and_without_replacement(bytes)
                .is_some()
        };
        let other = double(page) && (!double(own) || !fits(own)) && !bytes.is_ascii() && fits(page);
        if other { page } else { own }
    }
}

fn of_page(page: u32) -> Option<&'static Encoding> {
    Some(match page {
        874 => WINDOWS_874,
        932 => SHIFT_JIS,
        936 | 54_936 => GB18030,
        949 => EUC_KR,
        950 => BIG5,
        1250 => WINDOWS_1250,
        1251 => WINDOWS_1251,
        1253 => WINDOWS_1253,
        1254 => WINDOWS_1254,
        1255 => WINDOWS_1255,
        1256 => WINDOWS_1256,
        1257 => WINDOWS_1257,
        1258 => WINDOWS_1258,
        10_000 => MACINTOSH,
        65_001 => UTF_8,
        _ => return None,
    })
}
