//! Accounts, sessions and who is logged in.

use super::named;

/// An account as administrators see it.
pub(crate) fn account(view: app::AccountView) -> wire::Account {
    wire::Account {
        id: view.id,
        name: view.name,
        person: view.person,
        roles: view.roles,
        disabled: view.disabled,
        locked_until: view.locked_until,
    }
}

/// Who is logged in.
pub(crate) fn me(me: app::Me) -> wire::Me {
    wire::Me {
        account: me.account,
        name: me.name,
        person: me.person.map(named),
        roles: me.roles,
        must_change: me.must_change,
        totp: me.totp,
        max_level: me.max_level,
    }
}

/// A fresh session, without its token: that goes into the cookie alone.
pub(crate) fn session(session: &app::LoggedIn) -> wire::Session {
    wire::Session {
        account: session.account,
        csrf: session.csrf.clone(),
        expires_at: session.expires_at,
        must_change: session.must_change,
    }
}
