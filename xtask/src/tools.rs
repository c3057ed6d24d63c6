//! What building and testing needs beside Rust, looked for and, where we may, installed.
//!
//! Installing is done by root on a Debian-like machine only (a container, a CI runner); everybody
//! else is told the one command to type. Nothing is upgraded and nothing else is fetched.

use crate::command::{cargo, command, run, succeeds};
use anyhow::{Result, bail};

/// A program without which the build cannot work.
#[derive(Debug, Clone, Copy)]
struct Tool {
    name: &'static str,
    probe: &'static [&'static str],
    packages: &'static [&'static str],
}

/// The embedded database is SQLCipher, whose OpenSSL is built from source: that takes a C
/// compiler, make, and a Perl with its core modules.
const TOOLS: [Tool; 3] = [
    Tool {
        name: "a C compiler",
        probe: &["cc", "--version"],
        packages: &["gcc", "libc6-dev"],
    },
    Tool {
        name: "make",
        probe: &["make", "--version"],
        packages: &["make"],
    },
    Tool {
        name: "Perl with its core modules",
        probe: &["perl", "-MIPC::Cmd", "-MFindBin", "-e", "1"],
        packages: &["perl"],
    },
];

/// What tests read with, so that nothing of ours judges its own work: pages and codes as another program reads them; and
/// what `scan --ocr` reads pictures with.
const READERS: [Tool; 4] = [
    Tool {
        name: "pdftotext",
        probe: &["pdftotext", "-v"],
        packages: &["poppler-utils"],
    },
    Tool {
        name: "a reader of square codes",
        probe: &["zbarimg", "--version"],
        packages: &["zbar-tools"],
    },
    Tool {
        name: "text recognition of Chinese",
        probe: &["tesseract", "-l", "chi_sim", "--print-parameters"],
        packages: &["tesseract-ocr", "tesseract-ocr-chi-sim"],
    },
    Tool {
        name: "text recognition of English",
        probe: &["tesseract", "-l", "eng", "--print-parameters"],
        packages: &["tesseract-ocr", "tesseract-ocr-eng"],
    },
];

/// What builds and checks the front end.
const NODE: [Tool; 1] = [Tool {
    name: "Node with npm",
    probe: &["npm", "--version"],
    packages: &["nodejs", "npm"],
}];

/// What the journeys look through, with letters for both languages.
const BROWSER: [Tool; 1] = [Tool {
    name: "Chromium",
    probe: &["chromium", "--version"],
    packages: &["chromium", "fonts-noto-cjk"],
}];

/// Sees to it that the workspace can be built, formatted and linted here.
pub(crate) fn ensure() -> Result<()> {
    ensure_there(&[&TOOLS[..], &READERS[..]].concat())?;
    let components = [("fmt", "rustfmt"), ("clippy", "clippy")];
    for (verb, component) in components {
        if !succeeds(cargo(&[verb, "--version"])) {
            run(command("rustup", &["component", "add", component]))?;
        }
    }
    Ok(())
}

/// Sees to it that the workspace can be built here.
pub(crate) fn ensure_build() -> Result<()> {
    ensure_there(&TOOLS)
}

/// Sees to it that the front end can be built here.
pub(crate) fn ensure_node() -> Result<()> {
    ensure_there(&NODE)
}

/// Sees to it that pages can be looked at here.
pub(crate) fn ensure_browser() -> Result<()> {
    ensure_there(&BROWSER)
}

fn ensure_there(tools: &[Tool]) -> Result<()> {
    let missing: Vec<&Tool> = tools.iter().filter(|tool| !is_there(tool)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|tool| tool.name).collect();
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|tool| tool.packages)
        .copied()
        .collect();
    install(&names.join(", "), &packages)
}

fn is_there(tool: &Tool) -> bool {
    match tool.probe {
        [program, arguments @ ..] => succeeds(command(program, arguments)),
        [] => true,
    }
}

/// Installs Debian packages, or says what to type where we may not.
pub(crate) fn install(what: &str, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if !is_root() || !succeeds(command("apt-get", &["--version"])) {
        bail!(
            "missing: {what}; on Debian run `sudo apt-get install --no-install-recommends {list}`"
        );
    }
    println!("missing: {what}; installing {list}");
    run(command("apt-get", &["update", "-qq"]))?;
    let mut install = command("apt-get", &["install", "-y", "-qq"]);
    install.arg("--no-install-recommends").args(packages);
    run({
        install.env("DEBIAN_FRONTEND", "noninteractive");
        install
    })
}

/// Whether this process runs as root.
pub(crate) fn is_root() -> bool {
    crate::command::output(command("id", &["-u"])).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_that_is_not_there_is_noticed() {
        let absent = Tool {
            name: "nothing",
            probe: &["ruping-no-such-program", "--version"],
            packages: &[],
        };
        assert!(!is_there(&absent));
    }
}
