//! The files of the story: the samples the program carries, fictitious all of them, and those of a
//! folder when one is named.

use anyhow::{Context, Result};
use std::{fs, path::Path};

/// A file to be uploaded.
#[derive(Debug)]
pub(super) struct Material {
    pub(super) name: String,
    pub(super) media_type: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// Kinds of files the story knows, by extension.
const KINDS: [(&str, &str); 4] = [
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ("pdf", "application/pdf"),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("ofd", "application/ofd"),
];

/// The samples, and after them every file of those kinds in `folder`.
pub(super) fn collect(folder: Option<&Path>) -> Result<Vec<Material>> {
    let mut all = vec![
        sample(
            "总体方案（拟稿）.docx",
            include_bytes!("../../../../samples/draft.docx"),
        )?,
        sample("附件.pdf", include_bytes!("../../../../samples/annex.pdf"))?,
        sample("清单.xlsx", include_bytes!("../../../../samples/list.xlsx"))?,
        sample("通知.ofd", include_bytes!("../../../../samples/notice.ofd"))?,
    ];
    if let Some(folder) = folder {
        of_folder(folder, &mut all).with_context(|| format!("reading `{}`", folder.display()))?;
    }
    Ok(all)
}

fn sample(name: &str, bytes: &[u8]) -> Result<Material> {
    let media_type = media_type(Path::new(name)).context("a sample of an unknown kind")?;
    Ok(Material {
        name: name.to_owned(),
        media_type,
        bytes: bytes.to_vec(),
    })
}

fn of_folder(folder: &Path, found: &mut Vec<Material>) -> Result<()> {
    let mut paths: Vec<_> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            of_folder(&path, found)?;
        }
        let Some(media_type) = media_type(&path) else {
            continue;
        };
        let name = path.file_name().unwrap_or_default();
        found.push(Material {
            name: name.to_string_lossy().into_owned(),
            media_type,
            bytes: fs::read(&path)?,
        });
    }
    Ok(())
}

fn media_type(path: &Path) -> Option<&'static str> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    KINDS
        .iter()
        .find(|(kind, _)| *kind == extension)
        .map(|(_, media_type)| *media_type)
}
