//! Taking files in: sent, looked at, tried, worked off, and given back with what became of each row.

use app::SheetFormat;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{JobId, Language};
use wire::limits::IMPORT_BYTES;
use wire::{Import, ImportQuery, ImportRow, ImportRowsQuery, ImportStart, Items, SheetQuery};

use super::files::{attachment, value};
use super::records::accepted_warning;
use crate::answer::{Json, Reply};
use crate::auth::Known;
use crate::limits::{FILE_NAME_BYTES, IMPORT_BODY};
use crate::refusal::{Refusal, too_large};
use crate::request::{Path, Query, body};
use crate::site::Site;
use crate::views;

/// Send a workbook or CSV file, up to 32 MiB: its rows are kept, and its columns told with the fields they
/// seem to stand for. Nothing is done with them yet.
#[utoipa::path(
    post, path = "/registers/{key}/imports", tag = "imports",
    params(("key" = String, Path), ImportQuery),
    request_body(content((Vec<u8> = "application/octet-stream"))),
    responses((status = 201, body = Import)),
)]
pub(crate) async fn begin_import(
    State(site): State<Site>,
    Known(caller): Known,
    Path(key): Path<String>,
    Query(query): Query<ImportQuery>,
    request: Request,
) -> Result<Response, Refusal> {
    let name = query.name.unwrap_or_else(|| "import".to_owned());
    if name.len() > FILE_NAME_BYTES {
        let (zh, en) = ("文件名过长", "the file's name is too long");
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "upload.name_too_long",
            zh,
            en,
        ));
    }
    let room = site.app.import_room(&caller, &key).await?;
    let mut parts = request.into_body().into_data_stream();
    let bytes = body::whole(&mut parts, IMPORT_BYTES, IMPORT_BODY).await?;
    let bytes = bytes.ok_or_else(|| {
        too_large(
            "import.file_too_large",
            "导入文件超过 32 MiB，请分成几个文件",
            "the file is larger than 32 MiB: split it",
        )
    })?;
    let view = site
        .app
        .begin_import(&caller, &key, (&name, bytes, room))
        .await?;
    Ok((StatusCode::CREATED, Json(views::import(view))).into_response())
}

/// An empty sheet for a register, with drop-downs and what each column takes.
#[utoipa::path(
    get, path = "/registers/{key}/template", tag = "imports",
    params(("key" = String, Path), SheetQuery),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>)),
)]
pub(crate) async fn read_template(
    State(site): State<Site>,
    Known(caller): Known,
    Path(key): Path<String>,
    Query(query): Query<SheetQuery>,
) -> Result<Response, Refusal> {
    let form = form(&query)?;
    let wanted = (key.as_str(), query.action);
    let sheet = site.app.import_template(&caller, wanted, form).await?;
    file(form.0, &sheet.0, sheet.1)
}

/// The caller's files, newest first.
#[utoipa::path(
    get, path = "/imports", tag = "imports", responses((status = 200, body = Items<Import>)),
)]
pub(crate) async fn list_imports(
    State(site): State<Site>,
    Known(caller): Known,
) -> Reply<Items<Import>> {
    let items = site.app.imports(&caller).await?;
    Ok(Json(Items {
        items: items.into_iter().map(views::import).collect(),
    }))
}

/// One of them, and how far it is.
#[utoipa::path(
    get, path = "/imports/{id}", tag = "imports", params(("id" = String, Path)),
    responses((status = 200, body = Import)),
)]
pub(crate) async fn read_import(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<JobId>,
) -> Reply<Import> {
    Ok(Json(views::import(site.app.import(&caller, id).await?)))
}

/// Drop it; records that were made of it stay.
#[utoipa::path(
    delete, path = "/imports/{id}", tag = "imports", params(("id" = String, Path)),
    responses((status = 204)),
)]
pub(crate) async fn drop_import(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<JobId>,
) -> Result<StatusCode, Refusal> {
    site.app.drop_import(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Have its rows tried or worked off, in the background.
#[utoipa::path(
    post, path = "/imports/{id}/start", tag = "imports", params(("id" = String, Path)),
    request_body = ImportStart, responses((status = 202, body = Import)),
)]
pub(crate) async fn start_import(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<JobId>,
    Json(start): Json<ImportStart>,
) -> Result<Response, Refusal> {
    let accepted = start.accept_warnings.into_iter();
    let start = app::ImportStart {
        action: start.action,
        mapping: start.mapping,
        dry_run: start.dry_run,
        accept_warnings: accepted.map(accepted_warning).collect(),
        comment: start.comment,
    };
    let view = site.app.start_import(&caller, id, start).await?;
    Ok((StatusCode::ACCEPTED, Json(views::import(view))).into_response())
}

/// End the work on it; records that were made stay.
#[utoipa::path(
    post, path = "/imports/{id}/stop", tag = "imports", params(("id" = String, Path)),
    responses((status = 200, body = Import)),
)]
pub(crate) async fn stop_import(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<JobId>,
) -> Reply<Import> {
    Ok(Json(views::import(
        site.app.stop_import(&caller, id).await?,
    )))
}

/// Its rows, and what became of each.
#[utoipa::path(
    get, path = "/imports/{id}/rows", tag = "imports",
    params(("id" = String, Path), ImportRowsQuery), responses((status = 200, body = Items<ImportRow>)),
)]
pub(crate) async fn list_import_rows(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<JobId>,
    Query(query): Query<ImportRowsQuery>,
) -> Reply<Items<ImportRow>> {
    let wanted = (query.outcome, query.after.unwrap_or(0));
    let lines = site.app.import_lines(&caller, id, wanted).await?;
    Ok(Json(Items {
        items: lines.into_iter().map(views::import_row).collect(),
    }))
}

/// The file again, with a column that says what became of each row and how to mend it.
#[utoipa::path(
    get, path = "/imports/{id}/result", tag = "imports",
    params(("id" = String, Path), SheetQuery),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>)),
)]
pub(crate) async fn read_import_result(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<JobId>,
    Query(query): Query<SheetQuery>,
) -> Result<Response, Refusal> {
    let form = form(&query)?;
    let sheet = site.app.import_result(&caller, id, form).await?;
    file(form.0, &sheet.0, sheet.1)
}

fn form(query: &SheetQuery) -> Result<(SheetFormat, Language), Refusal> {
    let wanted = query.format.as_deref().unwrap_or("xlsx");
    let format = SheetFormat::ALL.iter().find(|(key, _)| *key == wanted);
    let language = match query.language.as_deref() {
        None | Some("zh") => Some(Language::Zh),
        Some("en") => Some(Language::En),
        Some(_) => None,
    };
    match (format, language) {
        (Some((_, format)), Some(language)) => Ok((*format, language)),
        _ => {
            let (zh, en) = (
                "格式只能是 xlsx 或 csv，语言只能是 zh 或 en",
                "a format is xlsx or csv, and a language zh or en",
            );
            Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "import.sheet",
                zh,
                en,
            ))
        }
    }
}

fn file(format: SheetFormat, name: &str, bytes: Vec<u8>) -> Result<Response, Refusal> {
    let headers = [
        (header::CONTENT_TYPE, value(format.media_type())?),
        (header::CONTENT_DISPOSITION, value(&attachment(name))?),
    ];
    Ok((headers, bytes).into_response())
}
