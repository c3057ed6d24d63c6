//! The limits on what comes into this crate from outside, in one place.

/// The largest policy file, in bytes; a policy is a few lines.
pub const POLICY_FILE_BYTES_MAX: usize = 256 * 1024;
/// How deep brackets and `if` of a policy may nest: Cedar descends into them, in a thread's 2 MiB of stack.
pub const POLICY_DEPTH_MAX: usize = 10;
/// The most words and signs of one policy: operators in a row become a tree as deep as there are of them.
pub const POLICY_WORDS_MAX: usize = 200;
/// The most policies an installation may load: every act is checked against all of them, and
/// strict validation of 200 takes about 4 ms.
pub const POLICIES_MAX: usize = 1_000;
/// The longest policy id, in characters; ids are copied into log entries.
pub const POLICY_ID_CHARS_MAX: usize = 80;
/// The longest annotation (rule, clause, text), in characters; they are shown in a denial.
pub const ANNOTATION_CHARS_MAX: usize = 400;
/// How much of a refused value a message quotes, in characters.
pub const QUOTED_CHARS_MAX: usize = 40;
/// The most answers of policies that are kept for questions asked again; an answer takes some 500 bytes.
pub const ANSWERS_KEPT: usize = 4_096;
/// The most questions that a what-if asks of each of the two sets of policies; more are asked in part.
pub const WHAT_IF_QUESTIONS: usize = 100_000;
/// The most situations that one shift of a what-if tells of.
pub const SITUATIONS_TOLD: usize = 12;
