//! The board over the interface: every number is the length of the list that it opens, for whoever asks.

use client::Client;
use testkit::House;
use wire::{Items, ListQuery, Tile};

use crate::case;
use crate::on_each_database;
use client::Call;

fn board(client: &Client) -> Vec<Tile> {
    let answer = client.send(&Call::new("GET", "/api/v1/board")).unwrap();
    assert_eq!(answer.status, 200);
    answer.json::<Items<Tile>>().unwrap().items
}

fn length(client: &Client, register: &str, filter: &str) -> i64 {
    let query = ListQuery {
        filter: Some(filter.to_owned()),
        count: Some("exact".to_owned()),
        ..ListQuery::default()
    };
    let page = client.list_records(register, &query);
    let page = page.unwrap_or_else(|error| panic!("{register} {filter}: {error}"));
    page.total.unwrap()
}

/// Every tile and every group of it, held against its list.
fn agrees(house: &House<'_>, who: &str) -> Vec<Tile> {
    let client = house.client(who).unwrap();
    let tiles = board(client);
    for tile in &tiles {
        if tile.kind == "figure" {
            assert_eq!(
                length(client, &tile.register, &tile.filter),
                tile.total,
                "{tile:?}"
            );
        }
        let of_some = matches!(tile.of.as_deref(), Some("clock" | "month"));
        let parts: i64 = tile.parts.iter().map(|part| part.count).sum();
        if of_some {
            // what has no deadline, or lies outside the year, is counted nowhere
            assert_eq!(tile.total, parts, "{tile:?}");
        } else if tile.kind != "figure" {
            let whole = length(client, &tile.register, &tile.filter);
            assert_eq!(tile.total, whole, "{tile:?}");
        }
        for part in &tile.parts {
            let list = length(client, &tile.register, &part.filter);
            assert_eq!(list, part.count, "{who}: {} {part:?}", tile.key);
        }
    }
    tiles
}

fn part(tiles: &[Tile], register: &str, key: &str, group: &str) -> i64 {
    let found = tiles
        .iter()
        .find(|one| one.register == register && one.key == key);
    let found = found.unwrap_or_else(|| panic!("no tile {register}.{key}"));
    let part = found.parts.iter().find(|one| one.key == group);
    part.map_or(0, |part| part.count)
}

/// Issue 4: the board shows what is shipped, and every figure opens its list.
#[test]
fn every_number_of_the_board_is_the_length_of_its_list() {
    on_each_database(|server| {
        let house = case::office(&server);
        let (_, _, copies) = case::document(&house, "海鹰", "内容", 3);
        let loan = case::lend(&house, copies[0]);
        let before = agrees(&house, "bao");
        assert_eq!(part(&before, "copy", "by_state", "in_stock"), 2);
        assert_eq!(part(&before, "copy", "by_level", "state.secret"), 3);
        assert_eq!(part(&before, "loan", "in_time", "running"), 1);
        let leader = agrees(&house, "ling");
        assert!(part(&leader, "person", "by_grade", "important") >= 6);
        assert!(
            leader
                .iter()
                .any(|one| one.kind == "line" && one.parts.len() == 12)
        );
        let head = agrees(&house, "ban");
        assert_eq!(
            part(&head, "copy", "by_level", "state.secret"),
            0,
            "not of the circle"
        );

        server.set_clock("2026-03-06T01:00:00Z").unwrap();
        let mut house = house;
        house.enter_again().unwrap();
        let late = agrees(&house, "bao");
        assert_eq!(part(&late, "loan", "in_time", "overdue"), 1);
        let overdue = late
            .iter()
            .find(|one| one.register == "loan" && one.key == "overdue");
        assert_eq!(overdue.unwrap().total, 1);
        let lent = case::seen(&house, "bao", loan.id);
        let back = serde_json::json!({});
        case::done(house.act("bao", &lent, "return", back, &[]));
        let returned = agrees(&house, "bao");
        assert_eq!(part(&returned, "loan", "in_time", "late"), 1);
        assert_eq!(part(&returned, "loan", "in_time", "overdue"), 0);
        assert!(
            board(house.client("yue").unwrap()).is_empty(),
            "staff lead nobody"
        );
    });
}
