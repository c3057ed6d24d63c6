//! `ruping serve`: opens the folder, serves it, and lets what is under way end.

use crate::{
    args::{Folder, ServeArgs},
    clock,
};
use anyhow::{Context, Result};
use api::{
    Site,
    serve::{Transport, bind, tls_config},
};
use app::{App, SecretString, setup};
use std::process::ExitCode;
use tokio::sync::watch;

/// Opens a data folder as the arguments say.
pub(crate) async fn open(folder: Folder) -> Result<App> {
    let test_clock = folder.test_clock.is_some();
    let clock = clock::make(folder.test_clock)?;
    Ok(setup::open(setup::OpenOptions {
        data: folder.data,
        root_key: folder.root_key,
        database: folder.database.map(SecretString::new),
        clock,
        test_clock,
    })
    .await?)
}

pub(crate) fn run(args: ServeArgs) -> Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(serve(args))
}

async fn serve(args: ServeArgs) -> Result<ExitCode> {
    let transport = match (&args.tls_cert, &args.tls_key) {
        (Some(cert), Some(key)) => {
            let cert = std::fs::read(cert).context("reading the TLS certificate")?;
            let key = std::fs::read(key).context("reading the TLS key")?;
            Transport::Tls(tls_config(&cert, &key)?)
        }
        _ if args.behind_proxy => Transport::BehindProxy,
        _ => Transport::Plain,
    };
    let cookies = transport.cookies();
    let app = open(args.folder).await?;
    let bound = bind(args.listen, transport).await?;
    let router = api::router(Site::new(app.clone(), cookies));
    let (stop, stopped) = watch::channel(false);
    let background = tokio::spawn(app.run_background(stopped.clone()));
    crate::demo::say(&format!("listening on {}", bound.url()));
    tokio::spawn(async move {
        wait_for_end().await;
        stop.send_replace(true);
    });
    bound.serve(router, stopped).await;
    background.await.context("the background work")?;
    Ok(ExitCode::SUCCESS)
}

/// Ctrl-C or the polite signal.
async fn wait_for_end() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}
