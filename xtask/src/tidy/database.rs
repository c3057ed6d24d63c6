//! SQL and database crates appear in `store` only, in `testkit`, which damages databases, and, as
//! far as SQL goes, in the tests from outside, which say to `testkit` what to damage.

use super::Finding;
use super::lexer::{Kind, Piece, pieces};
use crate::house::File;

/// The crates that may speak to a database.
const ROOMS: [&str; 2] = ["store", "testkit"];

/// Where the tests from outside are.
const TESTS: &str = "crates/ruping/tests/";

const CRATES: [&str; 4] = ["sqlx", "rusqlite", "postgres", "tokio_postgres"];

/// Words that, in this order in one literal, make it SQL. Upper-case ones are taken as they stand.
const STATEMENTS: [&[&str]; 12] = [
    &["SELECT", "FROM"],
    &["INSERT", "INTO"],
    &["UPDATE", "SET"],
    &["DELETE", "FROM"],
    &["CREATE", "TABLE"],
    &["CREATE", "INDEX"],
    &["ALTER", "TABLE"],
    &["DROP", "TABLE"],
    &["BEGIN", "IMMEDIATE"],
    &["PRAGMA"],
    &["GROUP", "BY"],
    &["ORDER", "BY"],
];

/// Lower-case words are SQL only if the literal also looks like it: prose deletes from lists too.
const LOOKS: [&str; 6] = [" where ", " values", "*", "$1", "?", ";"];

/// Uses of a database where none may be.
pub(super) fn check(file: &File) -> Vec<Finding> {
    let guarded = file.room().is_some_and(|room| !ROOMS.contains(&room));
    if !guarded || file.extension() != "rs" {
        return Vec::new();
    }
    let pieces = pieces(&file.text);
    pieces
        .iter()
        .filter_map(|piece| judge(file, piece))
        .collect()
}

fn judge(file: &File, piece: &Piece) -> Option<Finding> {
    match piece.kind {
        Kind::Comment => None,
        Kind::Code => {
            let name = used_crate(&piece.text)?;
            let say = format!("`{name}` outside `store`: ask it for a function");
            Some(Finding::new(file, piece.line, say))
        }
        Kind::Literal => {
            let allowed = file.path.starts_with(TESTS);
            (!allowed && is_sql(&piece.text))
                .then(|| Finding::new(file, piece.line, "SQL outside `store`"))
        }
    }
}

/// The database crate with which a path in a line of code begins.
fn used_crate(code: &str) -> Option<&'static str> {
    let mut heads = Vec::new();
    let mut continued = false;
    let mut parts = code.split("::").peekable();
    while let Some(part) = parts.next() {
        let is_word = |char: char| char.is_alphanumeric() || char == '_';
        let tail = part.rsplit(|char| !is_word(char)).next().unwrap_or(part);
        let begins_here = !continued || tail.len() < part.len();
        if begins_here && parts.peek().is_some() {
            heads.push(tail);
        }
        continued = true;
    }
    CRATES.into_iter().find(|name| heads.contains(name))
}

fn is_sql(literal: &str) -> bool {
    let words = words(literal);
    if STATEMENTS
        .iter()
        .any(|statement| in_order(&words, statement))
    {
        return true;
    }
    let lower = literal.to_lowercase();
    let looks = LOOKS.iter().any(|look| lower.contains(look));
    let upper = lower.to_uppercase();
    let words = self::words(&upper);
    looks
        && STATEMENTS.iter().any(|statement| {
            statement.len() > 1 && words.first() == statement.first() && in_order(&words, statement)
        })
}

fn words(text: &str) -> Vec<&str> {
    text.split(|char: char| !char.is_alphanumeric() && char != '_')
        .filter(|word| !word.is_empty())
        .collect()
}

fn in_order(words: &[&str], statement: &[&str]) -> bool {
    let mut words = words.iter();
    statement
        .iter()
        .all(|wanted| words.any(|word| word == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, code: &str) -> Vec<String> {
        let findings = check(&File::new(path, code)).into_iter();
        findings.map(|finding| finding.say).collect()
    }

    #[test]
    fn sql_is_found_in_any_shape() {
        for sql in [
            "SELECT id\n FROM record",
            "insert into record values ($1)",
            "select * from record",
            "delete from record where id = ?",
            "PRAGMA journal_mode",
            "WITH a AS (SELECT 1 FROM b) SELECT 1",
            "update record set state = $1",
        ] {
            let code = format!("run(\"{sql}\");");
            assert_eq!(
                found("crates/app/src/a.rs", &code),
                ["SQL outside `store`"],
                "{sql}"
            );
        }
    }

    #[test]
    fn prose_is_not_sql() {
        for prose in [
            "select a record from the list",
            "delete the copy from the holding",
            "the set to update",
            "cannot insert the page into the file",
        ] {
            let code = format!("say(\"{prose}\");");
            assert_eq!(found("crates/app/src/a.rs", &code), [""; 0], "{prose}");
        }
    }

    #[test]
    fn database_crates_are_found_in_paths_only() {
        let path = "crates/api/src/a.rs";
        let wrong = ["`rusqlite` outside `store`: ask it for a function"];
        assert_eq!(found(path, "use rusqlite::Connection;"), wrong);
        assert_eq!(found(path, "let c = rusqlite::Connection::open(p);"), wrong);
        assert_eq!(
            found(path, "let url = \"postgres://\"; // rusqlite::x"),
            [""; 0]
        );
        assert_eq!(found(path, "let postgres = Backend::postgres;"), [""; 0]);
        assert_eq!(found(path, "crate::postgres::start();"), [""; 0]);
        assert_eq!(found(path, "a::b(sqlx::c)").len(), 1);
    }

    #[test]
    fn the_rooms_of_the_database_are_free() {
        let code = "rusqlite::open(\"SELECT a FROM b\")";
        assert_eq!(found("crates/store/src/a.rs", code), [""; 0]);
        assert_eq!(found("crates/testkit/src/a.rs", code), [""; 0]);
        assert_eq!(found("xtask/src/a.rs", code), [""; 0]);
        assert_eq!(found("crates/cli/src/a.rs", code).len(), 2);
        assert_eq!(found("crates/ruping/tests/it/a.rs", code).len(), 1);
        assert_eq!(found("crates/ruping/src/a.rs", code).len(), 2);
    }
}
