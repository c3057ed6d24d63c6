//! How much may lie here that no act has attached, for each account and in the whole house: what has
//! arrived is counted in the database, what is on its way in this program.

use crate::{
    error::{Error, text},
    limits,
};
use domain::AccountId;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use store::Unattached;

/// Uploads on their way.
#[derive(Debug, Default)]
pub(crate) struct UnderWay(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    own: BTreeMap<AccountId, Held>,
    all_bytes: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Held {
    files: u64,
    bytes: u64,
}

/// The room of one upload; it is given back when this goes.
#[derive(Debug)]
pub(super) struct Room {
    under_way: Arc<UnderWay>,
    account: AccountId,
    bytes: u64,
    /// What lay there when it began.
    lying: Unattached,
}

impl UnderWay {
    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes room for one more upload of an account, of which so much lies here already.
    pub(super) fn enter(
        self: &Arc<Self>,
        account: AccountId,
        lying: Unattached,
    ) -> Result<Room, Error> {
        self.lock().own.entry(account).or_default().files += 1;
        // INVARIANT: made before anything can fail, so that what was counted is given back
        let room = Room {
            under_way: Arc::clone(self),
            account,
            bytes: 0,
            lying,
        };
        self.judge(account, lying)?;
        Ok(room)
    }

    /// Whether what lies here and what is on its way still fit together.
    pub(super) fn judge(&self, account: AccountId, lying: Unattached) -> Result<(), Error> {
        self.lock().judge(account, lying)
    }
}

impl Counts {
    fn judge(&self, account: AccountId, lying: Unattached) -> Result<(), Error> {
        let own = self.own.get(&account).copied().unwrap_or_default();
        if lying.own_files + own.files > limits::UPLOADS_OWN
            || lying.own_bytes + own.bytes > limits::UPLOADS_OWN_BYTES
        {
            return Err(own_full());
        }
        if lying.all_bytes + self.all_bytes > limits::UPLOADS_ALL_BYTES {
            return Err(house_full());
        }
        Ok(())
    }
}

impl Room {
    /// Takes room for more bytes.
    pub(super) fn grow(&mut self, bytes: u64) -> Result<(), Error> {
        let mut counts = self.under_way.lock();
        self.bytes += bytes;
        counts.own.entry(self.account).or_default().bytes += bytes;
        counts.all_bytes += bytes;
        counts.judge(self.account, self.lying)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut counts = self.under_way.lock();
        counts.all_bytes = counts.all_bytes.saturating_sub(self.bytes);
        if let Some(own) = counts.own.get_mut(&self.account) {
            own.bytes = own.bytes.saturating_sub(self.bytes);
            own.files = own.files.saturating_sub(1);
            if own.files == 0 {
                counts.own.remove(&self.account);
            }
        }
    }
}

fn own_full() -> Error {
    Error::Limited {
        code: "upload.quota",
        say: text(
            "您已上传但尚未登记使用的文件过多（最多 1000 个、4 GiB）；请先在登记中使用，或待其一天后自动清除",
            "too many of your uploads wait for a record (at most 1000 files and 4 GiB): attach them first, \
             or wait until they are removed after a day",
        ),
    }
}

fn house_full() -> Error {
    Error::Limited {
        code: "upload.quota_house",
        say: text(
            "全单位已上传但尚未登记使用的文件过多（最多 32 GiB）；请稍后再试",
            "too many uploads of everybody together wait for a record (at most 32 GiB); try again later",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(n: u8) -> AccountId {
        AccountId::new(domain::Timestamp::UNIX_EPOCH, [n; 10])
    }

    fn code<T>(result: Result<T, Error>) -> &'static str {
        match result {
            Ok(_) => "fine",
            Err(Error::Limited { code, .. }) => code,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn gap_5_uploads_under_way_count_until_they_end() {
        let under_way = Arc::new(UnderWay::default());
        let (one, other) = (account(1), account(2));
        let nothing = Unattached::default();
        let lying = Unattached {
            own_files: limits::UPLOADS_OWN - 2,
            ..nothing
        };
        let first = under_way.enter(one, lying).unwrap();
        let second = under_way.enter(one, lying).unwrap();
        assert_eq!(code(under_way.enter(one, lying)), "upload.quota");
        assert_eq!(code(under_way.enter(other, nothing)), "fine");
        drop(second);
        assert_eq!(code(under_way.enter(one, lying)), "fine");
        drop(first);
        assert!(under_way.lock().own.is_empty(), "nothing is left");
    }

    #[test]
    fn gap_5_bytes_count_for_the_account_and_for_the_house() {
        let under_way = Arc::new(UnderWay::default());
        let nothing = Unattached::default();
        let mut room = under_way.enter(account(1), nothing).unwrap();
        assert_eq!(code(room.grow(limits::UPLOADS_OWN_BYTES)), "fine");
        assert_eq!(code(room.grow(1)), "upload.quota");
        drop(room);
        let full = Unattached {
            all_bytes: limits::UPLOADS_ALL_BYTES - 1,
            ..nothing
        };
        let mut room = under_way.enter(account(1), full).unwrap();
        assert_eq!(code(room.grow(1)), "fine");
        let mut other = under_way.enter(account(2), full).unwrap();
        assert_eq!(code(other.grow(1)), "upload.quota_house");
        drop((room, other));
        assert_eq!(under_way.lock().all_bytes, 0, "nothing is left");
    }
}
