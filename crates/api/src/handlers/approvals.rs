//! The inbox, and deciding.

use axum::extract::State;
use axum::response::Response;
use domain::ApprovalId;
use wire::{Approval, ApprovalDecision, Notice, Page, PageQuery, Performed, Verdict};

use super::records::{Created, answer};
use crate::answer::{Json, Reply};
use crate::auth::Known;
use crate::refusal::Refusal;
use crate::request::{IdempotencyKey, Path, Query};
use crate::site::Site;
use crate::views;

/// What waits for the caller, oldest first: decisions to take, and requests that were sent back.
#[utoipa::path(
    get, path = "/inbox", tag = "approvals", params(PageQuery),
    responses((status = 200, body = Page<Approval>)),
)]
pub(crate) async fn list_inbox(
    State(site): State<Site>,
    Known(caller): Known,
    Query(query): Query<PageQuery>,
) -> Reply<Page<Approval>> {
    let page = site.app.inbox(&caller, views::page_input(query)).await?;
    Ok(Json(views::page(page, views::approval)))
}

/// What the caller was told, newest first: deadlines that come near or have passed, decisions that
/// wait.
#[utoipa::path(
    get, path = "/me/notices", tag = "approvals", params(PageQuery),
    responses((status = 200, body = Page<Notice>)),
)]
pub(crate) async fn list_notices(
    State(site): State<Site>,
    Known(caller): Known,
    Query(query): Query<PageQuery>,
) -> Reply<Page<Notice>> {
    let page = site.app.notices(&caller, views::page_input(query)).await?;
    Ok(Json(views::page(page, views::notice)))
}

/// Decide; the last approving decision executes what waited for it. What was frozen and has changed
/// goes back to who asked, whom `withdraw` is for.
#[utoipa::path(
    post, path = "/approvals/{id}", tag = "approvals", request_body = ApprovalDecision,
    params(
        ("id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "a repeat gets the same answer"),
    ),
    responses(
        (status = 200, body = Performed, description = "done"),
        (status = 202, body = Performed, description = "waits for further decisions"),
    ),
)]
pub(crate) async fn decide_approval(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<ApprovalId>,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Json(asked): Json<ApprovalDecision>,
) -> Result<Response, Refusal> {
    let verdict = match asked.decision {
        Verdict::Approve => app::Verdict::Approve,
        Verdict::Return => app::Verdict::Return,
        Verdict::Refuse => app::Verdict::Refuse,
        Verdict::Withdraw => app::Verdict::Withdraw,
    };
    let decision = app::Decision {
        approval: id,
        verdict,
        comment: asked.comment,
        digest: asked.digest,
        idempotency_key,
    };
    let performed = site.app.decide(&caller, decision).await?;
    Ok(answer(Created::Nothing, performed))
}
