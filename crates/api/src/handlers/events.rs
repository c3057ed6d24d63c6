//! News for a page: a stream that says that something has changed, and never what.

use std::convert::Infallible;

use app::{Event, EventStream};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::auth::Listener;
use crate::limits::HEARTBEAT;
use crate::refusal::Refusal;
use crate::site::Site;

/// What changes for the account: `ready` at the beginning, then `inbox` with how much waits, `notices` and
/// `clocks` with nothing, and `ended` with the session. It is asked for anew at the addresses of each; a
/// stream keeps no session alive. At most 8 at once for an account.
#[utoipa::path(
    get, path = "/events", tag = "approvals",
    responses((status = 200, content_type = "text/event-stream", body = String)),
)]
pub(crate) async fn read_events(
    State(site): State<Site>,
    Listener(caller): Listener,
) -> Result<Response, Refusal> {
    let events = site.app.events(&caller).await?;
    let told = stream::unfold(Some((events, true)), next);
    let keep = KeepAlive::new().interval(HEARTBEAT);
    let mut response = Sse::new(told).keep_alive(keep).into_response();
    // WHY: what is streamed may be looked at once; kept by nobody, as every answer
    let kept = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, kept);
    Ok(response)
}

type Told = Option<(EventStream, bool)>;

async fn next(state: Told) -> Option<(Result<sse::Event, Infallible>, Told)> {
    let (mut events, first) = state?;
    if first {
        return Some((Ok(named("ready")), Some((events, false))));
    }
    let event = events.next().await?;
    let (said, goes_on) = match event {
        Event::Inbox(count) => (
            sse::Event::default().event("inbox").data(count.to_string()),
            true,
        ),
        Event::Notices => (named("notices"), true),
        Event::Clocks => (named("clocks"), true),
        Event::Ended => (named("ended"), false),
    };
    Some((Ok(said), goes_on.then_some((events, false))))
}

/// An event without content; one without data is none to a browser.
fn named(name: &str) -> sse::Event {
    sse::Event::default().event(name).data("{}")
}
