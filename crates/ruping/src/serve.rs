//! `ruping serve`: opens the folder, serves it, and lets what is under way end.

use crate::{
    args::ServeArgs,
    clock,
    config::{self, Environment, Road, Settings},
};
use anyhow::{Context, Result, bail};
use api::{
    Site,
    serve::{Bound, Transport, bind, tls_config},
};
use app::{App, setup};
use cli::{Exit, Terminal};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

pub(crate) fn run(
    args: ServeArgs,
    environment: &Environment,
    terminal: &mut Terminal<'_>,
) -> Result<Exit> {
    let settings = config::settle(args, environment)?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let transport = transport(&settings.road)?;
        let cookies = transport.cookies();
        // the address first: a second server on it should not get as far as the folder
        let bound = bind(settings.listen, transport).await?;
        let app = open(settings).await?;
        let end = End::expected()?;
        terminal.line(&format!("listening on {}", bound.url()))?;
        attend(bound, Site::new(app.clone(), cookies), app, end).await
    })
}

fn transport(road: &Road) -> Result<Transport> {
    Ok(match road {
        Road::Plain => Transport::Plain,
        Road::BehindProxy => Transport::BehindProxy,
        Road::Tls { cert, key } => Transport::Tls(tls_config(&cli::read(cert)?, &cli::read(key)?)?),
    })
}

async fn open(settings: Settings) -> Result<App> {
    let (packs, testing) = (settings.testing.packs(), settings.testing);
    let options = setup::OpenOptions {
        data: settings.data,
        root_key: settings.root_key,
        database: settings.database,
        test_clock: testing.test_clock.is_some(),
        clock: clock::make(testing.test_clock)?,
    };
    let app = setup::open_with(options, &packs).await?;
    app.require_own_log().await?;
    app.lend_inspector(crate::inspector::make()?);
    Ok(app)
}

/// Serves until somebody asks for the end, or the database turns out to be damaged: then what is
/// under way is told so, and nothing more is asked of it. Without the work in the background no entry would get
/// its place in the log, so its end is the server's too.
async fn attend(bound: Bound, site: Site, app: App, mut end: End) -> Result<Exit> {
    let (stop, stopped) = watch::channel(false);
    let mut background = tokio::spawn(app.clone().run_background(stopped.clone()));
    let serving = bound.serve(api::router(site), stopped);
    tokio::pin!(serving);
    let mut damage = None;
    tokio::select! {
        () = &mut serving => {}
        found = app.damaged() => {
            damage = Some(found);
            stop.send_replace(true);
            serving.await;
        }
        _ = &mut background => bail!("the work in the background ended by itself"),
        () = end.asked() => {
            stop.send_replace(true);
            serving.await;
        }
    }
    background.await.context("the work in the background")?;
    match damage {
        Some(damage) => Err(damage.into()),
        None => Ok(Exit::Fine),
    }
}

/// Ctrl-C or the polite signal, waited for since before anybody could know that we run.
pub(crate) struct End {
    interrupt: Signal,
    terminate: Signal,
}

impl End {
    pub(crate) fn expected() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    pub(crate) async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
