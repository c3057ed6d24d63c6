//! How much of a hostile file is read, and what the caller lends the library: a stop-watch and eyes for pictures.

use std::fmt;
use std::sync::Arc;

use crate::Cause;

/// Says that there is no more time. WHY a trait: the library has no clock of its own, so that its tests need none.
pub trait Stop: Send + Sync {
    /// Whether reading has to end now; asked often, so it has to be cheap.
    fn now(&self) -> bool;
}

/// Reads pictures of pages.
pub trait Ocr: Send + Sync {
    /// The text on a picture (PNG, JPEG, TIFF … as it lay in the file); an empty one where there is none on it. `stop`
    /// says when the file's time is over, which may be while the picture is being read.
    ///
    /// # Errors
    /// Why it was not read.
    fn text(&self, picture: &[u8], stop: Option<&dyn Stop>) -> Result<String, Cause>;
}

/// Limits of one file, with everything that lies inside it.
#[derive(Clone)]
pub struct Limits {
    /// Bytes of the file itself. Beyond, only plain text is read, and only so far.
    pub input: usize,
    /// Bytes of extracted text.
    pub text: usize,
    /// Bytes that all containers inside may unpack to, together.
    pub unpacked: u64,
    /// Bytes unpacked for each byte of a container, once it has unpacked more than a megabyte.
    pub ratio: u64,
    /// Files inside files inside files.
    pub depth: usize,
    /// Members of all containers together.
    pub members: usize,
    /// Findings that are told; beyond, they are counted only.
    pub findings: usize,
    /// Who says that the time is over.
    pub stop: Option<Arc<dyn Stop>>,
    /// Who reads pictures; without, they are told as unread.
    pub ocr: Option<Arc<dyn Ocr>>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            input: 64 << 20,
            text: 32 << 20,
            unpacked: 128 << 20,
            ratio: 200,
            depth: 12,
            members: 10_000,
            findings: 1_000,
            stop: None,
            ocr: None,
        }
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits")
            .field("input", &self.input)
            .field("text", &self.text)
            .field("unpacked", &self.unpacked)
            .field("ratio", &self.ratio)
            .field("depth", &self.depth)
            .field("members", &self.members)
            .field("findings", &self.findings)
            .field("stop", &self.stop.is_some())
            .field("ocr", &self.ocr.is_some())
            .finish()
    }
}
