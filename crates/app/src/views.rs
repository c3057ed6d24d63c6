//! What use cases are given and what they answer, before `api` puts it into `wire` shapes.

mod lines;
mod request;
mod unfinished;

pub use lines::{LinePlace, LineView};
pub use request::{AcceptedWarning, Perform, Scanned, SignatureInput, Target};
pub use unfinished::{DecisionAhead, Unfinished};

use crate::error::RuleProblem;
use domain::{
    AccountId, ApprovalId, EntryId, FileId, Label, PersonId, RecordId, Text, Timestamp, TokenId,
};
use serde_json::{Map, Value};
use vault::SecretString;

/// What came of a request to the waist.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Performed {
    /// Done: the record as it is now.
    Done {
        /// The record.
        record: Box<RecordView>,
        /// Records that were made on the way (copies, items).
        made: Vec<MadeView>,
    },
    /// Waits for decisions.
    Waiting {
        /// The approval.
        approval: ApprovalId,
        /// The record as it is now.
        record: Box<RecordView>,
    },
    /// Dry run: nothing was changed.
    WouldHappen {
        /// State afterwards.
        state: String,
        /// Whether decisions would be waited for.
        needs_approval: bool,
        /// Rules that object or warn.
        rules: Vec<RuleProblem>,
    },
}

/// A record made on the way.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct MadeView {
    /// Its id.
    pub id: RecordId,
    /// Its register.
    pub register: String,
    /// Its number.
    pub number: Option<String>,
}

/// A record as one caller may see it.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct RecordView {
    /// Its id.
    pub id: RecordId,
    /// Key of its register.
    pub register: String,
    /// Its number.
    pub number: Option<String>,
    /// Key of its state.
    pub state: String,
    /// Its version, the value for `If-Match`.
    pub version: i64,
    /// Its label.
    pub label: Label,
    /// The printed mark (机密★10年).
    pub mark: Option<String>,
    /// Field values the caller may see.
    pub fields: Map<String, Value>,
    /// Its lines, the first of each kind.
    pub lines: Vec<LineView>,
    /// Whose line it is, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LinePlace>,
    /// Its clocks.
    pub clocks: Vec<ClockView>,
    /// What the caller may do now, and why not.
    pub actions: Vec<ActionView>,
    /// Kinds of its lines on which the caller may act now by scanning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scans: Vec<String>,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// The log entry of its newest version.
    pub entry: Option<EntryId>,
}

/// What a record is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameView {
    /// The record.
    pub id: RecordId,
    /// Key of its register.
    pub register: String,
    /// Its number.
    pub number: Option<String>,
    /// The value of the field that its register shows as the title.
    pub title: Option<String>,
}

/// A clock of a record.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct ClockView {
    /// Key in the definition.
    pub key: String,
    /// From when it counts.
    pub started_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
    /// `running`, `overdue`, `stopped`, `expired`.
    pub state: String,
    /// Warnings and escalations given so far.
    pub fired: Vec<String>,
}

/// An action on a record as the caller stands to it.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct ActionView {
    /// Its key.
    pub key: String,
    /// Whether the caller may do it now.
    pub allowed: bool,
    /// Why not.
    pub reasons: Vec<Text>,
}

/// How a list is asked for.
#[derive(Clone, Debug, Default)]
pub struct ListInput {
    /// Conditions `field:value`, `state:x`, `field>=v`, `field<=v`, joined by `,`.
    pub filter: Option<String>,
    /// Words to look for.
    pub q: Option<String>,
    /// `field` or `-field`; default newest first.
    pub sort: Option<String>,
    /// Cursor from the page before.
    pub after: Option<String>,
    /// At most so many.
    pub limit: Option<i64>,
    /// `none`, `capped` or `exact`.
    pub count: Option<String>,
}

/// One version of a record.
#[derive(Debug, serde::Serialize)]
pub struct VersionView {
    /// Its number.
    pub version: i64,
    /// When.
    pub at: Timestamp,
    /// Who, as far as the caller may know.
    pub actor: String,
    /// Which action.
    pub action: String,
    /// State after it.
    pub state: String,
    /// Its label then; none once the version was erased.
    pub label: Option<Label>,
    /// The printed mark then.
    pub mark: Option<String>,
    /// Field values then; none once the version was erased.
    pub fields: Option<Map<String, Value>>,
    /// What was said to it: the reason of a correction, why something was taken over.
    pub comment: Option<String>,
    /// Who signed it; empty once the version was erased.
    pub signatures: Vec<SignedView>,
    /// The log entry.
    pub entry: EntryId,
}

/// A signature on a version.
#[derive(Debug, serde::Serialize)]
pub struct SignedView {
    /// Who signed; nobody of the house for a return slip.
    pub person: Option<NamedPerson>,
    /// What was done with it.
    pub action: String,
    /// `counter`, `inbox`, `paper` or `slip`.
    pub method: String,
    /// Where a signature on paper stands: book, page, line; or the slip.
    pub paper: Option<String>,
    /// What was signed: SHA-256 of the record as it stood after the act, hex. Only for readers of all
    /// of it.
    pub digest: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Where a copy or all copies of an item are, and how they came there.
#[derive(Debug, serde::Serialize)]
pub struct CustodyView {
    /// The item, if the reader may know it and not only one of its copies.
    pub item: Option<RecordId>,
    /// Its copies, by serial.
    pub copies: Vec<CopyCustody>,
    /// Who came to know it: person, name, how, when.
    pub known_by: Vec<KnownBy>,
}

/// One copy's line of custody.
#[derive(Debug, serde::Serialize)]
pub struct CopyCustody {
    /// The copy.
    pub copy: RecordId,
    /// Its serial number, six digits.
    pub serial: String,
    /// Where it stands.
    pub status: String,
    /// The responsible person's name.
    pub person: Option<NamedPerson>,
    /// The place's name.
    pub place: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// Every movement, oldest first.
    pub movements: Vec<MovementView>,
}

/// A person with the name the caller may see.
#[derive(Clone, Debug, serde::Serialize)]
pub struct NamedPerson {
    /// The person.
    pub id: PersonId,
    /// Their name.
    pub name: String,
}

/// A movement of a copy.
#[derive(Debug, serde::Serialize)]
pub struct MovementView {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: String,
    /// Status after.
    pub status: String,
    /// Responsible after.
    pub person: Option<NamedPerson>,
    /// Place after.
    pub place: Option<String>,
    /// The record that made it move, if the caller may see it.
    pub cause: Option<RecordId>,
    /// The log entry that proves it.
    pub entry: EntryId,
}

/// Somebody who came to know an item.
#[derive(Debug, serde::Serialize)]
pub struct KnownBy {
    /// Who.
    pub person: NamedPerson,
    /// How: `drafted`, `borrowed`, `opened` …
    pub how: String,
    /// When.
    pub at: Timestamp,
}

/// An approval that waits.
#[derive(Debug, serde::Serialize)]
pub struct ApprovalView {
    /// Its id.
    pub id: ApprovalId,
    /// The record whose action waits.
    pub record: RecordView,
    /// The action.
    pub action: String,
    /// `pending`, or `returned`: sent back to the caller, who asks again or withdraws.
    pub state: String,
    /// Why it was sent back.
    pub reason: Option<ReasonView>,
    /// What is frozen: input, targets and their versions, as far as the caller may see it.
    pub frozen: Value,
    /// Digest over all of it, hex.
    pub digest: String,
    /// Which round waits, from 0.
    pub step: i64,
    /// How many rounds there are.
    pub steps: i64,
    /// The steps of the definition that wait in this round.
    pub waits_for: Vec<i64>,
    /// Who asked.
    pub requested_by: Option<NamedPerson>,
    /// When.
    pub at: Timestamp,
    /// Decisions so far.
    pub decisions: Vec<DecisionView>,
}

/// Why a request was sent back.
#[derive(Debug, serde::Serialize)]
pub struct ReasonView {
    /// `approval.returned` by a decider, or `approval.facts_changed`.
    pub code: String,
    /// What changed: field keys, `record`, `definition`, `steps`.
    pub changed: Vec<String>,
}

/// A decision taken.
#[derive(Debug, serde::Serialize)]
pub struct DecisionView {
    /// For which step of the definition.
    pub step: i64,
    /// Who.
    pub person: NamedPerson,
    /// Whose decision it was, if they had delegated it.
    pub on_behalf_of: Option<NamedPerson>,
    /// `approve`, `refuse`, `return`.
    pub verdict: String,
    /// What they said.
    pub comment: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A decision on an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Approve,
    /// Back to the asker for changes.
    Return,
    /// No.
    Refuse,
    /// The asker's own: the request is taken back.
    Withdraw,
}

impl Verdict {
    /// As it is stored and sent.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Return => "return",
            Self::Refuse => "refuse",
            Self::Withdraw => "withdraw",
        }
    }
}

/// A decision on an approval as it is asked for.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The approval.
    pub approval: ApprovalId,
    /// What is decided.
    pub verdict: Verdict,
    /// Why.
    pub comment: Option<String>,
    /// The digest that was read, if the decision is to be bound to it.
    pub digest: Option<String>,
    /// Key under which a repeat gets the same answer.
    pub idempotency_key: Option<String>,
}

impl Decision {
    /// A decision without any words.
    #[must_use]
    pub fn new(approval: ApprovalId, verdict: Verdict) -> Self {
        Self {
            approval,
            verdict,
            comment: None,
            digest: None,
            idempotency_key: None,
        }
    }
}

/// A stored file as its readers see it.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct FileView {
    /// Its id.
    pub id: FileId,
    /// Its name.
    pub name: String,
    /// Media type as told.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256 of the content, hex.
    pub sha256: String,
}

/// A part of a file's content.
#[derive(Debug)]
pub struct FileContent {
    /// The file.
    pub file: FileView,
    /// First byte of the part.
    pub start: u64,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Who is logged in.
#[derive(Debug, serde::Serialize)]
pub struct Me {
    /// The account.
    pub account: AccountId,
    /// Login name.
    pub name: String,
    /// The person.
    pub person: Option<NamedPerson>,
    /// Role keys.
    pub roles: Vec<String>,
    /// The password has to be changed first.
    pub must_change: bool,
    /// Whether a second factor is set up.
    pub totp: bool,
    /// Highest level this installation may hold.
    pub max_level: String,
}

/// A fresh session; the token is told once.
#[derive(Debug)]
pub struct LoggedIn {
    /// The session token for the cookie.
    pub token: SecretString,
    /// The token that unsafe requests must carry.
    pub csrf: String,
    /// When the session ends.
    pub expires_at: Timestamp,
    /// The password has to be changed first.
    pub must_change: bool,
    /// Whose session it is.
    pub account: AccountId,
}

/// An account as administrators see it.
#[derive(Debug, serde::Serialize)]
pub struct AccountView {
    /// Its id.
    pub id: AccountId,
    /// Login name.
    pub name: String,
    /// The person.
    pub person: Option<PersonId>,
    /// Role keys.
    pub roles: Vec<String>,
    /// Switched off.
    pub disabled: bool,
    /// Locked until.
    pub locked_until: Option<Timestamp>,
    /// Whether a second factor is set up.
    pub totp: bool,
    /// A change that waits for a second administrator.
    pub waiting: Option<WaitingChange>,
}

/// A change of an account that one administrator asked for and another has to confirm.
#[derive(Debug, serde::Serialize)]
pub struct WaitingChange {
    /// `roles` or `reset`.
    pub kind: String,
    /// Roles the account would have.
    pub roles: Vec<String>,
    /// Whether it would be switched off.
    pub disabled: bool,
    /// Who asked.
    pub asked_by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// A program's token, without the token.
#[derive(Debug, serde::Serialize)]
pub struct TokenView {
    /// Its id.
    pub id: TokenId,
    /// Whose.
    pub account: AccountId,
    /// What it is for.
    pub name: String,
    /// How it begins.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, give or take a minute.
    pub used_at: Option<Timestamp>,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccountInput {
    /// Login name.
    pub name: String,
    /// The person behind it.
    pub person: Option<PersonId>,
    /// Role keys.
    pub roles: Vec<String>,
}

/// Something a person was told.
#[derive(Debug, serde::Serialize)]
pub struct NoticeView {
    /// The record it is about.
    pub record: RecordId,
    /// Its register.
    pub register: String,
    /// Its number.
    pub number: Option<String>,
    /// `clock.warned`, `clock.overdue` or `decide`.
    pub kind: String,
    /// When.
    pub at: Timestamp,
}
