//! Definitions at random: which constructs a register has, and the register written out. A fault is a register
//! in which one construct is written as an engine would obey it that does not know it.

mod faults;
mod written;

pub(super) use faults::faults;

/// Numbers that look random and are the same in every run (`SplitMix64`).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Dice of their own for a part, which take nothing from these however often they are thrown.
    pub(super) fn fork(&mut self) -> Self {
        Self(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    pub(super) fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// What a register has.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each construct is one of its own"
)]
pub(super) struct Spec {
    pub(super) key: String,
    /// `note` must be there, and is so long at most.
    pub(super) note_required: bool,
    pub(super) note_max: usize,
    /// The bounds of `amount`.
    pub(super) amount: (i64, i64),
    /// No two records share their `code`.
    pub(super) unique: bool,
    /// `extra` is shown for the kind b alone, and needed there.
    pub(super) extra_shown: bool,
    pub(super) extra_required: bool,
    /// `thing` is held while the record is open.
    pub(super) reserve: bool,
    /// The holder starts, else the registrar.
    pub(super) holder_starts: bool,
    /// Anybody may start.
    pub(super) anybody_starts: bool,
    /// Starting needs more than this amount.
    pub(super) when: Option<i64>,
    /// Ending is stopped from this amount on.
    pub(super) stop: Option<i64>,
    /// Making warns of this amount.
    pub(super) warn: Option<i64>,
    /// Who decides on ending, in order; `both` are the leader and the head of the office, in one step.
    pub(super) approval: Vec<&'static str>,
    /// How many of `both` have to agree.
    pub(super) quorum: usize,
    /// The action that draws the number.
    pub(super) number: Option<&'static str>,
    /// Days from the start until it is due.
    pub(super) clock: Option<u32>,
    pub(super) clock_stops: bool,
    /// At the end of the clock the record lapses.
    pub(super) lapses: bool,
    /// Starting sets `stamp`.
    pub(super) sets: bool,
    /// `double` is so many times the amount.
    pub(super) times: i64,
    /// `secret` is shown to leaders.
    pub(super) hidden: bool,
    /// The holder signs the start.
    pub(super) signs: bool,
    /// Starting needs a comment.
    pub(super) comment: bool,
    /// It has lines, which end it when all are done.
    pub(super) lines: bool,
    pub(super) lines_lead: bool,
    /// So many lines at most; more may come while the record is open.
    pub(super) lines_max: usize,
    /// Ending notes something in the journal.
    pub(super) creates: bool,
    /// Starting leads to the started state.
    pub(super) moves: bool,
    /// `many` names so many things at most.
    pub(super) many_max: usize,
    /// `marks` are so many choices at most.
    pub(super) marks_max: usize,
    /// Who decides as a leader may have somebody else decide.
    pub(super) delegates: bool,
    /// What was written wrongly is mended at any time by who writes it; else by nobody.
    pub(super) corrects: bool,
    /// A record is as secret as its thing.
    pub(super) labelled: bool,
    /// Days that a thing may be used, from a record's start to its end: a clock of the thing.
    pub(super) used: Option<u32>,
}

impl Spec {
    /// A register with some of the constructs.
    pub(super) fn any(key: &str, dice: &mut Dice) -> Self {
        let mut has = |bound: usize| !dice.one_in(bound);
        let (lines, clock) = (has(2), has(2));
        let number = match (has(3), has(2)) {
            (false, _) => None,
            (true, true) => Some("make"),
            (true, false) => Some("start"),
        };
        let approval: &[&str] = if lines || !has(5) {
            &[]
        } else if !has(4) {
            &["leader"]
        } else if has(2) {
            &["both"]
        } else {
            &["leader", "office_head"]
        };
        Self {
            key: key.to_owned(),
            note_required: has(2),
            note_max: 6,
            amount: (0, 9),
            unique: has(2),
            extra_shown: has(2),
            extra_required: has(2),
            reserve: has(2),
            holder_starts: has(2),
            anybody_starts: false,
            when: has(2).then_some(2),
            stop: has(2).then_some(8),
            warn: has(2).then_some(5),
            approval: approval.to_vec(),
            quorum: 2,
            number,
            clock: clock.then_some(3),
            clock_stops: true,
            lapses: clock && approval.is_empty() && has(2),
            sets: has(2),
            times: 2,
            hidden: has(2),
            signs: has(2),
            comment: has(3),
            lines,
            lines_lead: true,
            lines_max: 3,
            creates: has(2),
            moves: true,
            many_max: 2,
            marks_max: 2,
            delegates: has(12),
            corrects: has(2),
            labelled: has(2),
            used: has(2).then_some(7),
        }
    }
}
