//! The server's log of its own doings, to standard error: what failed and where, never content,
//! keys or names.

use tracing_subscriber::EnvFilter;

/// Starts it; `filter` is what `RUPING_LOG` says (`info`, `api=debug`), warnings otherwise.
pub(crate) fn start(filter: Option<&str>) {
    let filter = filter.and_then(|text| EnvFilter::try_new(text).ok());
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(filter.unwrap_or_else(|| EnvFilter::new("warn")))
        .init();
    std::panic::set_hook(Box::new(|panic| {
        // WHY: what a panic says may hold content; its place in our source never does
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(place, "a thread panicked");
    }));
}
