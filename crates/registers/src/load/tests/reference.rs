//! The reference of the language is true: its blocks load, and it names what there is.

use super::*;
use crate::model::FieldKind;

fn reference() -> String {
    let path = root().join("docs/src/reference/register-language.md");
    std::fs::read_to_string(path).unwrap()
}

/// The blocks of one kind, joined: `` ```toml `` alone, or followed by a word.
fn blocks(page: &str, fence: &str) -> String {
    let mut joined = String::new();
    let mut inside = false;
    for line in page.lines() {
        match (inside, line) {
            (false, line) if line == fence => inside = true,
            (true, "```") => inside = false,
            (true, line) => {
                joined.push_str(line);
                joined.push('\n');
            }
            (false, _) => {}
        }
    }
    joined
}

#[test]
fn its_examples_load() {
    let page = reference();
    let mut sources = twelve::twelve();
    for (path, fence) in [
        ("courier_run.toml", "```toml"),
        ("weapons-1/regime.toml", "```toml regime"),
        ("own/loan.toml", "```toml extension"),
    ] {
        let text = blocks(&page, fence);
        assert!(!text.is_empty(), "{fence}");
        sources.push(Source {
            path: path.to_owned(),
            text,
        });
    }
    let catalogue = loaded(&sources);
    assert!(catalogue.definition("courier_run").is_some());
    assert!(catalogue.in_force(["weapons-1"]).is_ok());
}

#[test]
fn it_names_every_type_and_every_function() {
    let page = reference();
    for (kind, _) in FieldKind::ALL {
        assert!(page.contains(&format!("`{kind}`")), "{kind}");
    }
    for function in crate::function_names() {
        assert!(page.contains(&format!("`{function}(")), "{function}");
    }
}

/// The how-to says what its register has without writing it.
#[test]
fn the_how_to_knows_the_built_in_actions() {
    let page = std::fs::read_to_string(root().join("docs/src/howto/add-a-register.md")).unwrap();
    // the first of its registers is what the page speaks of
    let (first, _) = page.split_once("\n## ").unwrap();
    let mut text = blocks(first, "```toml");
    let built_in = |text: &str| {
        let mut sources = twelve::twelve();
        sources.push(Source {
            path: "key_loan.toml".to_owned(),
            text: text.to_owned(),
        });
        let catalogue = loaded(&sources);
        let register = catalogue.definition("key_loan").unwrap().clone();
        register.actions.into_iter().filter(|action| action.added)
    };
    let own = "\n[[action]]\nkey = \"take_over\"";
    let (before, after) = text.split_once(own).unwrap();
    let (_, clocks) = after.split_once("\n[[clock]]").unwrap();
    let without = format!("{before}\n[[clock]]{clocks}");
    for text in [&text, &without] {
        assert_eq!(built_in(text).count(), 0, "somebody signs for every key");
    }
    text.push_str("\n[[field]]\nkey = \"remark\"\nname = { zh = \"备注\", en = \"Remark\" }\ntype = \"text\"\n");
    let correct = built_in(&text)
        .find(|action| action.key == "correct")
        .unwrap();
    assert_eq!(correct.input, ["remark"]);
}
