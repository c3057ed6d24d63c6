//! Who is asking: an account behind a session or a token, checked at this request.

use domain::{AccountId, PersonId, Timestamp};

/// Who is asking. Only authentication makes one; roles and clearance are read again inside every
/// transaction and never from here.
#[derive(Clone, Debug)]
pub struct Caller {
    pub(crate) account: AccountId,
    pub(crate) person: Option<PersonId>,
    pub(crate) session: Option<SessionFacts>,
    pub(crate) must_change: bool,
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
        self.session.as_ref().map(|session| session.csrf.as_str())
    }

    /// The password is a one-time one: nothing else is allowed before it is changed.
    #[must_use]
    pub fn must_change(&self) -> bool {
        self.must_change
    }

    /// Whether a second factor is fresh.
    pub(crate) fn stepped_up(&self, now: Timestamp) -> bool {
        self.session
            .as_ref()
            .and_then(|session| session.step_up_until)
            .is_some_and(|until| until > now)
    }
}
