//! Has the pages embedded again when they were built again: the compiler sees what changes in files it
//! has read, not what is new beside them.

use std::path::Path;

fn main() {
    let built = Path::new("../../web/dist");
    if !built.is_dir() {
        // WHY: cargo takes what is missing for changed, and would compile this crate at every turn
        drop(std::fs::create_dir(built));
    }
    let watched = if built.is_dir() {
        built
    } else {
        Path::new("build.rs")
    };
    println!("cargo::rerun-if-changed={}", watched.display());
}
