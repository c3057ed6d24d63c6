//! Taking files in: columns known by name, every row judged like any act, the file back with what is wrong, and
//! a second go that makes nothing twice; on both databases.

use std::collections::BTreeMap;

use client::Client;
use domain::JobId;
use serde_json::{Value, json};
use testkit::House;
use wire::{Import, ImportRow, ImportRowsQuery, ImportStart, ListQuery, NewToken, SheetQuery};

use crate::{case, on_each_database, server};

fn start(action: Option<&str>, dry_run: bool) -> ImportStart {
    ImportStart {
        action: action.map(str::to_owned),
        dry_run,
        comment: Some("启用系统前的存量".to_owned()),
        ..ImportStart::default()
    }
}

/// Sends a file, and says which fields its columns seem to stand for.
fn send(client: &Client, register: &str, text: &str) -> Import {
    client
        .begin_import(register, "存量.csv", text.as_bytes().to_vec())
        .unwrap()
}

/// Waits until it is worked off.
fn worked(client: &Client, id: JobId) -> Import {
    case::until(|| client.read_import(id).unwrap().state != "running");
    client.read_import(id).unwrap()
}

fn run(client: &Client, id: JobId, start: &ImportStart) -> Import {
    client.start_import(id, start).unwrap();
    worked(client, id)
}

fn counts(import: &Import) -> Vec<(&str, i64)> {
    import
        .counts
        .iter()
        .map(|(outcome, many)| (outcome.as_str(), *many))
        .collect()
}

/// The rows that failed, each with the codes of what is wrong.
fn failed(client: &Client, id: JobId) -> Vec<(i64, Vec<String>)> {
    let query = ImportRowsQuery {
        outcome: Some("failed".to_owned()),
        after: None,
    };
    let codes = |row: &ImportRow| {
        let about = row.problems.iter().map(|problem| {
            let about = problem.field.as_deref().or(problem.rule.as_deref());
            format!("{} {}", about.unwrap_or("-"), problem.code)
        });
        (row.row, about.collect())
    };
    let rows = client.list_import_rows(id, &query).unwrap().items;
    rows.iter().map(codes).collect()
}

fn names(client: &Client, register: &str) -> Vec<String> {
    let query = ListQuery {
        sort: Some("name".to_owned()),
        limit: Some(200),
        ..ListQuery::default()
    };
    let page = client.list_records(register, &query).unwrap();
    let name = |record: &wire::Record| {
        record.fields["name"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    page.items.iter().map(name).collect()
}

fn result(client: &Client, id: JobId) -> String {
    let query = SheetQuery {
        format: Some("csv".to_owned()),
        ..SheetQuery::default()
    };
    String::from_utf8(client.read_import_result(id, &query).unwrap()).unwrap()
}

/// The whole way: tried, mended in the file that came back, and taken in once.
#[test]
fn a_file_is_tried_mended_and_taken_in_once() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let office = house.client("office").unwrap();
        let units = "人员架构,,\n上级部门,* 名称（必填）,负责人,备注栏\n\
                     科研处,一室,王小二,x\n,科研处,,y\n科研处,二室,,z\n";
        let sent = send(office, "unit", units);
        let heads: Vec<_> = sent
            .heads
            .iter()
            .map(|head| head.field.as_deref())
            .collect();
        assert_eq!(heads, [Some("upper"), Some("name"), Some("head"), None]);
        assert_eq!((sent.state.as_str(), sent.action.as_str()), ("read", "add"));

        // nothing is there yet, neither the unit above nor the head
        let tried = run(office, sent.id, &start(None, true));
        assert_eq!(tried.state, "checked");
        assert_eq!(counts(&tried), [("failed", 2), ("would", 1)]);
        let before = names(office, "unit");
        assert!(!before.contains(&"科研处".to_owned()), "nothing was done");

        // a unit further down in the file is there the second time
        let done = run(office, sent.id, &start(None, false));
        assert_eq!(done.state, "done");
        assert_eq!(counts(&done), [("failed", 1), ("made", 2)]);
        let wrong = failed(office, sent.id);
        assert_eq!(wrong, [(3, vec!["head import.not_found".to_owned()])]);
        let back = result(office, sent.id);
        assert!(
            back.contains("科研处,一室,王小二,x,负责人：没有找到“王小二”")
                && back.contains("✓ 已登记"),
            "{back}"
        );

        // the file that came back, mended: what was made is not made again
        let again = send(office, "unit", &back.replace("王小二", ""));
        assert_eq!(counts(&again), [("waiting", 1)]);
        assert_eq!(
            counts(&run(office, again.id, &start(None, false))),
            [("made", 1)]
        );
        let mut now = names(office, "unit");
        now.retain(|name| !before.contains(name));
        assert_eq!(now.len(), 3, "{now:?}");
        office.drop_import(again.id).unwrap();
        assert_eq!(
            office.read_import(again.id).unwrap_err().code(),
            "not_found"
        );
        case::sound(server);
    });
}

/// Opening stock by `take_over`, in the file that a Chinese spreadsheet writes: names, levels and days as
/// people write them, the rules' objections by their ids, numbers in the order of the file.
#[test]
fn opening_stock_comes_in_by_the_same_rules() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let bao = house.client("bao").unwrap();
        let stock = "标题,密级,保密期限,印发日期,知悉人员,制发单位,补录来源\n\
            甲方案,机密,10年,2026/2/1,bao、yue,本单位,2025年台账\n\
            乙方案,绝密,30年,2026年2月1日,bao,本单位,2025年台账\n\
            丙方案,机密,10,2026-2-1,,本单位,2025年台账\n\
            丁方案,特密,10年,某日,bao,本单位,2025年台账\n\
            戊方案,秘密,,20260201,bao,本单位,2025年台账\n";
        let (bytes, _, broken) = encoding_rs::GB18030.encode(stock);
        assert!(!broken);
        let sent = bao
            .begin_import("document", "2025.csv", bytes.into_owned())
            .unwrap();
        let done = run(bao, sent.id, &start(Some("take_over"), false));
        assert_eq!(
            counts(&done),
            [("failed", 3), ("made", 2)],
            "{}",
            result(bao, sent.id)
        );
        let wrong: BTreeMap<i64, Vec<String>> = failed(bao, sent.id).into_iter().collect();
        assert_eq!(wrong[&3], ["R-421 record.rules"], "above the installation");
        assert_eq!(wrong[&4], ["R-102 record.rules"], "no scope");
        assert_eq!(
            wrong[&5],
            [
                "level register.field_kind",
                "issue_date register.field_kind"
            ]
        );
        let query = ListQuery {
            sort: Some("title".to_owned()),
            ..ListQuery::default()
        };
        let documents = bao.list_records("document", &query).unwrap().items;
        let mut told: Vec<_> = documents
            .iter()
            .map(|one| (one.number.clone().unwrap(), one.label.mark.clone().unwrap()))
            .collect();
        told.sort();
        let numbers: Vec<&str> = told.iter().map(|one| one.1.as_str()).collect();
        assert_eq!(numbers, ["机密★10年", "秘密★"], "{told:?}");
        // yue is in the scope of the first, and sees nothing else
        let seen = house
            .client("yue")
            .unwrap()
            .list_records("document", &query);
        assert_eq!(seen.unwrap().items.len(), 1);
        case::sound(server);
    });
}

/// R-407 and the registers' own `who`; a file belongs to who brought it; a name that the caller may not know
/// of is not found.
#[test]
fn who_brings_a_file_may_do_no_more_than_by_hand() {
    on_each_database(|server| {
        let house = case::staff(&server);
        case::document(&house, "绝不外传的方案", "内容", 1);
        let text = "名称\n甲\n";
        let admin = house.client("sysadmin").unwrap();
        let refused = admin.begin_import("unit", "a.csv", text.into());
        assert_eq!(refused.unwrap_err().code(), "access.denied");
        let yue = house.client("yue").unwrap();
        let sent = send(yue, "unit", text);
        let done = run(yue, sent.id, &start(None, false));
        assert_eq!(counts(&done), [("failed", 1)]);
        assert_eq!(failed(yue, sent.id), [(2, vec!["- access.who".to_owned()])]);
        let bao = house.client("bao").unwrap();
        for refused in [
            bao.read_import(sent.id).map(drop),
            bao.start_import(sent.id, &start(None, false)).map(drop),
            bao.stop_import(sent.id).map(drop),
            bao.list_import_rows(sent.id, &ImportRowsQuery::default())
                .map(drop),
            bao.read_import_result(sent.id, &SheetQuery::default())
                .map(drop),
            bao.drop_import(sent.id),
        ] {
            assert_eq!(refused.unwrap_err().code(), "not_found");
        }
        assert_eq!(bao.list_imports().unwrap().items, []);
        assert_eq!(yue.list_imports().unwrap().items.len(), 1);
    });
}

#[test]
fn a_file_that_is_no_table_and_columns_that_do_not_fit_are_refused() {
    let server = server();
    let house = House::furnish(&server).unwrap();
    let office = house.client("office").unwrap();
    let begin = |register: &str, bytes: &[u8]| {
        let begun = office.begin_import(register, "a", bytes.to_vec());
        begun.map_or_else(|error| error.code().to_owned(), |_| "begun".to_owned())
    };
    assert_eq!(begin("unit", b"a\0b"), "import.unreadable");
    assert_eq!(begin("unit", b""), "import.empty");
    assert_eq!(begin("unit", "名称\n".as_bytes()), "import.empty");
    assert_eq!(begin("no_such", b"a,b\n1,2\n"), "not_found");
    let too_long = vec![b'a'; 32 * 1024 * 1024 + 1];
    assert_eq!(begin("unit", &too_long), "import.file_too_large");
    assert_eq!(office.list_imports().unwrap().items, [], "nothing is left");

    let sent = send(office, "unit", "名称,部门代码\n甲,A\n");
    let mapped = |pairs: &[(&str, Option<&str>)], action: Option<&str>| {
        let mapping = pairs
            .iter()
            .map(|(head, field)| ((*head).to_owned(), field.map(str::to_owned)));
        let start = ImportStart {
            mapping: mapping.collect(),
            ..start(action, true)
        };
        let started = office.start_import(sent.id, &start);
        started.map_or_else(|error| error.code().to_owned(), |_| "begun".to_owned())
    };
    for wrong in [
        &[("没有", Some("name"))][..],
        &[("名称", Some("no_such"))],
        &[("名称", Some("code")), ("部门代码", Some("code"))],
        &[("名称", None), ("部门代码", None)],
    ] {
        assert_eq!(mapped(wrong, None), "import.mapping", "{wrong:?}");
    }
    assert_eq!(mapped(&[], Some("correct")), "import.action");
    assert_eq!(mapped(&[("部门代码", None)], None), "begun");
    worked(office, sent.id);
    let remembered = send(office, "unit", "部门代码,名称\nA,甲\n");
    let fields = remembered.heads.iter().map(|head| head.field.as_deref());
    assert_eq!(
        fields.collect::<Vec<_>>(),
        [None, Some("name")],
        "what was left out stays left out"
    );
    for _ in 0..18 {
        send(office, "unit", "名称\n甲\n");
    }
    assert_eq!(begin("unit", "名称\n甲\n".as_bytes()), "import.too_many");
}

/// A server that dies in the middle goes on where it was: each row once, in their order.
#[test]
fn a_file_survives_a_kill_and_makes_each_row_once() {
    on_each_database(|mut server| {
        let many = 300;
        let id = {
            let house = House::furnish(&server).unwrap();
            let office = house.client("office").unwrap();
            let rows: String = (0..many).map(|at| format!("第{at:04}室\n")).collect();
            let sent = send(office, "unit", &format!("名称\n{rows}"));
            office.start_import(sent.id, &start(None, false)).unwrap();
            case::until(|| {
                let import = office.read_import(sent.id).unwrap();
                import.state != "running" || import.counts.contains_key("made")
            });
            sent.id
        };
        server.kill(0).unwrap();
        // the job is its server's own for a minute
        server.set_clock("2026-03-02T01:30:00Z").unwrap();
        server.start_again(0).unwrap();
        let office = server.enter_again("office").unwrap();
        let done = worked(&office, id);
        assert_eq!(counts(&done), [("made", many)]);
        let query = ListQuery {
            q: Some("室".to_owned()),
            count: Some("exact".to_owned()),
            ..ListQuery::default()
        };
        let found = office.list_records("unit", &query).unwrap();
        assert_eq!(found.total, Some(many), "each once");
        drop(office);
        case::sound(server);
    });
}

/// The same from the command line, with a program's token.
#[test]
fn the_command_line_takes_a_file_in() {
    let server = server();
    let house = case::staff(&server);
    let office = house.client("office").unwrap();
    let token = office.create_token(&NewToken {
        name: "import".to_owned(),
        scopes: vec!["act".to_owned()],
        expires_at: "2026-04-01T00:00:00Z".parse().unwrap(),
    });
    let path = |name: &str| server.folder().join(name).display().to_string();
    let (token_file, file, back) = (path("token"), path("units.csv"), path("back.csv"));
    std::fs::write(&token_file, token.unwrap().token.expose()).unwrap();
    std::fs::write(&file, "部门,上级部门,电话\n甲室,没有的处,1\n乙室,,2\n").unwrap();
    let ruping = |more: &[&str]| {
        let fixed = [
            "import",
            "unit",
            &file,
            "--url",
            server.address(),
            "--token-file",
            &token_file,
        ];
        let output = server.ruping(&[&fixed[..], more].concat()).unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        (
            output.status.code(),
            said,
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, said, noted) = ruping(&["--map", "部门=name", "--dry-run", "--lang", "zh"]);
    assert_eq!(code, Some(1), "{said}{noted}");
    assert!(
        said.contains("第 2 行：upper: 没有找到“没有的处”") && said.contains("检查通过 1 行"),
        "{said}"
    );
    assert!(noted.contains("未导入的列：电话"), "{noted}");
    let (code, said, _) = ruping(&["--map", "部门=name", "--result", &back, "--format", "json"]);
    assert_eq!(code, Some(1), "{said}");
    let last: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&last["ok"], &last["counts"]),
        (&json!(false), &json!({ "failed": 1, "made": 1 }))
    );
    let back = std::fs::read_to_string(back).unwrap();
    assert!(
        back.contains("乙室,,2,✓ 已登记") || back.contains("乙室,,2,✓ registered"),
        "{back}"
    );
    assert_eq!(
        office.list_imports().unwrap().items,
        [],
        "nothing is left on the server"
    );
}
