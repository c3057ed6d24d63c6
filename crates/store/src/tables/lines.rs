//! The lines of a record, as the records of a kind of their own.

use super::records::{COLUMNS, RecordRow, record};
use crate::{Error, Tx, rows::Statement, values};
use domain::{Label, RecordId};

impl Tx<'_> {
    /// The lines of a record that are kept as `register`, by their numbers; those after one, and of
    /// those in some states none.
    pub fn lines(
        &mut self,
        of: RecordId,
        (register, but): (&str, &[&str]),
        after: i64,
        limit: i64,
    ) -> Result<Vec<RecordRow>, Error> {
        let mut statement = Statement::new(&format!("SELECT {COLUMNS} FROM record r"));
        push_lines(of, (register, but), &mut statement);
        statement
            .push(" AND r.line_no > ")
            .bind(after)
            .push(" ORDER BY r.line_no LIMIT ")
            .bind(limit);
        let (text, values) = statement.parts();
        self.query(text, values)?.iter().map(record).collect()
    }

    /// Those of these lines that name a record in a field, by their numbers.
    pub fn lines_naming(
        &mut self,
        of: RecordId,
        (register, but): (&str, &[&str]),
        (field, to): (&str, RecordId),
    ) -> Result<Vec<RecordRow>, Error> {
        let mut statement = Statement::new(&format!("SELECT {COLUMNS} FROM record r"));
        push_lines(of, (register, but), &mut statement);
        statement
            .push(" AND r.id IN (SELECT k.from_id FROM link k WHERE k.to_id = ")
            .bind(to)
            .push(" AND k.field = ")
            .bind(field)
            .push(") ORDER BY r.line_no LIMIT 1000");
        let (text, values) = statement.parts();
        self.query(text, values)?.iter().map(record).collect()
    }

    /// The highest number among these lines.
    pub fn last_line(&mut self, of: RecordId, register: &str) -> Result<i64, Error> {
        self.query_one(
            "SELECT COALESCE(MAX(line_no), 0) FROM record WHERE parent_id = $1 AND register = $2",
            values![of, register],
        )?
        .map_or(Ok(0), |row| row.int(0))
    }

    /// How many of these lines there are; those in some states are left out.
    pub fn count_lines(
        &mut self,
        of: RecordId,
        register: &str,
        but: &[&str],
    ) -> Result<i64, Error> {
        let mut statement = Statement::new("SELECT count(*) FROM record r");
        push_lines(of, (register, but), &mut statement);
        let (text, values) = statement.parts();
        self.query_one(text, values)?
            .map_or(Ok(0), |row| row.int(0))
    }

    /// The labels of what these lines name in a field, each once; of those in one state nothing.
    pub fn labels_of_lines(
        &mut self,
        of: RecordId,
        register: &str,
        field: &str,
        but: &str,
    ) -> Result<Vec<Label>, Error> {
        self.query(
            "SELECT DISTINCT t.label FROM record r JOIN link k ON k.from_id = r.id \
             JOIN record t ON t.id = k.to_id WHERE r.parent_id = $1 AND r.register = $2 AND k.field = $3 AND r.state <> $4",
            values![of, register, field, but],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
    }
}

/// The lines of a record that are kept as `register`, but those in some states.
fn push_lines(of: RecordId, (register, but): (&str, &[&str]), statement: &mut Statement) {
    statement
        .push(" WHERE r.parent_id = ")
        .bind(of)
        .push(" AND r.register = ")
        .bind(register);
    for state in but {
        statement.push(" AND r.state <> ").bind(*state);
    }
}
