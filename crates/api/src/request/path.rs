//! Parts of a path. What is not an id, or holds what no database holds, is answered like an id that
//! never existed.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::refusal::Refusal;
use crate::site::Site;

/// The parts a route names, parsed.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Site> for Path<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refusal> {
        if parts.uri.path().contains("%00") {
            return Err(Refusal::not_found());
        }
        axum::extract::Path::<T>::from_request_parts(parts, site)
            .await
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| Refusal::not_found())
    }
}
