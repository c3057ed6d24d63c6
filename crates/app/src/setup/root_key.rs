//! Where the root key comes from. It never lies inside the data folder.

use crate::error::{Error, text};
use argon2::{Algorithm, Argon2, Params, Version};
use std::{
    path::{Path, PathBuf},
    str::FromStr,
};
use vault::RootKey;

/// Source of the root key, as `--root-key` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RootKeySource {
    /// A file holding 64 hex digits or 32 bytes.
    File(PathBuf),
    /// A file whose first line is a passphrase.
    PassphraseFile(PathBuf),
}

impl FromStr for RootKeySource {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            Some(("passphrase-file", path)) if !path.is_empty() => {
                Ok(Self::PassphraseFile(path.into()))
            }
            Some(("pkcs11", _)) => {
                Err("pkcs11 root keys are not built into this version; use file:PATH".to_owned())
            }
            _ => Err("write file:PATH or passphrase-file:PATH".to_owned()),
        }
    }
}

impl RootKeySource {
    fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::PassphraseFile(path) => path,
        }
    }

    /// Reads the key; refuses one that lies inside the data folder.
    pub(crate) fn read(&self, data: &Path, salt: &[u8; 16]) -> Result<RootKey, Error> {
        self.refuse_inside(data)?;
        let bytes = std::fs::read(self.path()).map_err(|error| Error::Malformed {
            code: "root_key.unreadable",
            say: text(
                &format!("无法读取根密钥文件：{error}"),
                &format!("the root key file cannot be read: {error}"),
            ),
        })?;
        let key = match self {
            Self::File(_) => RootKey::parse_file(&bytes),
            Self::PassphraseFile(_) => RootKey::from_bytes(stretch(&bytes, salt)?),
        };
        key.map_err(|error| Error::Malformed {
            code: "root_key.malformed",
            say: text(
                "根密钥文件格式不正确：须为 64 个十六进制字符或 32 个原始字节，且不全为零",
                &format!("the root key is not valid: {error}"),
            ),
        })
    }

    fn refuse_inside(&self, data: &Path) -> Result<(), Error> {
        let key = self
            .path()
            .canonicalize()
            .unwrap_or_else(|_| self.path().to_path_buf());
        let folder = data.canonicalize().unwrap_or_else(|_| data.to_path_buf());
        if key.starts_with(&folder) {
            return Err(Error::Malformed {
                code: "root_key.inside_data",
                say: text(
                    "根密钥不得放在数据目录内",
                    "the root key may not lie inside the data folder",
                ),
            });
        }
        Ok(())
    }
}

/// Argon2id with generous parameters: it runs once per start.
fn stretch(bytes: &[u8], salt: &[u8; 16]) -> Result<[u8; 32], Error> {
    let line = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    if line.len() < 12 {
        return Err(Error::Malformed {
            code: "root_key.short_passphrase",
            say: text("口令短语至少 12 字节", "a passphrase has at least 12 bytes"),
        });
    }
    let params =
        Params::new(64 * 1024, 3, 1, Some(32)).map_err(|_| Error::defect("argon2 parameters"))?;
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(line, salt, &mut key)
        .map_err(|_| Error::defect("argon2"))?;
    Ok(key)
}
