//! The small closed set of ways in which a use case can fail. Lower layers speak their own words;
//! here they are sorted, and only `api` knows status codes.

use domain::{RecordId, Text};

/// One field that is wrong, and what to do about it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct FieldProblem {
    /// Key of the field (`list[2].title` inside a table).
    pub field: String,
    /// Stable code.
    pub code: String,
    /// What is wrong and how to mend it.
    pub say: Text,
}

/// One rule that objects.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct RuleProblem {
    /// Rule id (`R-184`).
    pub id: String,
    /// Where it stands (`LAW 20`).
    pub clause: String,
    /// How well it is founded: `P`, `P*`, `S`, `D`, `U` or `invariant`.
    pub letter: String,
    /// `stop` or `warn`; a warning can be accepted with a reason.
    pub severity: String,
    /// What is wrong.
    pub say: Text,
}

/// Code of a database whose pages cannot be trusted any more.
pub(crate) const DAMAGED_PAGE: &str = "store.damaged_page";

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request itself is not understood.
    #[error("{code}: {}", say.en)]
    Malformed {
        /// Stable code.
        code: &'static str,
        /// What is wrong.
        say: Text,
    },
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Fields(Vec<FieldProblem>),
    /// Rules object: stops, or warnings that nobody has accepted.
    #[error("rules object")]
    Rules(Vec<RuleProblem>),
    /// Nobody is logged in, or the session or token has ended.
    #[error("{code}: {}", say.en)]
    Unauthenticated {
        /// Stable code.
        code: &'static str,
        /// What to do.
        say: Text,
    },
    /// The caller may know of it but may not do it.
    #[error("denied: {}", say.en)]
    Denied {
        /// Stable code.
        code: String,
        /// The rule behind it, if one.
        rule: Option<String>,
        /// Where the rule stands.
        clause: Option<String>,
        /// Why.
        say: Text,
    },
    /// A fresh second factor is needed.
    #[error("a fresh second factor is needed")]
    StepUpNeeded,
    /// Absent, or hidden from the caller: both look alike.
    #[error("there is no such thing")]
    NotFound,
    /// Somebody was faster, or the state does not allow it.
    #[error("{code}: {}", say.en)]
    Conflict {
        /// Stable code.
        code: &'static str,
        /// What happened and what to do.
        say: Text,
    },
    /// A limit was reached.
    #[error("{code}: {}", say.en)]
    Limited {
        /// Stable code.
        code: &'static str,
        /// Which limit.
        say: Text,
    },
    /// Content whose key has been erased.
    #[error("the content of record {0} has been destroyed")]
    Erased(RecordId),
    /// What is stored is not what was stored: nothing of it is given out.
    #[error("{code}: {}", say.en)]
    Damaged {
        /// Stable code of what was found (`vault.wrong_object`, `store.damaged_page`).
        code: &'static str,
        /// What to do.
        say: Text,
        /// What the log may know.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The database or a key device does not answer now.
    #[error("not available now")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A defect of ours; the cause is for the log only.
    #[error("internal failure")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A defect with its cause.
    pub(crate) fn internal(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Internal(Box::new(cause))
    }

    /// A defect told in words (for the log).
    pub(crate) fn defect(cause: &'static str) -> Self {
        Self::Internal(cause.into())
    }

    /// The state of things does not allow it.
    pub(crate) fn conflict(code: &'static str, zh: &str, en: &str) -> Self {
        Self::Conflict {
            code,
            say: text(zh, en),
        }
    }

    /// The request is not understood.
    pub(crate) fn malformed(code: &'static str, zh: &str, en: &str) -> Self {
        Self::Malformed {
            code,
            say: text(zh, en),
        }
    }

    /// A rule that code enforces (the product's invariants) objects.
    pub(crate) fn rule(id: &str, clause: &str, letter: &str, zh: &str, en: &str) -> Self {
        Self::Rules(vec![RuleProblem {
            id: id.to_owned(),
            clause: clause.to_owned(),
            letter: letter.to_owned(),
            severity: "stop".to_owned(),
            say: text(zh, en),
        }])
    }
}

/// Both languages.
pub(crate) fn text(zh: &str, en: &str) -> Text {
    Text {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Stale { .. } => Self::conflict(
                "record.stale",
                "记录已被他人更改，请重新读取后再操作",
                "the record was changed by somebody else; read it again",
            ),
            store::Error::Busy | store::Error::Collided => Self::Limited {
                code: "store.busy",
                say: text(
                    "系统繁忙，请稍后重试",
                    "the system is busy, try again in a moment",
                ),
            },
            store::Error::DamagedPage => Self::damaged_page(),
            store::Error::Closed | store::Error::Postgres(_) | store::Error::Io(_) => {
                Self::Unavailable(Box::new(error))
            }
            store::Error::Sqlite(_)
            | store::Error::WrongKey
            | store::Error::Newer { .. }
            | store::Error::Corrupt { .. } => Self::Internal(Box::new(error)),
        }
    }
}

impl From<vault::Error> for Error {
    /// Keys and objects that are not what they must be are damage, told by their own codes; what is
    /// left are defects of ours.
    fn from(error: vault::Error) -> Self {
        use vault::Error as E;
        match error {
            E::Read(cause) => Self::Unavailable(Box::new(cause)),
            E::Format { .. }
            | E::Version { .. }
            | E::Suite { .. }
            | E::KekGone
            | E::WrongKek
            | E::KeyGone { .. }
            | E::KeyDamaged { .. }
            | E::WrongKey { .. }
            | E::WrongObject { .. }
            | E::WrongLabel { .. }
            | E::Replaced { .. }
            | E::HeaderDamaged { .. }
            | E::Truncated { .. }
            | E::Extended { .. }
            | E::EndDamaged { .. }
            | E::Damaged { .. }
            | E::BlobDamaged => Self::damaged_object(error.code(), error),
            E::RootKeyLength { .. }
            | E::RootKeyText
            | E::RootKeyZero
            | E::WrongRootKey
            | E::RootGeneration { .. }
            | E::KekId
            | E::BlobTooLong { .. }
            | E::ObjectTooLong
            | E::SecretLength { .. }
            | E::LengthMismatch { .. }
            | E::Random
            | E::Crypto => Self::internal(error),
        }
    }
}

impl Error {
    /// A stored object, or its key, is not what it must be.
    pub(crate) fn damaged_object(
        code: &'static str,
        cause: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::Damaged {
            code,
            say: text(
                "存储的内容已损坏或被替换，未提供任何部分；请运行 ruping check 并从备份恢复",
                "what is stored is damaged or was replaced, nothing of it is given out; run ruping \
                 check and restore it from a backup",
            ),
            cause: Box::new(cause),
        }
    }

    /// A page of the database cannot be trusted any more.
    pub(crate) fn damaged_page() -> Self {
        Self::Damaged {
            code: DAMAGED_PAGE,
            say: text(
                "数据库文件有一页已损坏，系统停止服务；请从备份恢复",
                "a page of the database file is damaged and the server stops; restore a backup",
            ),
            cause: Box::new(store::Error::DamagedPage),
        }
    }
}

impl From<ledger::Error> for Error {
    fn from(error: ledger::Error) -> Self {
        Self::internal(error)
    }
}

impl Error {
    /// A refusal of the access decision; what is hidden looks like what is absent.
    pub(crate) fn denied(denied: &access::Denied) -> Self {
        match denied {
            access::Denied::Hidden => Self::NotFound,
            access::Denied::StepUp(_) => Self::StepUpNeeded,
            access::Denied::RoleConflict(_)
            | access::Denied::Policy(_)
            | access::Denied::Role { .. }
            | access::Denied::Unsettled { .. }
            | access::Denied::NotBySystem { .. } => Self::Denied {
                code: "access.denied".to_owned(),
                rule: denied.rule().map(ToOwned::to_owned),
                clause: denied.clause().map(ToOwned::to_owned),
                say: denied.say(),
            },
        }
    }
}
