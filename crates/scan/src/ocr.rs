//! Text on pictures, read by tesseract: a program of its own for each picture, which may be ended at any moment.
//!
//! WHY a program and not its library: it is C++ over half a dozen readers of pictures in C, and pictures come from anywhere.
//! A picture goes in by standard input and text comes out by standard output, so that nothing is ever put on a disk.

mod child;
mod picture;

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use inspect::{Cause, Ocr, Stop};

/// What its reader of pictures complains with.
const UNPACKING_FAILED: &str = "Error in pix";
/// Letters of a picture from which on it is worth asking again in English.
const WORDS: usize = 4;
/// A text of Chinese has more Chinese letters than one in so many.
const CHINESE_OF: usize = 5;

/// The program, and what it can read.
#[derive(Debug)]
pub struct Tesseract {
    program: PathBuf,
    version: String,
    chinese: bool,
    english: bool,
}

/// Why there is nobody to read pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoTesseract {
    /// The program is not there, or cannot be started.
    Program,
    /// It knows neither Chinese nor English.
    Language,
}

impl Tesseract {
    /// Asks the program what it can read. A name without a folder is looked for where programs are.
    ///
    /// # Errors
    /// It is not there, or knows neither of the two languages.
    pub fn find(program: &Path) -> Result<Self, NoTesseract> {
        let ask = |word: &str| {
            let said = Command::new(program).arg(word).output();
            let said = said.ok().filter(|said| said.status.success());
            said.map(|said| {
                String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned()
            })
        };
        let version = ask("--version").ok_or(NoTesseract::Program)?;
        let languages = ask("--list-langs").ok_or(NoTesseract::Program)?;
        let knows = |language: &str| languages.lines().any(|line| line.trim() == language);
        let found = Self {
            program: program.to_owned(),
            version: version.lines().next().unwrap_or_default().to_owned(),
            chinese: knows("chi_sim"),
            english: knows("eng"),
        };
        if found.chinese || found.english {
            Ok(found)
        } else {
            Err(NoTesseract::Language)
        }
    }

    /// Whether it reads Chinese. One that does not makes nonsense of it.
    #[must_use]
    pub fn reads_chinese(&self) -> bool {
        self.chinese
    }

    /// What its answers depend on: its version and languages.
    #[must_use]
    pub fn kind(&self) -> String {
        format!(
            "{} chinese {} english {}",
            self.version, self.chinese, self.english
        )
    }

    /// One reading in one language. WHY `--psm 6`, one block of text: on scanned pages of laws it read every passage that
    /// was looked for, where looking for columns (3, 4) lost some, and on a single mark the two find nothing at all.
    fn read(
        &self,
        language: &str,
        picture: &[u8],
        stop: Option<&dyn Stop>,
    ) -> Result<String, Cause> {
        let arguments = ["-", "-", "-l", language, "--psm", "6"].map(OsString::from);
        let said = child::run(&self.program, &arguments, picture, stop)?;
        // WHY: it says by its status that all is well, also where it could not unpack a picture
        if said.text.is_empty() && said.complaints.contains(UNPACKING_FAILED) {
            return Err(Cause::Damaged);
        }
        // a form feed stands between pages
        Ok(said.text.replace('\u{c}', "\n").trim_end().to_owned())
    }
}

impl Ocr for Tesseract {
    fn text(&self, picture: &[u8], stop: Option<&dyn Stop>) -> Result<String, Cause> {
        let prepared = picture::prepared(picture)?;
        let picture: &[u8] = match &prepared {
            Cow::Owned(grey) => grey,
            Cow::Borrowed(as_it_is) => as_it_is,
        };
        if !self.chinese {
            return self.read("eng", picture, stop);
        }
        // WHY one after the other: asked for both at once (`chi_sim+eng`) it takes every fourth mark for English words
        // (`ME KLE` for 机密★10年), in twice the time
        let chinese = self.read("chi_sim", picture, stop)?;
        if !self.english || !is_foreign(&chinese) {
            return Ok(chinese);
        }
        match self.read("eng", picture, stop) {
            Ok(english) => Ok(both(&english, &chinese)),
            // it is read, though not as well as might be
            Err(_) => Ok(chinese),
        }
    }
}

/// Whether a text that was read as Chinese is hardly any.
fn is_foreign(text: &str) -> bool {
    let chinese = text.chars().filter(|c| is_chinese(*c)).count();
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    latin >= WORDS && chinese.saturating_mul(CHINESE_OF) < chinese + latin
}

/// The English reading, and those lines of the other that are Chinese after all.
fn both(english: &str, chinese: &str) -> String {
    let more = chinese
        .lines()
        .filter(|line| line.chars().filter(|c| is_chinese(*c)).count() > 1);
    std::iter::once(english)
        .chain(more)
        .collect::<Vec<_>>()
        .join("\n")
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hardly_chinese_is_read_again_and_chinese_lines_of_it_stay() {
        assert!(is_foreign("This fite contains some words，"));
        assert!(is_foreign(
            "SPEED LIMIT\n机密★10年\nSPEED LIMIT OF THE ROAD"
        ));
        for text in ["", "1 2 3", "关于开展OA系统检查的通知", "abc"] {
            assert!(!is_foreign(text), "{text}");
        }
        assert_eq!(both("a file", "a fite\n机密★10年\n一"), "a file\n机密★10年");
    }

    #[test]
    fn who_is_not_there_reads_nothing() {
        let gone = Tesseract::find(Path::new("/there/is/none"));
        assert_eq!(gone.map(|_| ()), Err(NoTesseract::Program));
    }
}
