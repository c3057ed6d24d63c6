//! Accounts and tokens.

use app::NewAccountInput;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::{AccountId, TokenId};
use wire::{Account, AccountChange, AccountMade, Items, NewAccount, NewToken, Token, TokenMade};

use crate::answer::{Json, Reply};
use crate::auth::Known;
use crate::refusal::Refusal;
use crate::request::Path;
use crate::secret::told;
use crate::site::Site;
use crate::views;

/// All accounts.
#[utoipa::path(
    get, path = "/accounts", tag = "accounts", responses((status = 200, body = Items<Account>)),
)]
pub(crate) async fn list_accounts(
    State(site): State<Site>,
    Known(caller): Known,
) -> Reply<Items<Account>> {
    let accounts = site.app.accounts(&caller).await?;
    Ok(Json(Items {
        items: accounts.into_iter().map(views::account).collect(),
    }))
}

/// Make an account without roles; its one-time password is told once.
#[utoipa::path(
    post, path = "/accounts", tag = "accounts", request_body = NewAccount,
    responses((status = 201, body = AccountMade)),
)]
pub(crate) async fn create_account(
    State(site): State<Site>,
    Known(caller): Known,
    Json(new): Json<NewAccount>,
) -> Result<Response, Refusal> {
    let NewAccount {
        name,
        person,
        roles,
    } = new;
    let (made, password) = site
        .app
        .create_account(
            &caller,
            NewAccountInput {
                name,
                person,
                roles,
            },
        )
        .await?;
    let body = AccountMade {
        account: views::account(made),
        password: told(&password),
    };
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// Set an account's roles, switch it on or off. What would take an auditor's duty away waits for
/// the system administrator.
#[utoipa::path(
    put, path = "/accounts/{id}", tag = "accounts", request_body = AccountChange,
    params(("id" = String, Path)), responses((status = 200, body = Account)),
)]
pub(crate) async fn change_account(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<AccountId>,
    Json(change): Json<AccountChange>,
) -> Reply<Account> {
    let changed = site
        .app
        .set_account(&caller, id, change.roles, change.disabled)
        .await?;
    Ok(Json(views::account(changed)))
}

/// Ask that an account get a one-time password and lose its second factor. The password is told
/// once, and good after the security administrator has confirmed.
#[utoipa::path(
    post, path = "/accounts/{id}/reset", tag = "accounts", params(("id" = String, Path)),
    responses((status = 202, body = AccountMade)),
)]
pub(crate) async fn reset_account(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<AccountId>,
) -> Result<Response, Refusal> {
    let (account, password) = site.app.ask_reset(&caller, id).await?;
    let body = AccountMade {
        account: views::account(account),
        password: told(&password),
    };
    Ok((StatusCode::ACCEPTED, Json(body)).into_response())
}

/// Confirm what another administrator asked of an account.
#[utoipa::path(
    post, path = "/accounts/{id}/confirm", tag = "accounts", params(("id" = String, Path)),
    responses((status = 200, body = Account)),
)]
pub(crate) async fn confirm_account(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<AccountId>,
) -> Reply<Account> {
    let account = site.app.confirm_account(&caller, id).await?;
    Ok(Json(views::account(account)))
}

/// One's own tokens; for the security administrator, everybody's.
#[utoipa::path(
    get, path = "/tokens", tag = "accounts", responses((status = 200, body = Items<Token>)),
)]
pub(crate) async fn list_tokens(
    State(site): State<Site>,
    Known(caller): Known,
) -> Reply<Items<Token>> {
    let tokens = site.app.tokens(&caller).await?;
    Ok(Json(Items {
        items: tokens.into_iter().map(views::token).collect(),
    }))
}

/// Make a token for a program that acts as the caller; told once.
#[utoipa::path(
    post, path = "/tokens", tag = "accounts", request_body = NewToken,
    responses((status = 201, body = TokenMade)),
)]
pub(crate) async fn create_token(
    State(site): State<Site>,
    Known(caller): Known,
    Json(new): Json<NewToken>,
) -> Result<Response, Refusal> {
    let (made, token) = site
        .app
        .create_token(&caller, &new.name, &new.scopes, new.expires_at)
        .await?;
    let body = TokenMade {
        token: told(&token),
        made: views::token(made),
    };
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// Take a token back.
#[utoipa::path(
    delete, path = "/tokens/{id}", tag = "accounts", params(("id" = String, Path)),
    responses((status = 204)),
)]
pub(crate) async fn revoke_token(
    State(site): State<Site>,
    Known(caller): Known,
    Path(id): Path<TokenId>,
) -> Result<StatusCode, Refusal> {
    site.app.revoke_token(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
