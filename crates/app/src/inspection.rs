//! Contents that somebody has inspected: what secrets stand in a text or a file that they hold. Of the content nothing is
//! kept; the log says who had one inspected and what it came to.

use crate::{
    caller::Caller,
    core::App,
    error::{Error, text},
    gate::Gate,
    limits, log, people,
};
use aws_lc_rs::digest::{SHA256, digest};
use domain::Actor;
use inspect::{Report, Status};
use std::{
    fmt,
    sync::{Arc, OnceLock},
};
use store::Tx;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::Zeroizing;

/// How the log names it.
const INSPECTED: &str = "content.inspected";

/// WHY: one for the process, because the cores it guards are the process's.
static GATE: Gate = Gate::new(limits::INSPECTIONS, limits::INSPECTIONS_WAITING, busy);

/// Who reads contents. A trait, for a hostile content may make its reader hang or fall over: the program lends readers that
/// are programs of their own, and a test may lend what it likes.
pub trait Inspector: Send + Sync + fmt::Debug {
    /// Reads a content of this name, of which `bytes` are the first and `size` counts all; waits until that is done. Findings
    /// and text are as they stand there. It never fails: what was not read is a cause in the report.
    fn read(&self, name: &str, bytes: &[u8], size: u64) -> Report;
}

/// Where contents are inspected.
#[derive(Debug)]
pub(crate) struct Counter {
    /// Who reads them, once that is lent.
    inspector: OnceLock<Arc<dyn Inspector>>,
    /// Room for contents on their way in, which lie in memory.
    coming: Arc<Semaphore>,
}

impl Default for Counter {
    fn default() -> Self {
        Self {
            inspector: OnceLock::new(),
            coming: Arc::new(Semaphore::new(limits::INSPECTIONS_COMING)),
        }
    }
}

impl Counter {
    fn inspector(&self) -> Result<Arc<dyn Inspector>, Error> {
        self.inspector.get().cloned().ok_or_else(nobody)
    }
}

/// Room for a content that is on its way in, held until it was inspected.
#[derive(Debug)]
pub struct InspectionRoom {
    // held, and given back when this is dropped
    _place: OwnedSemaphorePermit,
}

/// What an inspection came to, in the shape that `ruping scan` tells.
#[derive(Clone, serde::Serialize)]
pub struct InspectionView {
    /// Bytes of the content.
    pub size: u64,
    /// SHA-256 of the content, hex.
    pub sha256: String,
    /// What inspection says of it.
    #[serde(flatten)]
    pub report: Report,
    /// As much of its text as is shown.
    pub text: String,
    /// There is more text than is shown.
    pub more: bool,
}

impl fmt::Debug for InspectionView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InspectionView")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

fn busy() -> Error {
    Error::Limited {
        code: "inspect.busy",
        say: text(
            "正在检查的内容过多，请稍后重试",
            "too many contents are being inspected: try again in a moment",
        ),
    }
}

fn nobody() -> Error {
    Error::Limited {
        code: "inspect.not_here",
        say: text(
            "本程序未启用内容检查",
            "this program has nobody who inspects contents",
        ),
    }
}

impl App {
    /// Lends the readers of contents; who comes second is not heard.
    pub fn lend_inspector(&self, inspector: Arc<dyn Inspector>) {
        // it is set once, when the program starts
        let _set = self.inner.counter.inspector.set(inspector);
    }

    /// Room for a content, before any of it is taken.
    pub async fn inspection_room(&self, caller: &Caller) -> Result<InspectionRoom, Error> {
        self.inner.counter.inspector()?;
        let (who, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| people::check_business(inner, tx, &who, now))
            .await?;
        let room = Arc::clone(&self.inner.counter.coming).try_acquire_owned();
        let room = room.map(|place| InspectionRoom { _place: place });
        room.map_err(|_| busy())
    }

    /// Inspects a content for somebody; nothing of it is kept.
    pub async fn inspect(
        &self,
        caller: &Caller,
        (name, bytes, room): (&str, Vec<u8>, InspectionRoom),
    ) -> Result<InspectionView, Error> {
        let bytes = Zeroizing::new(bytes);
        let turn = GATE.enter().await?;
        let inspector = self.inner.counter.inspector()?;
        let name: String = name.chars().filter(|one| !one.is_control()).collect();
        let read = tokio::task::spawn_blocking(move || {
            // WHY: who asked may be gone, and the reader goes on
            let _held = (room, turn);
            let report = inspector.read(&name, &bytes, bytes.len() as u64);
            view(&bytes, report)
        });
        let view = read.await.map_err(Error::internal)?;
        let (who, told) = (caller.clone(), facts(&view.report));
        self.transact(move |inner, tx| note(inner, tx, &who, told.clone()))
            .await?;
        Ok(view)
    }
}

fn view(bytes: &[u8], mut report: Report) -> InspectionView {
    let all = std::mem::take(&mut report.text);
    let text: String = all.chars().take(limits::INSPECTION_CHARS).collect();
    InspectionView {
        size: bytes.len() as u64,
        sha256: hex::encode(digest(&SHA256, bytes)),
        report,
        more: text.len() < all.len(),
        text,
    }
}

/// What the log says of an inspection: no name and no digest, for a digest tells again what content it was.
fn facts(report: &Report) -> Vec<(&'static str, String)> {
    let status = match report.status {
        Status::Read => "read",
        Status::Partial => "partial",
        Status::Unread => "unread",
    };
    let mut facts = vec![
        ("status", status.to_owned()),
        ("findings", report.findings.len().to_string()),
    ];
    facts.extend(report.verdict.level.clone().map(|level| ("level", level)));
    facts
}

fn note(
    inner: &crate::core::Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    facts: Vec<(&'static str, String)>,
) -> Result<(), Error> {
    // WHY asked again: what somebody may do may have ended while their content was read
    people::check_business(inner, tx, caller, inner.now())?;
    let about = log::About {
        facts,
        ..log::About::default()
    };
    let actor = Actor::Account(caller.account, caller.person);
    log::witness_about(inner, tx, actor, INSPECTED, &about)
}
