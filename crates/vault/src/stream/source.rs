//! Where stored bytes come from: a trait that files, object stores and memory can satisfy. This
//! crate itself opens nothing.

use std::io;

use super::wide;
use crate::error::Error;

/// Stored bytes that can be read anywhere: a file, an object store, memory.
pub trait ReadAt {
    /// How many bytes there are.
    ///
    /// # Errors
    /// When the store cannot tell.
    fn size(&self) -> io::Result<u64>;

    /// Reads at `offset` into `buffer`; fewer bytes than asked are allowed, zero only at the
    /// end.
    ///
    /// # Errors
    /// When the store cannot read.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

impl ReadAt for [u8] {
    fn size(&self) -> io::Result<u64> {
        Ok(wide(self.len()))
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(offset)
            .ok()
            .and_then(|start| self.get(start..));
        let rest = rest.unwrap_or_default();
        let length = rest.len().min(buffer.len());
        if let (Some(from), Some(to)) = (rest.get(..length), buffer.get_mut(..length)) {
            to.copy_from_slice(from);
        }
        Ok(length)
    }
}

impl ReadAt for Vec<u8> {
    fn size(&self) -> io::Result<u64> {
        self.as_slice().size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.as_slice().read_at(offset, buffer)
    }
}

impl<R: ReadAt + ?Sized> ReadAt for &R {
    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        (**self).read_at(offset, buffer)
    }
}

/// Fills `buffer` or says that the bytes end too early.
pub(super) fn read_exact(
    source: &impl ReadAt,
    offset: u64,
    buffer: &mut [u8],
) -> Result<(), Error> {
    let mut done = 0;
    while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
        let at = offset.saturating_add(wide(done));
        match source.read_at(at, rest) {
            Ok(0) => return Err(Error::Truncated { found: at }),
            Ok(bytes) => done += bytes.min(rest.len()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::Read(error)),
        }
    }
    Ok(())
}
