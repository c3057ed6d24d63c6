//! Taking the rows of a file in, as they come.

use super::{ImportView, columns, no_action, no_head, pieces, possible, read, values};
use crate::{
    batch::{Body, Columns, Kind, Of},
    caller::Caller,
    core::{App, Inner},
    error::{Error, text},
    limits, people,
};
use domain::JobId;
use registers::{Action, Definition};
use serde_json::Value;
use std::sync::Arc;
use store::{BatchRow, Tx};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Longest head that is kept.
const HEAD_CHARS: usize = 200;

/// How many files may be on their way in, and be read or written.
#[derive(Debug)]
pub(crate) struct Desks {
    coming: Arc<Semaphore>,
    /// WHY: what reads a workbook holds its texts in memory, a multiple of the file
    sheets: Arc<Semaphore>,
}

impl Default for Desks {
    fn default() -> Self {
        Self {
            coming: Arc::new(Semaphore::new(limits::IMPORTS_COMING)),
            sheets: Arc::new(Semaphore::new(1)),
        }
    }
}

/// Room for a file that is on its way in, held until its rows are kept.
#[derive(Debug)]
pub struct ImportRoom {
    // held, and given back when this is dropped
    _place: OwnedSemaphorePermit,
}

fn busy() -> Error {
    Error::Limited {
        code: "import.busy",
        say: text(
            "正在接收的导入文件过多，请稍后重试",
            "too many files are on their way in: try again in a moment",
        ),
    }
}

impl Inner {
    /// Waits for the one place at which sheets are read and written.
    pub(super) async fn sheet_desk(&self) -> Result<OwnedSemaphorePermit, Error> {
        let sheets = Arc::clone(&self.desks.sheets);
        sheets.acquire_owned().await.map_err(Error::internal)
    }
}

/// The action a file is looked at for until another is asked for: the first that it could be taken in by.
fn first_action(definition: &Definition) -> Result<&Action, Error> {
    possible(definition, None).or_else(|_| {
        let mut initial = definition.initial_actions();
        let usable = initial.find(|action| action.sign.is_empty() && !action.step_up);
        usable.ok_or_else(no_action)
    })
}

/// Whether the caller may bring another file.
fn check_room(tx: &mut Tx<'_>, caller: &Caller) -> Result<(), Error> {
    if tx.count_batches(caller.account, Kind::File.word())? < limits::IMPORTS {
        return Ok(());
    }
    Err(Error::Limited {
        code: "import.too_many",
        say: text(
            "未清理的导入文件过多，请先删除旧的",
            "there are too many files that were taken in: drop old ones first",
        ),
    })
}

impl App {
    /// Room for a file, before any of it is taken.
    pub async fn import_room(&self, caller: &Caller, register: &str) -> Result<ImportRoom, Error> {
        let definition = self.inner.catalogue.definition(register);
        first_action(definition.ok_or(Error::NotFound)?)?;
        let (who, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            people::check_business(inner, tx, &who, now)?;
            check_room(tx, &who)
        })
        .await?;
        let room = Arc::clone(&self.inner.desks.coming).try_acquire_owned();
        let room = room.map(|place| ImportRoom { _place: place });
        room.map_err(|_| busy())
    }

    /// Takes a file's rows in and says what its columns may stand for. Nothing is done with them yet.
    pub async fn begin_import(
        &self,
        caller: &Caller,
        register: &str,
        (name, bytes, room): (&str, Vec<u8>, ImportRoom),
    ) -> Result<ImportView, Error> {
        let definition = self.inner.catalogue.definition(register);
        let definition = definition.ok_or(Error::NotFound)?;
        let action = first_action(definition)?;
        let desk = self.inner.sheet_desk().await?;
        // WHY: given back when the reader has ended, also where nobody waits for it any more
        let mut rows = pieces::reader(bytes, (desk, room));
        let heads = rows.recv().await.ok_or_else(read::unreadable)??;
        let heads: Vec<String> = heads
            .into_iter()
            .flat_map(|(_, cells, _)| cells)
            .map(|cell| values::words(&cell).chars().take(HEAD_CHARS).collect())
            .collect();
        let (who, key, now) = (caller.clone(), register.to_owned(), self.inner.now());
        let targets = columns::targets(definition, action);
        let shown = name.chars().filter(|one| !one.is_control());
        let mut file = Columns {
            name: shown.take(255).collect(),
            heads,
            mapping: Vec::new(),
        };
        let action = action.key.clone();
        let id = JobId::new(now, self.inner.random()?);
        self.transact(move |_, tx| {
            check_room(tx, &who)?;
            let before = tx.import_heads(who.account, &key)?;
            file.mapping =
                columns::suggested(&file.heads, &targets, &columns::Known::before(&before));
            tx.keep().put_batch(&BatchRow {
                id,
                kind: Kind::File.word().to_owned(),
                register: key,
                account: who.account,
                state: "reading".to_owned(),
                body: Body::new(&action, Of::File(file)).json()?,
                created_at: now,
            })?;
            Ok(())
        })
        .await?;
        let kept = self.keep_rows(id, &mut rows).await;
        if let Err(error) = kept {
            let dropped = self.transact(move |_, tx| Ok(tx.keep().drop_batch(id)?));
            if let Err(error) = dropped.await {
                tracing::error!(%error, "a file that was not read to its end could not be dropped");
            }
            return Err(error);
        }
        self.import(caller, id).await
    }

    /// Keeps the rows as they are read, some at a time, until the reader says that this was all.
    async fn keep_rows(&self, id: JobId, rows: &mut pieces::Rows) -> Result<(), Error> {
        let (mut many, mut bytes) = (0, 0);
        loop {
            // WHY: a reader that ends without a word broke down in the middle
            let piece = rows.recv().await.ok_or_else(read::unreadable)??;
            if piece.is_empty() {
                break;
            }
            many += piece.len();
            bytes += piece
                .iter()
                .map(|(_, cells, _)| read::weight(cells))
                .sum::<usize>();
            if many > limits::IMPORT_ROWS || bytes > limits::IMPORT_KEPT {
                return Err(read::too_large());
            }
            let piece: Vec<(i64, Value, &'static str)> = piece
                .into_iter()
                .map(|(number, cells, outcome)| (number, cells.into(), outcome))
                .collect();
            self.transact(move |_, tx| Ok(tx.keep().add_batch_lines(id, &piece)?))
                .await?;
        }
        if many == 0 {
            return Err(no_head());
        }
        self.transact(move |_, tx| {
            let row = tx.lock_batch(id)?.ok_or(Error::NotFound)?;
            Ok(tx.keep().set_batch(id, "read", &row.body)?)
        })
        .await
    }
}
