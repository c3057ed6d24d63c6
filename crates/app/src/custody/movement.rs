//! What may happen to a copy. Each has its word in the log and in the line of custody, and a name for people.

use crate::error::text;
use domain::Text;

/// A movement of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Movement {
    /// It was made of a document.
    Made,
    /// It was made of another copy.
    Copied,
    /// It came from outside.
    Received,
    /// It was handed out against a loan.
    Lent,
    /// It was handed to a reader of a circulation, or of a meeting.
    Circulated,
    /// It came back.
    Returned,
    /// The ledger was put right: other keeper, other place.
    Relocated,
    /// It is missing.
    Lost,
    /// It is there again.
    Found,
    /// It is no more.
    Destroyed,
}

impl Movement {
    const ALL: [Self; 10] = [
        Self::Made,
        Self::Copied,
        Self::Received,
        Self::Lent,
        Self::Circulated,
        Self::Returned,
        Self::Relocated,
        Self::Lost,
        Self::Found,
        Self::Destroyed,
    ];

    /// Its word, as it is kept.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Copied => "copied",
            Self::Received => "received",
            Self::Lent => "lent",
            Self::Circulated => "circulated",
            Self::Returned => "returned",
            Self::Relocated => "relocated",
            Self::Lost => "lost",
            Self::Found => "found",
            Self::Destroyed => "destroyed",
        }
    }

    /// The movement of this word.
    pub(crate) fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }

    /// What people call it.
    pub(crate) fn name(self) -> Text {
        match self {
            Self::Made => text("制作", "made"),
            Self::Copied => text("复制", "reproduced"),
            Self::Received => text("收文", "received"),
            Self::Lent => text("借出", "lent"),
            Self::Circulated => text("送阅", "handed round"),
            Self::Returned => text("归还", "returned"),
            Self::Relocated => text("账实调整", "put right"),
            Self::Lost => text("报失", "lost"),
            Self::Found => text("找回", "found"),
            Self::Destroyed => text("销毁", "destroyed"),
        }
    }
}
