//! Two texts, line by line: what is gone, what is new, what stayed.

use crate::limits;
use serde::Serialize;

/// One line of both or of one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TextLine {
    /// `same`, `gone` or `new`.
    pub is: &'static str,
    /// The line.
    pub text: String,
}

/// More pairs of lines than this are not compared one with another: then all of one is gone and all of the other
/// is new.
const PAIRS: usize = 4_000_000;

/// The shortest difference of two texts; no more than some lines of it.
pub(crate) fn text_diff(was: &str, is: &str) -> Vec<TextLine> {
    let (was, is): (Vec<&str>, Vec<&str>) = (was.lines().collect(), is.lines().collect());
    let head = was.iter().zip(&is).take_while(|(a, b)| a == b).count();
    let (was_rest, is_rest) = (
        was.get(head..).unwrap_or(&[]),
        is.get(head..).unwrap_or(&[]),
    );
    let tail = was_rest.iter().rev().zip(is_rest.iter().rev());
    let tail = tail.take_while(|(a, b)| a == b).count();
    let middle_was = was_rest.get(..was_rest.len() - tail).unwrap_or(&[]);
    let middle_is = is_rest.get(..is_rest.len() - tail).unwrap_or(&[]);
    let line = |is: &'static str| {
        move |text: &&str| TextLine {
            is,
            text: (*text).to_owned(),
        }
    };
    let mut told: Vec<TextLine> = was.iter().take(head).map(line("same")).collect();
    told.extend(middle(middle_was, middle_is));
    told.extend(was_rest.iter().skip(middle_was.len()).map(line("same")));
    told.truncate(limits::DIFF_LINES);
    told
}

fn middle(was: &[&str], is: &[&str]) -> Vec<TextLine> {
    let whole = was.len().saturating_mul(is.len()) > PAIRS;
    let width = is.len() + 1;
    // the longest run that the rest of both has in common, from each pair of places on
    let mut common = vec![0_u32; if whole { 0 } else { (was.len() + 1) * width }];
    let at = |i: usize, j: usize| i * width + j;
    let of = |common: &[u32], i: usize, j: usize| common.get(at(i, j)).copied().unwrap_or(0);
    if !whole {
        for i in (0..was.len()).rev() {
            for j in (0..is.len()).rev() {
                let value = if was.get(i) == is.get(j) {
                    of(&common, i + 1, j + 1) + 1
                } else {
                    of(&common, i + 1, j).max(of(&common, i, j + 1))
                };
                if let Some(cell) = common.get_mut(at(i, j)) {
                    *cell = value;
                }
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut told = Vec::new();
    loop {
        let (kind, text) = match (was.get(i), is.get(j)) {
            (None, None) => return told,
            (Some(a), Some(b)) if !whole && a == b => {
                (i, j) = (i + 1, j + 1);
                ("same", a)
            }
            (Some(a), other)
                if other.is_none() || of(&common, i + 1, j) >= of(&common, i, j + 1) =>
            {
                i += 1;
                ("gone", a)
            }
            (_, Some(b)) => {
                j += 1;
                ("new", b)
            }
            (Some(_), None) => return told,
        };
        told.push(TextLine {
            is: kind,
            text: (*text).to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(was: &str, is: &str) -> String {
        let sign = |line: &TextLine| match line.is {
            "same" => " ",
            "gone" => "-",
            _ => "+",
        };
        let lines = text_diff(was, is);
        let lines = lines
            .iter()
            .map(|line| format!("{}{}", sign(line), line.text));
        lines.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn lines_are_gone_new_or_the_same() {
        assert_eq!(told("", ""), "");
        assert_eq!(told("a\nb\nc", "a\nb\nc"), " a| b| c");
        assert_eq!(told("a\nb\nc", "a\nx\nc"), " a|-b|+x| c");
        assert_eq!(told("", "a"), "+a");
        assert_eq!(told("a", ""), "-a");
        assert_eq!(told("a\nb\nc\nd", "b\nx\nd\ne"), "-a| b|-c|+x| d|+e");
    }

    #[test]
    fn texts_that_are_too_long_are_told_whole_and_in_part() {
        let lines = |letter: &str| format!("{letter}\n").repeat(2500);
        let told = text_diff(&lines("a"), &lines("b"));
        assert_eq!(told.len(), limits::DIFF_LINES);
        assert!(told.iter().take(2500).all(|line| line.is == "gone"));
    }
}
