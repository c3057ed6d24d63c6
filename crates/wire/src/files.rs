//! Files: what is told about them, how one is named when it is sent as a bare body, and how one comes in parts.

use domain::{FileId, ObjectId};
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

/// A file that will come in parts.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUpload {
    /// Name of the file.
    pub name: String,
    /// Media type; `application/octet-stream` if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub media_type: Option<String>,
    /// Its size in bytes.
    #[schema(minimum = 0)]
    pub size: u64,
}

/// How far an upload in parts is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartialUpload {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: ObjectId,
    /// So many bytes have come; the next part begins here.
    pub offset: u64,
    /// So many bytes it is to have.
    pub size: u64,
}

/// Where a part begins.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PartQuery {
    /// The bytes before it: `offset` of the answer before.
    pub offset: u64,
}
