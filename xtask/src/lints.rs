//! Clippy as the compiler of the tests.
//!
//! `cargo clippy` checks every dependency once more beside the build that the tests need, which costs
//! minutes of a cold gate. Clippy's driver also compiles what it lints, so the tests are built by it: one
//! build, with the lints of the workspace and every warning an error. What it compiles is not meant to
//! be fast or shipped; tests need neither.

use crate::command::{cargo, output, run};
use anyhow::Result;
use std::process::Command;

/// Builds every target with its lints.
pub(crate) fn build() -> Result<()> {
    // says what is missing where clippy is
    output(cargo(&["clippy", "--version"]))?;
    let what = [
        "test",
        "--locked",
        "--workspace",
        "--all-targets",
        "--no-run",
        // every complaint of one run, not the first crate's alone
        "--no-fail-fast",
    ];
    let mut command = cargo(&what);
    set(&mut command);
    run(command)
}

/// Lets cargo find what [`build`] has built.
pub(crate) fn set(command: &mut Command) {
    command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    // how `cargo clippy -- -D warnings` tells it to its driver
    command.env(
        "CLIPPY_ARGS",
        "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__",
    );
}
