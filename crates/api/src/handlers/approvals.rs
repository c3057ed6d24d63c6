//! The inbox, and deciding.

use axum::extract::State;
use axum::response::Response;
use domain::ApprovalId;
use wire::{Approval, ApprovalDecision, Items, Notice, Performed, Verdict};

use super::records::{Created, answer};
use crate::answer::{Json, Reply};
use crate::auth::Known;
use crate::refusal::Refusal;
use crate::request::Path;
use crate::site::Site;
use crate::views;

/// What waits for the caller's decision.
#[utoipa::path(
    get, path = "/inbox", tag = "approvals", responses((status = 200, body = Items<Approval>)),
)]
pub(crate) async fn list_inbox(
    State(site): State<Site>,
    Known(caller): Known,
) -> Reply<Items<Approval>> {
    let inbox = site.app.inbox(&caller).await?;
    Ok(Json(Items {
        items: inbox.into_iter().map(views::approval).collect(),
    }))
}

/// What the caller was told: deadlines that come near or have passed, decisions that wait.
#[utoipa::path(
    get, path = "/me/notices", tag = "approvals",
    responses((status = 200, body = Items<Notice>)),
)]
pub(crate) async fn list_notices(
    State(site): State<Site>,
    Known(caller): Known,
) -> Reply<Items<Notice>> {
    let notices = site.app.notices(&caller).await?;
    Ok(Json(Items {
        items: notices.into_iter().map(views::notice).collect(),
    }))
}

/// Decide; the last approving decision executes what waited for it.
#[utoipa::path(
    post, path = "/approvals/{id}", tag = "approvals", request_body = ApprovalDecision,
    params(("id" = String, Path)),
    responses(
        (status = 200, body = Performed, description = "done"),
        (status = 202, body = Performed, description = "waits for further decisions"),
    ),
)]
pub(crate) async fn decide_approval(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<ApprovalId>,
    Json(decision): Json<ApprovalDecision>,
) -> Result<Response, Refusal> {
    let verdict = match decision.decision {
        Verdict::Approve => app::Verdict::Approve,
        Verdict::Return => app::Verdict::Return,
        Verdict::Refuse => app::Verdict::Refuse,
    };
    let performed = site
        .app
        .decide(&caller, id, verdict, decision.comment)
        .await?;
    Ok(answer(Created::Nothing, performed))
}
