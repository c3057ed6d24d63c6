//! A transaction as the tables see it: the same calls on both databases.

use super::KeyFile;
use crate::{
    Error,
    rows::{Dialect, Row, Value},
    sql::to_sqlite,
};
use std::collections::{BTreeSet, HashMap};

/// The connection a transaction runs on.
pub(crate) enum Link<'a> {
    /// Inside the writer's batch or a reader's snapshot.
    Lite(&'a rusqlite::Connection),
    /// A transaction of its own, and the connection's prepared statements.
    Pg(postgres::Transaction<'a>, &'a mut Statements),
}

/// Prepared statements of one `PostgreSQL` connection by their text.
pub(crate) type Statements = HashMap<String, postgres::Statement>;

/// Object keys made or erased inside a batch on `SQLite`; on `PostgreSQL` the schema `keys` of the same
/// database holds them and these stay empty.
/// INVARIANT: no object is in both.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    /// New wrapped keys by object id.
    pub(crate) new: HashMap<String, Vec<u8>>,
    /// Objects whose key goes after the commit.
    pub(crate) erased: BTreeSet<String>,
    /// What stood there before the changes of one request, to take them back one by one.
    /// WHY: not a copy of all, which every request of a batch would have to make.
    before: Vec<(String, Known)>,
}

/// What a batch knows of an object's key.
#[derive(Clone, Debug)]
enum Known {
    Nothing,
    New(Vec<u8>),
    Erased,
}

impl Keys {
    pub(crate) fn put(&mut self, object: &str, wrapped: &[u8]) {
        self.set(object, Known::New(wrapped.to_vec()));
    }

    pub(crate) fn erase(&mut self, object: &str) {
        self.set(object, Known::Erased);
    }

    /// A request begins.
    pub(crate) fn mark(&mut self) {
        self.before.clear();
    }

    /// The changes since the mark are undone, the last one first.
    pub(crate) fn take_back(&mut self) {
        while let Some((object, known)) = self.before.pop() {
            self.swap(&object, known);
        }
    }

    fn set(&mut self, object: &str, known: Known) {
        let before = self.swap(object, known);
        self.before.push((object.to_owned(), before));
    }

    fn swap(&mut self, object: &str, known: Known) -> Known {
        let before = match (self.new.remove(object), self.erased.remove(object)) {
            (Some(wrapped), _) => Known::New(wrapped),
            (None, true) => Known::Erased,
            (None, false) => Known::Nothing,
        };
        match known {
            Known::New(wrapped) => drop(self.new.insert(object.to_owned(), wrapped)),
            Known::Erased => drop(self.erased.insert(object.to_owned())),
            Known::Nothing => {}
        }
        before
    }
}

/// One transaction. It is handed to a closure and ends with it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that somebody else asks for"
)]
pub struct Tx<'a> {
    pub(crate) link: Link<'a>,
    pub(crate) keys: &'a mut Keys,
    /// The key file of an embedded database.
    pub(crate) key_file: Option<&'a KeyFile>,
    /// Only what is committed is visible: a reader's transaction.
    committed: bool,
    kek_added: bool,
    statements: u64,
    wrote: bool,
    broken: bool,
    damaged: bool,
    collided: bool,
}

impl std::fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx")
            .field("statements", &self.statements)
            .finish_non_exhaustive()
    }
}

impl<'a> Tx<'a> {
    pub(crate) fn new(link: Link<'a>, keys: &'a mut Keys) -> Self {
        Self {
            link,
            keys,
            key_file: None,
            committed: false,
            kek_added: false,
            statements: 0,
            wrote: false,
            broken: false,
            damaged: false,
            collided: false,
        }
    }

    /// Marks the transaction of a reader.
    pub(crate) fn of_reader(mut self) -> Self {
        self.committed = true;
        self
    }

    pub(crate) fn with_key_file(mut self, file: &'a KeyFile) -> Self {
        self.key_file = Some(file);
        self
    }

    /// A statement has failed: on `PostgreSQL` nothing of the transaction can be kept any more, and
    /// its commit would silently be a rollback; on `SQLite` half of a change would be.
    pub fn broken(&self) -> bool {
        self.broken
    }

    /// A statement that may change something was begun, whether it succeeded or not.
    pub(crate) fn wrote(&self) -> bool {
        self.wrote
    }

    /// A page that a statement needed is damaged.
    pub(crate) fn damaged(&self) -> bool {
        self.damaged
    }

    /// Whether this transaction sees nothing but what is committed, so that what it reads may be
    /// kept beyond it. A writer also sees what may still be taken back.
    #[must_use]
    pub fn sees_only_committed(&self) -> bool {
        self.committed
    }

    /// Whether this transaction has added a key-encryption key.
    #[must_use]
    pub fn kek_added(&self) -> bool {
        self.kek_added
    }

    pub(crate) fn note_kek(&mut self) {
        self.kek_added = true;
    }

    /// Another transaction was in the way of a statement.
    pub(crate) fn collided(&self) -> bool {
        self.collided
    }

    /// Counts a statement and notes its failure.
    fn counted<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        self.statements += 1;
        self.broken |= result.is_err();
        self.damaged |= matches!(result, Err(Error::DamagedPage));
        self.collided |= matches!(result, Err(Error::Collided));
        result
    }

    /// Ends a transaction of `PostgreSQL`; the writer of `SQLite` ends its own batch.
    pub(crate) fn commit(self) -> Result<(), Error> {
        match self.link {
            Link::Lite(_) => Ok(()),
            Link::Pg(transaction, _) => Ok(transaction.commit()?),
        }
    }

    /// Takes a transaction of `PostgreSQL` back.
    pub(crate) fn rollback(self) -> Result<(), Error> {
        match self.link {
            Link::Lite(_) => Ok(()),
            Link::Pg(transaction, _) => Ok(transaction.rollback()?),
        }
    }

    /// Which database this is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self.link {
            Link::Lite(_) => Dialect::Sqlite,
            Link::Pg(..) => Dialect::Postgres,
        }
    }

    /// How many statements this transaction has run; hidden and absent records must cost the same.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements
    }

    /// Runs a query and gives all rows; callers bound the result by `LIMIT`.
    pub(crate) fn query(&mut self, text: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        let rows = match &mut self.link {
            Link::Lite(connection) => lite_query(connection, text, values, &mut self.wrote),
            Link::Pg(transaction, cache) => pg_query(transaction, cache, text, values),
        };
        self.counted(rows)
    }

    /// At most one row.
    pub(crate) fn query_one(&mut self, text: &str, values: &[Value]) -> Result<Option<Row>, Error> {
        Ok(self.query(text, values)?.into_iter().next())
    }

    /// Runs a statement and tells how many rows it touched.
    pub(crate) fn execute(&mut self, text: &str, values: &[Value]) -> Result<u64, Error> {
        self.wrote = true;
        let touched = match &mut self.link {
            Link::Lite(connection) => lite_execute(connection, text, values),
            Link::Pg(transaction, cache) => prepared(transaction, cache, text).and_then(|ready| {
                transaction
                    .execute(&ready, &parameters(values))
                    .map_err(Error::from)
            }),
        };
        self.counted(touched)
    }

    /// Runs several statements without parameters (migrations).
    pub(crate) fn script(&mut self, text: &str) -> Result<(), Error> {
        self.wrote = true;
        let done = match &mut self.link {
            Link::Lite(connection) => connection.execute_batch(text).map_err(Error::from_sqlite),
            Link::Pg(transaction, _) => transaction.batch_execute(text).map_err(Error::from),
        };
        self.counted(done)
    }

    /// The stored key of an object, from the key file or the schema that holds the keys.
    pub(crate) fn stored_key(&mut self, object: &str) -> Result<Option<Vec<u8>>, Error> {
        if let Some(file) = self.key_file {
            let found = file.get(object);
            return self.counted(found);
        }
        self.query_one(
            "SELECT wrapped FROM keys.object_key WHERE id = $1",
            &[Value::from(object)],
        )?
        .map(|row| row.blob(0))
        .transpose()
    }

    /// `FOR UPDATE` where rows are locked one by one; on `SQLite` the writer is alone anyway, and a reader
    /// sees what it reads as it was when it began.
    pub(crate) fn for_update(&self) -> &'static str {
        match self.dialect() {
            Dialect::Postgres if !self.committed => " FOR UPDATE",
            Dialect::Sqlite | Dialect::Postgres => "",
        }
    }
}

fn prepared(
    transaction: &mut postgres::Transaction<'_>,
    cache: &mut Statements,
    text: &str,
) -> Result<postgres::Statement, Error> {
    if let Some(statement) = cache.get(text) {
        return Ok(statement.clone());
    }
    let statement = transaction.prepare(text)?;
    if cache.len() >= crate::limits::STATEMENTS {
        cache.clear();
    }
    cache.insert(text.to_owned(), statement.clone());
    Ok(statement)
}

fn parameters(values: &[Value]) -> Vec<&(dyn postgres::types::ToSql + Sync)> {
    values
        .iter()
        .map(|x| x as &(dyn postgres::types::ToSql + Sync))
        .collect()
}

fn pg_query(
    transaction: &mut postgres::Transaction<'_>,
    cache: &mut Statements,
    text: &str,
    values: &[Value],
) -> Result<Vec<Row>, Error> {
    let ready = prepared(transaction, cache, text)?;
    let rows = transaction.query(&ready, &parameters(values))?;
    rows.iter().map(pg_row).collect()
}

fn lite_execute(
    connection: &rusqlite::Connection,
    text: &str,
    values: &[Value],
) -> Result<u64, Error> {
    connection
        .prepare_cached(&to_sqlite(text))
        .and_then(|mut ready| ready.execute(rusqlite::params_from_iter(values)))
        .map(|touched| touched as u64)
        .map_err(Error::from_sqlite)
}

fn lite_query(
    connection: &rusqlite::Connection,
    text: &str,
    values: &[Value],
    wrote: &mut bool,
) -> Result<Vec<Row>, Error> {
    let mut statement = connection
        .prepare_cached(&to_sqlite(text))
        .map_err(Error::from_sqlite)?;
    *wrote |= !statement.readonly();
    let width = statement.column_count();
    let mut rows = statement
        .query(rusqlite::params_from_iter(values))
        .map_err(Error::from_sqlite)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next().map_err(Error::from_sqlite)? {
        let mut columns = Vec::with_capacity(width);
        for column in 0..width {
            columns.push(lite_value(
                row.get_ref(column).map_err(Error::from_sqlite)?,
                column,
            )?);
        }
        out.push(Row(columns));
    }
    Ok(out)
}

fn lite_value(value: rusqlite::types::ValueRef<'_>, column: usize) -> Result<Value, Error> {
    use rusqlite::types::ValueRef;
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(x) => Value::Int(x),
        ValueRef::Real(_) => return Err(Error::Corrupt { column }),
        ValueRef::Text(x) => Value::Text(
            std::str::from_utf8(x)
                .map_err(|_| Error::Corrupt { column })?
                .to_owned(),
        ),
        ValueRef::Blob(x) => Value::Blob(x.to_vec()),
    })
}

fn pg_row(row: &postgres::Row) -> Result<Row, Error> {
    use postgres::types::Type;
    let mut columns = Vec::with_capacity(row.len());
    for (at, column) in row.columns().iter().enumerate() {
        let value = match *column.type_() {
            Type::INT8 => Value::from(row.try_get::<_, Option<i64>>(at)?),
            Type::INT4 => Value::from(row.try_get::<_, Option<i32>>(at)?.map(i64::from)),
            Type::BYTEA => Value::from(row.try_get::<_, Option<Vec<u8>>>(at)?),
            _ => Value::from(row.try_get::<_, Option<String>>(at)?),
        };
        columns.push(value);
    }
    Ok(Row(columns))
}

#[cfg(test)]
mod tests {
    use super::Keys;

    /// A request of a batch that fails takes back its own keys and no others.
    #[test]
    fn keys_are_taken_back_to_the_mark() {
        let mut keys = Keys::default();
        keys.mark();
        keys.put("kept", b"one");
        keys.erase("gone");
        keys.mark();
        keys.put("kept", b"two");
        keys.put("gone", b"again");
        keys.erase("kept");
        keys.put("new", b"key");
        keys.take_back();
        assert_eq!(keys.new.len(), 1);
        assert_eq!(keys.new.get("kept").map(Vec::as_slice), Some(&b"one"[..]));
        assert_eq!(keys.erased.iter().collect::<Vec<_>>(), ["gone"]);
    }
}
