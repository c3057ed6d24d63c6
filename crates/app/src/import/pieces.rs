//! The rows of a file in pieces: its heads, found below whatever titles stand above them, and then its rows,
//! some at a time, so that no file is in memory whole.

use super::{
    read::{self, Cells},
    sheet, values,
};
use crate::{error::Error, limits};
use serde_json::Value;
use std::{
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
};
use tokio::sync::mpsc;

/// A row with how it stands: `waiting`, or taken in `before`.
pub(super) type Row = (i64, Vec<Value>, &'static str);

pub(super) type Rows = mpsc::Receiver<Result<Vec<Row>, Error>>;

/// Reads a file on a thread of its own: first its heads, then its rows, some at a time.
pub(super) fn reader(bytes: Vec<u8>, held: impl Send + 'static) -> Rows {
    let (send, rows) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        let _held = held;
        // WHY: what others wrote reads what strangers send; a panic is one more unreadable file
        let read = catch_unwind(AssertUnwindSafe(|| send_rows(&bytes, &send)));
        if let Err(error) = read.unwrap_or_else(|_| Err(read::unreadable())) {
            drop(send.blocking_send(Err(error)));
        }
    });
    rows
}

/// Sends every piece, and an empty one when this was all.
fn send_rows(bytes: &[u8], send: &mpsc::Sender<Result<Vec<Row>, Error>>) -> Result<(), Error> {
    let mut pieces = Pieces::default();
    read::rows(bytes, &mut |row| match pieces.take(row) {
        Some(piece) => match send.blocking_send(Ok(piece)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        },
        None => ControlFlow::Continue(()),
    })?;
    if !pieces.has_heads && pieces.first.is_empty() {
        return Err(super::no_head());
    }
    for piece in pieces.rest().into_iter().chain([Vec::new()]) {
        drop(send.blocking_send(Ok(piece)));
    }
    Ok(())
}

/// Finds the heads among the first rows, and puts the others together into pieces.
#[derive(Default)]
struct Pieces {
    first: Vec<Cells>,
    has_heads: bool,
    result: Option<usize>,
    piece: Vec<Row>,
}

impl Pieces {
    fn take(&mut self, row: Cells) -> Option<Vec<Row>> {
        if !self.has_heads {
            // WHY: a title, or the mark of a file that was taken out, may stand above them
            let is_head = row.1.iter().filter(|cell| !cell.is_null()).count() > 1;
            if is_head {
                self.first.clear();
                return Some(self.head(row));
            }
            self.first.push(row);
            return (self.first.len() >= limits::IMPORT_TITLES).then(|| self.narrow())?;
        }
        // WHY: what became a record then is not taken in again, and nothing goes on with what stands above it
        let outcome = if self.is_done(&row) {
            "before"
        } else {
            "waiting"
        };
        self.piece.push((row.0, row.1, outcome));
        (self.piece.len() >= limits::IMPORT_PIECE).then(|| std::mem::take(&mut self.piece))
    }

    /// A table of one column has its heads in its first row.
    fn narrow(&mut self) -> Option<Vec<Row>> {
        let mut first = std::mem::take(&mut self.first).into_iter();
        let head = first.next()?;
        self.piece
            .extend(first.map(|(number, cells)| (number, cells, "waiting")));
        Some(self.head(head))
    }

    fn head(&mut self, row: Cells) -> Vec<Row> {
        self.has_heads = true;
        let mut heads = row.1.iter().map(values::words);
        self.result = heads.position(|head| sheet::is_result(&head));
        vec![(row.0, row.1, "waiting")]
    }

    /// A row of a file that came back, which became a record then.
    fn is_done(&self, (_, cells): &Cells) -> bool {
        let cell = self.result.and_then(|at| cells.get(at));
        cell.and_then(Value::as_str)
            .is_some_and(|said| said.starts_with(sheet::DONE))
    }

    /// What is left at the end.
    fn rest(mut self) -> Vec<Vec<Row>> {
        let head = if self.has_heads { None } else { self.narrow() };
        let rest = (!self.piece.is_empty()).then_some(self.piece);
        head.into_iter().chain(rest).collect()
    }
}
