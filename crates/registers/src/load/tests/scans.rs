//! What is done by scanning: by what a scan knows a line, what it does, and when what waits for it is
//! kept back.

use super::{broken::with_helpers, *};

const SOUND: &str = include_str!("sound.toml");

/// The register of visits, whose rooms are entered by scanning.
fn loaded(scan: &str) -> Result<Catalogue, Vec<Report>> {
    let rooms = "key = \"rooms\"\nname = { zh = \"进入部位\", en = \"Rooms\" }\n";
    let text = SOUND.replacen(rooms, &format!("{rooms}scan = {{ {scan} }}\n"), 1);
    assert!(text.contains("scan ="), "rooms are not where they were");
    load(&with_helpers(&text), &known())
}

fn refused(scan: &str) -> Vec<String> {
    let reports = loaded(scan).err().unwrap_or_default();
    let codes = reports.into_iter().map(|report| report.code.to_owned());
    codes.collect()
}

#[test]
fn a_scan_says_by_what_it_knows_a_line_and_what_it_does() {
    assert_eq!(
        refused("by = \"room\", action = \"enter\""),
        [""; 0],
        "nothing more is needed"
    );
    for (scan, code) in [
        ("by = \"rom\", action = \"enter\"", "register.no_such_field"),
        (
            "by = \"room\", action = \"entr\"",
            "register.no_such_action",
        ),
        ("action = \"enter\"", "register.key_missing"),
        ("by = \"room\"", "register.key_missing"),
        (
            "by = \"room\", action = \"enter\", number = \"room\"",
            "register.scan_number",
        ),
        (
            "by = \"room\", action = \"enter\", number = [\"floor\"]",
            "register.no_such_field",
        ),
        (
            "by = \"room\", action = \"enter\", blind = [\"nowhere\"]",
            "register.no_such_state",
        ),
        (
            "by = \"room\", action = \"enter\", blinds = [\"nowhere\"]",
            "register.key_unknown",
        ),
    ] {
        assert_eq!(refused(scan), [code], "{scan}");
    }
}

#[test]
fn a_scan_leads_a_line_on() {
    let stay = "who = \"field:record.escort\"\n\n[[line.action]]\nkey = \"stay\"\nname = { zh = \"停留\", \
                en = \"Stay\" }\nfrom = [\"planned\"]\nwho = \"field:record.escort\"\n\n[line.scan]\nby = \"room\"\n\
                action = \"stay\"\n";
    let text = SOUND.replacen("who = \"field:record.escort\"\n", stay, 1);
    let reports = load(&with_helpers(&text), &known()).unwrap_err();
    let codes: Vec<&str> = reports.iter().map(|report| report.code).collect();
    assert_eq!(codes, ["register.scan_action"], "{reports:#?}");
}

#[test]
fn what_waits_for_its_scan_is_kept_back_in_some_states_only() {
    let states = SOUND.split("[[state]]\nkey = \"").skip(1);
    let states: Vec<&str> = states.filter_map(|text| text.split('"').next()).collect();
    let [first, second, ..] = states.as_slice() else {
        panic!("{states:?}")
    };
    let scan = format!("by = \"room\", action = \"enter\", blind = \"{first}\"");
    let catalogue = loaded(&scan).unwrap();
    let visit = catalogue.definition("visit").unwrap();
    let rooms = visit.line("rooms").unwrap();
    assert_eq!(rooms.kept_back(first), ["planned"]);
    assert!(rooms.kept_back(second).is_empty());
    let open = loaded("by = \"room\", action = \"enter\"").unwrap();
    let rooms = open.definition("visit").unwrap().line("rooms").unwrap();
    assert!(
        rooms.kept_back(first).is_empty(),
        "where it is not asked for"
    );
}
