//! Taking a register out in a file.

use app::{ExportFormat, ExportInput, ListInput};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Language;
use wire::Export;

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
            "格式只能是 csv、json 或 xlsx",
            "a format is csv, json or xlsx",
        );
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "export.format",
            zh,
            en,
        ));
    };
    let language = match wanted.language.as_deref() {
        None | Some("zh") => Language::Zh,
        Some("en") => Language::En,
        Some(_) => {
            let (zh, en) = ("语言只能是 zh 或 en", "a language is zh or en");
            return Err(Refusal::new(
                StatusCode::BAD_REQUEST,
                "export.language",
                zh,
                en,
            ));
        }
    };
    let input = ExportInput {
        list: ListInput {
            filter: wanted.filter,
            q: wanted.q,
            sort: wanted.sort,
            ..ListInput::default()
        },
        format: *format,
        language,
    };
    let file = site.app.export(&caller, &key, input).await?;
    let headers = [
        (header::CONTENT_TYPE, value(file.media_type)?),
        (header::CONTENT_DISPOSITION, value(&attachment(&file.name))?),
    ];
    Ok((headers, file.bytes).into_response())
}
