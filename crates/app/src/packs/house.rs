//! What a house adds to the packs of the program: files below `packs` in its data folder, read at the start.
//!
//! Registers, extensions, regimes and policies, nothing else: layouts are programs, and come with this one. A file
//! adds; a register or policy of the program cannot be replaced by one, for its key or id is taken.

use super::{DEFINITION, POLICY, has_extension, unreadable};
use crate::{error::Error, limits};
use registers::Source;
use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// Where they lie below the data.
pub(super) const FOLDER: &str = "packs";

/// How their paths begin, so that nobody takes one for a file of the program.
pub(crate) const PREFIX: &str = "house/";

/// The files of a house. WHY kept: what is in use is what was read at the start, whatever lies there now.
#[derive(Debug)]
pub struct House {
    definitions: Vec<Source>,
    policies: Vec<Source>,
}

impl House {
    pub(super) fn read(folder: &Path) -> Result<Self, Error> {
        Ok(Self {
            definitions: files(folder, DEFINITION)?,
            policies: files(folder, POLICY)?,
        })
    }

    /// The files of a kind, by path.
    pub(super) fn sources(&self, extension: &str) -> &[Source] {
        match extension {
            DEFINITION => &self.definitions,
            POLICY => &self.policies,
            _ => &[],
        }
    }
}

fn files(folder: &Path, extension: &str) -> Result<Vec<Source>, Error> {
    let mut paths = Vec::new();
    gather(folder, extension, limits::PACK_DEPTH, &mut paths)
        .map_err(|error| unreadable(folder, &error))?;
    paths.sort();
    paths
        .iter()
        .map(|path| read(folder, path).map_err(|error| unreadable(path, &error)))
        .collect()
}

fn gather(
    folder: &Path,
    extension: &str,
    depth: usize,
    found: &mut Vec<PathBuf>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if depth == 0 {
                return Err(io::Error::other("folders lie too deep in each other"));
            }
            gather(&path, extension, depth - 1, found)?;
        } else if has_extension(&path, extension) {
            if found.len() >= limits::PACK_FILES {
                return Err(io::Error::other("too many files"));
            }
            found.push(path);
        }
    }
    Ok(())
}

/// One byte more than a loader takes, so that it says itself what is too large.
fn read(root: &Path, path: &Path) -> io::Result<Source> {
    let most = limits::PACK_FILE_BYTES as u64 + 1;
    let mut text = String::new();
    fs::File::open(path)?.take(most).read_to_string(&mut text)?;
    let below = path.strip_prefix(root).unwrap_or(path);
    Ok(Source {
        path: format!("{PREFIX}{}", below.display()),
        text,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Packs;
    use super::*;

    fn house() -> tempfile::TempDir {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir_all(data.path().join("packs/own/registers")).unwrap();
        data
    }

    #[test]
    fn a_house_without_packs_has_those_of_the_program() {
        let data = tempfile::tempdir().unwrap();
        let packs = Packs::Shipped.in_house(data.path()).unwrap();
        assert!(matches!(packs, Packs::Shipped));
    }

    #[test]
    fn what_a_house_adds_stands_after_what_is_shipped_and_under_its_own_name() {
        let data = house();
        let own = data.path().join("packs/own");
        fs::write(own.join("registers/x.toml"), "key = \"x\"").unwrap();
        fs::write(own.join("site.cedar"), "").unwrap();
        fs::write(own.join("page.typ"), "").unwrap();
        fs::write(own.join("notes.md"), "").unwrap();
        let packs = Packs::Shipped.in_house(data.path()).unwrap();
        let paths = |extension: &str| -> Vec<String> {
            let all = packs.sources(extension).unwrap().into_iter();
            all.map(|one| one.path).collect()
        };
        assert_eq!(paths("toml").last().unwrap(), "house/own/registers/x.toml");
        assert_eq!(paths("cedar").last().unwrap(), "house/own/site.cedar");
        assert!(paths("typ").iter().all(|path| !path.starts_with(PREFIX)));
        fs::remove_file(own.join("registers/x.toml")).unwrap();
        let still = paths("toml");
        assert_eq!(
            still.last().unwrap(),
            "house/own/registers/x.toml",
            "as it was read"
        );
        let error = packs.catalogue().unwrap_err().to_string();
        assert!(error.contains("house/own/registers/x.toml:"), "{error}");
    }

    #[test]
    fn a_house_cannot_replace_what_is_shipped() {
        let data = house();
        let own = data.path().join("packs/own");
        let unit = super::super::shipped("toml");
        let unit = unit.iter().find(|one| one.path.ends_with("/unit.toml"));
        fs::write(own.join("registers/unit.toml"), &unit.unwrap().text).unwrap();
        let policy = super::super::shipped("cedar");
        fs::write(own.join("site.cedar"), &policy.first().unwrap().text).unwrap();
        let packs = Packs::Shipped.in_house(data.path()).unwrap();
        let error = packs.catalogue().unwrap_err().to_string();
        assert!(error.contains("house/own/registers/unit.toml"), "{error}");
        let error = packs.policies().unwrap_err().to_string();
        assert!(error.contains("house/own/site.cedar"), "{error}");
    }

    #[test]
    fn what_is_too_large_or_too_deep_is_refused() {
        let data = house();
        let own = data.path().join("packs/own");
        let large = "#".repeat(limits::PACK_FILE_BYTES + 1000);
        fs::write(own.join("large.toml"), large).unwrap();
        let packs = Packs::Shipped.in_house(data.path()).unwrap();
        let error = packs.catalogue().unwrap_err().to_string();
        assert!(error.contains("house/own/large.toml"), "{error}");
        fs::remove_file(own.join("large.toml")).unwrap();
        let deep = (0..=limits::PACK_DEPTH).fold(own.clone(), |path, _| path.join("d"));
        fs::create_dir_all(&deep).unwrap();
        assert!(Packs::Shipped.in_house(data.path()).is_err());
        fs::remove_dir_all(own.join("d")).unwrap();
        for number in 0..=limits::PACK_FILES {
            fs::write(own.join(format!("{number}.cedar")), "").unwrap();
        }
        assert!(Packs::Shipped.in_house(data.path()).is_err());
    }
}
