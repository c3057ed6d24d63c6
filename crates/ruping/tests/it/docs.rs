//! Documents that must stay true.

use std::{path::Path, process::Command};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn the_how_to_of_a_new_register_loads() {
    let page = std::fs::read_to_string(root().join("docs/src/howto/add-a-register.md")).unwrap();
    let toml = page
        .split("```toml")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key_loan.toml");
    std::fs::write(&file, toml).unwrap();
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
    std::fs::write(&file, toml.replace("holder.cooling_off", "holder.cooling")).unwrap();
    let bad = check(&[&file]);
    assert_eq!(bad.status.code(), Some(1));
    let told = String::from_utf8_lossy(&bad.stdout);
    assert!(
        told.contains("key_loan.toml:") && told.contains("no `cooling`"),
        "{told}"
    );
}
