//! How far a scan is, on one line, for people who wait before a terminal.

use std::path::Path;

use domain::Text;
use scan::{Extent, Totals};

use super::people::printable;

/// Signs of the bar.
const BAR: usize = 20;
/// Columns of a terminal that does not say how many it has.
const COLUMNS: usize = 80;

/// The line: a bar once it is known how much there is, files, bytes, findings, and what is read just now.
pub(super) fn line(
    totals: &Totals,
    extent: &Extent,
    last: Option<&Path>,
    columns: Option<usize>,
) -> Text {
    let Totals {
        files,
        bytes,
        found,
        partial,
        unread,
        ..
    } = totals;
    let (all, missed) = (extent.files().max(*files), partial + unread);
    let mut head = String::new();
    let mut size = amount(*bytes);
    if let Some(whole) = extent.bytes() {
        head = bar(*bytes, whole);
        size = format!("{size}/{}", amount(whole.max(*bytes)));
    }
    let path = last
        .map(|path| printable(&path.to_string_lossy()))
        .unwrap_or_default();
    let columns = columns.unwrap_or(COLUMNS);
    let zh = format!("{head}{files}/{all} 个文件 {size}，{found} 个有发现，{missed} 个未读全 ");
    let en =
        format!("{head}{files}/{all} files {size}, {found} with findings, {missed} not all read ");
    Text::new(
        with_path(&zh, &path, columns),
        with_path(&en, &path, columns),
    )
}

fn bar(done: u64, whole: u64) -> String {
    let signs = BAR as u64;
    let full = done
        .saturating_mul(signs)
        .checked_div(whole)
        .unwrap_or(signs)
        .min(signs);
    (0..signs)
        .map(|at| if at < full { '█' } else { '░' })
        .chain([' '])
        .collect()
}

fn amount(bytes: u64) -> String {
    let units = ["B", "KB", "MB", "GB", "TB"];
    let mut left = bytes;
    let mut tenth = 0;
    let mut unit = 0;
    while left >= 1_000 && unit + 1 < units.len() {
        (left, tenth, unit) = (left / 1_000, left % 1_000 / 100, unit + 1);
    }
    let unit = units.get(unit).copied().unwrap_or_default();
    if tenth > 0 && left < 100 {
        format!("{left}.{tenth} {unit}")
    } else {
        format!("{left} {unit}")
    }
}

/// As much of the end of a path as there is room for, or of the beginning of the line: one that breaks is not written over
/// by the next one.
fn with_path(line: &str, path: &str, columns: usize) -> String {
    let room = columns.saturating_sub(1);
    let mut kept = String::new();
    let mut left = room;
    for letter in line.chars() {
        let Some(less) = left.checked_sub(width(letter)) else {
            return kept;
        };
        left = less;
        kept.push(letter);
    }
    let mut from = path.len();
    for (at, letter) in path.char_indices().rev() {
        let Some(less) = left.checked_sub(width(letter)) else {
            break;
        };
        (left, from) = (less, at);
    }
    kept.push_str(path.get(from..).unwrap_or_default());
    kept
}

/// Columns of a letter; letters beyond those of Europe may have two.
fn width(letter: char) -> usize {
    match u32::from(letter) {
        0..0x1100 | 0x2500..0x2600 => 1,
        _ => 2,
    }
}

/// Nothing, in the place of a line.
pub(super) fn nothing() -> Text {
    Text::new("", "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use scan::Walk;
    use std::sync::atomic::AtomicBool;

    fn wide(text: &str) -> usize {
        text.chars().map(width).sum()
    }

    #[test]
    fn a_line_fits_its_terminal_and_says_how_far_it_is() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c", "d"] {
            std::fs::write(folder.path().join(name), vec![b' '; 500]).unwrap();
        }
        let totals = Totals {
            files: 2,
            bytes: 1_000,
            found: 1,
            ..Totals::default()
        };
        let extent = Extent::default();
        let path = Path::new("很长的路径/很长的路径/很长的路径/很长的路径/某文件.docx");
        let unknown = line(&totals, &extent, Some(path), Some(60));
        assert!(
            unknown.en.starts_with("2/2 files 1 KB, 1 with"),
            "{}",
            unknown.en
        );
        let walk = Walk::new(&[folder.path().to_owned()], false);
        extent.count(walk, &AtomicBool::new(false));
        for columns in [60, 80, 100] {
            let text = line(&totals, &extent, Some(path), Some(columns));
            for said in [&text.zh, &text.en] {
                assert!(wide(said) < columns, "{said}");
                assert!(said.starts_with("██████████░░░░░░░░░░ 2/4 "), "{said}");
                assert!(said.contains("1 KB/2 KB"), "{said}");
            }
        }
        assert!(
            line(&totals, &extent, Some(path), Some(100))
                .zh
                .ends_with("某文件.docx")
        );
    }

    #[test]
    fn amounts_are_short() {
        let said: Vec<String> = [0, 999, 1_500, 99_900, 123_456, 4 << 30].map(amount).into();
        assert_eq!(
            said,
            ["0 B", "999 B", "1.5 KB", "99.9 KB", "123 KB", "4.2 GB"]
        );
    }
}
