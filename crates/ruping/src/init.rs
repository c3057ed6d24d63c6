//! `ruping init`.

use crate::{
    args::{Format, InitArgs},
    clock,
};
use anyhow::Result;
use app::{SecretString, setup};
use std::process::ExitCode;

pub(crate) fn run(args: InitArgs) -> Result<ExitCode> {
    let clock = clock::make(args.folder.test_clock)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let made = runtime.block_on(setup::init(
        setup::InitOptions {
            data: args.folder.data,
            root_key: args.folder.root_key,
            org: args.org,
            regimes: args.regimes,
            max_levels: args.max_levels,
            test: args.test,
            database: args.folder.database.map(SecretString::new),
        },
        clock,
    ))?;
    let out = match args.format {
        Format::Json => {
            let accounts: Vec<_> = made
                .accounts
                .iter()
                .map(|(name, role, password)| {
                    serde_json::json!({ "name": name, "role": role, "password": password.expose() })
                })
                .collect();
            serde_json::json!({ "accounts": accounts, "vkey": made.vkey }).to_string()
        }
        Format::Text => {
            let mut text = String::from("账号与一次性口令 accounts and one-time passwords:\n");
            for (name, role, password) in &made.accounts {
                text.push_str(&format!("  {name:<10} {role:<16} {}\n", password.expose()));
            }
            text.push_str(&format!("日志验证公钥 verifier key:\n  {}", made.vkey));
            text
        }
    };
    crate::demo::say(&out);
    Ok(ExitCode::SUCCESS)
}
