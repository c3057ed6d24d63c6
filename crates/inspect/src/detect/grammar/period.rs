//! Periods as they are found in marks: 10年, 十 年, 6个月, 2031年5月1日, 长期.

use super::gap;

const NUMERALS: &str = "0123456789〇零○Oo一二三四五六七八九十百两廿卅拾壹贰叁肆伍陆柒捌玖lI";
const UNITS: [&str; 11] = [
    "个月", "年", "月", "日", "天", "周", "小时", "個月", "个年", "years", "year",
];
/// What a condition ends with.
const ENDS: [&str; 8] = ["前", "后", "时", "之前", "之后", "以前", "公布", "止"];
/// Characters of a condition.
const CONDITION_MOST: usize = 24;

/// Whether a character may be one of a number.
pub(super) fn counts(c: char) -> bool {
    NUMERALS.contains(c)
}

/// The length of a period at the beginning, its gap included.
pub(super) fn length(text: &str) -> Option<usize> {
    let begin = gap(text);
    let rest = text.get(begin..)?;
    // the third is what recognition makes of the first
    if let Some(long) = ["长期", "永久", "长其"]
        .iter()
        .find(|long| rest.starts_with(**long))
    {
        return Some(begin + long.len());
    }
    let mut end = begin + counted(rest)?;
    for _ in 0..2 {
        match text.get(end..).and_then(counted) {
            Some(more)
                if text
                    .get(..end)
                    .is_some_and(|text| text.ends_with(['年', '月'])) =>
            {
                end += more
            }
            _ => break,
        }
    }
    Some(end)
}

/// A number and its unit, with gaps between.
fn counted(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut digits = 0;
    loop {
        let rest = text.get(at..)?;
        let space = gap(rest) + parted(rest, digits);
        let rest = rest.get(space..)?;
        if digits > 0
            && let Some(unit) = UNITS.iter().find(|unit| rest.starts_with(**unit))
        {
            return Some(at + space + unit.len());
        }
        let c = rest.chars().next().filter(|c| NUMERALS.contains(*c))?;
        digits += 1;
        if digits > 8 || (digits == 1 && space > 0 && at > 0) {
            return None;
        }
        at += space + c.len_utf8();
    }
}

/// The length of a sign between digits, or between the last one and its unit: 1·0·年.
fn parted(text: &str, digits: usize) -> usize {
    let mut all = text.chars();
    let sign = all.next().filter(|c| digits > 0 && "·.-_".contains(*c));
    let next = all.next().unwrap_or_default();
    let goes_on = NUMERALS.contains(next) || UNITS.iter().any(|unit| unit.starts_with(next));
    sign.filter(|_| goes_on).map_or(0, char::len_utf8)
}

/// The length of a condition that ends the line: 会议开始前.
pub(super) fn condition(text: &str) -> Option<usize> {
    let begin = gap(text);
    let rest = text.get(begin..)?;
    let end = rest
        .find([
            '\n', '\r', '\t', '。', ',', '，', ';', '；', '"', '”', ')', '】',
        ])
        .unwrap_or(rest.len());
    let said = rest.get(..end)?.trim_end();
    let fits = said.chars().count() <= CONDITION_MOST
        && said.chars().count() >= 2
        && ENDS.iter().any(|end| said.ends_with(end))
        && !said.contains('★');
    fits.then_some(begin + said.len())
}
