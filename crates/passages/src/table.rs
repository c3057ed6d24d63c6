//! A table of exact values in a file: `RUPASTB1`; salt (16); check value of the key (16); the table
//! ([`inspect::exact::Table::to_bytes`]) as one sealed part. Cells are hashed with a key of this file alone.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use inspect::exact::{Head, Key as Cells, Making, Table};

use crate::bytes::Rest;
use crate::key::{Key, Label, Part, SALT_BYTES, Salt, TAG_BYTES};
use crate::limits::TABLE_BYTES_MOST;
use crate::list::replace;
use crate::{Error, Random};

const MAGIC: &[u8; 8] = b"RUPASTB1";

/// A table that is being made for a file.
#[derive(Debug)]
pub struct NewTable {
    salt: Salt,
    making: Making,
}

impl NewTable {
    /// A table without rows.
    ///
    /// # Errors
    /// There is no randomness.
    pub fn new(key: &Key, head: Head, random: &mut Random<'_>) -> Result<Self, Error> {
        let mut salt: Salt = [0; SALT_BYTES];
        random(&mut salt).map_err(Error::Random)?;
        let making = Making::new(cells(key, &salt)?, head);
        Ok(Self { salt, making })
    }

    /// Takes a row; see [`Making::row`].
    pub fn row(&mut self, primary: &str, supporting: &[&str]) -> bool {
        self.making.row(primary, supporting)
    }

    /// Writes the file, whole or not at all; tells how many rows it has.
    ///
    /// # Errors
    /// The disk.
    pub fn write(self, path: &Path, key: &Key) -> Result<usize, Error> {
        let table = self.making.end();
        let mut body = table.to_bytes();
        key.sealer(&self.salt)?.seal(Part::Table, 0, &mut body)?;
        let mut whole = Vec::with_capacity(body.len() + 40);
        whole.extend(MAGIC);
        whole.extend(self.salt);
        whole.extend(key.check(&self.salt)?);
        whole.extend(body);
        replace(path, &whole)?;
        Ok(table.len())
    }

    /// The table itself, for who keeps none.
    #[must_use]
    pub fn into_table(self) -> Table {
        self.making.end()
    }
}

fn cells(key: &Key, salt: &Salt) -> Result<Cells, Error> {
    Ok(Cells::new(&*key.derive::<16>(salt, Label::Cells)?))
}

/// Whether a file begins as a table does.
#[must_use]
pub fn is_table(path: &Path) -> bool {
    let mut head = [0; 8];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && head == *MAGIC
}

/// Reads a table.
///
/// # Errors
/// It is none, it is damaged, or the key is another.
pub fn read(path: &Path, key: &Key) -> Result<Table, Error> {
    let damaged = || Error::damaged(path);
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(TABLE_BYTES_MOST + 1).read_to_end(&mut bytes))
        .map_err(Error::disk(path))?;
    if bytes.len() as u64 > TABLE_BYTES_MOST {
        return Err(damaged());
    }
    let mut rest = Rest(&bytes);
    if rest.fixed().as_ref() != Some(MAGIC) {
        return Err(Error::None {
            path: path.to_owned(),
        });
    }
    let salt: Salt = rest.fixed().ok_or_else(damaged)?;
    let check: [u8; 16] = rest.fixed().ok_or_else(damaged)?;
    if !key.is_of(&salt, &check)? {
        return Err(Error::WrongKey {
            path: path.to_owned(),
        });
    }
    if rest.0.len() < TAG_BYTES {
        return Err(damaged());
    }
    let mut body = rest.0.to_vec();
    key.sealer(&salt)?
        .open(Part::Table, 0, &mut body)
        .and_then(|()| Table::from_bytes(cells(key, &salt).ok()?, &body))
        .ok_or_else(damaged)
}
