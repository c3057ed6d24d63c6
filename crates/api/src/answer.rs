//! The outermost layer: every answer gets a request id, every refusal is written down as a problem
//! document and logged once. What is logged is method, status, code, id and cause, never a path
//! with words in it, a query or a body.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use wire::Problem;

use crate::refusal::Refusal;
use crate::request::unread;

/// The header of every answer that finds it in the log.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What a handler gives back.
pub(crate) type Reply<T> = Result<Json<T>, Refusal>;

/// A JSON answer.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => ([(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
            Err(error) => Refusal::internal(Box::new(error)).into_response(),
        }
    }
}

/// Numbers requests: unique for this process, and unlikely to meet another one's.
#[derive(Clone, Debug)]
pub(crate) struct RequestIds {
    process: u64,
    next: Arc<AtomicU64>,
}

impl RequestIds {
    pub(crate) fn new() -> Self {
        // WHY: the hasher's keys are random for each process; an id is no secret, so that is enough
        let process = RandomState::new().build_hasher().finish();
        Self {
            process,
            next: Arc::new(AtomicU64::new(1)),
        }
    }

    fn next(&self) -> String {
        format!(
            "{:016x}-{:06x}",
            self.process,
            self.next.fetch_add(1, Ordering::Relaxed)
        )
    }
}

/// Runs the request, then dresses its answer.
pub(crate) async fn dress(State(ids): State<RequestIds>, request: Request, next: Next) -> Response {
    let id = ids.next();
    let method = request.method().clone();
    let (request, unread) = unread::lend(request);
    let mut response = next.run(request).await;
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        log(&refusal, &method, &id);
        write_down(&mut response, &refusal, &id);
    }
    if let Some(unread) = unread
        && !unread.clear().await
    {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    if let Ok(value) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

fn log(refusal: &Refusal, method: &Method, request_id: &str) {
    let (status, code) = (refusal.status().as_u16(), refusal.code());
    match refusal.cause() {
        Some(cause) => {
            let cause = chain(cause);
            tracing::error!(request_id, %method, status, code, cause, "a request failed");
        }
        None => tracing::info!(request_id, %method, status, code, "a request was refused"),
    }
}

/// An error and everything under it, in one line.
fn chain(error: &(dyn std::error::Error + Send + Sync)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text.push_str(": ");
        text.push_str(&error.to_string());
        next = error.source();
    }
    text
}

fn write_down(response: &mut Response, refusal: &Refusal, request_id: &str) {
    *response.status_mut() = refusal.status();
    if let Some((name, value)) = refusal.extra_header() {
        response.headers_mut().insert(name, value);
    }
    let media_type = HeaderValue::from_static(Problem::MEDIA_TYPE);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, media_type);
    response.headers_mut().remove(header::CONTENT_LENGTH);
    let bytes = serde_json::to_vec(&refusal.problem(request_id)).unwrap_or_default();
    *response.body_mut() = Body::from(bytes);
}

/// What a panic becomes; what it said may hold content and is not repeated.
pub(crate) fn after_panic(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    Refusal::internal("a handler panicked".into()).into_response()
}

/// A path nobody knows.
pub(crate) async fn unknown_path() -> Refusal {
    Refusal::not_found()
}

/// A method that does not belong to the path.
pub(crate) async fn unknown_method() -> Refusal {
    let (zh, en) = (
        "此地址不支持该方法",
        "this address does not take this method",
    );
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "request.method", zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt;
    use tower_http::catch_panic::CatchPanicLayer;

    async fn ask(path: &str) -> (StatusCode, String, Problem) {
        let router = Router::new()
            .route(
                "/panics",
                get(|| async { panic!("the title of a secret") as StatusCode }),
            )
            .fallback(unknown_path)
            .layer(CatchPanicLayer::custom(after_panic))
            .layer(from_fn_with_state(RequestIds::new(), dress));
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let id = response.headers()[REQUEST_ID].to_str().unwrap().to_owned();
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20)
            .await
            .unwrap();
        (status, id, serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_document_and_says_nothing() {
        let (status, id, problem) = ask("/panics").await;
        assert_eq!((status.as_u16(), problem.code.as_str()), (500, "internal"));
        assert_eq!(problem.request_id, id);
        assert!(!format!("{problem:?}").contains("secret"), "{problem:?}");
    }

    #[tokio::test]
    async fn every_answer_has_a_request_id_of_its_own() {
        let (status, one, problem) = ask("/nowhere").await;
        assert_eq!((status.as_u16(), problem.code.as_str()), (404, "not_found"));
        let (_, other, _) = ask("/nowhere").await;
        assert_ne!(one, other);
    }
}
