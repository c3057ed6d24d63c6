//! The streams of this server: who listens, by which session, and what they were told last.

use super::Known;
use crate::{
    caller::Caller,
    error::{Error, text},
    limits,
};
use domain::AccountId;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::mpsc;

/// What a page is told: that it had better ask anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// So much waits for the account.
    Inbox(i64),
    /// The account was told something.
    Notices,
    /// A deadline of a record that the account is told of has come near, or passed.
    Clocks,
    /// The session is over, and with it the stream.
    Ended,
}

/// Everybody who listens here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watchers(Arc<Mutex<Listening>>);

#[derive(Debug, Default)]
struct Listening {
    next: u64,
    /// The entry up to which it was looked.
    heard: Option<i64>,
    closed: bool,
    watchers: BTreeMap<u64, Watcher>,
}

#[derive(Debug)]
struct Watcher {
    account: AccountId,
    /// None while the stream is being opened.
    stream: Option<Open>,
}

#[derive(Debug)]
struct Open {
    caller: Caller,
    session: String,
    known: Known,
    events: mpsc::Sender<Event>,
}

/// One of them, as it is looked after.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    pub(super) number: u64,
    pub(super) caller: Caller,
    pub(super) session: String,
}

/// A place among those who listen; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Room {
    watchers: Watchers,
    number: u64,
}

impl Drop for Room {
    fn drop(&mut self) {
        self.watchers.listening().watchers.remove(&self.number);
    }
}

/// What changes for an account, until its session ends.
#[derive(Debug)]
pub struct EventStream {
    events: mpsc::Receiver<Event>,
    // given back with the stream
    _room: Room,
}

impl EventStream {
    /// The next event; none once the stream has ended.
    pub async fn next(&mut self) -> Option<Event> {
        self.events.recv().await
    }
}

impl Room {
    /// From now on something is told.
    pub(super) fn open(self, caller: Caller, session: String, known: Known) -> EventStream {
        let (events, listener) = mpsc::channel(limits::EVENTS_WAITING);
        let mut listening = self.watchers.listening();
        if !listening.closed
            && let Some(watcher) = listening.watchers.get_mut(&self.number)
        {
            watcher.stream = Some(Open {
                caller,
                session,
                known,
                events,
            });
        }
        drop(listening);
        EventStream {
            events: listener,
            _room: self,
        }
    }
}

impl Watchers {
    fn listening(&self) -> MutexGuard<'_, Listening> {
        // each change of it is whole
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more stream of an account.
    pub(super) fn room(&self, account: AccountId) -> Result<Room, Error> {
        let mut listening = self.listening();
        let all = &listening.watchers;
        let own = all.values().filter(|one| one.account == account).count();
        if own >= limits::EVENTS_OWN {
            return Err(too_many());
        }
        if all.len() >= limits::EVENTS_ALL {
            return Err(busy());
        }
        let number = listening.next;
        listening.next += 1;
        let stream = None;
        listening
            .watchers
            .insert(number, Watcher { account, stream });
        Ok(Room {
            watchers: self.clone(),
            number,
        })
    }

    pub(super) fn all(&self) -> Vec<Watched> {
        let listening = self.listening();
        let open = listening.watchers.iter();
        let open = open.filter_map(|(number, one)| Some((*number, one.stream.as_ref()?)));
        open.map(|(number, open)| Watched {
            number,
            caller: open.caller.clone(),
            session: open.session.clone(),
        })
        .collect()
    }

    /// Up to which entry it was looked.
    pub(super) fn heard(&self) -> Option<i64> {
        self.listening().heard
    }

    pub(super) fn hear(&self, newest: i64) {
        self.listening().heard = Some(newest);
    }

    /// What there is now for one of them: what is new of it is told.
    pub(super) fn tell(&self, number: u64, known: Known) {
        let mut listening = self.listening();
        let watcher = listening.watchers.get_mut(&number);
        if let Some(open) = watcher.and_then(|one| one.stream.as_mut()) {
            for event in known.since(&open.known) {
                say(open, event);
            }
            open.known = known;
        }
    }

    /// Ends the streams of all other sessions.
    pub(super) fn end_all_but(&self, alive: &BTreeSet<String>) {
        for watcher in self.listening().watchers.values_mut() {
            let over = |open: &mut Open| !alive.contains(&open.session);
            if let Some(open) = watcher.stream.take_if(over) {
                say(&open, Event::Ended);
            }
        }
    }

    /// The server stops: every stream ends, and no other begins.
    pub(crate) fn close(&self) {
        let mut listening = self.listening();
        listening.closed = true;
        for watcher in listening.watchers.values_mut() {
            watcher.stream = None;
        }
    }
}

/// Who does not take what waits is told less, and asks anew anyway.
fn say(open: &Open, event: Event) {
    if open.events.try_send(event).is_err() {
        tracing::debug!("a page does not take its events");
    }
}

fn too_many() -> Error {
    Error::Limited {
        code: "events.too_many",
        say: text(
            "同一账号打开的页面过多，请关闭一些",
            "the account has too many pages open: close some",
        ),
    }
}

fn busy() -> Error {
    Error::Limited {
        code: "events.busy",
        say: text(
            "接收即时提醒的页面过多，页面将改为定时刷新",
            "too many pages listen for news: this one asks now and then instead",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    fn account(number: u8) -> AccountId {
        AccountId::new(Timestamp::UNIX_EPOCH, [number; 10])
    }

    fn code<T: std::fmt::Debug>(refused: Result<T, Error>) -> &'static str {
        match refused {
            Err(Error::Limited { code, .. }) => code,
            other => panic!("not refused: {other:?}"),
        }
    }

    /// Issue 4: streams are bounded, for each account and for the server.
    #[test]
    fn there_are_so_many_streams_and_no_more() {
        let watchers = Watchers::default();
        let own: Vec<_> = (0..limits::EVENTS_OWN)
            .map(|_| watchers.room(account(1)).unwrap())
            .collect();
        assert_eq!(code(watchers.room(account(1))), "events.too_many");
        let others: Vec<_> = (limits::EVENTS_OWN..limits::EVENTS_ALL)
            .map(|number| {
                watchers
                    .room(account(u8::try_from(number).unwrap()))
                    .unwrap()
            })
            .collect();
        assert_eq!(code(watchers.room(account(200))), "events.busy");
        drop(own);
        assert!(watchers.room(account(1)).is_ok(), "places are given back");
        drop(others);
        assert!(watchers.listening().watchers.is_empty());
    }

    #[test]
    fn only_what_is_new_is_told() {
        let at = Timestamp::UNIX_EPOCH;
        let record = "019cc5ce-f280-7d09-9138-84632025f651".parse().unwrap();
        let place = |kind: &str| (at, record, kind.to_owned());
        let before = Known::default();
        let asked = Known {
            inbox: 2,
            ..Known::default()
        };
        assert_eq!(asked.since(&before), [Event::Inbox(2)]);
        assert_eq!(asked.since(&asked), []);
        let noticed = Known {
            inbox: 2,
            notices: 1,
            newest: vec![place("decide")],
        };
        assert_eq!(noticed.since(&asked), [Event::Notices]);
        let warned = Known {
            inbox: 2,
            notices: 2,
            newest: vec![place("clock.warned"), place("decide")],
        };
        assert_eq!(warned.since(&noticed), [Event::Notices, Event::Clocks]);
    }
}
