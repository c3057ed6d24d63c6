//! Taking a register out in a file, and a record on its form.

use app::{ExportFormat, ExportInput, Exported, ListInput, PreviewView, PrintInput};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Language, RecordId};
use wire::{Export, Preview, Print};

use super::files::{attachment, value};
use crate::answer::Json;
use crate::auth::Known;
use crate::refusal::Refusal;
use crate::request::Path;
use crate::site::Site;

/// A register as a file, with the highest level in it as its mark; needs a fresh second proof of identity.
#[utoipa::path(
    post, path = "/registers/{key}/export", tag = "registers", params(("key" = String, Path)),
    request_body = Export,
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>)),
)]
pub(crate) async fn export_register(
    State(site): State<Site>,
    Known(caller): Known,
    Path(key): Path<String>,
    Json(wanted): Json<Export>,
) -> Result<Response, Refusal> {
    let format = ExportFormat::ALL
        .iter()
        .find(|(key, _)| *key == wanted.format);
    let Some((_, format)) = format else {
        let (zh, en) = (
            "格式只能是 csv、json、xlsx 或 pdf",
            "a format is csv, json, xlsx or pdf",
        );
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "export.format",
            zh,
            en,
        ));
    };
    let input = asked(wanted, *format)?;
    let file = site.app.export(&caller, &key, input).await?;
    answer(file)
}

/// The pages of a register, to look at; nothing is written down. The same proof of identity as for taking them.
#[utoipa::path(
    post, path = "/registers/{key}/preview", tag = "registers", params(("key" = String, Path)),
    request_body = Export,
    responses((status = 200, body = Preview)),
)]
pub(crate) async fn preview_register(
    State(site): State<Site>,
    Known(caller): Known,
    Path(key): Path<String>,
    Json(wanted): Json<Export>,
) -> Result<Json<Preview>, Refusal> {
    let input = asked(wanted, ExportFormat::Pdf)?;
    let made = site.app.preview_export(&caller, &key, input).await?;
    Ok(Json(preview(made)))
}

fn asked(wanted: Export, format: ExportFormat) -> Result<ExportInput, Refusal> {
    Ok(ExportInput {
        list: ListInput {
            filter: wanted.filter,
            q: wanted.q,
            sort: wanted.sort,
            ..ListInput::default()
        },
        ids: wanted.ids,
        format,
        print: wanted.print,
        size: wanted.size,
        first: wanted.first,
        language: language(wanted.language.as_deref())?,
    })
}

/// A record on its form, as PDF: what the caller sees of it, with its place in the log.
#[utoipa::path(
    post, path = "/records/{id}/print", tag = "records", params(("id" = String, Path)),
    request_body = Print,
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>)),
)]
pub(crate) async fn print_record(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<RecordId>,
    Json(wanted): Json<Print>,
) -> Result<Response, Refusal> {
    let input = form(id, wanted)?;
    answer(site.app.print(&caller, input).await?)
}

/// The pages that a record would be printed on, to look at; nothing is written down.
#[utoipa::path(
    post, path = "/records/{id}/preview", tag = "records", params(("id" = String, Path)),
    request_body = Print,
    responses((status = 200, body = Preview)),
)]
pub(crate) async fn preview_record(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<RecordId>,
    Json(wanted): Json<Print>,
) -> Result<Json<Preview>, Refusal> {
    let input = form(id, wanted)?;
    let made = site.app.preview(&caller, input).await?;
    Ok(Json(preview(made)))
}

fn form(record: RecordId, wanted: Print) -> Result<PrintInput, Refusal> {
    Ok(PrintInput {
        record,
        form: wanted.form,
        language: language(wanted.language.as_deref())?,
        size: wanted.size,
        first: wanted.first,
    })
}

fn preview(made: PreviewView) -> Preview {
    Preview {
        pages: made.pages,
        total: made.total,
    }
}

fn language(key: Option<&str>) -> Result<Language, Refusal> {
    match key {
        None | Some("zh") => Ok(Language::Zh),
        Some("en") => Ok(Language::En),
        Some(_) => {
            let (zh, en) = ("语言只能是 zh 或 en", "a language is zh or en");
            Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "export.language",
                zh,
                en,
            ))
        }
    }
}

fn answer(file: Exported) -> Result<Response, Refusal> {
    let headers = [
        (header::CONTENT_TYPE, value(file.media_type)?),
        (header::CONTENT_DISPOSITION, value(&attachment(&file.name))?),
    ];
    Ok((headers, file.bytes).into_response())
}
