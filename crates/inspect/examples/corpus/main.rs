//! How much of what a corpus is known to hold is in the extracted text: `cargo run -p inspect --release --example corpus
//! FOLDER [FORMAT]`. With pictures: `cargo run -p scan --release --example pictures`.
#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a tool that is run by hand"
)]

mod measure;

fn main() {
    let mut args = std::env::args().skip(1);
    let (folder, only) = (args.next().unwrap(), args.next());
    measure::of(&folder, only.as_deref(), &inspect::Limits::default());
}
