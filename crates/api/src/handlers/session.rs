//! Logging in and out, and one's own account.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use wire::{
    Login, Me, PasswordChange, RecoveryCodes, Session, StepUp, SteppedUp, TotpConfirmation,
    TotpEnrolment,
};

use crate::answer::{Json, Reply};
use crate::auth::{Known, OneTime, clear_cookie, set_cookie};
use crate::refusal::Refusal;
use crate::secret::{secret, told};
use crate::site::Site;
use crate::views;

/// Open a session by name, password and, once set up, a second factor.
#[utoipa::path(
    post, path = "/session", tag = "session", security(()), request_body = Login,
    responses((status = 201, body = Session, headers(("Set-Cookie" = String)))),
)]
pub(crate) async fn open_session(
    State(site): State<Site>,
    Json(login): Json<Login>,
) -> Result<Response, Refusal> {
    let otp = login.otp.as_ref().map(wire::Credential::expose);
    let session = site
        .app
        .login(&login.name, secret(login.password), otp)
        .await?;
    let cookie = set_cookie(site.cookies, session.token.expose())?;
    let body = Json(views::session(&session));
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, cookie)], body).into_response())
}

/// Close the session.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204)))]
pub(crate) async fn close_session(
    State(site): State<Site>,
    OneTime(caller): OneTime,
) -> Result<Response, Refusal> {
    site.app.logout(&caller).await?;
    let cookie = clear_cookie(site.cookies)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Prove anew who sits there.
#[utoipa::path(
    post, path = "/session/step-up", tag = "session", request_body = StepUp,
    responses((status = 200, body = SteppedUp)),
)]
pub(crate) async fn step_up_session(
    State(site): State<Site>,
    Known(caller): Known,
    Json(proof): Json<StepUp>,
) -> Reply<SteppedUp> {
    let otp = proof.otp.as_ref().map(wire::Credential::expose);
    let until = site
        .app
        .step_up(&caller, proof.password.map(secret), otp)
        .await?;
    Ok(Json(SteppedUp { until }))
}

/// Who is logged in.
#[utoipa::path(get, path = "/me", tag = "session", responses((status = 200, body = Me)))]
pub(crate) async fn read_me(State(site): State<Site>, OneTime(caller): OneTime) -> Reply<Me> {
    let csrf = caller.csrf().map(str::to_owned);
    Ok(Json(views::me(site.app.me(&caller).await?, csrf)))
}

/// Change one's own password; other sessions end.
#[utoipa::path(
    post, path = "/me/password", tag = "session", request_body = PasswordChange,
    responses((status = 204)),
)]
pub(crate) async fn change_password(
    State(site): State<Site>,
    OneTime(caller): OneTime,
    Json(change): Json<PasswordChange>,
) -> Result<StatusCode, Refusal> {
    site.app
        .change_password(&caller, secret(change.old), secret(change.new))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Propose a second factor; its secret is told once. It is in force after its first right code.
#[utoipa::path(
    post, path = "/me/totp", tag = "session", responses((status = 201, body = TotpEnrolment)),
)]
pub(crate) async fn propose_totp(
    State(site): State<Site>,
    Known(caller): Known,
) -> Result<Response, Refusal> {
    let (key, url) = site.app.propose_totp(&caller).await?;
    let body = TotpEnrolment {
        secret: told(&key),
        url: url.into(),
    };
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// Show that the proposed second factor works; recovery codes are told once, other sessions end.
#[utoipa::path(
    post, path = "/me/totp/confirm", tag = "session", request_body = TotpConfirmation,
    responses((status = 200, body = RecoveryCodes)),
)]
pub(crate) async fn confirm_totp(
    State(site): State<Site>,
    Known(caller): Known,
    Json(confirmation): Json<TotpConfirmation>,
) -> Reply<RecoveryCodes> {
    let codes = site
        .app
        .confirm_totp(&caller, secret(confirmation.code))
        .await?;
    Ok(Json(RecoveryCodes {
        codes: codes.iter().map(told).collect(),
    }))
}

/// Take one's own second factor away; other sessions end.
#[utoipa::path(delete, path = "/me/totp", tag = "session", responses((status = 204)))]
pub(crate) async fn remove_totp(
    State(site): State<Site>,
    Known(caller): Known,
) -> Result<StatusCode, Refusal> {
    site.app.remove_totp(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
