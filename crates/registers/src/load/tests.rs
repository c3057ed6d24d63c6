use super::*;

const EFFECTS: &[&str] = &[
    "classification.decide",
    "classification.draft",
    "classification.expire",
    "custody.destroy",
    "custody.lend",
    "custody.lose",
    "custody.make",
    "custody.receive",
    "custody.restore",
    "custody.return",
];
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

fn known() -> Known<'static> {
    Known {
        effects: EFFECTS,
        checks: &[],
        roles: ROLES,
        events: &[],
        registers: &[],
    }
}

fn folder(path: &std::path::Path, found: &mut Vec<Source>) {
    let Ok(entries) = std::fs::read_dir(path) else {
        return;
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            folder(&path, found);
        } else if path.extension().is_some_and(|e| e == "toml") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push(Source {
                path: path.display().to_string(),
                text,
            });
        }
    }
}

#[test]
fn shipped() {
    let mut found = Vec::new();
    folder(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs"),
        &mut found,
    );
    match load(&found, &known()) {
        Ok(_) => {}
        Err(reports) => {
            for report in reports {
                println!("{report}");
            }
            panic!();
        }
    }
}
