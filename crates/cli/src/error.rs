//! Why a verb could not do its work, in both languages. What a verb finds wrong with a log or a
//! definition is not an error but its answer.

use std::path::PathBuf;

use domain::Text;

use crate::codes;

/// A verb could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read.
    #[error("`{}` cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// A file is larger than what it should hold.
    #[error("`{}` is too large for what it should hold", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A file does not hold text.
    #[error("`{}` does not hold text", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// A file cannot be written.
    #[error("`{}` cannot be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// There is no log where it should be.
    #[error("`{}` holds no log", path.display())]
    NoLog {
        /// Where it should be.
        path: PathBuf,
    },
    /// The certificates of this machine cannot be found.
    #[error("this machine has no list of trusted certificates; name one")]
    NoRoots,
    /// The program that reads pictures is not there.
    #[error("tesseract, which reads text on pictures, is not installed")]
    NoOcr,
    /// The program that reads pictures knows no language that it would need.
    #[error("tesseract has neither Chinese (chi_sim) nor English (eng)")]
    NoOcrLanguage,
    /// What should be an entry's id is none.
    #[error("`{0}` is no id of a log entry")]
    EntryId(String),
    /// A key, a checkpoint or a proof is not one.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The server refused or could not be reached.
    #[error(transparent)]
    Client(#[from] client::Error),
    /// Standard input was named among other paths, or a name was given for files that have their own.
    #[error("`-` stands alone, and only it is given a --name")]
    StdinAlone,
    /// Somebody ended a scan before all was read.
    #[error("the scan was ended before all was read")]
    Interrupted,
    /// A file holds no key.
    #[error("`{}` holds no key", path.display())]
    Key {
        /// The file.
        path: PathBuf,
    },
    /// An index or a sealed table is asked for without its key.
    #[error("an index and a sealed table need `--key`")]
    KeyNeeded,
    /// A key would lie beside what it seals.
    #[error("the key `{}` must not lie in the folder of the index", path.display())]
    KeyInside {
        /// The file.
        path: PathBuf,
    },
    /// A file is no table.
    #[error("`{}` is no table that can be looked for", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: scan::table::Wrong,
    },
    /// More cells are asked for than there are columns.
    #[error("`--need` asks for more than the other columns")]
    Need,
    /// An index cannot be read or changed.
    #[error(transparent)]
    Index(#[from] passages::Error),
    /// Standard output is gone.
    #[error("the answer cannot be written")]
    Output(#[source] std::io::Error),
}

impl Error {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Read { .. } => "cli.read",
            Self::TooLarge { .. } => "cli.too_large",
            Self::NotText { .. } => "cli.not_text",
            Self::Write { .. } => "cli.write",
            Self::NoLog { .. } => "cli.no_log",
            Self::NoRoots => "cli.no_certificates",
            Self::NoOcr => "cli.no_ocr",
            Self::NoOcrLanguage => "cli.no_ocr_language",
            Self::EntryId(_) => "cli.entry_id",
            Self::Ledger(error) => error.code(),
            Self::Client(error) => error.code(),
            Self::StdinAlone => "scan.stdin_alone",
            Self::Interrupted => "scan.interrupted",
            Self::Key { .. } => "cli.key",
            Self::KeyNeeded => "cli.key_needed",
            Self::KeyInside { .. } => "cli.key_inside",
            Self::Table { .. } => "cli.table",
            Self::Need => "cli.need",
            Self::Index(error) => error.code(),
            Self::Output(_) => "cli.output",
        }
    }

    /// What happened, for people.
    #[must_use]
    pub fn say(&self) -> Text {
        let zh = match self {
            Self::Read { path, .. } => format!("无法读取 `{}`", path.display()),
            Self::TooLarge { path } => format!("`{}` 过大", path.display()),
            Self::NotText { path } => format!("`{}` 不是文本", path.display()),
            Self::Write { path, .. } => format!("无法写入 `{}`", path.display()),
            Self::NoLog { path } => format!("`{}` 中没有日志", path.display()),
            Self::NoRoots => "本机没有受信任证书列表，请指定".to_owned(),
            Self::NoOcr => "没有安装识别图片文字的程序 tesseract".to_owned(),
            Self::NoOcrLanguage => {
                "tesseract 既没有中文（chi_sim）也没有英文（eng）语言数据".to_owned()
            }
            Self::EntryId(text) => format!("`{text}` 不是日志条目编号"),
            Self::Ledger(error) => ledger_zh(error),
            Self::Client(error) => client_zh(error),
            Self::StdinAlone => "`-` 须单独使用，且只有它可以用 --name 命名".to_owned(),
            Self::Interrupted => "扫描在读完之前被中止".to_owned(),
            Self::Key { path } => format!("`{}` 中没有密钥", path.display()),
            Self::KeyNeeded => "使用索引或封装的数据表须给出 `--key`".to_owned(),
            Self::KeyInside { path } => format!("密钥 `{}` 不得放在索引目录中", path.display()),
            Self::Table { path, .. } => format!("`{}` 不是可比对的数据表", path.display()),
            Self::Need => "`--need` 超过了其他列的数目".to_owned(),
            Self::Index(error) => index_zh(error),
            Self::Output(_) => "无法输出结果".to_owned(),
        };
        Text::new(zh, self.to_string())
    }

    /// What to do about it, where that can be said.
    #[must_use]
    pub fn hint(&self) -> Option<Text> {
        match self {
            Self::NoLog { .. } => Some(Text::new(
                "使用 PostgreSQL 时日志存放在数据库中，请改用 --url 与 --token-file",
                "on PostgreSQL the log is in the database: use --url and --token-file",
            )),
            Self::NoRoots => Some(Text::new(
                "用 --ca 指定 PEM 文件",
                "name a PEM file with --ca",
            )),
            Self::NoOcr | Self::NoOcrLanguage => Some(Text::new(
                "安装 tesseract-ocr、tesseract-ocr-chi-sim 和 tesseract-ocr-eng，或去掉 --ocr",
                "install tesseract-ocr, tesseract-ocr-chi-sim and tesseract-ocr-eng, or leave out --ocr",
            )),
            Self::Client(error) => error
                .problem()
                .and_then(|problem| problem.hint.clone())
                .map(|en| Text::new(en.clone(), en)),
            Self::Read { .. }
            | Self::TooLarge { .. }
            | Self::NotText { .. }
            | Self::Write { .. }
            | Self::EntryId(_)
            | Self::Ledger(_)
            | Self::StdinAlone
            | Self::Interrupted
            | Self::Key { .. }
            | Self::KeyNeeded
            | Self::KeyInside { .. }
            | Self::Table { .. }
            | Self::Need
            | Self::Index(_)
            | Self::Output(_) => None,
        }
    }

    /// Whether the server denied it, which is an answer; everything else is a failure.
    #[must_use]
    pub fn is_denial(&self) -> bool {
        matches!(self, Self::Client(error) if error.problem().is_some_and(|problem| problem.status < 500))
    }
}

fn client_zh(error: &client::Error) -> String {
    let said = error.problem().and_then(|problem| problem.say.as_ref());
    let ours = || codes::chinese(error.code()).map(ToOwned::to_owned);
    said.map(|say| say.zh.clone())
        .or_else(ours)
        .unwrap_or_else(|| format!("与服务器通信失败：{error}"))
}

/// The index speaks English: its words follow, with the file that they are about.
fn index_zh(error: &passages::Error) -> String {
    let what = codes::chinese(error.code()).unwrap_or("登记文件索引有误");
    format!("{what}（{error}）")
}

/// The log's own words are English: they follow as the detail.
pub(crate) fn ledger_zh(error: &ledger::Error) -> String {
    let what = codes::chinese(error.code()).unwrap_or("日志、公钥或证明文件有误");
    format!("{what}（{error}）")
}
