//! The query of an address; unknown parameters are refused, not ignored.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::refusal::Refusal;
use crate::site::Site;

/// The parameters of the address.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Site> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Site) -> Result<Self, Refusal> {
        axum::extract::Query::<T>::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|_| not_understood())
    }
}

fn not_understood() -> Refusal {
    let (zh, en) = (
        "查询参数不正确",
        "a parameter of the address is unknown or not of its kind",
    );
    Refusal::new(StatusCode::BAD_REQUEST, "request.query", zh, en)
        .hint("the parameters of each address are in /api/openapi.json")
}
