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
        totp: view.totp,
        waiting: view.waiting.map(waiting),
    }
}

fn waiting(change: app::WaitingChange) -> wire::WaitingChange {
    let app::WaitingChange {
        kind,
        roles,
        disabled,
        asked_by,
        at,
    } = change;
    wire::WaitingChange {
        kind,
        roles,
        disabled,
        asked_by,
        at,
    }
}

/// A program's token, without the token.
pub(crate) fn token(view: app::TokenView) -> wire::Token {
    wire::Token {
        id: view.id,
        account: view.account,
        name: view.name,
        prefix: view.prefix,
        scopes: view.scopes,
        created_at: view.created_at,
        expires_at: view.expires_at,
        used_at: view.used_at,
    }
}

/// Who is logged in.
pub(crate) fn me(me: app::Me, csrf: Option<String>) -> wire::Me {
    wire::Me {
        account: me.account,
        name: me.name,
        person: me.person.map(named),
        roles: me.roles,
        must_change: me.must_change,
        totp: me.totp,
        max_level: me.max_level,
        csrf,
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
