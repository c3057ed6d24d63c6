//! One source file: positions, and the mistakes found in it.

use std::cell::RefCell;

use super::mistake::Mistake;
use crate::Report;
use crate::limits;

/// One source file while it is being read.
#[derive(Debug)]
pub(super) struct File<'s> {
    pub(super) path: &'s str,
    pub(super) text: &'s str,
    /// Byte offsets at which lines begin.
    starts: Vec<usize>,
    found: RefCell<Vec<(usize, Mistake)>>,
}

impl<'s> File<'s> {
    pub(super) fn new(path: &'s str, text: &'s str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0)
            .chain(breaks.map(|(at, _)| at + 1))
            .collect();
        Self {
            path,
            text,
            starts,
            found: RefCell::new(Vec::new()),
        }
    }

    /// Notes a mistake at a byte offset.
    pub(super) fn note(&self, at: usize, mistake: Mistake) {
        let mut found = self.found.borrow_mut();
        if found.len() < limits::REPORTS_PER_FILE_MAX {
            found.push((at, mistake));
        }
    }

    /// The mistakes in the order of the file, each once.
    pub(super) fn reports(&self) -> Vec<Report> {
        let mut found = self.found.take();
        found.sort_by_key(|(at, _)| *at);
        let mut reports: Vec<Report> = Vec::with_capacity(found.len());
        for (at, mistake) in found {
            let (line, column) = position(self.text, &self.starts, at);
            let report = Report {
                file: self.path.to_owned(),
                line,
                column,
                code: mistake.code(),
                say: mistake.say(),
                remedy: mistake.remedy(),
            };
            if !reports.contains(&report) {
                reports.push(report);
            }
        }
        reports
    }
}

/// Line and column, from 1, the column in characters.
fn position(text: &str, starts: &[usize], at: usize) -> (usize, usize) {
    let line = starts.partition_point(|start| *start <= at).max(1);
    let start = starts.get(line - 1).copied().unwrap_or(0);
    let column = text
        .get(start..)
        .unwrap_or_default()
        .char_indices()
        .take_while(|(offset, _)| start + offset < at)
        .count();
    (line, column + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a\n借阅 = 1\n";
        let starts = File::new("x", text).starts;
        assert_eq!(position(text, &starts, 0), (1, 1));
        assert_eq!(position(text, &starts, 2), (2, 1));
        assert_eq!(position(text, &starts, text.find('=').unwrap()), (2, 4));
        assert_eq!(position(text, &starts, 999), (3, 1));
    }
}
