//! Who sees what, tested on people and records made at random: a small world is written straight
//! into the database, and every way of reading is held against an oracle that was written from the
//! rules alone.

mod agree;
mod clash;
mod cost;
mod obey;
mod oracle;
mod world;
