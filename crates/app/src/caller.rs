//! Who is asking: an account behind a session or a token, checked at this request.

use crate::accounts::Scope;
use domain::{AccountId, PersonId, Timestamp};
use std::collections::BTreeSet;

/// Who is asking. Only authentication makes one, and the work on a file for who started it; roles and clearance are read again inside every
/// transaction and never from here.
#[derive(Clone, Debug)]
pub struct Caller {
    pub(crate) account: AccountId,
    pub(crate) person: Option<PersonId>,
    pub(crate) through: Through,
    pub(crate) must_change: bool,
}

/// By which way somebody comes.
#[derive(Clone, Debug)]
pub(crate) enum Through {
    /// A browser, by its cookie.
    Session(SessionFacts),
    /// A program, by a token that may do no more than this.
    Token(BTreeSet<Scope>),
}

/// What a cookie session adds.
#[derive(Clone, Debug)]
pub(crate) struct SessionFacts {
    pub(crate) token_hash: String,
    pub(crate) csrf: String,
    pub(crate) step_up_until: Option<Timestamp>,
}

impl Caller {
    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The person behind it.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        self.person
    }

    /// What forms must carry; none for programs, which send no cookie.
    #[must_use]
    pub fn csrf(&self) -> Option<&str> {
        self.session().map(|session| session.csrf.as_str())
    }

    /// The password is a one-time one: nothing else is allowed before it is changed.
    #[must_use]
    pub fn must_change(&self) -> bool {
        self.must_change
    }

    /// What a program's token may do; none for a session, which may do what its account may.
    #[must_use]
    pub fn scopes(&self) -> Option<&BTreeSet<Scope>> {
        match &self.through {
            Through::Session(_) => None,
            Through::Token(scopes) => Some(scopes),
        }
    }

    /// The session, if it is one.
    pub(crate) fn session(&self) -> Option<&SessionFacts> {
        match &self.through {
            Through::Session(session) => Some(session),
            Through::Token(_) => None,
        }
    }

    /// Whether a second factor is fresh; a program never has one.
    pub(crate) fn stepped_up(&self, now: Timestamp) -> bool {
        self.session()
            .and_then(|session| session.step_up_until)
            .is_some_and(|until| until > now)
    }
}
