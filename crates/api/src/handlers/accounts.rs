//! Accounts and tokens.

use app::NewAccountInput;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::AccountId;
use wire::{Account, AccountChange, AccountMade, Items, NewAccount, NewToken, TokenMade};

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

/// Make an account; its one-time password is told once.
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

/// Set an account's roles, switch it on or off.
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
    let token = site
        .app
        .create_token(&caller, &new.name, new.scopes, new.expires_at)
        .await?;
    Ok((
        StatusCode::CREATED,
        Json(TokenMade {
            token: told(&token),
        }),
    )
        .into_response())
}
