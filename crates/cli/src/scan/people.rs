//! What a scan tells people.

use domain::{Language, Text};
use inspect::{Finding, Status};
use scan::{Enrolment, Told, Totals};

use super::standing::{Judged, Standing};
use super::words;
use crate::{Error, Terminal};

/// So many findings of a file are shown; of the rest the number.
const SHOWN: usize = 20;
/// Links are named as long as they are few.
const LINKS_NAMED: usize = 10;

const RED: &str = "\u{1b}[31m";
const YELLOW: &str = "\u{1b}[33m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// Text in a colour, where people see colours.
fn paint(colours: bool, colour: &str, text: &str) -> String {
    if colours {
        format!("{colour}{text}{PLAIN}")
    } else {
        text.to_owned()
    }
}

pub(super) fn tell(
    judged: &Judged<'_>,
    colours: bool,
    terminal: &mut Terminal<'_>,
) -> Result<(), Error> {
    let told = judged.told;
    let language = terminal.language();
    let mut head = paint(colours, BOLD, &printable(&told.path));
    if let Some(level) = &judged.verdict().level {
        let level = words::level(level);
        head += "  ";
        head += &paint(colours, RED, level.in_language(language));
    }
    if told.report.status != Status::Read {
        head += "  ";
        head += &paint(colours, YELLOW, missed(told).in_language(language));
    }
    terminal.line(&head)?;
    let all = told.report.findings.iter().zip(&judged.standings);
    let counting: Vec<_> = all
        .filter(|(_, standing)| !matches!(standing, Standing::Suppressed(_)))
        .collect();
    for (finding, standing) in counting.iter().take(SHOWN) {
        let mut line = of_finding(finding, language);
        if **standing == Standing::Known {
            let known = Text::new("，已知", ", known");
            line += known.in_language(language);
        }
        terminal.line(&line)?;
    }
    let suppressed = judged.standings.len() - counting.len();
    if suppressed > 0 {
        terminal.say(&Text::new(
            format!("  已抑制 {suppressed} 项"),
            format!("  {suppressed} suppressed"),
        ))?;
    }
    let more = counting.len().saturating_sub(SHOWN);
    if more > 0 {
        terminal.say(&Text::new(
            format!("  另有 {more} 项"),
            format!("  and {more} more"),
        ))?;
    }
    Ok(())
}

fn of_finding(finding: &Finding, language: Language) -> String {
    let (kind, place) = (words::kind(finding.kind), words::place(&finding.place));
    let why = match language {
        Language::Zh => &finding.why.zh,
        Language::En => &finding.why.en,
    };
    format!(
        "  {:.2} {} {}  [{}]  {} ({})",
        finding.confidence,
        kind.in_language(language),
        printable(&finding.text),
        printable(place.in_language(language)),
        printable(why),
        finding.rule,
    )
}

pub(super) fn missed(told: &Told) -> Text {
    let causes: Vec<Text> = told
        .report
        .causes
        .iter()
        .map(|cause| words::cause(*cause))
        .collect();
    let zh: Vec<&str> = causes.iter().map(|cause| cause.zh.as_str()).collect();
    let en: Vec<&str> = causes.iter().map(|cause| cause.en.as_str()).collect();
    let (before_zh, before_en) = match told.report.status {
        Status::Unread => ("未读", "not read"),
        Status::Partial | Status::Read => ("未读全", "not all read"),
    };
    Text::new(
        format!("{before_zh}：{}", zh.join("、")),
        format!("{before_en}: {}", en.join(", ")),
    )
}

/// `passed_over`: files whose findings are all suppressed; they count as files without.
pub(super) fn sum_up(
    totals: &Totals,
    passed_over: u64,
    terminal: &mut Terminal<'_>,
) -> Result<(), Error> {
    let Totals {
        files,
        read,
        partial,
        unread,
        ..
    } = totals;
    let found = totals.found.saturating_sub(passed_over);
    terminal.say(&Text::new(
        format!("共 {files} 个文件：读完 {read}，未读全 {partial}，未读 {unread}；{found} 个有发现"),
        format!("{files} files: {read} read, {partial} in part, {unread} not read; {found} with findings"),
    ))?;
    for (cause, count) in &totals.causes {
        let cause = words::cause(*cause);
        terminal.say(&Text::new(
            format!("  {}：{count}", cause.zh),
            format!("  {}: {count}", cause.en),
        ))?;
    }
    let links = totals.links.len();
    if links > 0 {
        terminal.say(&Text::new(
            format!("  未跟随的链接：{links}（--follow 可跟随）"),
            format!("  links that were not followed: {links} (--follow does)"),
        ))?;
    }
    for link in totals.links.iter().take(LINKS_NAMED) {
        terminal.line(&format!("    {}", printable(&link.to_string_lossy())))?;
    }
    Ok(())
}

/// On the side, for answers are of the files that were scanned: passages of what was not enrolled are not found.
pub(super) fn tell_enrolled(enrolled: &Enrolment, terminal: &mut Terminal<'_>) {
    let Enrolment { documents, missed } = enrolled;
    terminal.note(&Text::new(
        format!(
            "已登记文件 {documents} 个，未读或未读全 {} 个",
            missed.len()
        ),
        format!(
            "{documents} registered documents; {} not read or not all of it",
            missed.len()
        ),
    ));
    for path in missed {
        let path = printable(path);
        terminal.note(&Text::new(format!("  {path}"), format!("  {path}")));
    }
}

/// On the side: pictures are read, and what is Chinese on them is not.
pub(super) fn tell_no_chinese(terminal: &mut Terminal<'_>) {
    terminal.note(&Text::new(
        "tesseract 没有中文语言数据（chi_sim），图片上的中文无法识别；请安装 tesseract-ocr-chi-sim",
        "tesseract has no Chinese (chi_sim): Chinese on pictures is not read; install tesseract-ocr-chi-sim",
    ));
}

/// Foreign text on somebody's screen: no control characters, which could move the cursor or hide what follows.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|one| {
            if one.is_control() || is_bidi(one) {
                '\u{fffd}'
            } else {
                one
            }
        })
        .collect()
}

fn is_bidi(one: char) -> bool {
    matches!(one, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn foreign_text_moves_no_cursor_and_turns_no_line() {
        assert_eq!(printable("a\u{1b}[2Jb\r\n\u{202e}c"), "a�[2Jb���c");
    }
}
