//! What fails on a `PostgreSQL` server is told without values: whatever its error says besides
//! SQLSTATE and names of the schema.

use super::*;
use std::fmt::Write as _;
use tokio::runtime::Builder;

const SECRET: &str = "牡丹江会谈纪要-QZ7";

/// All that an error can say, anywhere.
fn everything(error: &Error) -> String {
    let mut said = format!("{error} {error:?}");
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        write!(said, " {source} {source:?}").unwrap();
        next = source.source();
    }
    said
}

fn said_of(store: &Store, statement: String) -> String {
    let runtime = Builder::new_current_thread().build().unwrap();
    let failed: Result<(), Error> =
        runtime.block_on(store.transact(move |tx| tx.script(&statement)));
    everything(&failed.unwrap_err())
}

#[test]
fn gap_6_a_failure_of_the_server_tells_no_value() {
    for database in testkit::databases().unwrap() {
        let Some(url) = database.url() else { continue };
        let options = StoreOptions {
            database: Database::Postgres {
                url: SecretString::new(url),
            },
            create: true,
        };
        let store = Store::open(&options).unwrap();
        let twice =
            format!("INSERT INTO meta (key, value) VALUES ('{SECRET}', ''), ('{SECRET}', '')");
        let said = said_of(&store, twice);
        assert!(said.contains("SQLSTATE 23505"), "{said}");
        assert!(said.contains("constraint `meta_pkey`"), "{said}");
        assert!(!said.contains(SECRET), "{said}");
        let raised = format!(
            "DO $$ BEGIN RAISE EXCEPTION '{SECRET}' USING DETAIL = '{SECRET}', HINT = '{SECRET}'; END $$"
        );
        let cast = format!("SELECT '{SECRET}'::integer");
        let syntax = format!("SELECT {SECRET}");
        for (statement, state) in [(raised, "P0001"), (cast, "22P02"), (syntax, "42")] {
            let said = said_of(&store, statement);
            assert!(said.contains(&format!("SQLSTATE {state}")), "{said}");
            assert!(!said.contains(SECRET), "{said}");
        }
    }
}

#[test]
fn gap_6_an_address_that_is_none_is_not_repeated() {
    let url = format!("postgres://ruping:{SECRET}@127.0.0.1:no/ruping?{SECRET}=1");
    let options = StoreOptions {
        database: Database::Postgres {
            url: SecretString::new(url),
        },
        create: true,
    };
    let said = everything(&Store::open(&options).unwrap_err());
    assert!(said.contains("invalid connection string"), "{said}");
    assert!(!said.contains(SECRET), "{said}");
}
