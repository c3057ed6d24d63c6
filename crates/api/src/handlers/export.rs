//! Taking a register out in a file, and a record on its form.

use app::{ExportFormat, ExportInput, Exported, ListInput, PrintInput};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Language, RecordId};
use wire::{Export, Print};

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
    let language = language(wanted.language.as_deref())?;
    let input = ExportInput {
        list: ListInput {
            filter: wanted.filter,
            q: wanted.q,
            sort: wanted.sort,
            ..ListInput::default()
        },
        format: *format,
        print: wanted.print,
        language,
    };
    let file = site.app.export(&caller, &key, input).await?;
    answer(file)
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
    let input = PrintInput {
        record: id,
        form: wanted.form,
        language: language(wanted.language.as_deref())?,
    };
    answer(site.app.print(&caller, input).await?)
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
