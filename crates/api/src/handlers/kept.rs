//! What the caller keeps for themselves: drafts, views, columns.

use axum::extract::State;
use axum::http::StatusCode;
use wire::{Items, Kept, KeptBody};

use crate::answer::{Json, Reply};
use crate::auth::Known;
use crate::refusal::Refusal;
use crate::request::Path;
use crate::site::Site;

/// What the caller keeps of one kind: `draft`, `view`, `columns` or `seen`. Nobody else reads it.
#[utoipa::path(
    get, path = "/me/kept/{kind}", tag = "kept", params(("kind" = String, Path)),
    responses((status = 200, body = Items<Kept>)),
)]
pub(crate) async fn list_kept(
    State(site): State<Site>,
    Known(caller): Known,
    Path(kind): Path<String>,
) -> Reply<Items<Kept>> {
    let items = site.app.kept(&caller, &kind).await?;
    Ok(Json(Items {
        items: items.into_iter().map(kept).collect(),
    }))
}

/// One thing the caller keeps.
#[utoipa::path(
    get, path = "/me/kept/{kind}/{key}", tag = "kept",
    params(("kind" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = Kept)),
)]
pub(crate) async fn read_kept(
    State(site): State<Site>,
    Known(caller): Known,
    Path((kind, key)): Path<(String, String)>,
) -> Reply<Kept> {
    Ok(Json(kept(site.app.kept_one(&caller, &kind, &key).await?)))
}

/// Keep something, in place of what is under its key; at most 64 KiB, and 200 of a kind.
#[utoipa::path(
    put, path = "/me/kept/{kind}/{key}", tag = "kept", request_body = KeptBody,
    params(("kind" = String, Path), ("key" = String, Path)),
    responses((status = 200, body = Kept)),
)]
pub(crate) async fn put_kept(
    State(site): State<Site>,
    Known(caller): Known,
    Path((kind, key)): Path<(String, String)>,
    Json(asked): Json<KeptBody>,
) -> Reply<Kept> {
    let place = (kind.as_str(), key);
    let put = site.app.keep(&caller, place, asked.body.into()).await?;
    Ok(Json(kept(put)))
}

/// Forget it.
#[utoipa::path(
    delete, path = "/me/kept/{kind}/{key}", tag = "kept",
    params(("kind" = String, Path), ("key" = String, Path)), responses((status = 204)),
)]
pub(crate) async fn drop_kept(
    State(site): State<Site>,
    Known(caller): Known,
    Path((kind, key)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    site.app.forget(&caller, &kind, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn kept(view: app::KeptView) -> Kept {
    Kept {
        key: view.key,
        body: view.body,
        at: view.at,
    }
}
