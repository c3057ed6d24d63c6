//! Uploads that come in parts, so that one goes on where its connection broke. They live in this program: what a server
//! that stops had of one is gone, and its sender begins anew.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::Upload;
use axum::http::StatusCode;
use domain::{AccountId, ObjectId};
use tokio::sync::{self, watch};
use tokio::time::Instant;

use crate::limits::{PARTIAL_ALL, PARTIAL_IDLE, PARTIAL_OWN, UPLOAD_WHOLE};
use crate::refusal::Refusal;

/// Everything of which some parts may have come.
#[derive(Debug, Default)]
pub(crate) struct Partial(Mutex<BTreeMap<ObjectId, Arc<Held>>>);

/// One of them.
#[derive(Debug)]
pub(crate) struct Held {
    account: AccountId,
    begun: Instant,
    heard: Mutex<Instant>,
    /// So many bytes it is to have.
    pub(crate) size: u64,
    /// Which request sends a part: a later one takes the turn of one whose connection has died.
    turn: watch::Sender<u64>,
    /// None once it is finished.
    pub(crate) upload: sync::Mutex<Option<Upload>>,
}

impl Held {
    /// Takes the turn; tells when somebody else takes it.
    pub(crate) fn take_turn(&self) -> watch::Receiver<u64> {
        self.turn.send_modify(|turn| *turn += 1);
        self.turn.subscribe()
    }

    /// Something has come.
    pub(crate) fn hear(&self) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn is_over(&self, now: Instant) -> bool {
        let heard = *self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        now.duration_since(heard) > PARTIAL_IDLE || now.duration_since(self.begun) > UPLOAD_WHOLE
    }
}

impl Partial {
    /// What nobody goes on with is let go, and its bytes with it.
    fn held(&self) -> MutexGuard<'_, BTreeMap<ObjectId, Arc<Held>>> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        held.retain(|_, one| !one.is_over(now));
        held
    }

    /// Refuses one more than an account, or this program, keeps.
    pub(crate) fn check_room(&self, account: AccountId) -> Result<(), Refusal> {
        let held = self.held();
        let own = held.values().filter(|one| one.account == account).count();
        if own < PARTIAL_OWN && held.len() < PARTIAL_ALL {
            return Ok(());
        }
        let (zh, en) = (
            "分段上传过多，请等待已开始的完成或一小时后自动清除",
            "too many uploads in parts: finish those that were begun, or wait: they go after an hour",
        );
        Err(Refusal::new(
            StatusCode::TOO_MANY_REQUESTS,
            "upload.too_many_parts",
            zh,
            en,
        ))
    }

    /// Keeps one that begins.
    pub(crate) fn keep(&self, upload: Upload, size: u64) -> ObjectId {
        let id = upload.id();
        let now = Instant::now();
        let held = Held {
            account: upload.account(),
            begun: now,
            heard: Mutex::new(now),
            size,
            turn: watch::Sender::new(0),
            upload: sync::Mutex::new(Some(upload)),
        };
        self.held().insert(id, Arc::new(held));
        id
    }

    /// One's own; that of others is not there.
    pub(crate) fn find(&self, id: ObjectId, account: AccountId) -> Result<Arc<Held>, Refusal> {
        let held = self.held();
        let own = held.get(&id).filter(|one| one.account == account);
        own.cloned().ok_or_else(Refusal::not_found)
    }

    /// Lets one's own go.
    pub(crate) fn let_go(&self, id: ObjectId) {
        self.held().remove(&id);
    }
}
