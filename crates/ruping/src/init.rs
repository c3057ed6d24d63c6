//! `ruping init`: makes a data folder and tells, once, what nobody can be told again.

use crate::{
    args::{InitArgs, max_levels},
    clock,
    config::Environment,
};
use anyhow::Result;
use app::setup::{self, Initialised};
use cli::{Exit, Format, Terminal};
use domain::Text;
use serde_json::json;

pub(crate) fn run(
    args: InitArgs,
    environment: &Environment,
    terminal: &mut Terminal<'_>,
) -> Result<Exit> {
    let packs = args.folder.testing.packs();
    let clock = clock::make(args.folder.testing.test_clock)?;
    let options = setup::InitOptions {
        data: args.folder.data,
        root_key: args.folder.root_key,
        org: args.org,
        regimes: args.regimes,
        max_levels: max_levels(&args.max_levels)?,
        test: args.test,
        database: environment.database(args.folder.database),
    };
    let made =
        tokio::runtime::Runtime::new()?.block_on(setup::init_with(options, clock, &packs))?;
    match terminal.format_or(Format::Text) {
        Format::Json => {
            let accounts: Vec<_> = made
                .accounts
                .iter()
                .map(|(name, role, password)| {
                    json!({ "name": name, "role": role, "password": password.expose() })
                })
                .collect();
            terminal.json(&json!({ "accounts": accounts, "vkey": made.vkey }))?;
        }
        Format::Text => tell(&made, terminal)?,
    }
    Ok(Exit::Fine)
}

fn tell(made: &Initialised, terminal: &mut Terminal<'_>) -> Result<()> {
    terminal.say(&Text::new(
        "首批账号与一次性口令（只显示这一次，请交本人）：",
        "first accounts and their one-time passwords, told this once; hand each to its person:",
    ))?;
    for (name, role, password) in &made.accounts {
        terminal.line(&format!("  {name:<10} {role:<16} {}", password.expose()))?;
    }
    terminal.say(&Text::new(
        "日志验证公钥（请保存在本机以外）：",
        "the log's verifier key; keep it outside this machine:",
    ))?;
    Ok(terminal.line(&format!("  {}", made.vkey))?)
}
