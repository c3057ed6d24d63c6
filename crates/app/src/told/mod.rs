//! What is recorded, as people read it: on paper, in a spreadsheet.

mod cells;
mod follow;

pub(crate) use cells::{Cell, Cells, local};
pub(crate) use follow::Teller;
