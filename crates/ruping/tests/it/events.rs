//! Streams of events: they say that something has changed for an account and nothing more, end with their session,
//! keep none alive, and are bounded.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use client::Call;
use serde_json::json;
use testkit::{House, PASSWORD, Server};
use wire::PasswordChange;

use crate::bad_input::problem;
use crate::case;
use crate::on_each_database;
use crate::tokens::token;

/// How long something may take to be told.
const PATIENCE: Duration = Duration::from_secs(20);

/// A browser that has logged in and knows nothing but its cookie.
struct Browser {
    address: String,
    cookie: String,
    csrf: String,
}

/// A stream that is listened to.
struct Stream {
    socket: TcpStream,
    heard: String,
}

fn ask(address: &str, head: &str, body: &str) -> String {
    let mut socket = TcpStream::connect(address).unwrap();
    let length = body.len();
    let request = format!(
        "{head}\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    );
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer
}

impl Browser {
    fn enter(server: &Server, number: usize, name: &str) -> Self {
        let nobody = server.nobody_at(number).unwrap();
        let address = nobody.server().trim_start_matches("http://");
        let address = address.trim_end_matches('/').to_owned();
        let body = json!({ "name": name, "password": PASSWORD }).to_string();
        let answer = ask(&address, "POST /api/v1/session HTTP/1.1", &body);
        let (_, rest) = answer.split_once("ruping_session=").unwrap();
        let (cookie, _) = rest.split_once(';').unwrap();
        let (_, rest) = answer.split_once("\"csrf\":\"").unwrap();
        let (csrf, _) = rest.split_once('"').unwrap();
        let (cookie, csrf) = (cookie.to_owned(), csrf.to_owned());
        Self {
            address,
            cookie,
            csrf,
        }
    }

    fn ask(&self, head: &str, body: &str) -> String {
        let Self { cookie, csrf, .. } = self;
        let head =
            format!("{head} HTTP/1.1\r\ncookie: ruping_session={cookie}\r\nx-csrf-token: {csrf}");
        ask(&self.address, &head, body)
    }

    fn listen(&self) -> Stream {
        let mut socket = TcpStream::connect(&self.address).unwrap();
        let pause = Some(Duration::from_millis(200));
        socket.set_read_timeout(pause).unwrap();
        let (address, cookie) = (&self.address, &self.cookie);
        let request = format!(
            "GET /api/v1/events HTTP/1.1\r\nhost: {address}\r\ncookie: ruping_session={cookie}\r\n\r\n"
        );
        socket.write_all(request.as_bytes()).unwrap();
        let heard = String::new();
        Stream { socket, heard }
    }

    fn is_in(&self) -> bool {
        self.ask("GET /api/v1/me", "").starts_with("HTTP/1.1 200")
    }
}

impl Stream {
    /// Reads until something was said, or for so long; whether it was.
    fn hears(&mut self, what: &str, patience: Duration) -> bool {
        let end = Instant::now() + patience;
        let mut part = [0; 4096];
        while !self.heard.contains(what) && Instant::now() < end {
            match self.socket.read(&mut part) {
                Ok(0) => break,
                Ok(length) => {
                    let said = String::from_utf8_lossy(part.get(..length).unwrap());
                    self.heard.push_str(&said);
                }
                Err(error) => assert!(
                    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
                    "{error}"
                ),
            }
        }
        self.heard.contains(what)
    }

    fn begins(mut self) -> Self {
        assert!(self.hears("event: ready", PATIENCE), "{}", self.heard);
        self
    }

    /// Whether the server said that this was all, and ended it.
    fn ends(&mut self) -> bool {
        self.hears("event: ended", PATIENCE) && self.hears("0\r\n\r\n", PATIENCE)
    }
}

/// Asks for a loan that zhu, who leads the unit, has to decide on.
fn ask_for_a_loan(house: &House<'_>, copy: domain::RecordId) {
    let loan = json!({
        "copy": copy, "borrower": house.id("yue").unwrap(), "purpose": "评审",
        "due_at": "2026-03-05T09:00:00Z",
    });
    house.make("bao", "loan", "request", loan, &[]).unwrap();
}

/// Issue 4: notices live; a stream tells a kind and a count, to whom it concerns.
#[test]
fn a_page_hears_that_something_waits_and_others_hear_nothing() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let (_, _, copies) = case::document(&house, "海鹰项目", "内容", 1);
        let mut decides = Browser::enter(&server, 0, "zhu").listen().begins();
        let mut other = Browser::enter(&server, 0, "jian").listen().begins();
        ask_for_a_loan(&house, copies[0]);
        assert!(decides.hears("event: inbox", PATIENCE), "{}", decides.heard);
        assert!(decides.hears("data: 1", PATIENCE), "{}", decides.heard);
        assert!(
            !other.hears("event: inbox", Duration::from_secs(5)),
            "{}",
            other.heard
        );
        assert!(!other.heard.contains("event: notices"), "{}", other.heard);
        let said = &decides.heard;
        assert!(!said.contains("海鹰") && !said.contains("loan"), "{said}");
        let head = said.to_lowercase();
        assert!(head.contains("content-type: text/event-stream"), "{said}");
        assert!(head.contains("no-store"), "{said}");
    });
}

#[test]
fn a_page_hears_of_deadlines() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let (_, _, copies) = case::document(&house, "海鹰", "内容", 1);
        case::lend(&house, copies[0]);
        server.set_clock("2026-03-04T08:50:00Z").unwrap();
        let mut borrower = Browser::enter(&server, 0, "yue").listen().begins();
        server.set_clock("2026-03-04T09:01:00Z").unwrap();
        assert!(
            borrower.hears("event: clocks", PATIENCE),
            "{}",
            borrower.heard
        );
        assert!(
            borrower.heard.contains("event: notices"),
            "{}",
            borrower.heard
        );
        // whoever looks at their notices sees what they heard of
        let yue = server.enter_again("yue").unwrap();
        let answer = yue.send(&Call::new("GET", "/api/v1/me/notices")).unwrap();
        let notices: wire::Page<wire::Notice> = answer.json().unwrap();
        assert!(
            notices
                .items
                .iter()
                .any(|one| one.kind.starts_with("clock."))
        );
    });
}

#[test]
fn a_stream_ends_with_its_session_and_keeps_none_alive() {
    on_each_database(|server| {
        let house = case::staff(&server);
        drop(house);
        let leaves = Browser::enter(&server, 0, "jian");
        let mut stream = leaves.listen().begins();
        leaves.ask("DELETE /api/v1/session", "");
        assert!(stream.ends(), "{}", stream.heard);

        // a password that was changed elsewhere ends the others
        let stays = Browser::enter(&server, 0, "yue");
        let mut stream = stays.listen().begins();
        let elsewhere = server.enter_again("yue").unwrap();
        let change = PasswordChange {
            old: PASSWORD.into(),
            new: "another-password-9".into(),
        };
        elsewhere.change_password(&change).unwrap();
        assert!(stream.ends(), "{}", stream.heard);

        // nobody sits there: what listens, and listens anew, is no sign of life
        let idle = Browser::enter(&server, 0, "bao");
        let mut stream = idle.listen().begins();
        server.set_clock("2026-03-02T01:20:00Z").unwrap();
        drop(idle.listen().begins());
        assert!(!stream.hears("event: ended", Duration::from_secs(3)));
        server.set_clock("2026-03-02T01:31:00Z").unwrap();
        assert!(stream.ends(), "{}", stream.heard);
        assert!(!idle.is_in());
        let mut late = idle.listen();
        assert!(late.hears("session.ended", PATIENCE), "{}", late.heard);
    });
}

#[test]
fn streams_are_bounded_and_for_sessions_alone() {
    let server = crate::server();
    let mut house = House::furnish(&server).unwrap();
    house.hire("chen", "important", &["staff"]).unwrap();
    let chen = Browser::enter(&server, 0, "chen");
    let mut all: Vec<Stream> = (0..8).map(|_| chen.listen().begins()).collect();
    let mut ninth = chen.listen();
    assert!(ninth.hears("events.too_many", PATIENCE), "{}", ninth.heard);
    assert!(ninth.heard.starts_with("HTTP/1.1 429"));
    // another account has its own
    drop(Browser::enter(&server, 0, "office").listen().begins());
    drop(all.pop());
    let end = Instant::now() + PATIENCE;
    loop {
        let mut again = chen.listen();
        if again.hears("event: ready", Duration::from_secs(2)) {
            break;
        }
        assert!(
            Instant::now() < end,
            "a place is given back: {}",
            again.heard
        );
    }

    let client = server.enter_again("chen").unwrap();
    let made = token(&client, &["read", "act"], "2026-04-01T00:00:00Z").unwrap();
    let program = server.nobody().unwrap().with_token(made.token);
    let refused = program.send(&Call::new("GET", "/api/v1/events")).unwrap();
    assert_eq!(problem(&refused).code, "token.scope");
    let nobody = server.nobody().unwrap();
    let refused = nobody.send(&Call::new("GET", "/api/v1/events")).unwrap();
    assert_eq!(problem(&refused).code, "session.needed");
}

/// Who listens at one server hears what was done at another.
#[test]
fn two_servers_tell_of_each_other() {
    for database in testkit::databases().unwrap() {
        if database.url().is_none() {
            continue;
        }
        let mut server = Server::start(crate::RUPING, database).unwrap();
        let second = server.join().unwrap();
        let house = case::staff(&server);
        let (_, _, copies) = case::document(&house, "海鹰", "内容", 1);
        let mut decides = Browser::enter(&server, second, "zhu").listen().begins();
        ask_for_a_loan(&house, copies[0]);
        assert!(decides.hears("event: inbox", PATIENCE), "{}", decides.heard);
    }
}

/// A server that is told to stop does not wait for those who listen.
#[test]
fn a_server_that_stops_ends_its_streams() {
    let mut server = crate::server();
    let house = House::furnish(&server).unwrap();
    drop(house);
    let mut stream = Browser::enter(&server, 0, "office").listen().begins();
    let began = Instant::now();
    assert_eq!(server.stop(0).unwrap(), Some(0));
    assert!(
        began.elapsed() < Duration::from_secs(8),
        "{:?}",
        began.elapsed()
    );
    assert!(stream.hears("0\r\n\r\n", PATIENCE), "{}", stream.heard);
}
