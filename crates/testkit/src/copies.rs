//! Byte copies of all a server has, put back later: what a restore, or a thief of a backup, does.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::{Database, Server, Sql};

/// A copy of a data folder and, on `PostgreSQL`, of its database. The servers must not run.
#[derive(Debug)]
pub struct Copy {
    folder: TempDir,
    /// Schema of the same database that holds the copied tables, and their names.
    tables: Option<(String, Vec<String>)>,
}

impl Server {
    /// Copies everything.
    ///
    /// # Errors
    /// When something cannot be copied.
    pub fn copy_all(&self) -> Result<Copy> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let folder = TempDir::new()?;
        copy_folder(&self.data(), folder.path())?;
        let tables = match self.database() {
            Database::Sqlite => None,
            Database::Postgres { .. } => {
                let schema = format!("copy_{}", NEXT.fetch_add(1, Ordering::Relaxed));
                Some((schema.clone(), copy_tables(&mut self.sql()?, &schema)?))
            }
        };
        Ok(Copy { folder, tables })
    }

    /// Puts everything back as it was.
    ///
    /// # Errors
    /// When something cannot be put back.
    pub fn put_back(&self, copy: &Copy) -> Result<()> {
        fs::remove_dir_all(self.data())?;
        copy_folder(copy.folder.path(), &self.data())?;
        if let Some((schema, tables)) = &copy.tables {
            let mut sql = self.sql()?;
            for table in tables {
                // WHY: emptying small tables row by row takes a fraction of what TRUNCATE does
                sql.run(&format!("DELETE FROM {table}"))?;
                sql.run(&format!(
                    "INSERT INTO {table} SELECT * FROM {schema}.\"{table}\""
                ))?;
            }
        }
        Ok(())
    }

    /// Puts one folder of the data folder back (`db`, `vault`), and leaves the others as they are.
    ///
    /// # Errors
    /// When it cannot be put back.
    pub fn put_back_folder(&self, copy: &Copy, folder: &str) -> Result<()> {
        let to = self.data().join(folder);
        fs::remove_dir_all(&to)?;
        copy_folder(&copy.folder.path().join(folder), &to)
    }
}

impl Copy {
    /// Where the copied files lie.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Copies every table into a schema of its own: quicker than another database.
fn copy_tables(sql: &mut Sql, schema: &str) -> Result<Vec<String>> {
    let all = "SELECT string_agg(schemaname || '.' || tablename, ',') FROM pg_tables \
               WHERE schemaname IN ('public', 'keys')";
    let tables: Vec<String> = sql.text(all)?.split(',').map(ToOwned::to_owned).collect();
    sql.run(&format!("CREATE SCHEMA {schema}"))?;
    for table in &tables {
        sql.run(&format!(
            "CREATE TABLE {schema}.\"{table}\" AS TABLE {table}"
        ))?;
    }
    Ok(tables)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading `{}`", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
