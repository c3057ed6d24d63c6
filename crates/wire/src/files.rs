//! Files: what is told about them, and how one is named when it is sent as a bare body.

use domain::FileId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A stored file as its readers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct File {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: FileId,
    /// Its name.
    pub name: String,
    /// Media type as told by who sent it.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// SHA-256 of the content, hex.
    pub sha256: String,
}

/// How an upload is named that is not multipart.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UploadQuery {
    /// Name of the file; a multipart part brings its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(nullable = false)]
    pub name: Option<String>,
}
