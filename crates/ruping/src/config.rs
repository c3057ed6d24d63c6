//! What the environment and a configuration file say; the only place that reads either. Arguments
//! win over the file, the file over the environment.

use crate::args::{ServeArgs, Testing};
use crate::complaint::Complaint;
use anyhow::Result;
use app::{RootKeySource, SecretString};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// Where a server listens unless it is told.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
/// Longest configuration file, in bytes.
const FILE_BYTES: usize = 64 * 1024;

/// What the environment says.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    /// The reader's language (`LC_ALL`, `LC_MESSAGES`, `LANG`, in this order).
    pub(crate) lang: Option<String>,
    /// What to log (`RUPING_LOG`).
    pub(crate) log: Option<String>,
    /// Whether answers are to have no colours (`NO_COLOR`).
    pub(crate) no_colour: bool,
    /// The database server (`RUPING_DATABASE`), out of sight of the list of processes.
    database: Option<SecretString>,
}

impl Environment {
    /// Reads it.
    pub(crate) fn read() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the environment"
        )]
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            lang: ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .find_map(variable),
            log: variable("RUPING_LOG"),
            no_colour: variable("NO_COLOR").is_some(),
            database: variable("RUPING_DATABASE").map(SecretString::new),
        }
    }

    /// The database server, if one is named anywhere.
    pub(crate) fn database(&self, argument: Option<String>) -> Option<SecretString> {
        let named = self
            .database
            .as_ref()
            .map(|url| SecretString::new(url.expose().to_owned()));
        argument.map(SecretString::new).or(named)
    }
}

/// The file of `--config`: the options of `serve`, by the same names.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    data: Option<PathBuf>,
    root_key: Option<String>,
    database: Option<String>,
    listen: Option<SocketAddr>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    behind_proxy: Option<bool>,
}

/// All a server has to know.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) data: PathBuf,
    pub(crate) root_key: RootKeySource,
    pub(crate) database: Option<SecretString>,
    pub(crate) testing: Testing,
    pub(crate) listen: SocketAddr,
    pub(crate) road: Road,
}

/// How bytes travel to the server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Road {
    Plain,
    BehindProxy,
    Tls { cert: PathBuf, key: PathBuf },
}

/// Puts arguments, file and environment together.
pub(crate) fn settle(args: ServeArgs, environment: &Environment) -> Result<Settings> {
    let file = match &args.config {
        Some(path) => read(path)?,
        None => File::default(),
    };
    let road = match (
        args.tls_cert.or(file.tls_cert),
        args.tls_key.or(file.tls_key),
    ) {
        (Some(cert), Some(key)) => Road::Tls { cert, key },
        (None, None) if args.behind_proxy || file.behind_proxy == Some(true) => Road::BehindProxy,
        (None, None) => Road::Plain,
        _ => return Err(half_a_certificate().into()),
    };
    let from_file = |text: String| text.parse().map_err(|why: String| root_key_form(&why));
    let root_key = match (args.root_key, file.root_key) {
        (Some(source), _) => source,
        (None, Some(text)) => from_file(text)?,
        (None, None) => return Err(missing("root-key", "根密钥", "root key").into()),
    };
    Ok(Settings {
        data: args
            .data
            .or(file.data)
            .ok_or_else(|| missing("data", "数据目录", "data folder"))?,
        root_key,
        database: environment.database(args.database.or(file.database)),
        testing: args.testing,
        listen: args.listen.or(file.listen).unwrap_or(LISTEN),
        road,
    })
}

fn missing(option: &str, zh: &str, en: &str) -> Complaint {
    Complaint::new(
        "config.missing",
        &format!("请指明{zh}：--{option}，或配置文件中的 `{option}`"),
        &format!("say where the {en} is: --{option}, or `{option}` in the configuration"),
    )
}

fn half_a_certificate() -> Complaint {
    Complaint::new(
        "config.certificate",
        "TLS 证书和私钥须同时给出：tls-cert、tls-key",
        "a TLS certificate needs its key, and a key its certificate: tls-cert, tls-key",
    )
}

fn root_key_form(why: &str) -> Complaint {
    Complaint::new(
        "config.root_key",
        &format!("配置文件中的 `root-key` 不正确：{why}"),
        &format!("`root-key` of the configuration is wrong: {why}"),
    )
}

fn read(path: &Path) -> Result<File> {
    let bytes = cli::read(path)?;
    if bytes.len() > FILE_BYTES {
        let size = format!("{FILE_BYTES}");
        return Err(unreadable(
            path,
            &format!("过大，至多 {size} 字节"),
            &format!("it is larger than {size} bytes"),
        )
        .into());
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| unreadable(path, "不是 UTF-8 文本", "it is not UTF-8 text"))?;
    toml::from_str(&text).map_err(|error| {
        let why = toml_words(&text, &error);
        unreadable(path, &why, &why).into()
    })
}

fn unreadable(path: &Path, zh: &str, en: &str) -> Complaint {
    let name = path.display();
    Complaint::new(
        "config.unreadable",
        &format!("配置文件 `{name}` 无法读取：{zh}"),
        &format!("the configuration `{name}` is not understood: {en}"),
    )
}

/// What is wrong and in which line. WHY: the parser's own report repeats the line, which may hold the
/// password of the database.
fn toml_words(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or(1, |before| before.matches('\n').count() + 1);
    format!("line {line}: {}", error.message())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Args, Verb};
    use clap::Parser;

    fn settled(arguments: &[&str], environment: &Environment) -> Result<Settings> {
        let line = [&["ruping", "serve"], arguments].concat();
        let Verb::Serve(args) = Args::try_parse_from(line)?.verb else {
            anyhow::bail!("another verb")
        };
        settle(*args, environment)
    }

    #[test]
    fn arguments_win_over_the_file_and_the_file_over_the_environment() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ruping.toml");
        let text = "data = \"/d\"\nroot-key = \"file:/k\"\nlisten = \"127.0.0.1:1\"\n\
                    database = \"postgres://file\"\nbehind-proxy = true\n";
        std::fs::write(&path, text).unwrap();
        let config = path.display().to_string();
        let environment = Environment {
            database: Some(SecretString::new("postgres://environment".to_owned())),
            ..Environment::default()
        };
        let settings = settled(&["--config", &config, "--data", "/e"], &environment).unwrap();
        assert_eq!(settings.data, PathBuf::from("/e"));
        assert_eq!(settings.listen.port(), 1);
        assert_eq!(settings.road, Road::BehindProxy);
        assert_eq!(settings.database.unwrap().expose(), "postgres://file");
        let bare = settled(&["--data", "/d", "--root-key", "file:/k"], &environment).unwrap();
        assert_eq!((bare.listen, bare.road), (LISTEN, Road::Plain));
        assert_eq!(bare.database.unwrap().expose(), "postgres://environment");
    }

    #[test]
    fn what_is_missing_or_unknown_is_said() {
        let nothing = Environment::default();
        let error = settled(&["--root-key", "file:/k"], &nothing).unwrap_err();
        assert!(error.to_string().contains("--data"), "{error}");
        let error = settled(&["--data", "/d"], &nothing).unwrap_err();
        assert!(error.to_string().contains("--root-key"), "{error}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ruping.toml");
        std::fs::write(&path, "dtaa = \"/d\"\n").unwrap();
        let error = settled(&["--config", &path.display().to_string()], &nothing).unwrap_err();
        assert!(format!("{error:#}").contains("dtaa"), "{error:#}");
        let secret = "data = \"/d\"\ndatabase = \"postgres://u:hunter2@h/d\n";
        std::fs::write(&path, secret).unwrap();
        let error = settled(&["--config", &path.display().to_string()], &nothing).unwrap_err();
        let said = format!("{error:?}");
        assert!(
            said.contains("line 2") && !said.contains("hunter2"),
            "{said}"
        );
    }

    #[test]
    fn a_database_address_never_shows_itself() {
        let environment = Environment {
            database: Some(SecretString::new("postgres://u:hunter2@h/d".to_owned())),
            ..Environment::default()
        };
        assert!(!format!("{environment:?}").contains("hunter2"));
    }
}
