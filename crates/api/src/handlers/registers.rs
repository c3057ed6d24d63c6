//! Registers, their lists, and making records.

use app::{ListInput, Target};
use axum::extract::State;
use axum::response::Response;
use wire::{Definition, DryRunQuery, Items, ListQuery, NewRecord, Page, Performed, Record};

use super::records::{Created, making, perform};
use crate::answer::{Json, Reply};
use crate::auth::Known;
use crate::refusal::Refusal;
use crate::request::{IdempotencyKey, Path, Query};
use crate::site::Site;
use crate::views;

/// Definitions of the registers the caller works with.
#[utoipa::path(
    get, path = "/registers", tag = "registers",
    responses((status = 200, body = Items<Definition>)),
)]
pub(crate) async fn list_registers(
    State(site): State<Site>,
    Known(caller): Known,
) -> Reply<Items<Definition>> {
    let definitions = site.app.registers(&caller);
    let items: Result<Vec<_>, _> = definitions.into_iter().map(views::definition).collect();
    Ok(Json(Items { items: items? }))
}

/// One register's definition.
#[utoipa::path(
    get, path = "/registers/{key}", tag = "registers", params(("key" = String, Path)),
    responses((status = 200, body = Definition)),
)]
pub(crate) async fn read_register(
    State(site): State<Site>,
    Known(caller): Known,
    Path(key): Path<String>,
) -> Reply<Definition> {
    Ok(Json(views::definition(
        site.app.definition(&caller, &key)?,
    )?))
}

/// A page of a register's records.
#[utoipa::path(
    get, path = "/registers/{key}/records", tag = "registers",
    params(("key" = String, Path), ListQuery), responses((status = 200, body = Page<Record>)),
)]
pub(crate) async fn list_records(
    State(site): State<Site>,
    Known(caller): Known,
    Path(key): Path<String>,
    Query(query): Query<ListQuery>,
) -> Reply<Page<Record>> {
    let ListQuery {
        filter,
        q,
        sort,
        after,
        limit,
        count,
    } = query;
    let input = ListInput {
        filter,
        q,
        sort,
        after,
        limit,
        count,
    };
    let page = site.app.list(&caller, &key, input).await?;
    Ok(Json(views::page(page, views::record)))
}

/// Make a record by an initial action of its register.
#[utoipa::path(
    post, path = "/registers/{key}/records", tag = "registers", request_body = NewRecord,
    params(
        ("key" = String, Path), DryRunQuery,
        ("Idempotency-Key" = Option<String>, Header, description = "a repeat gets the same answer"),
    ),
    responses(
        (status = 201, body = Performed, description = "done"),
        (status = 202, body = Performed, description = "waits for decisions"),
        (status = 200, body = Performed, description = "dry run"),
    ),
)]
pub(crate) async fn create_record(
    State(site): State<Site>,
    Known(caller): Known,
    Path(register): Path<String>,
    Query(query): Query<DryRunQuery>,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Json(new): Json<NewRecord>,
) -> Result<Response, Refusal> {
    let request = making(
        Target::New { register },
        new,
        (query.dry_run, idempotency_key),
    );
    perform((&site, &caller), request, query, Created::New).await
}
