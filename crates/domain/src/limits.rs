//! Length limits of everything this crate parses from outside, in one place.
//!
//! Lengths are counted in characters (`char`), not bytes, because the texts are mostly Chinese.

/// The longest name of a compartment, in characters.
pub const COMPARTMENT_CHARS_MAX: usize = 64;
/// The longest condition for declassification (会议开始前), in characters.
pub const CONDITION_CHARS_MAX: usize = 100;
/// The longest owner name in a trade mark, in characters.
pub const OWNER_CHARS_MAX: usize = 64;
/// The longest printed mark: owner, level, two separators and a condition, in characters.
pub const MARK_CHARS_MAX: usize = OWNER_CHARS_MAX + CONDITION_CHARS_MAX + 16;
/// The longest period counted in years; R-131 caps state secrets far below.
pub const TERM_YEARS_MAX: u16 = 100;
/// The longest period counted in months.
pub const TERM_MONTHS_MAX: u16 = 1_200;
/// The longest period counted in days.
pub const TERM_DAYS_MAX: u16 = 36_600;
