//! The program from outside: separate processes, real HTTP, both databases.
#![cfg(test)]

mod accounts;
mod approvals;
mod authz;
mod bad_input;
mod blind;
mod board;
mod broken;
mod bulk;
mod bulk_signed;
mod carrying;
mod case;
mod circulation;
mod codes;
mod command;
mod damage;
mod delegation;
mod demo;
mod destruction;
mod docs;
mod events;
mod exam;
mod export;
mod files;
mod how_to;
mod import;
mod inspecting;
mod kept;
mod labels;
mod leaving;
mod life;
mod line_of_custody;
mod losses;
mod making;
mod meeting;
mod openapi;
mod packs;
mod parts;
mod people;
mod prints;
mod races;
mod reading_log;
mod regimes;
mod registers;
mod repeats;
mod rules;
mod scan;
mod scan_fronts;
mod scan_lists;
mod search;
mod secrets;
mod self_evaluation;
mod sessions;
mod sight;
mod signatures;
mod signing;
mod signing_lines;
mod silence;
mod stock_take;
mod tokens;
mod web;

use testkit::{Server, databases};

/// The program under test.
const RUPING: &str = env!("CARGO_BIN_EXE_ruping");

/// Shows something on a fresh server of each database there is.
fn on_each_database(show: impl Fn(Server)) {
    for database in databases().unwrap() {
        println!("on {database:?}");
        show(Server::start(RUPING, database).unwrap());
    }
}

/// A fresh server on the embedded database, for what no database has a part in.
fn server() -> Server {
    Server::start(RUPING, testkit::Database::Sqlite).unwrap()
}
