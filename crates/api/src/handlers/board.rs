//! The board of those who lead.

use axum::extract::State;
use wire::{Items, Tile, TilePart};

use crate::answer::{Json, Reply};
use crate::auth::Known;
use crate::site::Site;

/// The tiles for the caller's roles, counted now among the records that the caller sees.
#[utoipa::path(
    get, path = "/board", tag = "registers", responses((status = 200, body = Items<Tile>)),
)]
pub(crate) async fn read_board(
    State(site): State<Site>,
    Known(caller): Known,
) -> Reply<Items<Tile>> {
    let tiles = site.app.board(&caller).await?;
    Ok(Json(Items {
        items: tiles.into_iter().map(tile).collect(),
    }))
}

fn tile(view: app::TileView) -> Tile {
    Tile {
        register: view.register,
        key: view.key,
        name: view.name.into(),
        kind: view.kind.to_owned(),
        of: view.of.map(str::to_owned),
        filter: view.filter,
        total: view.total,
        capped: view.capped,
        parts: view.parts.into_iter().map(part).collect(),
    }
}

fn part(view: app::TilePartView) -> TilePart {
    TilePart {
        key: view.key,
        name: view.name.map(Into::into),
        count: view.count,
        filter: view.filter,
    }
}
