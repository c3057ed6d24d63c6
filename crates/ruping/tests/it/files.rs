//! Files over HTTP: streamed in and out, ranges, and what is too large.

use client::{Call, Client};
use domain::FileId;
use std::io::{self, Read};
use testkit::{House, Server};

use crate::bad_input::{begin, cut_off, problem, session_headers};
use crate::on_each_database;

/// So many bytes that differ from their neighbours.
pub(crate) struct Noise {
    left: u64,
    state: u32,
}

impl Noise {
    pub(crate) fn new(bytes: u64) -> Self {
        Self {
            left: bytes,
            state: 1,
        }
    }
}

impl Read for Noise {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let take = usize::try_from(self.left.min(buffer.len() as u64)).unwrap();
        for byte in &mut buffer[..take] {
            self.state = self
                .state
                .wrapping_mul(1_664_525)
                .wrapping_add(1_013_904_223);
            *byte = self.state.to_be_bytes()[0];
        }
        self.left -= take as u64;
        Ok(take)
    }
}

pub(crate) fn drafter(server: &Server) -> Client {
    let mut house = House::furnish(server).unwrap();
    house.hire("chen", "important", &["staff"]).unwrap();
    house.client("chen").unwrap().clone()
}

pub(crate) fn objects(server: &Server) -> usize {
    let shards = std::fs::read_dir(server.data().join("vault")).unwrap();
    shards
        .map(|shard| std::fs::read_dir(shard.unwrap().path()).unwrap().count())
        .sum()
}

#[test]
fn a_file_comes_back_as_it_was_sent_whole_and_in_parts() {
    on_each_database(|server| {
        let chen = drafter(&server);
        // more than one answer's worth of the use case behind it (8 MiB)
        let size = 20 * 1024 * 1024 + 3;
        let mut sent = Vec::new();
        Noise::new(size).read_to_end(&mut sent).unwrap();
        let file = chen.upload_file("方案 v1.bin", "application/x-noise", &mut Noise::new(size));
        let file = file.unwrap();
        assert_eq!(
            (file.name.as_str(), file.size),
            ("方案 v1.bin", i64::try_from(size).unwrap())
        );
        let mut back = Vec::new();
        assert_eq!(chen.read_file(file.id, &mut back).unwrap(), size);
        assert!(back == sent, "the content differs");
        for (first, last) in [
            (0, 0),
            (65_535, 65_536),
            (size - 5, size - 1),
            (size - 5, size + 9),
        ] {
            let part = chen.read_file_range(file.id, first, last).unwrap();
            let end = usize::try_from(last.min(size - 1)).unwrap();
            assert!(
                part == sent[usize::try_from(first).unwrap()..=end],
                "{first}-{last}"
            );
        }
        headers_of_parts(&chen, file.id, size);
    });
}

fn headers_of_parts(chen: &Client, id: FileId, size: u64) {
    let path = format!("/api/v1/files/{id}/content");
    let get = |range: &str| {
        chen.send(&Call::new("GET", &path).header("range", range))
            .unwrap()
    };
    let part = get("bytes=3-9");
    assert_eq!(part.status, 206);
    assert_eq!(
        part.header("content-range"),
        Some(format!("bytes 3-9/{size}").as_str())
    );
    let disposition = part.header("content-disposition").unwrap();
    assert!(
        disposition.starts_with("attachment; filename*=UTF-8''%E6%96%B9"),
        "{disposition}"
    );
    assert_eq!(part.header("content-type"), Some("application/x-noise"));
    let outside = get(&format!("bytes={size}-"));
    assert_eq!(
        (outside.status, problem(&outside).code.as_str()),
        (416, "file.range")
    );
    assert_eq!(
        get("bytes=-5").status,
        200,
        "a form that is not understood is ignored"
    );
}

#[test]
fn a_form_carries_a_file_too() {
    let server = crate::server();
    let chen = drafter(&server);
    let send = |body: &str| {
        let call = Call::new("POST", "/api/v1/files");
        let media_type = "multipart/form-data; boundary=XX";
        chen.send(&call.bytes(media_type, body.as_bytes().to_vec()))
            .unwrap()
    };
    let answer = send(
        "--XX\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n\
         --XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\
         Content-Type: text/plain\r\n\r\ncontent\r\n--XX--\r\n",
    );
    assert_eq!(
        answer.status,
        201,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    let file: wire::File = answer.json().unwrap();
    assert_eq!(
        (file.name.as_str(), file.media_type.as_str(), file.size),
        ("a.txt", "text/plain", 7)
    );
    let empty =
        send("--XX\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n--XX--\r\n");
    assert_eq!(
        (empty.status, problem(&empty).code.as_str()),
        (400, "upload.form")
    );
    let before = objects(&server);
    let broken =
        send("--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"b\"\r\n\r\nhalf");
    assert_eq!(
        broken.status,
        400,
        "{}",
        String::from_utf8_lossy(&broken.body)
    );
    assert_eq!(objects(&server), before, "nothing half-done stays");
}

#[test]
fn a_form_that_never_comes_to_its_file_is_cut_off() {
    let server = crate::server();
    let chen = drafter(&server);
    let mut body = b"--XX\r\nContent-Disposition: form-data; name=\"file\"; x=\"".to_vec();
    body.resize(4 * 1024 * 1024, b'x');
    let call = Call::new("POST", "/api/v1/files");
    let call = call.bytes("multipart/form-data; boundary=XX", body);
    if let Ok(answer) = chen.send(&call) {
        assert_eq!(
            (answer.status, problem(&answer).code.as_str()),
            (400, "upload.form")
        );
    }
    assert_eq!(objects(&server), 0, "nothing half-done stays");
    assert!(chen.read_me().is_ok(), "the server goes on");
}

#[test]
fn what_is_too_large_is_refused_and_leaves_nothing() {
    let server = crate::server();
    let chen = drafter(&server);
    let before = objects(&server);
    let limit = wire::limits::UPLOAD_BYTES;
    let refused = chen.upload_file("big", "application/x-noise", &mut Noise::new(limit + 1));
    let problem = refused.unwrap_err();
    let problem = problem
        .problem()
        .expect("a problem document, not a broken connection");
    assert_eq!(
        (problem.status, problem.code.as_str()),
        (413, "upload.too_large")
    );
    assert_eq!(objects(&server), before, "nothing half-done stays");
    assert!(chen.read_me().is_ok(), "the server goes on");
}

#[test]
fn r419_a_body_with_state_secrets_keeps_no_content() {
    for database in testkit::databases().unwrap() {
        let plan = testkit::Plan::new(crate::RUPING, database).init("--regime", "state-organ");
        let server = plan.start().unwrap();
        let chen = drafter(&server);
        let refused = chen.upload_file("方案.docx", "application/zip", &mut Noise::new(9));
        let problem = refused.unwrap_err().problem().unwrap().clone();
        assert_eq!(
            (problem.status, problem.code.as_str()),
            (403, "content.not_kept")
        );
        assert_eq!(problem.rule.as_deref(), Some("R-419"));
        assert_eq!(objects(&server), 0, "nothing half-done stays");
    }
}

/// Files that wait for their place, or were forgotten on the way.
fn leftovers(server: &Server) -> usize {
    let folder = std::fs::read_dir(server.data().join("tmp")).unwrap();
    folder.count() + objects(server)
}

/// Asks until a server that was cut off has tidied up.
fn nothing_stays(server: &Server, before: usize) {
    for _ in 0..100 {
        if leftovers(server) == before {
            return;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    panic!("something half-done stays");
}

#[test]
fn an_upload_that_is_cut_off_leaves_nothing() {
    on_each_database(|server| {
        let chen = drafter(&server);
        let headers = session_headers(&server, "chen");
        let before = leftovers(&server);
        let part = "x".repeat(300_000);
        let plain = format!(
            "POST /api/v1/files?name=a HTTP/1.1\r\n{headers}Content-Type: text/plain\r\n\
             Content-Length: 1000000\r\n\r\n{part}"
        );
        let answer = cut_off(&server, plain.as_bytes());
        assert!(
            answer.is_empty() || answer.contains("\"request.broken_off\""),
            "{answer}"
        );
        nothing_stays(&server, before);
        let form = format!(
            "POST /api/v1/files HTTP/1.1\r\n{headers}Content-Type: multipart/form-data; boundary=XX\r\n\
             Content-Length: 1000000\r\n\r\n--XX\r\nContent-Disposition: form-data; \
             name=\"file\"; filename=\"a\"\r\n\r\n{part}"
        );
        let answer = cut_off(&server, form.as_bytes());
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 400"),
            "{answer}"
        );
        nothing_stays(&server, before);
        let chunked = format!(
            "POST /api/v1/files?name=a HTTP/1.1\r\n{headers}Transfer-Encoding: chunked\r\n\r\n\
             493e0\r\n{part}\r\nzz\r\n"
        );
        let answer = cut_off(&server, chunked.as_bytes());
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 400"),
            "{answer}"
        );
        nothing_stays(&server, before);
        assert!(chen.read_me().is_ok(), "the server goes on");
    });
}

#[test]
fn names_of_files_are_text() {
    on_each_database(|server| {
        let chen = drafter(&server);
        let before = leftovers(&server);
        let send = |call: Call| {
            let answer = chen.send(&call).unwrap();
            (answer.status, problem(&answer).code)
        };
        let bare = |name: &str| {
            let path = format!("/api/v1/files?name={name}");
            send(Call::new("POST", &path).bytes("text/plain", b"x".to_vec()))
        };
        assert_eq!(bare("%ff"), (400, "request.not_utf8".to_owned()));
        assert_eq!(bare("a%00"), (400, "request.nul_character".to_owned()));
        assert_eq!(
            bare(&"x".repeat(1025)),
            (400, "upload.name_too_long".to_owned())
        );
        let mut form =
            b"--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"".to_vec();
        form.extend_from_slice(b"\xff\xfe\"\r\n\r\nx\r\n--XX--\r\n");
        let media_type = "multipart/form-data; boundary=XX";
        let form = Call::new("POST", "/api/v1/files").bytes(media_type, form);
        assert_eq!(send(form), (400, "upload.form".to_owned()));
        assert_eq!(leftovers(&server), before, "nothing half-done stays");
    });
}

#[test]
fn gap_5_uploads_that_no_act_attaches_have_a_quota() {
    on_each_database(|server| {
        let chen = drafter(&server);
        let send = || {
            let sent = chen.upload_file("a", "text/plain", &mut Noise::new(9));
            sent.map(drop).map_err(|error| {
                let problem = error.problem().unwrap();
                (problem.status, problem.code.clone())
            })
        };
        send().unwrap();
        let before = objects(&server);
        let full = |code: &str| Err((429, code.to_owned()));
        let mut sql = server.sql().unwrap();
        let own = 4_i64 << 30;
        for (size, told) in [(own, full("upload.quota")), (own - 9, Ok(()))] {
            sql.run(&format!("UPDATE file SET size = {size}")).unwrap();
            assert_eq!(send(), told, "{size} of one's own");
        }
        let house = 32_i64 << 30;
        let others = "UPDATE file SET created_by = (SELECT id FROM account WHERE name = 'office')";
        sql.run(others).unwrap();
        sql.run("DELETE FROM file WHERE size = 9").unwrap();
        for (size, told) in [(house, full("upload.quota_house")), (house - 9, Ok(()))] {
            sql.run(&format!("UPDATE file SET size = {size}")).unwrap();
            assert_eq!(send(), told, "{size} of everybody's");
        }
        assert_eq!(objects(&server), before + 2, "nothing half-done stays");
    });
}

#[test]
fn gap_5_a_refusal_before_the_body_was_read_keeps_the_connection_or_says_that_it_ends() {
    let server = crate::server();
    let length = 3_000_000;
    let head =
        format!("POST /api/v1/files HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n");
    let next = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let whole = format!("{head}{}{next}", "x".repeat(length));
    let mut stream = begin(&server, whole.as_bytes());
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(
        answer.contains("HTTP/1.1 200"),
        "the next is answered too: {answer}"
    );
    // the rest never comes
    let mut stream = begin(&server, format!("{head}half").as_bytes());
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    // the client asked first: it gets the refusal at once and sends nothing
    let polite = head.replace("Host: x", "Host: x\r\nExpect: 100-continue");
    let mut stream = begin(&server, polite.as_bytes());
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
}
