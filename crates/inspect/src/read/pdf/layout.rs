//! From pieces of text with positions to lines, in the order in which the page draws them.
//!
//! Pieces that follow one another on one baseline make a run; runs that touch on one baseline make a row, wherever in
//! the page's own order they stand, so that a word set letter by letter is a word. Gaps become spaces, measured against
//! what is usual in the row, so that letters set apart on purpose stay one word.

use std::collections::HashMap;

/// A piece of text on a page, and where it begins and ends on its baseline.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) start: (f32, f32),
    pub(super) end: (f32, f32),
    /// The way the line runs, in degrees.
    pub(super) degrees: i16,
    /// Height of the letters.
    pub(super) size: f32,
    pub(super) hidden: bool,
}

#[derive(Debug)]
struct Row {
    degrees: i16,
    hidden: bool,
    across: f32,
    start: f32,
    end: f32,
    size: f32,
    pieces: Vec<usize>,
}

/// A row of the page as text.
#[derive(Debug, PartialEq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) hidden: bool,
    /// What stands before it: on the same height after a gap, or set below it as one column of letters.
    pub(super) before: Before,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    Line,
    Tab,
    Nothing,
}

/// Gaps in heights of letters.
const TOUCHING: f32 = 1.5;
const OVERLAP: f32 = -0.5;
const WORD: f32 = 0.17;
const WORD_CJK: f32 = 0.5;
const SAME_LINE: f32 = 0.4;
const SET_APART: f32 = 3.0;

/// So many rows of one height are looked at for one that a run belongs to. WHY: a hostile page has millions.
const LOOKED_AT: usize = 64;

pub(super) fn lines(pieces: &[Piece], text: &str) -> Vec<Line> {
    let rows = rows(pieces, text);
    let mut lines = Vec::with_capacity(rows.len());
    let mut previous: Option<&Row> = None;
    for row in &rows {
        let written = written(row, pieces, text);
        if written.trim().is_empty() {
            continue;
        }
        let before = previous.map_or(Before::Line, |previous| {
            let same = previous.degrees == row.degrees && previous.hidden == row.hidden;
            let size = row.size.max(previous.size);
            if same
                && (previous.across - row.across).abs() < SAME_LINE * size
                && row.start >= previous.end
            {
                Before::Tab
            } else if same && stacked(previous, row) && is_one_cjk(&written) {
                Before::Nothing
            } else {
                Before::Line
            }
        });
        previous = Some(row);
        lines.push(Line {
            text: written,
            hidden: row.hidden,
            before,
        });
    }
    lines
}

/// One letter below another, as a column is set by programs that know no vertical text.
fn stacked(above: &Row, below: &Row) -> bool {
    let size = below.size.max(0.1);
    let down = (above.across - below.across) / size;
    above.pieces.len() == 1
        && below.pieces.len() == 1
        && (above.start - below.start).abs() < 0.3 * size
        && (0.7..2.5).contains(&down)
}

fn is_one_cjk(text: &str) -> bool {
    let mut characters = text.trim().chars();
    characters.next().is_some_and(is_cjk) && characters.next().is_none()
}

pub(super) fn is_cjk(one: char) -> bool {
    matches!(one, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}' | '★' | '☆')
}

/// Places along and across the way a line runs.
fn turned((x, y): (f32, f32), degrees: i16) -> (f32, f32) {
    match degrees {
        0 => (x, y),
        90 => (y, -x),
        -90 => (-y, x),
        180 | -180 => (-x, -y),
        _ => {
            let (sin, cos) = f32::from(degrees).to_radians().sin_cos();
            (x * cos + y * sin, y * cos - x * sin)
        }
    }
}

fn rows(pieces: &[Piece], text: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut by_height: HashMap<(i16, i32), Vec<usize>> = HashMap::new();
    for run in runs(pieces) {
        let keys = heights(&run);
        let mut known = keys
            .iter()
            .filter_map(|key| by_height.get(key))
            .flat_map(|known| known.iter().rev().take(LOOKED_AT))
            .copied();
        let found = known.find_map(|at| {
            let row = rows.get(at)?;
            fit(row, &run, pieces, text).map(|fit| (at, fit))
        });
        let Some((at, fit)) = found else {
            let [_, key, _] = keys;
            by_height.entry(key).or_default().push(rows.len());
            rows.push(run);
            continue;
        };
        if let Some(row) = rows.get_mut(at) {
            join(row, run, fit);
        }
    }
    rows
}

#[derive(Debug, Clone, Copy)]
enum Fit {
    After,
    Before,
    Again,
}

fn join(row: &mut Row, run: Row, fit: Fit) {
    match fit {
        Fit::After => row.pieces.extend(run.pieces),
        Fit::Before => {
            let after = std::mem::replace(&mut row.pieces, run.pieces);
            row.pieces.extend(after);
        }
        Fit::Again => return,
    }
    row.start = row.start.min(run.start);
    row.end = row.end.max(run.end);
}

/// Heights in tenths of a point and their neighbours.
fn heights(row: &Row) -> [(i16, i32); 3] {
    const TENTH: f32 = 0.5;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float that is too large becomes the largest number"
    )]
    let height = (row.across / TENTH) as i32;
    [-1, 0, 1].map(|by| (row.degrees, height.saturating_add(by)))
}

fn fit(row: &Row, run: &Row, pieces: &[Piece], text: &str) -> Option<Fit> {
    let size = row.size.min(run.size).max(0.1);
    if row.hidden != run.hidden || (row.across - run.across).abs() > 0.1 * size {
        return None;
    }
    let again = |a: f32, b: f32| (a - b).abs() < 0.3 * size;
    if again(row.start, run.start)
        && again(row.end, run.end)
        && raw(row, pieces, text) == raw(run, pieces, text)
    {
        return Some(Fit::Again);
    }
    let touching = (OVERLAP * size)..(TOUCHING * size);
    if touching.contains(&(run.start - row.end)) {
        Some(Fit::After)
    } else if touching.contains(&(row.start - run.end)) {
        Some(Fit::Before)
    } else {
        None
    }
}

fn raw<'t>(row: &Row, pieces: &[Piece], text: &'t str) -> Vec<&'t str> {
    row.pieces
        .iter()
        .filter_map(|at| pieces.get(*at))
        .filter_map(|piece| text.get(piece.from..piece.to))
        .collect()
}

/// Pieces that follow one another on one baseline.
fn runs(pieces: &[Piece]) -> Vec<Row> {
    let mut runs: Vec<Row> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let (start, across) = turned(piece.start, piece.degrees);
        let (end, _) = turned(piece.end, piece.degrees);
        if let Some(run) = runs.last_mut() {
            let size = run.size.max(piece.size).max(0.1);
            let gap = (start - run.end) / size;
            if run.degrees == piece.degrees
                && run.hidden == piece.hidden
                && (run.across - across).abs() < SAME_LINE * size
                && (OVERLAP..SET_APART).contains(&gap)
            {
                run.pieces.push(at);
                run.end = run.end.max(end);
                continue;
            }
        }
        runs.push(Row {
            degrees: piece.degrees,
            hidden: piece.hidden,
            across,
            start,
            end,
            size: piece.size,
            pieces: vec![at],
        });
    }
    runs
}

fn written(row: &Row, pieces: &[Piece], text: &str) -> String {
    let parts: Vec<(&Piece, &str)> = row
        .pieces
        .iter()
        .filter_map(|at| pieces.get(*at))
        .filter_map(|piece| Some((piece, text.get(piece.from..piece.to)?)))
        .collect();
    let gaps = gaps(&parts, row.degrees);
    let usual = usual(&gaps, &parts);
    let mut line = String::new();
    for (at, (piece, said)) in parts.iter().enumerate() {
        let gap = at.checked_sub(1).and_then(|before| gaps.get(before));
        let before = line.chars().next_back();
        let doubled = at
            .checked_sub(1)
            .and_then(|before| parts.get(before))
            .is_some_and(|(previous, same)| {
                same == said
                    && (previous.start.0 - piece.start.0).abs()
                        + (previous.start.1 - piece.start.1).abs()
                        < 0.15 * piece.size
            });
        if doubled {
            continue;
        }
        if let (Some(gap), Some(before), Some(after)) = (gap, before, said.chars().next()) {
            let least = if is_cjk(before) || is_cjk(after) {
                WORD_CJK
            } else {
                WORD
            };
            if gap - usual > least && !before.is_whitespace() && !after.is_whitespace() {
                line.push(' ');
            }
        }
        line.push_str(said);
    }
    in_order_of_reading(line)
}

/// Scripts that run from right to left are drawn from left to right; what is read from left to right within them stays.
fn in_order_of_reading(line: String) -> String {
    let is_right_to_left =
        |one: &char| matches!(one, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FEFC}');
    let right = line.chars().filter(is_right_to_left).count();
    if right == 0 || right * 2 < line.chars().filter(|one| one.is_alphabetic()).count() {
        return line;
    }
    let mut out = String::new();
    let mut kept: Vec<char> = Vec::new();
    for one in line.chars().rev() {
        if one.is_ascii_alphanumeric() || (!kept.is_empty() && matches!(one, '.' | ',' | '/' | ':'))
        {
            kept.push(one);
            continue;
        }
        out.extend(kept.drain(..).rev());
        out.push(match one {
            '(' => ')',
            ')' => '(',
            '[' => ']',
            ']' => '[',
            other => other,
        });
    }
    out.extend(kept.drain(..).rev());
    out
}

/// Gaps between pieces, in heights of letters.
fn gaps(parts: &[(&Piece, &str)], degrees: i16) -> Vec<f32> {
    parts
        .iter()
        .zip(parts.iter().skip(1))
        .map(|((before, _), (after, _))| {
            let (end, _) = turned(before.end, degrees);
            let (start, _) = turned(after.start, degrees);
            (start - end) / before.size.max(after.size).max(0.1)
        })
        .collect()
}

/// The gap that is usual in a row: none, but where most letters stand apart.
fn usual(gaps: &[f32], parts: &[(&Piece, &str)]) -> f32 {
    let letters: usize = parts.iter().map(|(_, said)| said.chars().count()).sum();
    let touching = letters.saturating_sub(parts.len());
    let all_cjk = || {
        parts
            .iter()
            .all(|(_, said)| said.chars().all(|one| is_cjk(one) || one.is_whitespace()))
    };
    if touching > gaps.len() / 3 || (gaps.len() == 1 && !all_cjk()) {
        return 0.0;
    }
    let mut sorted: Vec<f32> = gaps.to_vec();
    sorted.sort_by(f32::total_cmp);
    let quarter = sorted.get(gaps.len() / 4).copied().unwrap_or_default();
    quarter.clamp(0.0, SET_APART)
}

#[cfg(test)]
mod tests {
    use super::{Before, Piece, lines};

    /// Pieces of one size: text, place, width.
    fn set(words: &[(&str, f32, f32, f32)]) -> (Vec<Piece>, String) {
        let mut text = String::new();
        let mut pieces = Vec::new();
        for (word, x, y, width) in words {
            let from = text.len();
            text.push_str(word);
            pieces.push(Piece {
                from,
                to: text.len(),
                start: (*x, *y),
                end: (x + width, *y),
                degrees: 0,
                size: 10.0,
                hidden: false,
            });
        }
        (pieces, text)
    }

    fn read(words: &[(&str, f32, f32, f32)]) -> String {
        let (pieces, text) = set(words);
        let mut all = String::new();
        for line in lines(&pieces, &text) {
            all.push_str(match line.before {
                Before::Line if !all.is_empty() => "\n",
                Before::Tab => "\t",
                Before::Line | Before::Nothing => "",
            });
            all.push_str(&line.text);
        }
        all
    }

    #[test]
    fn gaps_are_spaces_and_letters_set_apart_are_a_word() {
        assert_eq!(
            read(&[("top", 0.0, 0.0, 15.0), ("secret", 18.0, 0.0, 30.0)]),
            "top secret"
        );
        let apart = [
            ("机", 0.0, 0.0, 10.0),
            ("密", 25.0, 0.0, 10.0),
            ("★", 50.0, 0.0, 10.0),
            ("十", 75.0, 0.0, 10.0),
            ("年", 100.0, 0.0, 10.0),
        ];
        assert_eq!(read(&apart), "机密★十年");
    }

    #[test]
    fn a_word_set_in_any_order_is_a_word() {
        let scattered = [
            ("机", 0.0, 0.0, 10.0),
            ("elsewhere", 0.0, 50.0, 40.0),
            ("密", 10.0, 0.0, 10.0),
        ];
        assert_eq!(read(&scattered), "机密\nelsewhere");
    }

    #[test]
    fn letters_below_one_another_are_a_column() {
        let column = [
            ("机", 0.0, 40.0, 10.0),
            ("密", 0.0, 26.0, 10.0),
            ("★", 0.0, 12.0, 10.0),
        ];
        assert_eq!(read(&column), "机密★");
    }

    #[test]
    fn what_is_printed_twice_for_weight_is_read_once_and_cells_stand_apart() {
        let bold = [
            ("秘密", 0.0, 0.0, 20.0),
            ("秘密", 0.3, 0.0, 20.0),
            ("cell", 80.0, 0.0, 20.0),
        ];
        assert_eq!(read(&bold), "秘密\tcell");
    }
}
