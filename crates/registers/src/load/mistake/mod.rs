//! The catalogue of mistakes a definition can have: a stable code, what is wrong, what to do.
//!
//! Codes are part of the interface and never change their meaning. Texts quote what the file
//! says, shortened by whoever makes the mistake.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "texts are looked up group by group; each group leaves the others' mistakes alone"
)]

mod remedy;
mod say;
mod zh;

use crate::expr::{EvalErrorKind, ExprErrorKind};
use crate::nearest::nearest;
use crate::numbering::NumberFormatError;

/// One kind of mistake with what the texts need.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mistake {
    // the file
    Syntax {
        detail: String,
    },
    FileTooBig {
        max: usize,
    },
    TooManyFiles {
        max: usize,
    },
    // keys and values
    Missing {
        key: &'static str,
        what: &'static str,
    },
    UnknownKey {
        key: String,
        what: &'static str,
        nearest: Option<String>,
    },
    WrongType {
        wanted: &'static str,
        given: &'static str,
    },
    UnknownWord {
        written: String,
        nearest: Option<String>,
        known: String,
    },
    TooLong {
        max: usize,
    },
    TooMany {
        what: &'static str,
        max: usize,
    },
    TooManyFields {
        max: usize,
    },
    NotText,
    MissingLanguage {
        language: &'static str,
    },
    BadKey {
        written: String,
    },
    ReservedKey {
        written: String,
    },
    Duplicate {
        what: &'static str,
        key: String,
    },
    DuplicateRegister {
        key: String,
        file: String,
    },
    OneOf {
        keys: &'static str,
    },
    // references
    NoSuch {
        what: Thing,
        name: String,
        nearest: Option<String>,
    },
    Who {
        written: String,
        nearest: Option<&'static str>,
    },
    WhoPath {
        path: String,
        wanted: &'static str,
    },
    // fields
    FieldKeyForeign {
        key: &'static str,
        kind: &'static str,
    },
    FieldKeyNeeded {
        key: &'static str,
        kind: &'static str,
    },
    NestedTable,
    BoundsCrossed,
    NotSettable {
        field: String,
    },
    ComputeSettable,
    EffectField {
        effect: String,
        field: String,
    },
    ReserveNotLink {
        field: String,
    },
    // label, number, spans
    LabelNotLink {
        path: String,
    },
    /// A signature is to be shown in a field of another type.
    NotSignatureField {
        field: String,
    },
    /// A page shows something of a field that leads nowhere.
    ShownNotLink {
        field: String,
    },
    /// A page shows a whole line.
    ShownLine {
        path: String,
    },
    /// A label that no code fits on, or of which a sheet does not hold so many.
    LabelSize,
    /// A line of custody in a register that has none.
    NoCustody,
    /// A tile counts by a condition that no list can be asked for.
    TileFilter {
        part: String,
    },
    /// A tile counts by a field that lists are not found by.
    TileNotIndexed {
        field: String,
    },
    /// A tile tells records apart by what has no few values.
    TileBy {
        by: String,
    },
    /// What a tile is shown as does not go with how it groups.
    TileKind {
        kind: &'static str,
    },
    /// A tile is for somebody else than roles.
    TileWho {
        written: String,
    },
    LabelNeedsField {
        field: &'static str,
        kinds: String,
    },
    NumberFormat {
        error: NumberFormatError,
    },
    /// The unit's code is printed and not supplied, or the other way round.
    NumberUnit,
    /// Counted per level, and the level is not printed.
    NumberPerLevel,
    Span {
        written: String,
    },
    Offset {
        written: String,
    },
    // states
    NoInitialState,
    SeveralInitialStates,
    NoInitialAction,
    NoFinalState,
    Unreachable {
        state: String,
    },
    DeadEnd {
        state: String,
    },
    EmptyFrom,
    /// A list of states in `to`, where the action leads to one.
    SeveralTo,
    /// What is to undo an action does not start where that leads and end where it came from, or asks for more.
    UndoFails {
        action: String,
        undo: String,
    },
    /// What is scanned is to be known by a field that does not name one record.
    ScanBy {
        field: String,
    },
    /// What is typed where there is no label is to be read from a field that is no text.
    ScanNumber {
        field: String,
    },
    /// A scan is to do what leaves a line where it was.
    ScanAction {
        action: String,
    },
    /// Another record can lose what this one reserves, and this one cannot let it go.
    ReserveNotLost {
        field: String,
        action: &'static str,
    },
    /// Somebody to whom a field is shown, and who is neither a role nor a person in a field.
    VisibleTo,
    /// What the program does because of lines asks for something only people give.
    FollowsAsksMore {
        action: String,
    },
    ApprovalTwice {
        action: String,
    },
    NoRefusedState {
        action: String,
    },
    // rules
    RuleId {
        written: String,
    },
    Loosened {
        letter: &'static str,
    },
    // expressions
    ExpressionsTooLong {
        max: usize,
    },
    Expression {
        kind: ExprErrorKind,
    },
    ExpressionFails {
        kind: EvalErrorKind,
        empty: Option<String>,
    },
    ExpressionGives {
        wanted: &'static str,
        given: String,
    },
    UnknownName {
        name: String,
        nearest: Option<String>,
    },
    NoMember {
        owner: String,
        member: String,
        nearest: Option<String>,
    },
    LevelCompared {
        operator: &'static str,
    },
    ArgumentKind {
        function: &'static str,
        position: usize,
        wanted: &'static str,
        given: String,
    },
    ConstantWanted {
        function: &'static str,
        wanted: &'static str,
    },
    NeverEqual {
        literal: String,
        nearest: Option<String>,
    },
    DayAndInstant {
        operator: &'static str,
    },
    // regimes
    RegimeLoosens {
        rule: String,
        letter: &'static str,
    },
    RegimeFixed {
        key: String,
    },
    RegimeBounds {
        key: String,
    },
    RegimeValue {
        key: String,
    },
    // extensions
    ExtendsForeign {
        key: String,
    },
    Loosening {
        key: String,
    },
}

/// What a reference points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing {
    Register,
    Field,
    Line,
    State,
    Action,
    Effect,
    Check,
    Role,
    Event,
    Parameter,
    Rule,
    LevelKey,
    Layout,
    Clock,
}

impl Thing {
    const fn zh(self) -> &'static str {
        match self {
            Self::Register => "台账",
            Self::Field => "字段",
            Self::Line => "明细",
            Self::State => "状态",
            Self::Action => "操作",
            Self::Effect => "程序效果",
            Self::Check => "程序检查",
            Self::Role => "角色",
            Self::Event => "事件",
            Self::Parameter => "参数",
            Self::Rule => "规则",
            Self::LevelKey => "密级代码",
            Self::Layout => "打印版式",
            Self::Clock => "时限",
        }
    }

    const fn en(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Field => "field",
            Self::Line => "line",
            Self::State => "state",
            Self::Action => "action",
            Self::Effect => "effect",
            Self::Check => "check",
            Self::Role => "role",
            Self::Event => "event",
            Self::Parameter => "parameter",
            Self::Rule => "rule",
            Self::LevelKey => "level key",
            Self::Layout => "layout",
            Self::Clock => "clock",
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Register => "register.no_such_register",
            Self::Field => "register.no_such_field",
            Self::Line => "register.no_such_line",
            Self::State => "register.no_such_state",
            Self::Action => "register.no_such_action",
            Self::Effect => "register.no_such_effect",
            Self::Check => "register.no_such_check",
            Self::Role => "register.no_such_role",
            Self::Event => "register.no_such_event",
            Self::Parameter => "register.no_such_parameter",
            Self::Rule => "register.no_such_rule",
            Self::LevelKey => "register.no_such_level",
            Self::Layout => "register.no_such_layout",
            Self::Clock => "register.no_such_clock",
        }
    }
}

/// Longest quotation of a file in a message, in characters.
const QUOTED_CHARS: usize = 60;

pub(super) fn quoted(text: &str) -> String {
    text.chars()
        .take(QUOTED_CHARS)
        .filter(|c| !c.is_control())
        .collect()
}

impl Mistake {
    pub(crate) fn unknown_word(written: &str, known: &[&str]) -> Self {
        Self::UnknownWord {
            written: quoted(written),
            nearest: nearest(written, known.iter().copied()).map(str::to_owned),
            known: known.join(", "),
        }
    }

    pub(crate) fn no_such<'k>(
        what: Thing,
        name: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Self {
        let nearest = nearest(name, known).map(str::to_owned);
        Self::NoSuch {
            what,
            name: quoted(name),
            nearest,
        }
    }

    const fn printing_code(&self) -> &'static str {
        match self {
            Self::ShownLine { .. } => "register.shown_line",
            Self::LabelSize => "register.label_size",
            Self::NoCustody => "register.no_custody",
            _ => "register.shown_not_link",
        }
    }

    const fn tile_code(&self) -> &'static str {
        match self {
            Self::TileFilter { .. } => "register.tile_filter",
            Self::TileNotIndexed { .. } => "register.tile_not_indexed",
            Self::TileBy { .. } => "register.tile_by",
            Self::TileKind { .. } => "register.tile_kind",
            _ => "register.tile_who",
        }
    }

    const fn expression_code(&self) -> &'static str {
        match self {
            Self::ExpressionsTooLong { .. } => "register.expressions_too_long",
            Self::Expression { .. } => "register.expression",
            Self::ExpressionFails { .. } => "register.expression_fails",
            Self::ExpressionGives { .. } => "register.expression_gives",
            Self::UnknownName { .. } | Self::NoMember { .. } => "register.expression_name",
            Self::LevelCompared { .. } => "register.level_compared",
            Self::ArgumentKind { .. } => "register.expression_argument",
            Self::ConstantWanted { .. } => "register.expression_constant",
            Self::NeverEqual { .. } => "register.expression_never",
            _ => "register.day_and_instant",
        }
    }

    const fn number_code(&self) -> &'static str {
        match self {
            Self::NumberUnit => "register.number_unit",
            Self::NumberPerLevel => "register.number_per_level",
            _ => "register.number_format",
        }
    }

    const fn regime_code(&self) -> &'static str {
        match self {
            Self::RegimeLoosens { .. } => "register.regime_loosens",
            Self::RegimeFixed { .. } => "register.regime_fixed",
            Self::RegimeBounds { .. } => "register.regime_bounds",
            _ => "register.regime_value",
        }
    }

    /// What stands there is understood, and cannot be meant.
    const fn judged_code(&self) -> &'static str {
        match self {
            Self::UndoFails { .. } => "register.undo_fails",
            Self::ScanBy { .. } => "register.scan_by",
            Self::ScanNumber { .. } => "register.scan_number",
            Self::ScanAction { .. } => "register.scan_action",
            Self::ReserveNotLost { .. } => "register.reserve_not_lost",
            Self::VisibleTo => "register.visible_to",
            Self::FollowsAsksMore { .. } => "register.follows_asks_more",
            Self::ApprovalTwice { .. } => "register.approval_twice",
            Self::NoRefusedState { .. } => "register.no_refused_state",
            Self::RuleId { .. } => "register.rule_id",
            Self::Loosened { .. } => "register.fixed_rule_loosened",
            Self::ExpressionsTooLong { .. }
            | Self::Expression { .. }
            | Self::ExpressionFails { .. }
            | Self::ExpressionGives { .. }
            | Self::UnknownName { .. }
            | Self::NoMember { .. }
            | Self::LevelCompared { .. }
            | Self::ArgumentKind { .. }
            | Self::ConstantWanted { .. }
            | Self::NeverEqual { .. }
            | Self::DayAndInstant { .. } => self.expression_code(),
            Self::RegimeLoosens { .. }
            | Self::RegimeFixed { .. }
            | Self::RegimeBounds { .. }
            | Self::RegimeValue { .. } => self.regime_code(),
            Self::ExtendsForeign { .. } => "register.extends_foreign",
            Self::Loosening { .. } => "register.extends_loosens",
            _ => self.tile_code(),
        }
    }

    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "register.syntax",
            Self::FileTooBig { .. } => "register.file_too_big",
            Self::TooManyFiles { .. } => "register.too_many_files",
            Self::Missing { .. } => "register.key_missing",
            Self::UnknownKey { .. } => "register.key_unknown",
            Self::WrongType { .. } => "register.wrong_type",
            Self::UnknownWord { .. } => "register.word_unknown",
            Self::TooLong { .. } => "register.text_too_long",
            Self::TooMany { .. } | Self::TooManyFields { .. } => "register.too_many",
            Self::NotText => "register.not_text",
            Self::MissingLanguage { .. } => "register.language_missing",
            Self::BadKey { .. } => "register.key_form",
            Self::ReservedKey { .. } => "register.key_reserved",
            Self::Duplicate { .. } | Self::DuplicateRegister { .. } => "register.duplicate",
            Self::OneOf { .. } => "register.one_of",
            Self::NoSuch { what, .. } => what.code(),
            Self::Who { .. } => "register.who",
            Self::WhoPath { .. } => "register.who_path",
            Self::FieldKeyForeign { .. } => "register.field_key_foreign",
            Self::FieldKeyNeeded { .. } => "register.field_key_needed",
            Self::NestedTable => "register.table_nested",
            Self::BoundsCrossed => "register.bounds",
            Self::NotSettable { .. } => "register.not_settable",
            Self::ComputeSettable => "register.computed_set",
            Self::ReserveNotLink { .. } => "register.reserve_not_link",
            Self::LabelNotLink { .. } => "register.label_not_link",
            Self::NotSignatureField { .. } => "register.not_signature_field",
            Self::ShownNotLink { .. }
            | Self::ShownLine { .. }
            | Self::LabelSize
            | Self::NoCustody => self.printing_code(),
            Self::LabelNeedsField { .. } => "register.label_needs_field",
            Self::NumberUnit | Self::NumberPerLevel | Self::NumberFormat { .. } => {
                self.number_code()
            }
            Self::EffectField { .. } => "register.effect_field",
            Self::Span { .. } => "register.span",
            Self::Offset { .. } => "register.offset",
            Self::NoInitialState => "register.no_initial_state",
            Self::SeveralInitialStates => "register.several_initial_states",
            Self::NoInitialAction => "register.no_initial_action",
            Self::NoFinalState => "register.no_final_state",
            Self::Unreachable { .. } => "register.unreachable_state",
            Self::DeadEnd { .. } => "register.dead_end_state",
            Self::EmptyFrom => "register.empty_from",
            Self::SeveralTo => "register.several_to",
            _ => self.judged_code(),
        }
    }
}
