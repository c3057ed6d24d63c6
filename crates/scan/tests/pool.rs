//! Workers that hang, die or answer nonsense cost the file they had, and nothing else. The workers here are shell scripts:
//! what the real one does is shown where the program is (`ruping/tests/it/scan.rs`).
#![cfg(unix)]

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use inspect::{Cause, Status};
use scan::{Event, Item, Pool, Told, Totals};

/// Answers each path with a report of a file that was read, but for the three that it has trouble with.
const WORKER: &str = r#"
echo '{"documents":7,"missed":["locked.docx"]}'
while read -r line; do
  case $line in
    68616e67) sleep 60 ;;
    61626f7274) kill -ABRT $$ ;;
    636f6d706c61696e) echo nonsense ;;
    *) echo '{"path":"'$line'","size":1,"sha256":null,"format":"txt","status":"read","causes":[],"verdict":{"level":null,"confidence":0.0},"findings":[]}' ;;
  esac
done
"#;

fn pool(jobs: usize) -> Pool {
    Pool {
        program: "/bin/sh".into(),
        arguments: vec!["-c".into(), WORKER.into()],
        jobs,
        patience: Duration::ZERO,
        stop: Arc::default(),
    }
}

fn run(pool: &Pool, names: &[&str]) -> (Vec<Told>, Totals) {
    let items: Vec<Item> = names
        .iter()
        .map(|name| Item::File(PathBuf::from(name), 1))
        .collect();
    let mut all = Vec::new();
    let totals = pool.run(items.into_iter(), |event| {
        if let Event::Told(told, _) = event {
            all.push(told.clone());
        }
        Ok::<(), Infallible>(())
    });
    (all, totals.unwrap())
}

#[test]
fn a_worker_that_hangs_dies_or_talks_nonsense_costs_its_file_alone() {
    for jobs in [1, 3] {
        let begun = Instant::now();
        let (all, totals) = run(
            &pool(jobs),
            &["a", "hang", "b", "abort", "c", "complain", "d"],
        );
        let causes: Vec<Option<Cause>> = all
            .iter()
            .map(|told| told.report.causes.first().copied())
            .collect();
        let expected = [
            None,
            Some(Cause::Time),
            None,
            Some(Cause::Memory),
            None,
            Some(Cause::Damaged),
            None,
        ];
        assert_eq!(causes, expected, "in the order in which they were given");
        assert_eq!((totals.files, totals.read, totals.unread), (7, 4, 3));
        assert_eq!(
            (totals.enrolled.documents, totals.enrolled.missed.len()),
            (7, 1)
        );
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "the sleeper was ended"
        );
    }
}

#[test]
fn what_takes_long_holds_up_what_is_told_and_little_else() {
    let names: Vec<String> = (0..2_000).map(|number| number.to_string()).collect();
    let mut given: Vec<&str> = names.iter().map(String::as_str).collect();
    given.insert(3, "hang");
    let (all, totals) = run(&pool(2), &given);
    assert_eq!(totals.files, 2_001);
    assert!(
        all.iter()
            .filter(|told| told.report.status == Status::Read)
            .count()
            == 2_000
    );
    assert!(all.get(3).is_some_and(|told| told.path == "hang"));
}

#[test]
fn a_program_that_cannot_be_started_leaves_files_unread() {
    let pool = Pool {
        program: "/there/is/none".into(),
        ..pool(2)
    };
    let (all, totals) = run(&pool, &["a", "b"]);
    assert_eq!((all.len(), totals.unread), (2, 2));
}

#[test]
fn nobody_listens_and_it_ends() {
    let items = (0..10_000).map(|number| Item::File(PathBuf::from(number.to_string()), 1));
    let mut heard = 0;
    let ended = pool(2).run(items, |event| {
        heard += u32::from(matches!(event, Event::Told(..)));
        if heard == 5 { Err("gone") } else { Ok(()) }
    });
    assert_eq!((ended, heard), (Err("gone"), 5));
}

#[test]
fn what_is_no_file_is_told_and_links_are_counted() {
    let items = [
        Item::Link("l".into()),
        Item::Special("s".into()),
        Item::Unreadable("u".into()),
    ];
    let mut causes = Vec::new();
    let totals = pool(1)
        .run(items.into_iter(), |event| {
            if let Event::Told(told, _) = event {
                causes.extend(told.report.causes.iter().copied());
            }
            Ok::<(), Infallible>(())
        })
        .unwrap();
    assert_eq!(causes, [Cause::NotAFile, Cause::Unreadable]);
    assert_eq!(totals.links, [PathBuf::from("l")]);
}

#[test]
fn who_waits_hears_what_is_read_and_a_scan_that_is_ended_tells_what_was_read() {
    let patient = Pool {
        patience: Duration::from_secs(50),
        ..pool(2)
    };
    let names: Vec<Item> = ["a", "hang", "b", "c"]
        .map(|name| Item::File(PathBuf::from(name), 1))
        .into();
    let (begun, mut told) = (Instant::now(), Vec::new());
    let totals = patient.run(names.into_iter(), |event| {
        match event {
            Event::Told(one, _) => told.push(one.path.clone()),
            // `a` is told at once; `b` and `c` were read and wait for the sleeper when nothing more is begun
            Event::Moment(totals, Some(last)) => {
                let all_begun = last == std::path::Path::new("c") && totals.files == 1;
                let since = begun.elapsed() > Duration::from_secs(1);
                patient.stop.fetch_or(all_begun && since, Ordering::Relaxed);
            }
            Event::Moment(_, None) => {}
        }
        Ok::<(), Infallible>(())
    });
    let totals = totals.unwrap();
    assert!(totals.stopped && begun.elapsed() < Duration::from_secs(30));
    let hexed = |name: &str| hex(name);
    assert_eq!(told, [hexed("a"), hexed("b"), hexed("c")]);
}

fn hex(name: &str) -> String {
    name.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_worker_has_nothing_of_the_environment_but_where_programs_lie() {
    let said = WORKER.replace(
        "'$line'",
        "'${CARGO_MANIFEST_DIR:-nothing}${PATH:+ and a path}'",
    );
    let pool = Pool {
        arguments: vec!["-c".into(), said.into()],
        ..pool(1)
    };
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    let (all, _) = run(&pool, &["a"]);
    let paths: Vec<&str> = all.iter().map(|told| told.path.as_str()).collect();
    assert_eq!(paths, ["nothing and a path"]);
}
