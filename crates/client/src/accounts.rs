//! Accounts and tokens.

use domain::{AccountId, TokenId};
use wire::{Account, AccountChange, AccountMade, Items, NewAccount, NewToken, Token, TokenMade};

use crate::{Call, Client, Error};

impl Client {
    /// All accounts.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_accounts(&self) -> Result<Items<Account>, Error> {
        self.get("/accounts")
    }

    /// Makes an account.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn create_account(&self, new: &NewAccount) -> Result<AccountMade, Error> {
        self.submit("POST", "/accounts", new)
    }

    /// Sets an account's roles, switches it on or off.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn change_account(&self, id: AccountId, change: &AccountChange) -> Result<Account, Error> {
        self.submit("PUT", &format!("/accounts/{id}"), change)
    }

    /// Asks, as system administrator, that an account get a one-time password.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn reset_account(&self, id: AccountId) -> Result<AccountMade, Error> {
        self.send(&Call::new("POST", &format!("/api/v1/accounts/{id}/reset")))?
            .accepted()?
            .json()
    }

    /// Confirms what another administrator asked of an account.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn confirm_account(&self, id: AccountId) -> Result<Account, Error> {
        self.send(&Call::new(
            "POST",
            &format!("/api/v1/accounts/{id}/confirm"),
        ))?
        .accepted()?
        .json()
    }

    /// One's own tokens; for the security administrator, everybody's.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn list_tokens(&self) -> Result<Items<Token>, Error> {
        self.get("/tokens")
    }

    /// Takes a token back.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn revoke_token(&self, id: TokenId) -> Result<(), Error> {
        self.send(&Call::new("DELETE", &format!("/api/v1/tokens/{id}")))?
            .accepted()?;
        Ok(())
    }

    /// Makes a token for a program.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn create_token(&self, new: &NewToken) -> Result<TokenMade, Error> {
        self.submit("POST", "/tokens", new)
    }
}
