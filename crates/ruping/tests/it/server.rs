//! A server of its own for one test.

use client::Client;
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};
use wire::{Login, PasswordChange, StepUp};

pub(crate) const PASSWORD: &str = "a long enough password";

/// A running `ruping serve`; it ends with the value.
pub(crate) struct Server {
    child: Child,
    address: String,
    folder: tempfile::TempDir,
    first: Vec<(String, String)>,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Server {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("clock"), "2026-03-02T01:00:00Z").unwrap();
        let init = program(&folder, "init")
            .args(["--test", "--format", "json"])
            .output()
            .unwrap();
        assert!(
            init.status.success(),
            "{}",
            String::from_utf8_lossy(&init.stderr)
        );
        let told: serde_json::Value = serde_json::from_slice(&init.stdout).unwrap();
        let text = |one: &serde_json::Value, key: &str| one[key].as_str().unwrap().to_owned();
        let first = told["accounts"].as_array().unwrap();
        let first = first
            .iter()
            .map(|one| (text(one, "name"), text(one, "password")))
            .collect();
        let mut serve = program(&folder, "serve");
        serve
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped());
        let mut child = serve.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening on ").map(ToOwned::to_owned))
            .unwrap();
        Self {
            child,
            address,
            folder,
            first,
        }
    }

    pub(crate) fn set_clock(&self, now: &str) {
        let new = self.folder.path().join("clock.new");
        std::fs::write(&new, now).unwrap();
        std::fs::rename(new, self.folder.path().join("clock")).unwrap();
    }

    pub(crate) fn nobody(&self) -> Client {
        Client::new(&self.address).unwrap()
    }

    /// A first account with its own password and a fresh second proof.
    pub(crate) fn enter(&self, name: &str) -> Client {
        let (_, once) = self.first.iter().find(|(known, _)| known == name).unwrap();
        let mut client = self.nobody();
        client.open_session(&login(name, once)).unwrap();
        let change = PasswordChange {
            old: once.as_str().into(),
            new: PASSWORD.into(),
        };
        client.change_password(&change).unwrap();
        let mut client = self.nobody();
        client.open_session(&login(name, PASSWORD)).unwrap();
        client
            .step_up_session(&StepUp {
                password: Some(PASSWORD.into()),
                otp: None,
            })
            .unwrap();
        client
    }
}

pub(crate) fn login(name: &str, password: &str) -> Login {
    Login {
        name: name.to_owned(),
        password: password.into(),
        otp: None,
    }
}

fn program(folder: &tempfile::TempDir, verb: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ruping"));
    command
        .arg(verb)
        .arg("--data")
        .arg(folder.path().join("data"));
    command
        .arg("--root-key")
        .arg(format!("file:{}", folder.path().join("root.key").display()));
    command.arg("--test-clock").arg(folder.path().join("clock"));
    command
}
