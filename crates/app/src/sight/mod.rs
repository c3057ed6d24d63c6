//! Who sees what, tested on people and records made at random: a small world is written straight
//! into the database, and every way of reading is held against an oracle that was written from the
//! rules alone.

mod agree;
mod board;
mod branch;
mod circulation;
mod clash;
mod cost;
mod export;
mod follow;
mod lines;
mod names;
mod obey;
mod oracle;
mod order;
mod world;

use std::future::Future;

/// Shows something on each database there is; an address leads to one on a server. WHY: databases
/// are made and dropped by a client that may not run inside a runtime.
pub(crate) fn on_each_database<F: Future<Output = ()>>(show: impl Fn(Option<String>) -> F) {
    for database in testkit::databases().unwrap() {
        println!("on {database:?}");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(show(database.url()));
    }
}
