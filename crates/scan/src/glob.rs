//! Patterns of paths: `*` for anything within a name, `**` for anything at all, `?` for one character.
//!
//! A pattern that begins with `/` is of the whole path; any other fits from any name on. A pattern that ends with `/` is of
//! all that lies below.

/// Characters of a pattern. WHY so few: each is tried at each place of each path.
const MOST: usize = 1_000;

/// A pattern of paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glob {
    pieces: Vec<Piece>,
    anywhere: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    One(char),
    AnyOne,
    AnyOfName,
    Anything,
    /// Whole folders, with the slash behind each, or none.
    Folders,
}

impl Glob {
    /// A pattern; none where it is empty or too long.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.is_empty() || text.chars().count() > MOST {
            return None;
        }
        let mut pieces = Vec::new();
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            pieces.push(match letter {
                '*' if letters.next_if_eq(&'*').is_some() => {
                    // `a/**/b` is also `a/b`
                    let begins = pieces.last().is_none_or(|last| *last == Piece::One('/'));
                    if begins && letters.next_if_eq(&'/').is_some() {
                        Piece::Folders
                    } else {
                        Piece::Anything
                    }
                }
                '*' => Piece::AnyOfName,
                '?' => Piece::AnyOne,
                other => Piece::One(other),
            });
        }
        if text.ends_with('/') {
            pieces.push(Piece::Anything);
        }
        Some(Self {
            pieces,
            anywhere: !text.starts_with('/'),
        })
    }

    /// Whether a path fits.
    pub(crate) fn fits(&self, path: &str) -> bool {
        let path: Vec<char> = path.chars().collect();
        let begins = |at: usize| {
            at == 0 || self.anywhere && at.checked_sub(1).and_then(|at| path.get(at)) == Some(&'/')
        };
        let mut places: Vec<bool> = (0..=path.len()).map(begins).collect();
        for piece in &self.pieces {
            places = step(*piece, &places, &path);
        }
        places.last().copied().unwrap_or_default()
    }
}

/// Where one can be after a piece, of where one was before it. WHY not by trial: the time is that of the lengths, whatever
/// somebody writes.
fn step(piece: Piece, before: &[bool], path: &[char]) -> Vec<bool> {
    let mut after = Vec::with_capacity(before.len());
    let (mut inside, mut begun) = (false, false);
    for at in 0..before.len() {
        let was = |at: usize| before.get(at).copied().unwrap_or_default();
        let passed = at.checked_sub(1).and_then(|last| path.get(last));
        let stepped = at.checked_sub(1).is_some_and(was);
        let here = match (piece, passed) {
            (Piece::Anything, _) => inside || was(at),
            (Piece::Folders, letter) => was(at) || (begun && letter == Some(&'/')),
            (Piece::AnyOfName, letter) => was(at) || (inside && letter != Some(&'/')),
            (Piece::AnyOne, letter) => stepped && letter.is_some_and(|letter| *letter != '/'),
            (Piece::One(one), letter) => stepped && letter == Some(&one),
        };
        inside = here;
        begun |= here;
        after.push(here);
    }
    after
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn patterns_fit_whole_names() {
        let cases = [
            ("*.txt", "a/b/c.txt", true),
            ("*.txt", "c.txt", true),
            ("*.txt", "c.txt/d", false),
            ("b/*.txt", "a/b/c.txt", true),
            ("b/*.txt", "ab/c.txt", false),
            ("b/*.txt", "b/d/c.txt", false),
            ("b/**/c.txt", "b/d/e/c.txt", true),
            ("b/**/c.txt", "b/c.txt", true),
            ("**/c.txt", "c.txt", true),
            ("**/c.txt", "abc.txt", false),
            ("**/c.txt", "a/b/c.txt", true),
            ("b/**/c.txt", "b/abc.txt", false),
            ("b/**/c.txt", "b/d/abc.txt", false),
            ("/a/*", "/a/b", true),
            ("/a/*", "/x/a/b", false),
            ("测试/", "x/测试/b/c", true),
            ("测试/", "x/测试", false),
            ("测?/b", "测试/b", true),
            ("测?b", "测/b", false),
            ("a", "a", true),
            ("a", "aa", false),
        ];
        for (pattern, path, fits) in cases {
            assert_eq!(
                Glob::parse(pattern).unwrap().fits(path),
                fits,
                "{pattern} {path}"
            );
        }
        assert!(Glob::parse("").is_none() && Glob::parse(&"a".repeat(1_001)).is_none());
    }

    #[test]
    fn a_pattern_made_to_take_long_does_not() {
        let glob = Glob::parse(&"**a".repeat(300)).unwrap();
        assert!(!glob.fits(&"a".repeat(4_000).replacen('a', "b", 3_999)));
    }
}
