//! The index on disk answers as the one in memory does, whatever happens to it; and what is damaged is told.
#![cfg(test)]

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use inspect::copies::{Document, Enrolled, Posting, Registered, tags_of};
use passages::{Error, Index, Keeper, Key, RESIDENT_BYTES};
use proptest::prelude::*;

/// Another key for tags would give other tags: the model has the index's own.
fn model(keeper: &Keeper) -> Enrolled {
    Enrolled::new(keeper.key().clone())
}

fn key() -> Key {
    Key::new([7; 32])
}

/// Other bytes at every call, and the same in every run.
fn random() -> impl FnMut(&mut [u8]) -> std::io::Result<()> {
    let mut count = 0_u64;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            count += 1;
            *byte = count.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes()[6];
        }
        Ok(())
    }
}

fn text(seed: u64, length: usize) -> String {
    let mut word = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = || {
        word = word
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(word >> 33).unwrap()
    };
    (0..length)
        .map(|_| char::from_u32(0x4e00 + draw() % 3_000).unwrap())
        .collect()
}

/// A document of which a part is what many others have too.
fn document(seed: u64) -> String {
    let shared = text(seed % 3 + 1_000_000, 120);
    text(seed, 100 + usize::try_from(seed % 7).unwrap() * 60) + &shared
}

type Answer = (BTreeSet<(usize, u32, u32)>, Vec<Option<Document>>);

fn answer(index: &dyn Registered, asked: &str, numbers: u32) -> Answer {
    let tags = tags_of(index.key(), asked);
    let mut postings = BTreeSet::new();
    index
        .look(&tags, &mut |which, Posting { document, at }| {
            assert!(postings.insert((which, document, at)), "told twice");
            ControlFlow::Continue(())
        })
        .unwrap();
    let documents = (0..=numbers).map(|number| index.document(number).unwrap());
    (postings, documents.collect())
}

#[derive(Debug, Clone)]
enum Step {
    Add(u64),
    Remove(u32),
    Commit,
    Merge,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0_u64..40).prop_map(Step::Add),
        3 => (0_u32..40).prop_map(Step::Remove),
        4 => Just(Step::Commit),
        1 => Just(Step::Merge),
        2 => Just(Step::Reopen),
    ]
}

fn compare(folder: &Path, model: &Enrolled, numbers: u32) {
    let asked: String = (0..40).step_by(4).map(document).collect();
    let mut told = 0;
    for resident in [RESIDENT_BYTES, 0] {
        let index = Index::open(folder, &key(), resident).unwrap();
        assert_eq!(index.len(), model.len() as u64);
        let (answer, wanted) = (
            answer(&index, &asked, numbers),
            answer(model, &asked, numbers),
        );
        assert_eq!(answer, wanted);
        told += answer.0.len();
    }
    assert!(told > 0 || model.is_empty());
    let checked = Index::check(folder, &key()).unwrap();
    assert_eq!(checked.documents, model.len() as u64);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn whatever_happens_to_it_it_answers_as_the_one_in_memory(steps in proptest::collection::vec(step(), 1..80)) {
        let folder = tempfile::tempdir().unwrap();
        let mut random = random();
        let mut keeper = Keeper::create(folder.path(), key(), &mut random).unwrap();
        let mut model = model(&keeper);
        let mut numbers = 0;
        for step in steps {
            match step {
                Step::Add(seed) => {
                    let (name, text) = (format!("文件{seed}"), document(seed));
                    let level = (seed % 2 == 0).then_some("state.secret");
                    let added = keeper.add(&name, level, &text, &mut random).unwrap();
                    prop_assert_eq!(added.number, model.add(&name, level, &text));
                    numbers = added.number + 1;
                }
                Step::Remove(number) => {
                    let there = model.document(number).unwrap().is_some();
                    prop_assert_eq!(keeper.remove(number).unwrap(), there);
                    model.remove(number);
                }
                Step::Commit => keeper.commit(&mut random).unwrap(),
                Step::Merge => keeper.merge(&mut random).unwrap(),
                Step::Reopen => {
                    keeper.commit(&mut random).unwrap();
                    compare(folder.path(), &model, numbers);
                    drop(keeper);
                    keeper = Keeper::open(folder.path(), key()).unwrap();
                }
            }
        }
        keeper.commit(&mut random).unwrap();
        compare(folder.path(), &model, numbers);
        keeper.merge(&mut random).unwrap();
        compare(folder.path(), &model, numbers);
        let checked = Index::check(folder.path(), &key()).unwrap();
        prop_assert_eq!(checked.removed, 0);
        prop_assert!(checked.segments <= 1);
    }
}

/// Enough of it that segments are asked through their filters.
#[test]
fn a_large_segment_answers_as_the_one_in_memory_and_blocks_of_one_tag_are_read_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = random();
    let mut keeper = Keeper::create(folder.path(), key(), &mut random).unwrap();
    let mut model = model(&keeper);
    for seed in 0..700 {
        // every document begins with the same passage, so that one tag fills several blocks
        let text = text(77, 300) + &text(seed, 1_000);
        let name = seed.to_string();
        let added = keeper.add(&name, None, &text, &mut random).unwrap();
        model.add(&name, None, &text);
        if seed % 50 == 1 {
            keeper.commit(&mut random).unwrap();
            assert!(keeper.remove(added.number).unwrap());
            model.remove(added.number);
        }
    }
    keeper.merge(&mut random).unwrap();
    let asked = text(77, 100) + &text(3, 1_000) + &text(6, 900) + &text(9_999, 500);
    for resident in [RESIDENT_BYTES, 100_000, 60_000, 30_000, 0] {
        let index = Index::open(folder.path(), &key(), resident).unwrap();
        let told = answer(&index, &asked, 700);
        assert!(told.0.len() > 680 * 6 && told.0 == answer(&model, &asked, 700).0);
        assert_eq!(told, answer(&model, &asked, 700), "{resident}");
    }
}

/// An index of a few documents in several segments.
fn some(folder: &Path) {
    let mut random = random();
    let mut keeper = Keeper::create(folder, key(), &mut random).unwrap();
    for seed in 0..5 {
        let name = format!("总体方案{seed}");
        keeper
            .add(
                &name,
                Some("state.top_secret"),
                &document(seed),
                &mut random,
            )
            .unwrap();
        keeper.commit(&mut random).unwrap();
    }
    keeper.remove(1).unwrap();
    keeper.commit(&mut random).unwrap();
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| !path.ends_with("lock"))
        .collect();
    all.sort();
    all
}

#[test]
fn what_is_cut_or_bent_is_told_as_damage_and_never_answered_from() {
    let folder = tempfile::tempdir().unwrap();
    some(folder.path());
    let asked: String = (0..5).map(document).collect();
    let wanted = answer(&Index::open(folder.path(), &key(), 0).unwrap(), &asked, 5);
    assert!(wanted.0.len() > 20);
    for path in files(folder.path()) {
        let whole = std::fs::read(&path).unwrap();
        let step = (whole.len() / 60).max(1);
        for at in (0..whole.len()).step_by(step).chain([whole.len() - 1]) {
            let mut bent = whole.clone();
            bent[at] ^= 1 << (at % 8);
            for hostile in [bent, whole[..at].to_vec()] {
                std::fs::write(&path, hostile).unwrap();
                let error = Index::check(folder.path(), &key()).unwrap_err();
                assert!(
                    ["passages.damaged", "passages.wrong_key"].contains(&error.code()),
                    "{path:?} {at}: {error:?}"
                );
                // it may be opened where what is damaged is not needed, and then its answers are the same
                if let Ok(index) = Index::open(folder.path(), &key(), 0) {
                    assert_eq!(answer(&index, &asked, 5), wanted, "{path:?} {at}");
                }
            }
        }
        std::fs::write(&path, whole).unwrap();
    }
    Index::check(folder.path(), &key()).unwrap();
}

#[test]
fn a_damaged_block_of_a_large_segment_is_an_error_of_who_asks_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = random();
    let mut keeper = Keeper::create(folder.path(), key(), &mut random).unwrap();
    for seed in 0..100 {
        keeper
            .add("one", None, &text(seed, 10_000), &mut random)
            .unwrap();
    }
    keeper.commit(&mut random).unwrap();
    let segment = folder.path().join("0.seg");
    let mut bytes = std::fs::read(&segment).unwrap();
    // somewhere in the first blocks of postings
    bytes[1_000] ^= 4;
    std::fs::write(&segment, bytes).unwrap();
    let index = Index::open(folder.path(), &key(), RESIDENT_BYTES).unwrap();
    let failed = (0..100).filter(|seed| {
        let tags = tags_of(index.key(), &text(*seed, 10_000));
        index
            .look(&tags, &mut |_, _| ControlFlow::Continue(()))
            .is_err()
    });
    assert!(
        failed.count() > 50,
        "most documents have a tag in the first block"
    );
    // a report says that nobody was asked, and does not say that nothing was found
    let rules = inspect::Rules::default().with_registered(std::sync::Arc::new(index));
    let report = inspect::inspect(
        text(0, 10_000).as_bytes(),
        "a.txt",
        &rules,
        &inspect::Limits::default(),
    );
    assert!(report.causes.contains(&inspect::Cause::Registered));
    assert_eq!(report.status, inspect::Status::Partial);
    let error = Index::check(folder.path(), &key()).unwrap_err();
    assert_eq!(error.code(), "passages.damaged");
}

#[test]
fn a_change_that_was_cut_short_leaves_what_was_before() {
    let folder = tempfile::tempdir().unwrap();
    some(folder.path());
    let before = Index::check(folder.path(), &key()).unwrap();
    // a segment half written, a list beside the old one: neither counts, and the next change sweeps up
    std::fs::write(folder.path().join("99.seg"), b"RUPASSG1 and no more").unwrap();
    std::fs::write(folder.path().join("index.new"), b"RUPA").unwrap();
    assert_eq!(Index::check(folder.path(), &key()).unwrap(), before);
    let mut random = random();
    let mut keeper = Keeper::open(folder.path(), key()).unwrap();
    assert!(!folder.path().join("99.seg").exists());
    // what is not committed is not there
    keeper.add("lost", None, &document(9), &mut random).unwrap();
    drop(keeper);
    assert_eq!(Index::check(folder.path(), &key()).unwrap(), before);
    // nor is what no disk could take
    let mut keeper = Keeper::open(folder.path(), key()).unwrap();
    keeper.add("lost", None, &document(9), &mut random).unwrap();
    let failed = keeper.commit(&mut |_| Err(std::io::Error::other("none")));
    assert!(matches!(failed, Err(Error::Random(_))), "{failed:?}");
    drop(keeper);
    assert_eq!(Index::check(folder.path(), &key()).unwrap(), before);
}

#[test]
fn without_the_key_a_folder_tells_nothing_and_another_key_is_told() {
    let folder = tempfile::tempdir().unwrap();
    some(folder.path());
    for path in files(folder.path()) {
        let bytes = std::fs::read(&path).unwrap();
        for plain in ["总体方案", "state.top_secret", "top_secret"] {
            let there = bytes
                .windows(plain.len())
                .any(|window| window == plain.as_bytes());
            assert!(!there, "{plain} in {path:?}");
        }
    }
    let error = Index::open(folder.path(), &Key::new([8; 32]), 0).unwrap_err();
    assert_eq!(error.code(), "passages.wrong_key");
    assert_eq!(format!("{:?}", key()), "Key([redacted])");
}

#[test]
fn one_changes_it_at_a_time_while_others_ask() {
    let folder = tempfile::tempdir().unwrap();
    some(folder.path());
    let mut random = random();
    let mut keeper = Keeper::open(folder.path(), key()).unwrap();
    let busy = Keeper::open(folder.path(), key()).unwrap_err();
    assert_eq!(busy.code(), "passages.busy");
    let index = Index::open(folder.path(), &key(), 0).unwrap();
    let before = answer(&index, &document(2), 5);
    keeper.remove(2).unwrap();
    keeper.merge(&mut random).unwrap();
    assert_eq!(
        answer(&index, &document(2), 5),
        before,
        "as it was when it was opened"
    );
    let now = Index::open(folder.path(), &key(), 0).unwrap();
    assert!(now.named(2).unwrap().is_none() && now.len() == 3);
    assert!(!keeper.remove(2).unwrap() && !keeper.remove(77).unwrap());
    let there = Keeper::create(folder.path(), key(), &mut random).unwrap_err();
    assert_eq!(there.code(), "passages.busy");
    drop(keeper);
    let there = Keeper::create(folder.path(), key(), &mut random).unwrap_err();
    assert_eq!(there.code(), "passages.there");
    let empty = tempfile::tempdir().unwrap();
    let none = Index::open(empty.path(), &key(), 0).unwrap_err();
    assert_eq!(none.code(), "passages.none");
    assert_eq!(
        Keeper::open(empty.path(), key()).unwrap_err().code(),
        "passages.none"
    );
    assert!(files(empty.path()).is_empty() && !empty.path().join("lock").exists());
}

#[test]
fn many_small_changes_are_merged_as_they_come() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = random();
    let mut keeper = Keeper::create(folder.path(), key(), &mut random).unwrap();
    for seed in 0..200 {
        keeper
            .add("one", None, &document(seed), &mut random)
            .unwrap();
        keeper.commit(&mut random).unwrap();
    }
    let segments = Index::check(folder.path(), &key()).unwrap().segments;
    assert!((1..30).contains(&segments), "{segments}");
    assert_eq!(files(folder.path()).len() as u64, segments + 1);
}

#[test]
fn a_table_is_kept_sealed_and_comes_back() {
    use passages::table;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.table");
    let head = inspect::exact::Head {
        name: "名册".to_owned(),
        level: None,
        primary: "身份证号".to_owned(),
        supporting: vec!["姓名".to_owned()],
        needed: 1,
        within: 100,
    };
    let mut new = table::NewTable::new(&key(), head.clone(), &mut random()).unwrap();
    assert!(new.row("11010519491231002X", &["张卫国"]));
    assert_eq!(new.write(&path, &key()).unwrap(), 1);
    let whole = std::fs::read(&path).unwrap();
    for plain in ["身份证号", "张卫国", "11010519491231002X", "名册"] {
        let there = whole
            .windows(plain.len())
            .any(|window| window == plain.as_bytes());
        assert!(!there, "{plain}");
    }
    let table = table::read(&path, &key()).unwrap();
    assert_eq!((table.head(), table.len()), (&head, 1));
    let other = table::read(&path, &Key::new([1; 32])).unwrap_err();
    assert_eq!(other.code(), "passages.wrong_key");
    for at in 0..whole.len() {
        let mut bent = whole.clone();
        bent[at] ^= 1;
        for hostile in [bent, whole[..at].to_vec()] {
            std::fs::write(&path, hostile).unwrap();
            assert!(table::read(&path, &key()).is_err(), "{at}");
        }
    }
    assert!(table::is_table(&path) || whole.len() < 8);
}
