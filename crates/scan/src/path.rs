//! Paths on a line of text, whatever bytes they are made of.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

#[cfg(unix)]
pub(crate) fn to_line(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    hex::encode(path.as_os_str().as_bytes())
}

#[cfg(unix)]
pub(crate) fn from_line(line: &str) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    hex::decode(line.trim())
        .ok()
        .map(OsString::from_vec)
        .map(PathBuf::from)
}

#[cfg(not(unix))]
pub(crate) fn to_line(path: &Path) -> String {
    hex::encode(path.to_string_lossy().as_bytes())
}

#[cfg(not(unix))]
pub(crate) fn from_line(line: &str) -> Option<PathBuf> {
    let bytes = hex::decode(line.trim()).ok()?;
    String::from_utf8(bytes)
        .ok()
        .map(OsString::from)
        .map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_any_bytes_comes_back() {
        for path in ["a b", "机密\n文件", "", "C:\\x"] {
            assert_eq!(
                from_line(&to_line(Path::new(path))),
                Some(PathBuf::from(path))
            );
        }
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStringExt;
            let odd = PathBuf::from(OsString::from_vec(vec![0xff, b'/', 0x80]));
            assert_eq!(from_line(&to_line(&odd)), Some(odd));
        }
        assert_eq!(from_line("no hex"), None);
    }
}
