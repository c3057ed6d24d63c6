//! Policies: those in use, and what others would change.

use axum::extract::State;
use wire::{PackFiles, Policies, WhatIf};

use crate::answer::{Json, Reply};
use crate::auth::Known;
use crate::site::Site;
use crate::views::{pack_files, written};

/// The policies in use, and what each role may do by them.
#[utoipa::path(get, path = "/policies", tag = "packs", responses((status = 200, body = Policies)))]
pub(crate) async fn read_policies(
    State(site): State<Site>,
    Known(caller): Known,
) -> Reply<Policies> {
    let policies = site.app.policies(&caller).await?;
    Ok(Json(written(&policies)?))
}

/// Who would gain or lose what by these policies, each file in the place of the one in use with its name. Nothing
/// takes effect.
#[utoipa::path(
    post, path = "/policies/what-if", tag = "packs", request_body = PackFiles,
    responses((status = 200, body = WhatIf)),
)]
pub(crate) async fn try_policies(
    State(site): State<Site>,
    Known(caller): Known,
    Json(files): Json<PackFiles>,
) -> Reply<WhatIf> {
    let told = site.app.what_if(&caller, pack_files(files)).await?;
    Ok(Json(written(&told)?))
}
