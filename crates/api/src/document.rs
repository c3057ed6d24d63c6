//! The OpenAPI document: made from the handlers, so that it cannot say what they do not do.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, Content, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi};

/// What stands above the operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Ruping 如瓶",
        description = "Confidentiality management. Every failure is a problem document (RFC 9457); \
            decide by its `code`. The log's tiles (C2SP tlog-tiles) lie at `/log/tile/…`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/")),
    security(("session" = [], "csrf" = []), ("token" = [])),
    components(schemas(wire::Problem)),
    modifiers(&Schemes),
)]
struct Document;

/// How callers show who they are.
struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_with(Components::new);
        let key = |value| SecurityScheme::ApiKey(value);
        components.add_security_scheme(
            "session",
            key(ApiKey::Cookie(ApiKeyValue::new("ruping_session"))),
        );
        components.add_security_scheme(
            "csrf",
            key(ApiKey::Header(ApiKeyValue::with_description(
                "X-CSRF-Token",
                "with a session, on whatever is not GET or HEAD",
            ))),
        );
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

/// The OpenAPI document, as it is served at `/api/openapi.json`.
#[must_use]
pub fn openapi() -> String {
    let outer = utoipa_axum::router::OpenApiRouter::with_openapi(Document::openapi());
    let (_, mut document) = outer
        .nest("/api/v1", crate::routes::documented())
        .split_for_parts();
    for item in document.paths.paths.values_mut() {
        operations(item).for_each(can_fail);
    }
    document.to_pretty_json().unwrap_or_default()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
    ]
    .into_iter()
    .flatten()
}

/// Every operation can be refused, always in the same form.
fn can_fail(operation: &mut Operation) {
    let problem = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
    let response = ResponseBuilder::new()
        .description("refused")
        .content(wire::Problem::MEDIA_TYPE, problem)
        .build();
    operation
        .responses
        .responses
        .insert("default".to_owned(), RefOr::T(response));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn every_operation_has_one_name_and_a_refusal() {
        let document: Value = serde_json::from_str(&openapi()).unwrap();
        let mut names = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            assert!(path.starts_with("/api/v1/"), "{path}");
            for operation in item.as_object().unwrap().values() {
                names.push(operation["operationId"].as_str().unwrap().to_owned());
                let refused = &operation["responses"]["default"]["content"];
                assert!(refused["application/problem+json"].is_object(), "{path}");
            }
        }
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count, "two operations share a name");
        assert!(count > 20, "{count}");
    }
}
