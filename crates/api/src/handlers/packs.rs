//! Packs: what is in use, definitions as they are written, and a check of others.

use axum::extract::State;
use wire::{DefinitionSource, PackFiles, Packs, PacksChecked};

use crate::answer::{Json, Reply};
use crate::auth::Known;
use crate::request::Path;
use crate::site::Site;
use crate::views::{pack_files, written};

/// Regimes, parameters, rules and registers in use, with their sources; for the three administrators and the head
/// of the office.
#[utoipa::path(get, path = "/packs", tag = "packs", responses((status = 200, body = Packs)))]
pub(crate) async fn read_packs(State(site): State<Site>, Known(caller): Known) -> Reply<Packs> {
    let packs = site.app.packs(&caller).await?;
    Ok(Json(written(&packs)?))
}

/// Check definitions and regimes as they would be loaded, and compare them with those in use. Nothing takes effect.
#[utoipa::path(
    post, path = "/packs/check", tag = "packs", request_body = PackFiles,
    responses((status = 200, body = PacksChecked)),
)]
pub(crate) async fn check_packs(
    State(site): State<Site>,
    Known(caller): Known,
    Json(files): Json<PackFiles>,
) -> Reply<PacksChecked> {
    let checked = site.app.check_packs(&caller, pack_files(files)).await?;
    Ok(Json(written(&checked)?))
}

/// A definition as it is written, and the versions that this house has had.
#[utoipa::path(
    get, path = "/packs/registers/{key}", tag = "packs", params(("key" = String, Path)),
    responses((status = 200, body = DefinitionSource)),
)]
pub(crate) async fn read_definition_source(
    State(site): State<Site>,
    Known(caller): Known,
    Path(key): Path<String>,
) -> Reply<DefinitionSource> {
    let source = site.app.definition_source(&caller, &key).await?;
    Ok(Json(written(&source)?))
}
