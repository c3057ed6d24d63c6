use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::read::probe::package;
use crate::{Cause, Limits, Ocr, Part, Report, Rules, Status, Stop, inspect};

/// Reads the last byte of a picture as how often it was asked.
#[derive(Default)]
struct Eyes {
    asked: AtomicUsize,
    fails: Option<Cause>,
}

impl Ocr for Eyes {
    fn text(&self, _: &[u8], _: Option<&dyn Stop>) -> Result<String, Cause> {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
        match self.fails {
            Some(cause) => Err(cause),
            None => Ok(format!("picture {asked}")),
        }
    }
}

struct Over;
impl Stop for Over {
    fn now(&self) -> bool {
        true
    }
}

/// A facsimile of so many bytes, of which nothing but its beginning is looked at here.
fn facsimile(size: usize, last: u8) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.resize(size - 1, 0);
    bytes.push(last);
    bytes
}

fn read(bytes: &[u8], eyes: Arc<Eyes>, stop: Option<Arc<dyn Stop>>) -> Report {
    let limits = Limits {
        ocr: Some(eyes),
        stop,
        ..Limits::default()
    };
    inspect(bytes, "", &Rules::default(), &limits)
}

#[test]
fn pictures_are_read_after_all_else_and_the_same_one_once() {
    let (one, other) = (facsimile(100, 1), facsimile(100, 2));
    let members: [(&str, &[u8]); 5] = [
        ("a.tif", &one),
        ("b.tif", &other),
        ("c.txt", b"words of the last member"),
        ("d.tif", &one),
        ("e.txt", b"the end"),
    ];
    let eyes = Arc::new(Eyes::default());
    let report = read(&package(&members), eyes.clone(), None);
    let (words, picture) = (report.text.find("the end"), report.text.find("picture 1"));
    assert!(words.is_some() && words < picture, "{}", report.text);
    assert_eq!(
        report.text.matches("picture 1").count(),
        2,
        "{}",
        report.text
    );
    assert_eq!(
        (eyes.asked.load(Ordering::Relaxed), report.status),
        (2, Status::Read)
    );
}

#[test]
fn a_picture_says_where_it_lies() {
    let picture = facsimile(100, 1);
    let eyes = Arc::new(Eyes::default());
    let limits = Limits {
        ocr: Some(eyes),
        ..Limits::default()
    };
    let told = crate::read::probe::told_within(&package(&[("folder/a.tif", &picture)]), &limits);
    let place = told.place("picture 1");
    assert_eq!(place.part, Part::Picture);
    assert_eq!(place.container, ["folder/a.tif"]);
}

#[test]
fn what_keeps_a_picture_from_being_read_is_told() {
    for cause in [Cause::Time, Cause::TooBig, Cause::ImageWithoutOcr] {
        let eyes = Arc::new(Eyes {
            fails: Some(cause),
            ..Eyes::default()
        });
        let report = read(&facsimile(100, 1), eyes, None);
        assert_eq!(
            (report.status, report.causes),
            (Status::Unread, [cause].into())
        );
    }
    let eyes = Arc::new(Eyes::default());
    let report = read(&facsimile(100, 1), eyes.clone(), Some(Arc::new(Over)));
    assert!(report.causes.contains(&Cause::Time), "{report:?}");
    assert_eq!(eyes.asked.load(Ordering::Relaxed), 0);
}

#[test]
fn no_more_pictures_wait_than_memory_may_hold() {
    let size = 12 << 20;
    let pictures: Vec<Vec<u8>> = (0..3).map(|last| facsimile(size, last)).collect();
    let mut members: Vec<(&str, &[u8])> = pictures.iter().map(|one| ("a.tif", &**one)).collect();
    members.push(("z.txt", b"the end"));
    // the third came when two waited, so that those were read before the names that follow
    let whole = package(&members);
    let text = read(&whole, Arc::new(Eyes::default()), None).text;
    let at = |words| text.find(words).unwrap();
    assert!(
        at("picture 2") < at("the end") && at("the end") < at("picture 3"),
        "{text}"
    );
}
