//! Pages to be looked at before they are printed: the same as would be printed, for the same people, as
//! pictures under a watermark, without a place in the log and without an entry: they are no evidence.

use super::{GATE, PrintInput, failed};
use crate::{caller::Caller, core::App, error::Error, limits};
use prints::Previewed;
use serde_json::Value;
use std::sync::Arc;

/// Pages to look at.
#[derive(Debug)]
pub struct PreviewView {
    /// The first of them, each a picture (SVG).
    pub pages: Vec<String>,
    /// How many would be printed.
    pub total: usize,
}

impl From<Previewed> for PreviewView {
    fn from(made: Previewed) -> Self {
        Self {
            pages: made.pages,
            total: made.total,
        }
    }
}

impl App {
    /// A record on its form, to look at.
    pub async fn preview(&self, caller: &Caller, input: PrintInput) -> Result<PreviewView, Error> {
        let now = self.inner.now();
        let sheet = self.sheet(caller, &input, true, now).await?;
        self.look(sheet.layout, sheet.data).await
    }

    /// Pictures of pages; so many at once as the machine has cores for.
    pub(crate) async fn look(&self, layout: String, data: Value) -> Result<PreviewView, Error> {
        let turn = GATE.enter().await?;
        let inner = Arc::clone(&self.inner);
        let made = tokio::task::spawn_blocking(move || {
            // WHY: the turn is with the work, not with a request that may be gone
            let _turn = turn;
            let press = inner.shop.press(&inner.data)?;
            let made = press.preview(&layout, data, limits::PREVIEW_PAGES);
            made.map(PreviewView::from).map_err(failed)
        });
        made.await.map_err(Error::internal)?
    }
}
