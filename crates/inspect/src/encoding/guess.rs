//! Which encoding bytes are in, or that they are no text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
};

use super::{Coding, decode_to, marked};

/// So much is looked at; `chardetng` reads 16 MB/s, so the whole of a large file would take seconds.
pub(crate) const SAMPLE: usize = 64 * 1_024;
/// Of a hundred bytes, so many controls make text improbable.
const CONTROLS_PERCENT: usize = 2;
/// Of a hundred Chinese characters of a real text, at least so many are among the most common ones.
const COMMON_PERCENT: usize = 25;
/// A sign of UTF-16: of a thousand units, at least so many are spaces, line ends, Latin, or the commonest signs.
const SIGNS_PER_MILLE: usize = 15;

/// The characters that half of all Chinese text is made of, and those of marks.
const COMMON: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往历市克何除消构府称太准精值号率族划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严密秘绝限这個國我時來們對會發動過說產種學經進著裡實應還現間樣與關當點從業開線數見計長問題總運務體機絕";

/// The encoding of bytes, or `None` where they are no text.
pub(crate) fn guess(bytes: &[u8]) -> Option<Coding> {
    let sample = bytes.get(..SAMPLE.min(bytes.len())).unwrap_or_default();
    if let Some(coding) = marked(bytes) {
        return Some(coding);
    }
    let zeros = sample.iter().filter(|byte| **byte == 0).count();
    // WHY: text that a program padded has a zero here and there
    let zeros_may_be = zeros * 200 <= sample.len();
    match std::str::from_utf8(sample) {
        Err(error) if error.error_len().is_some() => {}
        _ if zeros_may_be && !controlled(sample) => return Some(seven_bit(sample)),
        _ => {}
    }
    if let Some(coding) = by_units(sample) {
        return Some(coding);
    }
    if !zeros_may_be || controlled(sample) {
        return None;
    }
    if mostly_utf8(sample) {
        return Some(Coding::Mixed);
    }
    legacy(sample).map(Coding::Web)
}

/// The encoding of bytes that are no UTF-8 but text.
pub(super) fn legacy(sample: &[u8]) -> Option<&'static Encoding> {
    let chinese = [GB18030, BIG5]
        .into_iter()
        .map(|encoding| (commonness(sample, encoding), encoding))
        .max_by_key(|(common, _)| *common)
        .filter(|(common, _)| *common >= COMMON_PERCENT);
    if let Some((_, encoding)) = chinese {
        return Some(encoding);
    }
    let japanese = [SHIFT_JIS, EUC_JP]
        .into_iter()
        .find(|one| kana(sample, one));
    if japanese.is_some() {
        return japanese;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(sample, true);
    let found = detector.guess(None, Utf8Detection::Allow);
    Some(if found == GBK { GB18030 } else { found })
}

/// Bytes as Chinese text, where they are that without any doubt.
pub(crate) fn chinese(bytes: &[u8]) -> Option<String> {
    let sample = bytes.get(..SAMPLE.min(bytes.len())).unwrap_or_default();
    let sure = commonness(sample, GB18030) >= COMMON_PERCENT * 2;
    let (text, whole) = decode_to(bytes, Coding::Web(GB18030), SAMPLE * 16);
    (sure && whole).then_some(text)
}

/// How many of a hundred Chinese characters are common ones; none where bytes do not keep to the encoding.
fn commonness(sample: &[u8], encoding: &'static Encoding) -> usize {
    let (text, _) = decode_to(sample, Coding::Web(encoding), SAMPLE * 4);
    let (mut all, mut common, mut other, mut broken) = (0_usize, 0_usize, 0_usize, 0_usize);
    for c in text.chars() {
        match c {
            '\0'..='\u{7f}' => {}
            '\u{4e00}'..='\u{9fff}' => {
                all += 1;
                common += usize::from(COMMON.contains(c));
            }
            '\u{3000}'..='\u{3002}' | '\u{ff01}'..='\u{ff5e}' | '★' => {}
            char::REPLACEMENT_CHARACTER => broken += 1,
            _ => other += 1,
        }
    }
    // WHY: Japanese in EUC reads as GBK with all its kana in place; only its other characters go wrong
    if all == 0 || other > all || broken * 50 > all + other + 50 {
        return 0;
    }
    common * 100 / (all + other)
}

/// Whether bytes keep to an encoding of Japanese and every fourth character is one of its own.
fn kana(sample: &[u8], encoding: &'static Encoding) -> bool {
    let (text, whole) = decode_to(sample, Coding::Web(encoding), SAMPLE * 4);
    let wide = text.chars().filter(|c| !c.is_ascii());
    let (all, kana) = wide.fold((0_usize, 0_usize), |(all, kana), c| {
        (
            all + 1,
            kana + usize::from(('\u{3041}'..='\u{30fc}').contains(&c)),
        )
    });
    // WHY: a sample may end amid a character
    (whole || sample.len() == SAMPLE) && kana * 4 >= all && kana >= 2
}

fn mostly_utf8(sample: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 4
}

/// Seven-bit text may be shifted Chinese, Japanese or Korean.
fn seven_bit(sample: &[u8]) -> Coding {
    let has = |part: &[u8]| memchr::memmem::find(sample, part).is_some();
    if !sample.is_ascii() {
        return Coding::Web(UTF_8);
    }
    if has(b"\x1b$)C") {
        return Coding::Shifted(EUC_KR);
    }
    if has(b"\x1b$)A") {
        return Coding::Shifted(GBK);
    }
    if has(b"\x1b$B") || has(b"\x1b$@") {
        return Coding::Web(encoding_rs::ISO_2022_JP);
    }
    if has(b"~{") && has(b"~}") && is_hz(sample) {
        return Coding::Hz;
    }
    Coding::Web(UTF_8)
}

/// Whether what stands between `~{` and `~}` is Chinese; templates and shells use the same signs.
fn is_hz(sample: &[u8]) -> bool {
    commonness(&super::seven::hz(sample), GBK) >= COMMON_PERCENT / 2
}

fn controlled(sample: &[u8]) -> bool {
    let controls = sample
        .iter()
        .filter(|byte| {
            matches!(byte, 1..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f)
                && !matches!(byte, 0x0e | 0x0f)
        })
        .count();
    controls * 100 > sample.len() * CONTROLS_PERCENT
}

/// UTF-16 and UTF-32 without a mark.
fn by_units(sample: &[u8]) -> Option<Coding> {
    let (fours, _) = sample.as_chunks::<4>();
    for (unit, coding) in [
        (
            u32::from_le_bytes as fn([u8; 4]) -> u32,
            Coding::Utf32Little,
        ),
        (u32::from_be_bytes, Coding::Utf32Big),
    ] {
        if plausible(fours.iter().map(|four| unit(*four))) {
            return Some(coding);
        }
    }
    let (twos, _) = sample.as_chunks::<2>();
    for (unit, encoding) in [
        (u16::from_le_bytes as fn([u8; 2]) -> u16, UTF_16LE),
        (u16::from_be_bytes, UTF_16BE),
    ] {
        let units = twos.iter().map(|two| unit(*two));
        let characters = char::decode_utf16(units).map(|c| c.map_or(u32::MAX, u32::from));
        if plausible(characters) {
            return Some(Coding::Web(encoding));
        }
    }
    None
}

/// Whether characters are such as people write: hardly a control or a private one, and some of the very common.
fn plausible(characters: impl Iterator<Item = u32>) -> bool {
    let (mut all, mut strange, mut signs) = (0_usize, 0_usize, 0_usize);
    for c in characters {
        all += 1;
        match c {
            // space, line ends, Latin; 、。，的
            0x09 | 0x0a | 0x0d | 0x20..=0x7e | 0x3000..=0x3002 | 0xff0c | 0x7684 => signs += 1,
            0xa0..=0x052f
            | 0x2010..=0x27bf
            | 0x3003..=0x30ff
            | 0x3105..=0x312f
            | 0x4e00..=0x9fff
            | 0xac00..=0xd7a3
            | 0xff00..=0xffee
            | 0x1_0000..=0x1_ffff
            | 0x2_0000..=0x3_134f
            | 0xfeff => {}
            _ => strange += 1,
        }
    }
    all >= 2 && strange * 50 <= all && signs * 1_000 >= all * SIGNS_PER_MILLE
}
