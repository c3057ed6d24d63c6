//! How much of what a corpus is known to hold is in its text and on its pictures, as tesseract reads them: `cargo run -p scan
//! --release --example pictures FOLDER [FORMAT]`.
#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a tool that is run by hand"
)]

#[path = "../../inspect/examples/corpus/measure.rs"]
mod measure;

use std::path::Path;
use std::sync::Arc;

use inspect::Limits;
use scan::Tesseract;

fn main() {
    let mut args = std::env::args().skip(1);
    let (folder, only) = (args.next().unwrap(), args.next());
    let tesseract = Tesseract::find(Path::new("tesseract")).unwrap();
    println!("{}", tesseract.kind());
    let limits = Limits {
        ocr: Some(Arc::new(tesseract)),
        ..Limits::default()
    };
    measure::of(&folder, only.as_deref(), &limits);
}
