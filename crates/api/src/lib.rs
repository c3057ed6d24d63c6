//! The REST interface: routes, extractors, sessions, problem documents, and serving them.
//!
//! Handlers extract, call one use case of `app` and map its answer to `wire`; no rule of business
//! is here, and no SQL. Every answer carries a request id and the security headers, every failure
//! is one problem document. The pages for browsers are embedded and come from `web`. [`router`] makes
//! the whole of it, [`serve`] puts it on a socket.
#![warn(missing_docs)]

mod answer;
mod auth;
mod document;
mod handlers;
mod limits;
mod partial;
mod refusal;
mod request;
mod routes;
mod scopes;
mod secret;
mod security;
pub mod serve;
mod site;
mod views;
mod web;

pub use document::openapi;
pub use routes::router;
pub use security::content_security_policy;
pub use site::{Cookies, Site};
