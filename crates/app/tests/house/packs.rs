//! The shipped packs with some more beside them.

use app::Packs;
use std::{fs, path::Path};

/// The shipped packs with some registers more.
pub(crate) struct Shipped(tempfile::TempDir);

impl Shipped {
    pub(crate) fn packs(&self) -> Packs {
        Packs::OfTest(self.0.path().to_owned())
    }

    /// One more regime.
    pub(crate) fn add_regime(&self, key: &str, text: &str) {
        let folder = self.0.path().join(key);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("regime.toml"), text).unwrap();
    }

    /// The base goes on like this; what is shipped of it ends with its parameters.
    pub(crate) fn base_says(&self, more: &str) {
        let path = self.0.path().join("base/regime.toml");
        let shipped = fs::read_to_string(&path).unwrap();
        fs::write(path, format!("{shipped}\n{more}")).unwrap();
    }
}

pub(crate) fn shipped_with(registers: &[(&str, &str)]) -> Shipped {
    let folder = tempfile::tempdir().unwrap();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    copy(&shipped, folder.path());
    let office = folder.path().join("base/registers/office");
    fs::create_dir_all(&office).unwrap();
    for (key, text) in registers {
        fs::write(office.join(format!("{key}.toml")), text).unwrap();
    }
    Shipped(folder)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &there);
        } else {
            fs::copy(&path, &there).unwrap();
        }
    }
}
