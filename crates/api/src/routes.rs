//! Every route, each once: a line here puts a handler into the router and into the OpenAPI
//! document alike.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{self, RequestIds};
use crate::handlers::{
    accounts, approvals, board, bulk, events, export, files, health, imports, inspection, kept,
    lines, log, packs, parts, policies, records, registers, session, uploads,
};
use crate::security::{self, Headers};
use crate::site::Site;
use crate::web;

/// The documented interface, below `/api/v1`.
#[expect(
    clippy::cognitive_complexity,
    reason = "a flat list that `routes!` expands"
)]
pub(crate) fn documented() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(session::open_session, session::close_session))
        .routes(routes!(session::step_up_session))
        .routes(routes!(session::read_me))
        .routes(routes!(session::change_password))
        .routes(routes!(session::propose_totp, session::remove_totp))
        .routes(routes!(session::confirm_totp))
        .routes(routes!(accounts::list_accounts, accounts::create_account))
        .routes(routes!(accounts::change_account))
        .routes(routes!(accounts::reset_account))
        .routes(routes!(accounts::confirm_account))
        .routes(routes!(accounts::list_tokens, accounts::create_token))
        .routes(routes!(accounts::revoke_token))
        .routes(routes!(registers::list_registers))
        .routes(routes!(registers::read_register))
        .routes(routes!(registers::list_records, registers::create_record))
        .routes(routes!(export::export_register))
        .routes(routes!(export::preview_register))
        .routes(routes!(bulk::begin_bulk))
        .routes(routes!(bulk::list_bulk))
        .routes(routes!(bulk::read_bulk))
        .routes(routes!(bulk::list_bulk_rows))
        .routes(routes!(bulk::stop_bulk))
        .routes(routes!(bulk::undo_bulk))
        .routes(routes!(imports::begin_import))
        .routes(routes!(imports::read_template))
        .routes(routes!(imports::list_imports))
        .routes(routes!(imports::read_import, imports::drop_import))
        .routes(routes!(imports::start_import))
        .routes(routes!(imports::stop_import))
        .routes(routes!(imports::list_import_rows))
        .routes(routes!(imports::read_import_result))
        .routes(routes!(records::list_names))
        .routes(routes!(records::read_record))
        .routes(routes!(export::print_record))
        .routes(routes!(export::preview_record))
        .routes(routes!(records::read_history))
        .routes(routes!(records::read_custody))
        .routes(routes!(records::list_files))
        .routes(routes!(lines::list_lines, lines::create_line))
        .routes(routes!(lines::scan_line))
        .routes(routes!(records::perform_action))
        .routes(routes!(approvals::list_inbox))
        .routes(routes!(approvals::decide_approval))
        .routes(routes!(approvals::list_notices))
        .routes(routes!(events::read_events))
        .routes(routes!(board::read_board))
        .routes(routes!(kept::list_kept))
        .routes(routes!(kept::read_kept, kept::put_kept, kept::drop_kept))
        .routes(routes!(uploads::upload_file))
        .routes(routes!(parts::begin_upload))
        .routes(routes!(
            parts::read_upload,
            parts::send_part,
            parts::drop_upload
        ))
        .routes(routes!(parts::finish_upload))
        .routes(routes!(files::read_file))
        .routes(routes!(inspection::inspect_content))
        .routes(routes!(packs::read_packs))
        .routes(routes!(packs::check_packs))
        .routes(routes!(packs::read_definition_source))
        .routes(routes!(policies::read_policies))
        .routes(routes!(policies::try_policies))
        .routes(routes!(log::read_checkpoint))
        .routes(routes!(log::list_entries))
        .routes(routes!(log::read_proof))
}

/// The log's files as C2SP names them, for verifiers that know only the log's address.
fn tiles() -> Router<Site> {
    Router::new().route("/log/tile/{*path}", get(log::read_tile))
}

/// The whole of it, ready to be served.
pub fn router(site: Site) -> Router {
    let headers = Headers::new(site.cookies);
    let (v1, _) = documented().split_for_parts();
    Router::new()
        .nest("/api/v1", v1.merge(tiles()))
        .merge(tiles())
        .route("/log/checkpoint", get(log::read_checkpoint))
        .route("/api/openapi.json", get(health::document))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .fallback(web::serve)
        .method_not_allowed_fallback(answer::unknown_method)
        // WHY: our own extractors count, and uploads are larger than any default
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(answer::after_panic))
        .layer(from_fn_with_state(headers, security::protect))
        .layer(from_fn_with_state(RequestIds::new(), answer::dress))
        .with_state(site)
}
