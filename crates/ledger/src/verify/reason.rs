//! The closed list of what a verification can find, with codes that never change.

use domain::Text;
use serde::{Serialize, Serializer};

/// What is wrong with a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The bytes of an entry are not those that were sealed.
    EntryChanged,
    /// An entry is missing and the later ones have moved up.
    EntryRemoved,
    /// An entry that was never sealed stands among the others.
    EntryInserted,
    /// The entries of a bundle are all there, in another order.
    EntriesReordered,
    /// A tile does not hash to what the tree above it, or the signed root, says.
    TileChanged,
    /// A tile or an entry bundle that the size requires is not there.
    MissingTile,
    /// There is no checkpoint.
    CheckpointMissing,
    /// The checkpoint is not signed by the key.
    CheckpointSignature,
    /// The checkpoint is signed for another log.
    CheckpointOrigin,
    /// Entries and tiles agree with each other, but not with the signed root.
    CheckpointMismatch,
    /// The log is shorter than a checkpoint that was kept.
    Truncated,
    /// The log does not contain what a kept checkpoint says it contained.
    Forked,
    /// A file does not have the form it must have.
    Malformed,
}

impl Reason {
    /// Every reason, for catalogues.
    pub const ALL: [Self; 13] = [
        Self::EntryChanged,
        Self::EntryRemoved,
        Self::EntryInserted,
        Self::EntriesReordered,
        Self::TileChanged,
        Self::MissingTile,
        Self::CheckpointMissing,
        Self::CheckpointSignature,
        Self::CheckpointOrigin,
        Self::CheckpointMismatch,
        Self::Truncated,
        Self::Forked,
        Self::Malformed,
    ];

    /// The stable code, which is also how a reason is serialised.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::EntryChanged => "ledger.entry_changed",
            Self::EntryRemoved => "ledger.entry_removed",
            Self::EntryInserted => "ledger.entry_inserted",
            Self::EntriesReordered => "ledger.entries_reordered",
            Self::TileChanged => "ledger.tile_changed",
            Self::MissingTile => "ledger.missing_tile",
            Self::CheckpointMissing => "ledger.checkpoint_missing",
            Self::CheckpointSignature => "ledger.checkpoint_signature",
            Self::CheckpointOrigin => "ledger.checkpoint_origin",
            Self::CheckpointMismatch => "ledger.checkpoint_mismatch",
            Self::Truncated => "ledger.truncated",
            Self::Forked => "ledger.forked",
            Self::Malformed => "ledger.malformed",
        }
    }

    /// One sentence for people.
    #[must_use]
    pub fn say(self) -> Text {
        let (zh, en) = match self {
            Self::EntryChanged => ("日志条目被改动", "an entry was changed"),
            Self::EntryRemoved => ("日志条目被删除", "an entry was removed"),
            Self::EntryInserted => ("日志中插入了未经封存的条目", "an entry was inserted"),
            Self::EntriesReordered => ("日志条目的顺序被打乱", "entries were reordered"),
            Self::TileChanged => ("日志的哈希文件被改动", "a tile of hashes was changed"),
            Self::MissingTile => ("日志文件缺失", "a file of the log is missing"),
            Self::CheckpointMissing => ("检查点文件缺失", "there is no checkpoint"),
            Self::CheckpointSignature => (
                "检查点没有该公钥的有效签名",
                "the checkpoint has no valid signature of the key",
            ),
            Self::CheckpointOrigin => (
                "检查点属于另一份日志",
                "the checkpoint belongs to another log",
            ),
            Self::CheckpointMismatch => (
                "日志内容与已签名的检查点不符",
                "the log does not match its signed checkpoint",
            ),
            Self::Truncated => (
                "日志比留存的检查点短, 尾部被截去",
                "the log is shorter than the kept checkpoint",
            ),
            Self::Forked => (
                "日志与留存的检查点不一致, 已分叉",
                "the log has forked from the kept checkpoint",
            ),
            Self::Malformed => ("日志文件格式错误", "a file of the log is malformed"),
        };
        Text {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
