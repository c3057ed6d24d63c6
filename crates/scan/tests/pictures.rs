//! Text on pictures, read by the real tesseract: marks on a screen, on a page, and on the page of a PDF that is a scan.
//! Few, for each reading takes half a second; the pictures are made by `pictures/make.py`.
#![cfg(unix)]
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests"
)]

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use inspect::{Cause, Kind, Limits, Ocr, Part, Report, Rules, Status, Stop, inspect};
use scan::Tesseract;

const NOTICE: &[u8] = include_bytes!("pictures/notice.png");
const SCREEN: &[u8] = include_bytes!("pictures/screen.png");

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::shipped().unwrap());
static TESSERACT: LazyLock<Arc<Tesseract>> =
    LazyLock::new(|| Arc::new(Tesseract::find(Path::new("tesseract")).unwrap()));

fn read(bytes: &[u8]) -> Report {
    let limits = Limits {
        ocr: Some(TESSERACT.clone()),
        ..Limits::default()
    };
    inspect(bytes, "", &RULES, &limits)
}

/// The mark is found, on a picture, and shown to people.
fn marked(report: &Report, rule: &str) {
    let marks: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| finding.kind == Kind::Mark)
        .collect();
    let [mark] = marks.as_slice() else {
        panic!("{report:?}")
    };
    assert_eq!((mark.rule.as_str(), mark.place.part), (rule, Part::Picture));
    assert!((0.5..0.95).contains(&mark.confidence), "{mark:?}");
    assert_eq!(report.status, Status::Read, "{:?}", report.causes);
}

#[test]
fn chinese_is_there() {
    assert!(TESSERACT.reads_chinese() && TESSERACT.kind().starts_with("tesseract"));
}

#[test]
fn a_mark_on_a_page_is_found_whatever_is_made_of_its_star() {
    let report = read(NOTICE);
    marked(&report, "mark.state.secret");
    assert!(
        report.text.contains("关于开展保密检查工作的通知"),
        "{}",
        report.text
    );
    let unread = inspect(NOTICE, "", &RULES, &Limits::default());
    assert_eq!(
        (unread.status, unread.causes),
        (Status::Unread, [Cause::ImageWithoutOcr].into())
    );
}

#[test]
fn small_letters_of_a_screen_are_read() {
    let report = read(SCREEN);
    marked(&report, "mark.state.confidential");
    assert!(report.text.contains("食堂"), "{}", report.text);
}

/// A PDF with one page, which is a picture: the packed dots of a grey PNG as they are.
fn scanned(png: &[u8]) -> Vec<u8> {
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    let (width, height) = (number(16), number(20));
    assert_eq!(png[24..26], [8, 0], "eight bits of grey");
    let mut dots = Vec::new();
    let mut at = 8;
    while at + 8 <= png.len() {
        let length = usize::try_from(number(at)).unwrap();
        if &png[at + 4..at + 8] == b"IDAT" {
            dots.extend(&png[at + 8..at + 8 + length]);
        }
        at += length + 12;
    }
    let draw = format!("q {width} 0 0 {height} 0 0 cm /P Do Q");
    let picture = format!(
        "/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8 /ColorSpace /DeviceGray \
         /Filter /FlateDecode /DecodeParms << /Predictor 15 /Colors 1 /BitsPerComponent 8 /Columns {width} >>"
    );
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R /Resources << /XObject << /P 5 0 R >> >> >>"
    );
    let stream = |dict: &str, data: &[u8]| {
        let mut all = format!("<< {dict} /Length {} >>\nstream\n", data.len()).into_bytes();
        all.extend(data);
        all.extend(b"\nendstream");
        all
    };
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        page.into_bytes(),
        stream("", draw.as_bytes()),
        stream(&picture, &dots),
    ];
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(&objects) {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend(format!("{number} 0 obj\n").as_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let at = file.len();
    file.extend(table.as_bytes());
    let end = format!(
        "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n",
        objects.len() + 1
    );
    file.extend(end.as_bytes());
    file
}

#[test]
fn a_scanned_page_is_read_and_says_its_number() {
    let pdf = scanned(NOTICE);
    let report = read(&pdf);
    marked(&report, "mark.state.secret");
    assert_eq!(report.findings[0].place.page, Some(1));
    let unread = inspect(&pdf, "", &RULES, &Limits::default());
    assert_eq!(
        (unread.status, unread.causes),
        (Status::Unread, [Cause::ImageWithoutOcr].into())
    );
}

#[test]
fn what_is_no_picture_and_what_takes_too_long_is_told() {
    struct Third(AtomicUsize);
    impl Stop for Third {
        fn now(&self) -> bool {
            self.0.fetch_add(1, Ordering::Relaxed) >= 2
        }
    }
    let begun = Instant::now();
    let stopped = TESSERACT.text(NOTICE, Some(&Third(AtomicUsize::new(0))));
    assert_eq!(stopped, Err(Cause::Time));
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert_eq!(
        TESSERACT.text(b"II*\0 no picture at all", None),
        Err(Cause::Damaged)
    );
    // tesseract itself would read the files of such a list
    let names = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pictures/notice.png\n");
    assert_eq!(
        TESSERACT.text(names.as_bytes(), None),
        Err(Cause::ImageWithoutOcr)
    );
}
