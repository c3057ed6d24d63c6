//! Every limit of the register language in one place.
//!
//! A definition is written by people but may also arrive by upload, so each size is bounded and
//! refused at load, before any work grows with it. The numbers are stated in
//! `docs/src/reference/register-language.md`.

/// Largest definition file, in bytes.
pub const FILE_BYTES_MAX: usize = 256 * 1024;
/// Most files of one load.
pub const FILES_MAX: usize = 2_000;
/// Most fields of one register, its lines' fields and table columns counted in.
pub const FIELDS_MAX: usize = 300;
/// Most entries of any other list in a definition (states, actions, rules, choices …).
pub const ENTRIES_MAX: usize = 200;
/// Most errors kept for one file; a broken file needs its first errors mended, not all 10,000.
pub const REPORTS_PER_FILE_MAX: usize = 100;
/// Most tiles of one register on the board.
pub const TILES_MAX: usize = 12;
/// Longest key of a register, field, state or action, in characters.
pub const KEY_CHARS_MAX: usize = 48;
/// Longest text shown to people, in characters and per language.
pub const TEXT_CHARS_MAX: usize = 2_000;

/// Longest expression, in characters.
pub const EXPR_CHARS_MAX: usize = 2_000;
/// Characters of all expressions of one file together; parsing them is what takes time.
pub const FILE_EXPR_CHARS_MAX: usize = 12_000;
/// Deepest nesting of brackets and operators in an expression.
pub const EXPR_DEPTH_MAX: usize = 32;
/// Deepest nesting of list walks (`all(…, exists(…))`) in an expression.
pub const EXPR_WALKS_MAX: usize = 3;
/// Steps one evaluation may take before it is given up.
pub const EVAL_STEPS_MAX: usize = 200_000;
/// Longest list an expression may walk or build.
pub const EVAL_LIST_MAX: usize = 5_000;
/// Longest text an expression may build, in bytes.
pub const EVAL_TEXT_BYTES_MAX: usize = 64 * 1024;
/// Most days an expression may add to a date: a hundred years.
pub const EVAL_DAYS_MAX: i64 = 36_525;

/// Characters of a `text` field when the definition says nothing.
pub const TEXT_FIELD_CHARS: usize = 500;
/// Characters of a `long_text` field when the definition says nothing.
pub const LONG_TEXT_FIELD_CHARS: usize = 20_000;
/// Largest `max_length` a definition may ask for.
pub const FIELD_CHARS_MAX: usize = 200_000;
/// Most rows of a table field in one input.
pub const TABLE_ROWS_MAX: usize = 500;
/// Most ids in a field that holds several records, persons or files.
pub const REFERENCES_MAX: usize = 1_000;
/// Most line rows given in one input.
pub const LINE_ROWS_MAX: usize = 2_000;
/// Most copy numbers (份号) one number range may name.
pub const RANGE_COUNT_MAX: u64 = 100_000;
/// Most digits of a copy number; GB/T 9704 prints six.
pub const RANGE_DIGITS_MAX: usize = 12;
/// Highest sequence number a register number may carry.
pub const SEQUENCE_MAX: u64 = 999_999_999_999;
