//! How marks are written: 密级★期限, 内部 注意保管, 华光 核心商密 5年, SECRET//NOFORN. Sloppier than what may be printed
//! (`domain::Mark`), because people and scanners are; and stricter about where a bare word stands, because laws and
//! news speak of secrets all the time.

mod foreign;
mod period;
mod state;
mod trade;
mod work;

use std::ops::Range;

use super::Search;
use super::line::Line;
use crate::Part;
use crate::normal::Normal;

/// What a grammar makes of a word.
#[derive(Debug)]
pub(super) struct Found {
    /// What belongs to the mark, in normal text.
    pub(super) range: Range<usize>,
    /// How sure it is, of the rule's confidence.
    pub(super) confidence: f32,
    /// The level, where the word alone does not say it.
    pub(super) level: Option<String>,
}

/// The ways in which a family writes its marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grammar {
    State,
    Work,
    Trade,
    Foreign,
}

impl Grammar {
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "state" => Some(Self::State),
            "work" => Some(Self::Work),
            "trade" => Some(Self::Trade),
            "foreign" => Some(Self::Foreign),
            _ => None,
        }
    }

    pub(super) fn read(self, search: &Search<'_>, word: Range<usize>) -> Option<Found> {
        let text = search.normal.as_str();
        let look = Look {
            search,
            word: text.get(word.clone())?,
            before: text
                .get(text.floor_char_boundary(word.start.saturating_sub(96))..word.start)?,
            after: text.get(word.end..text.ceil_char_boundary((word.end + 240).min(text.len())))?,
            at: word,
        };
        match self {
            Self::State => state::read(&look),
            Self::Work => work::read(&look),
            Self::Trade => trade::read(&look),
            Self::Foreign => foreign::read(&look),
        }
    }
}

/// A word that may be a mark, and what stands around it in normal text.
struct Look<'a> {
    search: &'a Search<'a>,
    word: &'a str,
    before: &'a str,
    after: &'a str,
    at: Range<usize>,
}

/// What tesseract's Chinese makes of a star, measured on marks in three typefaces of 12 to 32 dots.
const MISREAD: &str = "太女妇友坟雪娘姑好如广大文廊夫犬次×xXkK";

/// What stands where a star belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Star {
    None,
    /// A sign that people put instead, or that a scanner made of it.
    Weak,
    Strong,
}

impl<'a> Look<'a> {
    /// The line, with so many bytes after the word taken as the mark's own.
    fn line(&self, tail: usize) -> Line<'a> {
        self.search.line(self.at.start..self.at.end + tail)
    }

    fn found(&self, tail: usize, confidence: f32) -> Option<Found> {
        Some(Found {
            range: self.at.start..self.at.end + tail,
            confidence,
            level: None,
        })
    }

    /// The star after so many bytes, and where it ends.
    fn star(&self, from: usize) -> (Star, usize) {
        let rest = self.after.get(from..).unwrap_or_default();
        let gap = gap(rest);
        let mut end = gap;
        let mut star = Star::None;
        for c in rest.get(gap..).unwrap_or_default().chars().take(2) {
            match c {
                '★' => star = Star::Strong,
                '*' | '·' | '•' | '●' | '▲' | '◆' | '■' | '※' | '+' | '⋅' | '・'
                    if star == Star::None =>
                {
                    star = Star::Weak
                }
                _ => break,
            }
            end += c.len_utf8();
        }
        if star == Star::None {
            (star, from)
        } else {
            (star, from + end)
        }
    }

    /// A character that recognition made of the star of a picture: one of those that it usually makes of it, with a period
    /// behind or the end of the line; or any other, where it and a period are all there is on the line. Text that was
    /// written says what it says, and gets none of this.
    fn misread_star(&self, from: usize) -> Option<usize> {
        let rest = self.after.get(from..)?;
        let begin = gap(rest);
        let sign = rest.get(begin..)?.chars().next()?;
        let end = from + begin + sign.len_utf8();
        let usual = MISREAD.contains(sign);
        let period = period::length(self.after.get(end..)?);
        if period::counts(sign) || sign == '级' || !usual && period.is_none() {
            return None;
        }
        let line = self.line(end + period.unwrap_or_default());
        let is_mark = usual && period.is_some() || line.own();
        (line.part == Part::Picture && is_mark).then_some(end)
    }

    /// Where a condition ends that stands after so many bytes and fills its line or cell: 会议开始前.
    fn condition(&self, from: usize) -> Option<usize> {
        // WHY the source's line: normal text does not end lines inside Chinese
        let (_, after) = self.line(from).field;
        let said = Normal::of(after);
        let said = said.as_str();
        let said = said.get(..period::condition(said)?)?.trim();
        let at = self.after.get(from..)?.find(said)?;
        Some(from + at + said.len())
    }

    /// The word stands in quotes, or is said to be an example: prose about marks.
    fn spoken_of(&self, tail: usize) -> bool {
        let before = self.before.trim_end_matches([' ', '\n', '\t']);
        let after = self.after.get(tail..).unwrap_or_default();
        let own_line = self.line(0);
        // a string of a program is no quotation: "remark": "机密★10年"
        let data = before
            .strip_suffix('"')
            .is_some_and(|before| before.trim_end().ends_with([':', '=', '[', ',', '{', '>']));
        let quoted = !data
            && before.ends_with(['“', '"', '‘', '\'', '「', '『', '”'])
            && after.starts_with(['”', '"', '’', '\'', '」', '』', '“']);
        let said = [
            "例如",
            "如",
            "标注",
            "标明",
            "标为",
            "标注为",
            "注明",
            "即",
            "称为",
            "等级为",
            "规定",
            "分为",
        ];
        quoted || said.iter().any(|said| own_line.before.ends_with(said))
    }

    /// A word such as 密级 stands before, apart from it.
    fn labelled(&self, line: &Line<'_>) -> bool {
        const NAMES: [&str; 16] = [
            "密级",
            "密别",
            "保密级别",
            "保密等级",
            "涉密等级",
            "涉密级别",
            "秘密等级",
            "密级和保密期限",
            "密级及保密期限",
            "文件密级",
            "定密",
            "密级标识",
            "密级标志",
            "classification",
            "Classification",
            "CLASSIFICATION",
        ];
        let before = self.before.trim_end_matches([
            ' ', '\n', '\t', '[', '(', '【', '〔', '☑', '√', '■', '·', '-', '_', '.',
        ]);
        let colon = before.ends_with([':', '：', '】', ']', '|', '=']);
        let before = before.trim_end_matches([
            ':', '：', '】', ']', '|', '=', ' ', '\t', '\n', '*', '·', '-', '_', '.',
        ]);
        NAMES.iter().any(|name| before.ends_with(name)) && (colon || line.apart) && !self.listed()
    }

    /// Another level follows: a form that lets one choose, or a sentence about all of them.
    fn listed(&self) -> bool {
        let after = self.after.trim_start_matches(['级', ' ', '\t']);
        let more = after.strip_prefix(['、', '/', '或', '和', ',', '□', '○', '及', '|', '与']);
        more.is_some_and(|more| {
            let more = more.trim_start_matches(['□', '○', ' ', '\t']);
            ["绝密", "机密", "秘密", "内部", "公开", "非密", "一般"]
                .iter()
                .any(|level| more.starts_with(level))
        })
    }
}

/// How many bytes of white space a text begins with; at most one line end.
fn gap(text: &str) -> usize {
    let mut lines = 0;
    text.char_indices()
        .take(8)
        .find(|(_, c)| {
            lines += usize::from(*c == '\n');
            !(matches!(c, ' ' | '\t' | '\n' | '\r') && lines <= 1)
        })
        .map_or(0, |(at, _)| at)
}
