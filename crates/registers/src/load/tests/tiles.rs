//! Tiles of the board: what they count is what a list can be asked for, and they are for roles.

use super::*;

/// The register of boards, with its papers' day and colour to be found by.
fn refused(tile: &str) -> Vec<String> {
    let parcel = include_str!("parcel.toml").replacen(
        "type = \"text\"",
        "type = \"choice\"\nindex = true\nchoices = [{ key = \"red\", zh = \"红\", en = \"red\" }]",
        1,
    );
    let text = format!(
        "{parcel}\n[[field]]\nkey = \"day\"\nname = {{ zh = \"日\", en = \"Day\" }}\ntype = \"date\"\n\
         index = true\n[[tile]]\nkey = \"one\"\nname = {{ zh = \"一\", en = \"One\" }}\n{tile}\n"
    );
    let mut sources = twelve::twelve();
    sources.push(Source {
        path: "parcel.toml".to_owned(),
        text,
    });
    let Err(reports) = load(&sources, &program()) else {
        return Vec::new();
    };
    let codes = reports.into_iter().filter(|one| one.file == "parcel.toml");
    codes.map(|report| report.code.to_owned()).collect()
}

fn program() -> Known<'static> {
    static EFFECTS: LazyLock<Vec<Effect<'static>>> = LazyLock::new(|| {
        let mut effects = super::EFFECTS.to_vec();
        effects.push(effect("parcel.send"));
        effects
    });
    Known {
        effects: &EFFECTS,
        ..known()
    }
}

const WHO: &str = "who = \"role:leader\"";

#[test]
fn a_tile_counts_what_a_list_can_be_asked_for() {
    for filter in [
        "",
        "state:packed|sent",
        "open:yes,label:state.secret",
        "label:open,clock:overdue",
        "clock.due:late",
        "recorded>=2026-01-01,recorded<=2026-12-31",
        "remark:red",
        "day>=2026-01-01",
    ] {
        let tile = format!("kind = \"figure\"\nfilter = \"{filter}\"\n{WHO}");
        assert_eq!(refused(&tile), [""; 0], "{filter}");
    }
    for (filter, code) in [
        ("state:nowhere", "register.no_such_state"),
        ("colour:red", "register.tile_not_indexed"),
        ("remark:green", "register.word_unknown"),
        ("nothing:1", "register.no_such_field"),
        ("clock.never:late", "register.no_such_clock"),
        ("clock:soon", "register.word_unknown"),
        ("label:high", "register.no_such_level"),
        ("recorded:2026-01-01", "register.tile_filter"),
        ("recorded>=soon", "register.tile_filter"),
        ("state>=packed", "register.tile_filter"),
        ("everything", "register.tile_filter"),
    ] {
        let tile = format!("kind = \"figure\"\nfilter = \"{filter}\"\n{WHO}");
        assert_eq!(refused(&tile), [code], "{filter}");
    }
}

#[test]
fn a_tile_tells_apart_by_what_has_few_values_and_is_for_roles() {
    for (kind, by) in [
        ("bar", "state"),
        ("donut", "label"),
        ("line", "month"),
        ("line", "month.day"),
        ("bar", "month"),
        ("donut", "clock.due"),
        ("bar", "remark"),
    ] {
        let tile = format!("kind = \"{kind}\"\nby = \"{by}\"\n{WHO}");
        assert_eq!(refused(&tile), [""; 0], "{kind} {by}");
    }
    for (kind, by, code) in [
        ("figure", "state", "register.tile_kind"),
        ("line", "state", "register.tile_kind"),
        ("donut", "month", "register.tile_kind"),
        ("bar", "day", "register.tile_by"),
        ("bar", "weight", "register.tile_not_indexed"),
        ("bar", "nothing", "register.no_such_field"),
        ("bar", "clock.never", "register.no_such_clock"),
        ("line", "month.remark", "register.tile_by"),
        ("pie", "state", "register.word_unknown"),
    ] {
        let tile = format!("kind = \"{kind}\"\nby = \"{by}\"\n{WHO}");
        assert_eq!(refused(&tile), [code], "{kind} {by}");
    }
    assert_eq!(
        refused(&format!("kind = \"bar\"\n{WHO}")),
        ["register.tile_kind"]
    );
    assert_eq!(refused("kind = \"figure\""), ["register.key_missing"]);
    for (who, code) in [
        ("staff", "register.tile_who"),
        ("field:carrier", "register.tile_who"),
        ("role:king", "register.no_such_role"),
    ] {
        assert_eq!(
            refused(&format!("kind = \"figure\"\nwho = \"{who}\"")),
            [code],
            "{who}"
        );
    }
}

#[test]
fn a_register_has_few_tiles_each_with_its_key() {
    let more = |count: usize| {
        let tiles = (0..count).map(|number| {
            format!(
                "[[tile]]\nkey = \"t{number}\"\nname = {{ zh = \"二\", en = \"Two\" }}\n\
                 kind = \"figure\"\n{WHO}\n"
            )
        });
        format!("kind = \"figure\"\n{WHO}\n{}", tiles.collect::<String>())
    };
    assert_eq!(refused(&more(11)), [""; 0]);
    assert_eq!(refused(&more(12)), ["register.too_many"]);
    let twice = more(1).replace("\"t0\"", "\"one\"");
    assert_eq!(refused(&twice), ["register.duplicate"]);
}
