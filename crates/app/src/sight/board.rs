//! the board counts what its reader sees and nothing else, with one statement for each tile.

use super::cost::document;
use super::on_each_database;
use super::world::{Person, World};
use crate::{Caller, TileView};

async fn board(world: &World, caller: &Caller) -> (Vec<TileView>, u64) {
    let before = world.app.statements();
    let tiles = world.app.board(caller).await.unwrap();
    (tiles, world.app.statements() - before)
}

/// How many documents of each level somebody has on their board.
fn levels(tiles: &[TileView]) -> Vec<(String, i64)> {
    let of_documents = |one: &&TileView| one.register == "document" && one.key == "by_level";
    let tile = tiles.iter().find(of_documents).unwrap();
    let sum: i64 = tile.parts.iter().map(|part| part.count).sum();
    assert_eq!(tile.total, sum);
    let parts = tile.parts.iter();
    parts.map(|part| (part.key.clone(), part.count)).collect()
}

#[test]
fn the_board_counts_what_its_reader_sees_and_nothing_else() {
    on_each_database(|server| async move {
        let mut world = World::build(server).await;
        let people = vec![
            Person::ready(0, "core", &["staff", "leader"]),
            Person::ready(1, "none", &["staff", "leader"]),
            Person::ready(2, "core", &["staff", "office_head"]),
            Person::ready(3, "core", &["staff"]),
        ];
        world.settle(people).await;
        let caller = |world: &World, number: usize| world.caller(&world.people[number]);
        let (empty, _) = board(&world, &caller(&world, 0)).await;
        assert_eq!(levels(&empty), []);
        let items = (10..16).map(|number| {
            let level = if number % 3 == 0 {
                "state.confidential"
            } else {
                "state.secret"
            };
            document(number, &[level], &[0])
        });
        world.place(items.collect()).await;
        // what is made on first use is made now
        drop(board(&world, &caller(&world, 0)).await);
        let (inside, few) = board(&world, &caller(&world, 0)).await;
        let known = [
            ("state.secret".to_owned(), 4),
            ("state.confidential".to_owned(), 2),
        ];
        assert_eq!(levels(&inside), known);
        // who is not cleared, and who is cleared and outside of every circle
        let (uncleared, hidden) = board(&world, &caller(&world, 1)).await;
        assert_eq!(levels(&uncleared), []);
        assert_eq!(hidden, few, "what is hidden costs what is absent costs");
        let (outside, _) = board(&world, &caller(&world, 2)).await;
        assert_eq!(
            levels(&outside),
            [],
            "oversight counts in reports, not on a board that opens lists"
        );
        let (staff, _) = board(&world, &caller(&world, 3)).await;
        assert!(staff.is_empty(), "tiles are for the roles that they name");

        let items = (30..60).map(|number| document(number, &["state.secret"], &[0]));
        world.place(items.collect()).await;
        drop(board(&world, &caller(&world, 0)).await);
        let (many, took) = board(&world, &caller(&world, 0)).await;
        assert_eq!(levels(&many)[0], ("state.secret".to_owned(), 34));
        let tiles = u64::try_from(many.len()).unwrap();
        assert_eq!(
            took, few,
            "one statement for each tile, however many records there are"
        );
        // who looks, the classes of each tile of labels, and the units that are named
        assert!(took <= tiles + 20, "{took} statements for {tiles} tiles");
    });
}
