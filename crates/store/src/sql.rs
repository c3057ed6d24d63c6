//! Values, rows and statement fragments that both databases understand.
//!
//! SQL is written once, with `$1` placeholders, in a subset that means the same on both sides:
//! TEXT, BIGINT and blobs; `ON CONFLICT`; `RETURNING`. Where a statement must differ, it says so
//! through [`Dialect`].

use crate::Error;
use postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use std::sync::Arc;

/// Which database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Embedded, encrypted by `SQLCipher`.
    Sqlite,
    /// A server.
    Postgres,
}

/// A value on its way into or out of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// BIGINT; booleans are 0 and 1, instants are milliseconds since 1970.
    Int(i64),
    /// TEXT; ids and JSON too.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
    /// A set of integers, on its way in only: an array on `PostgreSQL`, a JSON text on `SQLite`.
    Ints(Arc<Ints>),
}

/// A set of integers that a statement takes as one value, however many they are: the text of the
/// statement stays the same, and the database makes its own lookup of them.
#[derive(Debug, PartialEq, Eq)]
pub struct Ints {
    sorted: Vec<i64>,
    json: String,
}

impl Ints {
    /// The set of these numbers.
    #[must_use]
    pub fn new(mut numbers: Vec<i64>) -> Self {
        numbers.sort_unstable();
        numbers.dedup();
        let text: Vec<String> = numbers.iter().map(i64::to_string).collect();
        Self {
            json: format!("[{}]", text.join(",")),
            sorted: numbers,
        }
    }

    /// Its numbers, smallest first.
    #[must_use]
    pub fn numbers(&self) -> &[i64] {
        &self.sorted
    }

    /// Whether the number is in it.
    #[must_use]
    pub fn contains(&self, number: i64) -> bool {
        self.sorted.binary_search(&number).is_ok()
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }
}

macro_rules! value_from {
    ($($from:ty => |$x:ident| $make:expr;)*) => {
        $(impl From<$from> for Value { fn from($x: $from) -> Self { $make } })*
    };
}
value_from! {
    i64 => |x| Self::Int(x);
    u32 => |x| Self::Int(i64::from(x));
    bool => |x| Self::Int(i64::from(x));
    &str => |x| Self::Text(x.to_owned());
    &String => |x| Self::Text(x.clone());
    String => |x| Self::Text(x);
    Vec<u8> => |x| Self::Blob(x);
    &[u8] => |x| Self::Blob(x.to_vec());
    jiff::Timestamp => |x| Self::Int(x.as_millisecond());
    &serde_json::Value => |x| Self::Text(x.to_string());
    &Arc<Ints> => |x| Self::Ints(Arc::clone(x));
}
macro_rules! value_from_id {
    ($($id:ident),*) => { $(
        impl From<domain::$id> for Value { fn from(id: domain::$id) -> Self { Self::Text(id.to_string()) } }
    )* };
}
value_from_id!(
    RecordId, EntryId, AccountId, PersonId, UnitId, ApprovalId, FileId, ObjectId, ClockId, JobId,
    TokenId, VersionId
);

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(x: Option<T>) -> Self {
        x.map_or(Self::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(x) => ValueRef::Integer(*x),
            Self::Text(x) => ValueRef::Text(x.as_bytes()),
            Self::Blob(x) => ValueRef::Blob(x),
            Self::Ints(x) => ValueRef::Text(x.json.as_bytes()),
        }))
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(x) => x.to_sql(ty, out),
            Self::Text(x) => x.to_sql(ty, out),
            Self::Blob(x) => x.to_sql(ty, out),
            Self::Ints(x) => x.sorted.to_sql(ty, out),
        }
    }
    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA, Type::INT8_ARRAY].contains(ty)
    }
    to_sql_checked!();
}

/// One row of a result, read by position.
#[derive(Clone, Debug)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    fn at(&self, column: usize) -> Result<&Value, Error> {
        self.0.get(column).ok_or(Error::Corrupt { column })
    }

    /// A TEXT column that must be there.
    pub fn text(&self, column: usize) -> Result<String, Error> {
        self.opt_text(column)?.ok_or(Error::Corrupt { column })
    }

    /// A TEXT column or NULL.
    pub fn opt_text(&self, column: usize) -> Result<Option<String>, Error> {
        match self.at(column)? {
            Value::Text(x) => Ok(Some(x.clone())),
            Value::Null => Ok(None),
            Value::Int(_) | Value::Blob(_) | Value::Ints(_) => Err(Error::Corrupt { column }),
        }
    }

    /// A BIGINT column that must be there.
    pub fn int(&self, column: usize) -> Result<i64, Error> {
        self.opt_int(column)?.ok_or(Error::Corrupt { column })
    }

    /// A BIGINT column or NULL.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, Error> {
        match self.at(column)? {
            Value::Int(x) => Ok(Some(*x)),
            Value::Null => Ok(None),
            Value::Text(_) | Value::Blob(_) | Value::Ints(_) => Err(Error::Corrupt { column }),
        }
    }

    /// A blob column that must be there.
    pub fn blob(&self, column: usize) -> Result<Vec<u8>, Error> {
        match self.at(column)? {
            Value::Blob(x) => Ok(x.clone()),
            Value::Null | Value::Int(_) | Value::Text(_) | Value::Ints(_) => {
                Err(Error::Corrupt { column })
            }
        }
    }

    /// A blob column or NULL.
    pub fn opt_blob(&self, column: usize) -> Result<Option<Vec<u8>>, Error> {
        match self.at(column)? {
            Value::Blob(x) => Ok(Some(x.clone())),
            Value::Null => Ok(None),
            Value::Int(_) | Value::Text(_) | Value::Ints(_) => Err(Error::Corrupt { column }),
        }
    }

    /// A TEXT column parsed into an id, a key or another small type.
    pub fn parse<T: std::str::FromStr>(&self, column: usize) -> Result<T, Error> {
        self.text(column)?
            .parse()
            .map_err(|_| Error::Corrupt { column })
    }

    /// As [`Row::parse`], or NULL.
    pub fn opt_parse<T: std::str::FromStr>(&self, column: usize) -> Result<Option<T>, Error> {
        self.opt_text(column)?
            .map(|x| x.parse().map_err(|_| Error::Corrupt { column }))
            .transpose()
    }

    /// A TEXT column holding JSON.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: usize) -> Result<T, Error> {
        serde_json::from_str(&self.text(column)?).map_err(|_| Error::Corrupt { column })
    }

    /// A BIGINT column holding milliseconds since 1970.
    pub fn instant(&self, column: usize) -> Result<jiff::Timestamp, Error> {
        self.opt_instant(column)?.ok_or(Error::Corrupt { column })
    }

    /// As [`Row::instant`], or NULL.
    pub fn opt_instant(&self, column: usize) -> Result<Option<jiff::Timestamp>, Error> {
        self.opt_int(column)?
            .map(|ms| jiff::Timestamp::from_millisecond(ms).map_err(|_| Error::Corrupt { column }))
            .transpose()
    }
}

/// A statement built piece by piece: text with placeholders and the values that fill them.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    text: String,
    values: Vec<Value>,
}

impl Statement {
    /// Starts with fixed text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            values: Vec::new(),
        }
    }

    /// Adds fixed text.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Puts fixed text before all.
    pub fn wrap(&mut self, text: &str) -> &mut Self {
        self.text.insert_str(0, text);
        self
    }

    /// Adds a placeholder and its value.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push_str(&format!("${}", self.values.len()));
        self
    }

    /// Adds a test for being in a set of integers.
    pub fn one_of(&mut self, dialect: Dialect, set: &Arc<Ints>) -> &mut Self {
        match dialect {
            // WHY: a plain parameter there, which the planner hashes; a subquery would be a join
            Dialect::Postgres => self.push(" = ANY(").bind(set).push(")"),
            Dialect::Sqlite => self
                .push(" IN (SELECT value FROM json_each(")
                .bind(set)
                .push("))"),
        }
    }

    /// Adds `(a, b, …)` to test for being one of these; an empty list matches nothing.
    pub fn list(&mut self, values: impl IntoIterator<Item = impl Into<Value>>) -> &mut Self {
        self.push("(NULL");
        for value in values {
            self.push(", ").bind(value);
        }
        self.push(")")
    }

    /// The finished text and values.
    #[must_use]
    pub fn parts(&self) -> (&str, &[Value]) {
        (&self.text, &self.values)
    }
}

/// `SQLite` names its numbered placeholders `?1`; everything else of the text is the same.
pub(crate) fn to_sqlite(text: &str) -> String {
    // SQLite's LIKE does not mind the case of Latin letters; ILIKE is PostgreSQL's word for that
    text.replace('$', "?").replace(" ILIKE ", " LIKE ")
}

/// Shorthand for a list of values.
#[macro_export]
macro_rules! values {
    ($($x:expr),* $(,)?) => { &[$($crate::rows::Value::from($x)),*] };
}
