//! Accounts and tokens.

use domain::AccountId;
use wire::{Account, AccountChange, AccountMade, Items, NewAccount, NewToken, TokenMade};

use crate::{Client, Error};

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

    /// Makes a token for a program.
    ///
    /// # Errors
    /// [`Error::Problem`] and those of [`Client::send`].
    pub fn create_token(&self, new: &NewToken) -> Result<TokenMade, Error> {
        self.submit("POST", "/tokens", new)
    }
}
