//! Fields: what a record holds, of which kind, and when it is asked for.

use domain::Text;
use serde::{Serialize, Serializer};

use super::is_false;
use crate::numbering::NumberFormat;
use crate::{Expr, Who};

/// One field of a register, a line or (as a column) of a table field.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key of its own in the language"
)]
pub struct Field {
    /// Key, unique in its register or line.
    pub key: String,
    /// Name shown to people.
    pub name: Text,
    /// What to write here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// Register a link goes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What may be chosen, or the items of a checklist.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Where its choices come from, if they are not written out; then loading fills them in.
    #[serde(skip)]
    pub choices_of: Option<ChoicesOf>,
    /// Columns of a table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Field>,
    /// Whether it must be filled.
    #[serde(skip_serializing_if = "Required::is_never")]
    pub required: Required,
    /// Shown (and accepted) only when this holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown: Option<Expr>,
    /// Value when the first action gives none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Expr>,
    /// How a computed field is computed; never stored, never typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compute: Option<Expr>,
    /// One open record at a time may hold the linked record.
    #[serde(skip_serializing_if = "is_false")]
    pub reserve: bool,
    /// While the record is open, this person still holds or owes something.
    #[serde(skip_serializing_if = "is_false")]
    pub open_item: bool,
    /// No two records of the register share its value.
    #[serde(skip_serializing_if = "is_false")]
    pub unique: bool,
    /// Searchable and sortable.
    #[serde(skip_serializing_if = "is_false")]
    pub index: bool,
    /// Found by the pinyin of what is written, too.
    #[serde(skip_serializing_if = "is_false")]
    pub initials: bool,
    /// Smallest number, or fewest entries of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Largest number, or most entries of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Longest text, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// The form of a number that is typed by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mask: Option<NumberFormat>,
    /// Who sees it, when not everybody who sees the record does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible: Option<Visible>,
    /// Who sets it, when people do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_by: Option<SetBy>,
}

/// Choices that follow from what is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoicesOf {
    /// The regimes of all packs, but for the base.
    Regimes,
}

impl Field {
    /// Whether input may set it: not computed, not signed, not left to an effect.
    pub fn is_settable(&self) -> bool {
        self.set_by.is_none() && !matches!(self.kind, FieldKind::Computed | FieldKind::Signature)
    }

    /// The register its value points to, with the fixed ones of people and places.
    pub fn target(&self) -> Option<&str> {
        self.to.as_deref().or_else(|| self.kind.target())
    }
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// Text with line breaks.
    LongText,
    /// Whole number.
    Integer,
    /// Number with a fraction.
    Decimal,
    /// Amount of money with two decimals, kept as text so that nothing is rounded.
    Money,
    /// Day, `2026-03-01`.
    Date,
    /// Instant, RFC 3339.
    Datetime,
    /// Length of time, `24h`, `10d`, `3mo`.
    Duration,
    /// Days from … to …, both included.
    Period,
    /// Yes or no.
    Bool,
    /// One of the choices.
    Choice,
    /// Some of the choices.
    Choices,
    /// A person of the directory.
    Person,
    /// Several persons.
    Persons,
    /// A unit (department).
    Unit,
    /// Several units.
    Units,
    /// A post.
    Post,
    /// A place or container.
    Place,
    /// An outside organisation: of the directory, or by name.
    OutsideOrg,
    /// An outside person: of the directory, or by name.
    OutsidePerson,
    /// A record of another register.
    Link,
    /// Several records of another register.
    Links,
    /// Copy numbers 份号, `000001-000005,000009`.
    NumberRange,
    /// Rows of columns.
    Table,
    /// A stored file.
    File,
    /// Several stored files.
    Files,
    /// A whole label: levels, ends, compartments, scope.
    Label,
    /// A level key, or `open`.
    Level,
    /// A secrecy period 保密期限.
    Term,
    /// A printed mark 密级标志.
    Mark,
    /// Items answered yes, no or not applicable.
    Checklist,
    /// Points.
    Score,
    /// Somebody's signature; made by signing, never typed.
    Signature,
    /// Computed from the others.
    Computed,
}

impl FieldKind {
    /// Every kind with the word a definition uses for it.
    pub const ALL: [(&'static str, Self); 34] = [
        ("text", Self::Text),
        ("long_text", Self::LongText),
        ("integer", Self::Integer),
        ("decimal", Self::Decimal),
        ("money", Self::Money),
        ("date", Self::Date),
        ("datetime", Self::Datetime),
        ("duration", Self::Duration),
        ("period", Self::Period),
        ("bool", Self::Bool),
        ("choice", Self::Choice),
        ("choices", Self::Choices),
        ("person", Self::Person),
        ("persons", Self::Persons),
        ("unit", Self::Unit),
        ("units", Self::Units),
        ("post", Self::Post),
        ("place", Self::Place),
        ("outside_org", Self::OutsideOrg),
        ("outside_person", Self::OutsidePerson),
        ("link", Self::Link),
        ("links", Self::Links),
        ("number_range", Self::NumberRange),
        ("table", Self::Table),
        ("file", Self::File),
        ("files", Self::Files),
        ("label", Self::Label),
        ("level", Self::Level),
        ("term", Self::Term),
        ("mark", Self::Mark),
        ("checklist", Self::Checklist),
        ("score", Self::Score),
        ("signature", Self::Signature),
        ("computed", Self::Computed),
    ];

    /// The word a definition uses for it.
    pub fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("", |(word, _)| word)
    }

    /// The directory register whose records it holds, for kinds that name one.
    pub const fn target(self) -> Option<&'static str> {
        match self {
            Self::Person | Self::Persons => Some("person"),
            Self::Unit | Self::Units => Some("unit"),
            Self::Post => Some("post"),
            Self::Place => Some("place"),
            Self::OutsideOrg => Some("outside_org"),
            Self::OutsidePerson => Some("outside_person"),
            Self::Text
            | Self::LongText
            | Self::Integer
            | Self::Decimal
            | Self::Money
            | Self::Date
            | Self::Datetime
            | Self::Duration
            | Self::Period
            | Self::Bool
            | Self::Choice
            | Self::Choices
            | Self::Link
            | Self::Links
            | Self::NumberRange
            | Self::Table
            | Self::File
            | Self::Files
            | Self::Label
            | Self::Level
            | Self::Term
            | Self::Mark
            | Self::Checklist
            | Self::Score
            | Self::Signature
            | Self::Computed => None,
        }
    }

    /// Whether its value is the id of a record (or a list of them) that facts resolve to a map.
    pub fn is_reference(self) -> bool {
        self.target().is_some() || matches!(self, Self::Link | Self::Links)
    }

    /// Whether it holds several values.
    pub const fn is_list(self) -> bool {
        matches!(
            self,
            Self::Choices | Self::Persons | Self::Units | Self::Links | Self::Table | Self::Files
        )
    }

    /// Whether it has `min` and `max` as numbers.
    pub const fn is_number(self) -> bool {
        matches!(
            self,
            Self::Integer | Self::Decimal | Self::Money | Self::Score
        )
    }

    /// Whether its value is text a person writes, so that `max_length` applies.
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::LongText)
    }
}

/// One thing that may be chosen, or one item of a checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Key that is stored.
    pub key: String,
    /// Name shown to people.
    #[serde(flatten)]
    pub name: Text,
}

/// Whether a field must be filled when an action asks for it.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Required {
    /// It may stay empty.
    #[default]
    Never,
    /// It must be filled.
    Always,
    /// It must be filled when this holds.
    When(Expr),
}

impl Required {
    /// Helps serde leave the key out.
    pub fn is_never(&self) -> bool {
        matches!(self, Self::Never)
    }
}

impl Serialize for Required {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Never => serializer.serialize_bool(false),
            Self::Always => serializer.serialize_bool(true),
            Self::When(expr) => expr.serialize(serializer),
        }
    }
}

/// Who sees a field: these roles always, and everybody in these states. Hidden otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Visible {
    /// Who always sees it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Who>,
    /// States in which everybody who sees the record sees it, or those of `only`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<String>,
    /// Who sees it in these states; everybody, if nobody is named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<Who>,
}

/// What sets a field that people do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SetBy {
    /// The effect of an action.
    Effect,
}
