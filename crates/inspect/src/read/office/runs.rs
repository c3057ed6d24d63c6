//! Runs of text on a page, put together by where they stand: those that a reader sees as one word are one.

use crate::read::{Outcome, Reading};

/// A run of text whose first letter stands at a point; down is more.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// Height of a letter.
    pub(crate) size: f64,
    /// How far it is from the first letter to the last; 0 where nobody says.
    pub(crate) steps: f64,
    pub(crate) text: String,
}

/// Where the run before ended.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    before: Option<(f64, f64, f64)>,
}

impl Runs {
    /// Writes a run after what was written before it.
    pub(crate) fn add(&mut self, run: &Run, into: &mut Reading<'_>) -> Outcome {
        if run.text.is_empty() {
            return Ok(());
        }
        let size = if run.size > 0.0 { run.size } else { 1.0 };
        match self.before {
            Some((end, y, before)) if (y - run.y).abs() < size.max(before) * 0.4 => {
                let gap = run.x - end;
                if gap > size * 1.2 || gap < -size * 2.0 {
                    into.write("\t")?;
                } else if gap > size * 0.35 && !is_wide(&run.text) {
                    into.write(" ")?;
                }
            }
            Some(_) => into.line()?,
            None => {}
        }
        into.write(&run.text)?;
        self.before = Some((run.x + length(run, size), run.y, size));
        Ok(())
    }
}

fn is_wide(text: &str) -> bool {
    text.chars()
        .next()
        .is_some_and(|letter| letter >= '\u{2e80}')
}

/// How long a run is: as it says, or by its letters.
fn length(run: &Run, size: f64) -> f64 {
    let wide = |letter: char| {
        if letter >= '\u{2e80}' {
            size
        } else {
            size * 0.5
        }
    };
    if run.steps > 0.0 {
        run.steps + run.text.chars().next_back().map_or(0.0, wide)
    } else {
        run.text.chars().map(wide).sum()
    }
}
