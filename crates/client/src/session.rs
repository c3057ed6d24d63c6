//! Sessions and one's own account.

use wire::{
    Credential, Login, Me, PasswordChange, RecoveryCodes, Session, StepUp, SteppedUp,
    TotpConfirmation, TotpEnrolment,
};

use crate::connect::Identity;
use crate::{Call, Client, Error};

/// The cookie that carries a session.
const COOKIE: &str = "ruping_session=";

impl Client {
    /// Logs in; from here on this client speaks in the session.
    ///
    /// # Errors
    /// [`Error::Problem`] with `session.refused`, and those of [`Client::send`].
    pub fn open_session(&mut self, login: &Login) -> Result<Session, Error> {
        if crate::address::is_clear(&self.base) {
            return Err(Error::Clear);
        }
        self.identity = Identity::Nobody;
        let path = "/api/v1/session";
        let answer = self
            .send(&Call::new("POST", path).json(login)?)?
            .accepted()?;
        let session: Session = answer.json()?;
        let cookie = answer
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
            .find_map(|(_, value)| {
                value
                    .split(';')
                    .next()
                    .filter(|pair| pair.starts_with(COOKIE))
            })
            .ok_or_else(|| Error::Unexpected {
                status: answer.status,
                path: path.to_owned(),
            })?;
        self.identity = Identity::Session {
            cookie: Credential::from(cookie),
            csrf: Credential::from(session.csrf.as_str()),
        };
        Ok(session)
    }

    /// Logs out.
    ///
    /// # Errors
    /// Those of [`Client::send`].
    pub fn close_session(&mut self) -> Result<(), Error> {
        self.send(&Call::new("DELETE", "/api/v1/session"))?
            .accepted()?;
        self.identity = Identity::Nobody;
        Ok(())
    }

    /// Proves anew who sits here.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn step_up_session(&self, proof: &StepUp) -> Result<SteppedUp, Error> {
        self.submit("POST", "/session/step-up", proof)
    }

    /// Changes one's own password.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn change_password(&self, change: &PasswordChange) -> Result<(), Error> {
        self.send(&Call::new("POST", "/api/v1/me/password").json(change)?)?
            .accepted()?;
        Ok(())
    }

    /// Proposes a second factor; [`Client::confirm_totp`] puts it in force.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn propose_totp(&self) -> Result<TotpEnrolment, Error> {
        self.send(&Call::new("POST", "/api/v1/me/totp"))?
            .accepted()?
            .json()
    }

    /// Shows that the proposed second factor works.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn confirm_totp(&self, code: &TotpConfirmation) -> Result<RecoveryCodes, Error> {
        self.submit("POST", "/me/totp/confirm", code)
    }

    /// Takes the second factor away.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn remove_totp(&self) -> Result<(), Error> {
        self.send(&Call::new("DELETE", "/api/v1/me/totp"))?
            .accepted()?;
        Ok(())
    }

    /// Who is logged in.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn read_me(&self) -> Result<Me, Error> {
        self.get("/me")
    }
}
