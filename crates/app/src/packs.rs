//! Packs: definitions, regimes and policies. The shipped ones are embedded in the program; a house adds its own
//! in the folder `packs` of its data ([`house`]); other ones are for tests, on folders made for tests.

mod house;

use crate::error::{Error, text};
use access::{Policies, PolicyReport};
use prints::Press;
use registers::{Catalogue, Effect, Known, Report, Source};
use rust_embed::RustEmbed;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, OnceLock},
};

#[derive(RustEmbed)]
#[folder = "../../packs"]
#[include = "*.toml"]
#[include = "*.cedar"]
#[include = "*.typ"]
struct Embedded;

/// Effects that definitions may name, with the fields they read; each has an invariant in code.
pub(crate) const EFFECTS: &[Effect<'static>] = &[
    effect(
        "classification.decide",
        &[
            "document",
            "level",
            "term",
            "issue_date",
            "scope_persons",
            "scope_units",
            "compartments",
            "basis",
        ],
    ),
    effect("classification.draft", &[]),
    effect("classification.expire", &["declassified_on"]),
    effect("custody.circulate", &["copy", "reader"]),
    effect("custody.destroy", &["copy"]),
    effect("custody.lend", &["copy", "borrower"]),
    Effect {
        name: "custody.lose",
        reads: &["copy"],
        takes: &["copy"],
    },
    effect("custody.make", &["copies_count", "keeper", "place"]),
    effect(
        "custody.receive",
        &[
            "sender",
            "list",
            "scope_persons",
            "scope_units",
            "keeper",
            "place",
        ],
    ),
    effect("custody.relocate", &["copy", "keeper", "place"]),
    effect(
        "custody.reproduce",
        &["sources", "copies_count", "numbers", "keeper", "place"],
    ),
    effect("custody.restore", &["copy", "keeper", "place"]),
    effect("custody.return", &["copy", "keeper", "place"]),
    effect("people.approve_leaving", &["approved_on"]),
    effect(
        "people.leave",
        &["person", "kind", "approved_on", "cooling_months"],
    ),
    effect("training.draw", &["drawn", "paper"]),
];

const fn effect<'k>(name: &'k str, reads: &'k [&'k str]) -> Effect<'k> {
    Effect {
        name,
        reads,
        takes: &[],
    }
}

/// Registers whose records have a line of custody.
const CUSTODY: &[&str] = &["copy", "document"];

/// Roles that definitions may name.
const ROLES: &[&str] = &[
    "staff",
    "registrar",
    "classifier",
    "leader",
    "office_head",
    "system_admin",
    "security_admin",
    "audit_admin",
];

/// The layouts in the program, by name.
static LAYOUTS: LazyLock<Vec<String>> =
    LazyLock::new(|| names(&shipped(LAYOUT)).map(str::to_owned).collect());

/// How the names of layouts, of definitions and of policies end.
const LAYOUT: &str = "typ";
pub(crate) const DEFINITION: &str = "toml";
pub(crate) const POLICY: &str = "cedar";

pub use house::House;
/// How the path of a file begins that is the house's own.
pub(crate) use house::PREFIX as OF_HOUSE;

/// Loads policies from files, or tells every mistake in them.
pub(crate) fn policies_of(files: &[Source]) -> Result<Policies, Vec<PolicyReport>> {
    let files = files.iter();
    let texts: Vec<(&str, &str)> = files
        .map(|file| (file.path.as_str(), file.text.as_str()))
        .collect();
    Policies::load(&texts)
}

/// What definitions may refer to in this program.
#[must_use]
pub fn known_to_definitions() -> Known<'static> {
    known_with(&LAYOUTS)
}

fn known_with(layouts: &[String]) -> Known<'_> {
    Known {
        effects: EFFECTS,
        checks: &[],
        roles: ROLES,
        registers: &[],
        layouts,
        custody: CUSTODY,
    }
}

/// Where definitions, regimes and policies come from.
#[derive(Clone, Debug, Default)]
pub enum Packs {
    /// The packs embedded in the program.
    #[default]
    Shipped,
    /// Those of the program and of the house, as they were read at the start.
    OfHouse(Arc<House>),
    /// Packs of a test, for folders made by `init --test` only. WHY: a test must be able to take a
    /// rule away and see that its refusal no longer comes; nobody else may.
    OfTest(PathBuf),
}

impl Packs {
    /// Whether a folder that is not for tests may be opened with them.
    pub(crate) fn for_everyday(&self) -> bool {
        match self {
            Self::Shipped | Self::OfHouse(_) => true,
            Self::OfTest(_) => false,
        }
    }

    /// These, and what the house whose data lie here has added.
    pub(crate) fn in_house(&self, data: &Path) -> Result<Self, Error> {
        let folder = data.join(house::FOLDER);
        Ok(match self {
            Self::Shipped if folder.is_dir() => Self::OfHouse(Arc::new(House::read(&folder)?)),
            Self::Shipped | Self::OfHouse(_) | Self::OfTest(_) => self.clone(),
        })
    }

    /// Loads definitions and regimes, or tells every mistake in them. Those in the program are read once.
    pub(crate) fn catalogue(&self) -> Result<Arc<Catalogue>, Error> {
        static SHIPPED: OnceLock<Arc<Catalogue>> = OnceLock::new();
        match (self, SHIPPED.get()) {
            (Self::Shipped, Some(catalogue)) => Ok(Arc::clone(catalogue)),
            (Self::Shipped, None) => {
                let catalogue = Arc::new(self.read()?);
                Ok(Arc::clone(SHIPPED.get_or_init(|| catalogue)))
            }
            (Self::OfHouse(_) | Self::OfTest(_), _) => self.read().map(Arc::new),
        }
    }

    fn read(&self) -> Result<Catalogue, Error> {
        let read = self.load(&self.sources(DEFINITION)?)?;
        read.map_err(|reports| self.broken(&reports))
    }

    /// Reads definitions and regimes as these packs would have them, or tells every mistake.
    pub(crate) fn load(&self, sources: &[Source]) -> Result<Result<Catalogue, Vec<Report>>, Error> {
        let layouts = self.sources(LAYOUT)?;
        let layouts: Vec<String> = names(&layouts).map(str::to_owned).collect();
        Ok(registers::load(sources, &known_with(&layouts)))
    }

    /// Loads the policies, or tells every mistake in them.
    pub(crate) fn policies(&self) -> Result<Policies, Error> {
        policies_of(&self.sources(POLICY)?).map_err(|reports| self.broken(&reports))
    }

    /// What pages are printed with: the layouts, and type beside the built-in one.
    pub(crate) fn press(&self, fonts: Vec<Vec<u8>>) -> Result<Press, Error> {
        let layouts = self.sources(LAYOUT)?.into_iter();
        let layouts = layouts.map(|layout| (name(&layout).to_owned(), layout.text));
        Ok(Press::new(layouts, fonts))
    }

    /// Every file of a kind, by path.
    pub(crate) fn sources(&self, extension: &str) -> Result<Vec<Source>, Error> {
        let mut sources = match self {
            Self::Shipped | Self::OfHouse(_) => shipped(extension),
            Self::OfTest(folder) => {
                let mut found = Vec::new();
                read_folder(folder, folder, extension, &mut found)
                    .map_err(|error| unreadable(folder, &error))?;
                found
            }
        };
        sources.sort_by(|one, other| one.path.cmp(&other.path));
        if let Self::OfHouse(house) = self {
            sources.extend_from_slice(house.sources(extension));
        }
        Ok(sources)
    }

    /// Every report: a mistake in the shipped packs is a defect of the build, one in a test's packs
    /// is the test's.
    fn broken<R: std::fmt::Display>(&self, reports: &[R]) -> Error {
        let lines: Vec<String> = reports.iter().map(ToString::to_string).collect();
        let lines = lines.join("\n");
        match self {
            Self::Shipped => {
                Error::Internal(format!("the shipped packs do not load:\n{lines}").into())
            }
            Self::OfHouse(_) | Self::OfTest(_) => Error::Malformed {
                code: "packs.broken",
                say: text(
                    &format!("规则包无法载入：\n{lines}"),
                    &format!("the packs do not load:\n{lines}"),
                ),
            },
        }
    }
}

/// The name of a layout: its file's, without folder and ending.
fn name(layout: &Source) -> &str {
    let file = layout.path.rsplit('/').next().unwrap_or(&layout.path);
    file.strip_suffix(".typ").unwrap_or(file)
}

fn names(layouts: &[Source]) -> impl Iterator<Item = &str> {
    layouts.iter().map(name)
}

fn shipped(extension: &str) -> Vec<Source> {
    Embedded::iter()
        .filter(|path| has_extension(Path::new(path.as_ref()), extension))
        .filter_map(|path| {
            let file = Embedded::get(&path)?;
            let text = String::from_utf8(file.data.into_owned()).ok()?;
            Some(Source {
                path: path.to_string(),
                text,
            })
        })
        .collect()
}

fn read_folder(
    root: &Path,
    folder: &Path,
    extension: &str,
    found: &mut Vec<Source>,
) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_folder(root, &path, extension, found)?;
        } else if has_extension(&path, extension) {
            found.push(Source {
                path: path
                    .strip_prefix(root)
                    .unwrap_or(&path)
                    .display()
                    .to_string(),
                text: fs::read_to_string(&path)?,
            });
        }
    }
    Ok(())
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

fn unreadable(folder: &Path, error: &std::io::Error) -> Error {
    let name = folder.display();
    Error::Malformed {
        code: "packs.unreadable",
        say: text(
            &format!("无法读取规则包目录 `{name}`：{error}"),
            &format!("the folder of packs `{name}` cannot be read: {error}"),
        ),
    }
}

/// What a folder with content that matters answers to packs of a test.
pub(crate) fn not_a_test_folder() -> Error {
    Error::malformed(
        "packs.not_a_test_folder",
        "只有用 init --test 建立的目录才能使用其他规则包",
        "packs of a test need a folder made by init --test",
    )
}

/// The shipped definitions and others, for tests of this crate: the path and the text of each. One at
/// the path of a shipped one takes its place.
#[cfg(test)]
pub(crate) fn catalogue_with(others: &[(&str, &str)]) -> Arc<Catalogue> {
    let mut sources = shipped("toml");
    sources.retain(|one| !others.iter().any(|(path, _)| *path == one.path));
    sources.extend(others.iter().map(|(path, text)| Source {
        path: (*path).to_owned(),
        text: (*text).to_owned(),
    }));
    let loaded = registers::load(&sources, &known_to_definitions());
    Arc::new(loaded.unwrap_or_else(|reports| {
        let told: Vec<String> = reports.iter().map(ToString::to_string).collect();
        panic!("{}", told.join("\n"))
    }))
}
