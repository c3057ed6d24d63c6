//! Forgeries by somebody who has all the keys: another content in the place of a version, another
//! history under the log's own signature.

use anyhow::{Context, Result};
use ledger::{Signer, Writer};
use vault::{
    DataKey, KekId, KeyUse, Keyring, Purpose, RootWrap, StoredKek, SystemRandom, WrappedDataKey,
    WrappedKey,
};
use zeroize::Zeroizing;

use crate::Server;

impl Server {
    /// The log's signing key.
    ///
    /// # Errors
    /// When the database does not open.
    pub fn log_signer(&self) -> Result<Signer> {
        let mut sql = self.sql()?;
        let origin = sql.text("SELECT value FROM meta WHERE key = 'origin'")?;
        let wrapped = sql.text("SELECT value FROM meta WHERE key = 'log_seed'")?;
        let of = KeyUse {
            purpose: Purpose::LogSeed,
            context: b"log",
        };
        let wrapped = WrappedKey::from_bytes(&unhex(&wrapped)?)?;
        let seed = self.root_key()?.unwrap(of, &wrapped)?;
        let seed: [u8; 32] = seed.expose().try_into().context("a seed of 32 bytes")?;
        Ok(Signer::from_seed(&origin, Zeroizing::new(seed))?)
    }

    /// The key that seals a record.
    ///
    /// # Errors
    /// When the database does not open or there is no such key.
    pub fn record_key(&self, record: &str) -> Result<DataKey> {
        let packed = self.key_sql()?.blob(&format!(
            "SELECT wrapped FROM object_key WHERE id = '{record}'"
        ))?;
        let end = packed.iter().position(|byte| *byte == b'\n');
        let (scope, wrapped) = packed
            .split_at_checked(end.context("a packed key")?)
            .context("it")?;
        let scope = std::str::from_utf8(scope)?;
        let kek = format!("SELECT wrapped FROM kek WHERE scope = '{scope}'");
        let id = KekId::parse(scope)?;
        let row = StoredKek {
            id: id.clone(),
            generation: 1,
            wrapped: WrappedKey::from_bytes(&self.sql()?.blob(&kek)?)?,
        };
        let ring = Keyring::open(&self.root_key()?, [&row])?;
        let wrapped = WrappedDataKey::from_bytes(wrapped.get(1..).context("a key")?)?;
        Ok(ring.unwrap(&id, record.parse()?, &wrapped)?)
    }

    /// Puts another content in the place of a version's, sealed with the right key.
    ///
    /// # Errors
    /// When the database does not open or there is no such version.
    pub fn forge_version(&self, record: &str, version: i64, from: &str, to: &str) -> Result<()> {
        let key = self.record_key(record)?;
        let id: domain::RecordId = record.parse()?;
        let (uuid, number) = (id.as_uuid(), version.to_be_bytes());
        let place: [&[u8]; 3] = [b"version", uuid.as_bytes(), &number];
        let row = format!("record_id = '{record}' AND version = {version}");
        let mut sql = self.sql()?;
        let sealed = sql.blob(&format!("SELECT sealed FROM version WHERE {row}"))?;
        let plain = vault::sealed::open(&key, &place, &sealed)?;
        let (salt, content) = plain.expose().split_at_checked(32).context("a salt")?;
        let forged = std::str::from_utf8(content)?.replace(from, to);
        anyhow::ensure!(
            forged.as_bytes() != content,
            "nothing to forge in the version"
        );
        let mut plain = salt.to_vec();
        plain.extend_from_slice(forged.as_bytes());
        let sealed = vault::sealed::seal(&key, &place, &plain, &SystemRandom)?;
        let touched = sql.put_blob(
            &format!("UPDATE version SET sealed = $1 WHERE {row}"),
            &sealed,
        )?;
        anyhow::ensure!(touched == 1, "no such version");
        Ok(())
    }

    /// Replaces the log's files by another history, signed as told.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn forge_log(&self, entries: &[Vec<u8>], signer: &Signer) -> Result<()> {
        let update = Writer::new().append(entries, signer)?;
        let log = self.data().join("log");
        std::fs::remove_dir_all(&log)?;
        for file in update.files {
            let path = log.join(&file.path);
            std::fs::create_dir_all(path.parent().context("a folder")?)?;
            std::fs::write(path, file.bytes)?;
        }
        Ok(())
    }
}

fn unhex(text: &str) -> Result<Vec<u8>> {
    let digits: Vec<char> = text.chars().collect();
    digits
        .chunks(2)
        .map(|pair| {
            let pair: String = pair.iter().collect();
            u8::from_str_radix(&pair, 16).context("hexadecimal digits")
        })
        .collect()
}
