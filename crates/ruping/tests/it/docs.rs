//! Documents that must stay true.

use std::{fs, path::Path, process::Command};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The registers that the how-to writes, in their order.
pub(crate) fn registers_of_the_how_to() -> Vec<String> {
    blocks_of_the_how_to("toml")
}

/// The blocks of one kind on the page about new registers.
pub(crate) fn blocks_of_the_how_to(kind: &str) -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/src/howto/add-a-register.md")).unwrap();
    let fence = format!("```{kind}\n");
    let blocks = page.split(&fence).skip(1);
    let texts = blocks.filter_map(|block| block.split("```").next());
    texts.map(str::to_owned).collect()
}

#[test]
fn the_how_to_of_a_new_register_loads() {
    let toml = registers_of_the_how_to().remove(0);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key_loan.toml");
    fs::write(&file, &toml).unwrap();
    let check = |files: &[&Path]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ruping"));
        command.args(["register", "check"]).args(files);
        for register in [
            "people/unit",
            "people/post",
            "people/person",
            "places/place",
        ] {
            command.arg(root().join(format!("packs/base/registers/{register}.toml")));
        }
        command.output().unwrap()
    };
    let good = check(&[&file]);
    assert!(
        good.status.success(),
        "{}",
        String::from_utf8_lossy(&good.stdout)
    );
    fs::write(&file, toml.replace("holder.cooling_off", "holder.cooling")).unwrap();
    let bad = check(&[&file]);
    assert_eq!(bad.status.code(), Some(1));
    let told = String::from_utf8_lossy(&bad.stdout);
    assert!(
        told.contains("key_loan.toml:") && told.contains("no `cooling`"),
        "{told}"
    );
}

/// The commands of a page, its continued lines joined and its remarks left out.
fn commands(page: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join("docs/src/howto").join(page)).unwrap();
    let blocks = text.split("```sh\n").skip(1);
    let lines: Vec<String> = blocks
        .flat_map(|block| {
            let block = block.split("```").next().unwrap().replace("\\\n", " ");
            block.lines().map(ToOwned::to_owned).collect::<Vec<_>>()
        })
        .collect();
    lines
        .iter()
        .filter(|line| line.starts_with("ruping "))
        .map(|line| line.split(" # ").next().unwrap().trim().to_owned())
        .collect()
}

/// A token that reads the log, and a proof of an entry, where the how-to has them; the entry.
fn token_and_proof(server: &testkit::Server) -> String {
    let office = server.enter("office").unwrap();
    let auditor = server.enter("auditor").unwrap();
    let new = wire::NewToken {
        name: "verifier".to_owned(),
        scopes: vec!["log".to_owned()],
        expires_at: "2026-04-01T00:00:00Z".parse().unwrap(),
    };
    let token = auditor.create_token(&new).unwrap().token;
    fs::write(server.folder().join("token"), token.expose()).unwrap();
    let unit = serde_json::json!({ "name": "一部" });
    let new = wire::NewRecord {
        fields: unit.as_object().unwrap().clone(),
        ..wire::NewRecord::default()
    };
    let made = office
        .create_record("unit", &new, &client::Act::default())
        .unwrap();
    let entry = made.record().unwrap().entry.unwrap();
    crate::case::proof(&office, entry);
    entry.to_string()
}

#[test]
fn the_how_to_of_verifying_the_log_works_as_it_is_written() {
    let english = commands("verify-the-log.md");
    assert_eq!(english, commands("verify-the-log.zh-CN.md"));
    let mut server = crate::server();
    let entry = token_and_proof(&server);
    let path = |name: &str| server.folder().join(name).display().to_string();
    let kept = path("checkpoint-2027-01-08");
    fs::copy(server.data().join("log/checkpoint"), &kept).unwrap();
    let (files, address) = (
        [
            ("/var/lib/ruping/data", path("data")),
            (
                "file:/etc/ruping/root.key",
                format!("file:{}", path("root.key")),
            ),
            ("verifier.key", path("vkey")),
            ("token", path("token")),
            ("certificate.tlog-proof", path("certificate.tlog-proof")),
            ("checkpoint-2027-01-08", kept),
            ("ENTRY", entry),
        ],
        server.address().to_owned(),
    );
    let word = |word: &str| {
        let known = files.iter().find(|(name, _)| *name == word);
        known.map_or_else(
            || word.replace("https://ruping.example", &address),
            |(_, here)| here.clone(),
        )
    };
    let mut pending = Vec::new();
    for command in &english {
        if command.starts_with("ruping check") {
            server.stop(0).ok();
        }
        let words: Vec<String> = command.split_whitespace().skip(1).map(word).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let output = server.ruping(&words).unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{command}: {said}{err}");
        if command.contains("verify") {
            let told: serde_json::Value = serde_json::from_str(&said).unwrap();
            pending.push((
                command.contains("--url"),
                told["pending"].as_u64().is_some(),
            ));
        }
    }
    assert!(
        pending.contains(&(true, true)),
        "a server tells what is pending: {pending:?}"
    );
    assert!(
        !pending.contains(&(false, true)),
        "files do not: {pending:?}"
    );
}

/// The first words of every place where a rule of the shipped packs says that it stands.
fn cited(folder: &Path, found: &mut std::collections::BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            cited(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let clauses = text.lines().filter_map(|line| {
            let line = line.trim();
            let rest = line
                .strip_prefix("clause = \"")
                .or_else(|| line.strip_prefix("@clause(\""))?;
            rest.split('"').next()
        });
        for place in clauses.flat_map(|clause| clause.split(", ")) {
            let key = place.split(' ').next().unwrap();
            // a further article of the source before it, as in `REG 50, 52`
            if !key.chars().all(|c| c.is_ascii_digit()) {
                found.insert(key.to_owned());
            }
        }
    }
}

#[test]
fn every_source_that_a_shipped_rule_names_is_explained() {
    let page = fs::read_to_string(root().join("docs/src/reference/sources.md")).unwrap();
    let mut keys = std::collections::BTreeSet::new();
    cited(&root().join("packs"), &mut keys);
    assert!(keys.len() > 8, "no clauses were found: {keys:?}");
    let missing: Vec<&String> = keys
        .iter()
        .filter(|key| !key.starts_with("R-") && !page.contains(&format!("| `{key}` |")))
        .collect();
    assert!(
        missing.is_empty(),
        "sources.md does not explain {missing:?}"
    );
}

/// A page that is written from something else is what that says now.
pub(crate) fn is_kept(name: &str, page: &str) {
    let path = root().join(name);
    #[expect(clippy::disallowed_methods, reason = "`cargo xtask bless` says so")]
    let bless = std::env::var("RUPING_BLESS").is_ok();
    if bless {
        fs::write(&path, page).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == page,
        "{name} is not what it is written from: run `cargo xtask bless`"
    );
}
