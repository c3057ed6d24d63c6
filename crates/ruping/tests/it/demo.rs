//! The main job with every refusal that must come, as a user runs it.

use std::process::Command;

fn play(database: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = Command::new(env!("CARGO_BIN_EXE_ruping"));
    demo.args(["demo", "--once", "--data"])
        .arg(folder.path().join("demo"));
    if let Some(url) = database {
        demo.args(["--database", url]);
    }
    let output = demo.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{errors}");
    for refusal in [
        "R-201", "R-131", "R-102", "R-184", "R-421", "R-103", "R-318", "R-606", "R-233", "R-234",
    ] {
        assert!(
            told.contains(&format!("✋ {refusal}")),
            "{refusal} was not shown\n{told}"
        );
    }
}

#[test]
fn the_thread_runs_on_the_embedded_database() {
    play(None);
}

/// `cargo xtask test` starts a server and sets the variable; without one this shows nothing.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the gate tells the test where its server is"
)]
fn the_thread_runs_on_postgresql() {
    if let Ok(url) = std::env::var("RUPING_TEST_POSTGRES") {
        play(Some(&url));
    }
}
