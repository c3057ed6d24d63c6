//! Tables in CSV files, whose rows are looked for in other texts (`inspect::exact`).

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use encoding_rs::{GB18030, UTF_8};

/// Bytes of a file.
const FILE_BYTES: u64 = 512 << 20;

/// Which columns are looked at: `PRIMARY:OTHER,OTHER`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// The primary column, as its head names it.
    pub primary: String,
    /// The supporting ones.
    pub supporting: Vec<String>,
}

impl FromStr for Columns {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "PRIMARY:OTHER,OTHER".to_owned();
        let (primary, others) = text.split_once([':', '：']).ok_or_else(wrong)?;
        let names = others.split([',', '，']).map(|name| name.trim().to_owned());
        let columns = Self {
            primary: primary.trim().to_owned(),
            supporting: names.filter(|name| !name.is_empty()).collect(),
        };
        let few = (1..=inspect::exact::COLUMNS_MOST).contains(&columns.supporting.len());
        let all = [&columns.primary].into_iter().chain(&columns.supporting);
        let names: std::collections::HashSet<&String> = all.collect();
        let different = names.len() == columns.supporting.len() + 1;
        if !few || !different || columns.primary.is_empty() {
            return Err(wrong());
        }
        Ok(columns)
    }
}

/// A file is no table that could be looked for.
#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    /// It cannot be read.
    #[error("it cannot be read")]
    Read(#[from] std::io::Error),
    /// It is larger than a table may be.
    #[error("it is larger than 512 MiB")]
    TooLarge,
    /// Its first row names no such column.
    #[error("it has no column `{0}`")]
    NoColumn(String),
    /// A row is not written as CSV has it.
    #[error("row {0} is not written as CSV has it")]
    Row(u64),
}

/// Tells of each row, its primary cell and its supporting ones, in the order of the file. The first row names the columns.
///
/// # Errors
/// The file is no such table.
pub fn rows(
    path: &Path,
    columns: &Columns,
    tell: &mut dyn FnMut(&str, &[&str]),
) -> Result<(), Wrong> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(FILE_BYTES + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_BYTES {
        return Err(Wrong::TooLarge);
    }
    // as spreadsheets write them: UTF-8, or else GB 18030
    let decoded = UTF_8.decode_without_bom_handling_and_without_replacement(&bytes);
    let text = decoded.unwrap_or_else(|| GB18030.decode_without_bom_handling(&bytes).0);
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let head = reader.headers().map_err(|_| Wrong::Row(0))?.clone();
    let place = |name: &String| {
        let found = head.iter().position(|one| one.trim() == name);
        found.ok_or_else(|| Wrong::NoColumn(name.clone()))
    };
    let primary = place(&columns.primary)?;
    let supporting = columns
        .supporting
        .iter()
        .map(place)
        .collect::<Result<Vec<usize>, Wrong>>()?;
    let mut row = csv::StringRecord::new();
    let mut number = 0;
    loop {
        number += 1;
        if !reader
            .read_record(&mut row)
            .map_err(|_| Wrong::Row(number))?
        {
            return Ok(());
        }
        let cell = |place: &usize| row.get(*place).unwrap_or_default();
        let cells: Vec<&str> = supporting.iter().map(cell).collect();
        tell(cell(&primary), &cells);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(text: &str) -> Columns {
        text.parse().unwrap()
    }

    fn read(bytes: &[u8], wanted: &str) -> Result<Vec<String>, Wrong> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        std::fs::write(&path, bytes).unwrap();
        let mut told = Vec::new();
        rows(&path, &columns(wanted), &mut |primary, cells| {
            told.push(format!("{primary}={}", cells.join("|")));
        })?;
        Ok(told)
    }

    #[test]
    fn columns_are_one_and_others() {
        let some = columns("身份证号：姓名, 电话");
        assert_eq!(
            (some.primary.as_str(), some.supporting.len()),
            ("身份证号", 2)
        );
        for wrong in ["", "a", "a:", ":b", "a:a", "a:b,b", "a:,"] {
            assert!(wrong.parse::<Columns>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn rows_are_told_in_any_encoding_of_spreadsheets() {
        let text = "序号,姓名,证号\n1,张卫国,123456\n2,\"李, 明\",654321\n3\n";
        let wanted = ["123456=张卫国", "654321=李, 明", "="];
        let marked = format!("\u{feff}{text}");
        let chinese = GB18030.encode(text).0;
        for bytes in [text.as_bytes(), marked.as_bytes(), &chinese] {
            assert_eq!(read(bytes, "证号:姓名").unwrap(), wanted);
        }
        let gone = read(text.as_bytes(), "证号:电话").unwrap_err();
        assert!(matches!(gone, Wrong::NoColumn(name) if name == "电话"));
    }
}
