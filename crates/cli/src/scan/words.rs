//! Words of a scan, in both languages.

use domain::{Level, Text};
use inspect::{Cause, Kind, Part, Where};

pub(super) fn cause(cause: Cause) -> Text {
    let (zh, en) = match cause {
        Cause::Encrypted => ("有口令保护", "locked by a password"),
        Cause::Damaged => ("文件损坏", "damaged"),
        Cause::UnknownFormat => ("无法识别的格式", "unknown format"),
        Cause::TooBig => ("超出大小限制", "larger than the limits"),
        Cause::TooDeep => ("嵌套过深", "nested too deep"),
        Cause::Time => ("超时", "out of time"),
        Cause::ImageWithoutOcr => ("图片未作文字识别", "picture without text recognition"),
        Cause::MissingVolume => ("缺少分卷", "a volume is missing"),
        Cause::Unreadable => ("无法打开", "cannot be opened"),
        Cause::NotAFile => ("不是普通文件", "not a file"),
        Cause::Memory => ("超出内存限制", "out of memory"),
        Cause::Registered => (
            "登记文件索引无法读取",
            "the index of registered documents cannot be read",
        ),
    };
    Text::new(zh, en)
}

pub(super) fn kind(kind: Kind) -> Text {
    let (zh, en) = match kind {
        Kind::Mark => ("密级标志", "mark"),
        Kind::Keyword => ("关键词", "keyword"),
        Kind::Identifier => ("标识信息", "identifier"),
        Kind::Secret => ("密钥口令", "secret"),
        Kind::Label => ("电子标签", "label"),
        Kind::Copy => ("涉密文件内容", "copied passage"),
        Kind::DataMatch => ("登记数据", "registered data"),
    };
    Text::new(zh, en)
}

/// A level by its key, as people name it.
pub(super) fn level(key: &str) -> Text {
    Level::parse_key(key).map_or_else(
        |_| Text::new(key, key),
        |level| Text::new(level.zh(), level.en()),
    )
}

/// A place in one line, from the outside to the inside.
pub(super) fn place(place: &Where) -> Text {
    let part = match place.part {
        Part::Body => ("正文", "body"),
        Part::Header => ("页眉", "header"),
        Part::Footer => ("页脚", "footer"),
        Part::Footnote => ("脚注", "footnote"),
        Part::Comment => ("批注", "comment"),
        Part::Textbox => ("文本框", "text box"),
        Part::Notes => ("备注", "notes"),
        Part::Hidden => ("隐藏内容", "hidden"),
        Part::Metadata => ("文件属性", "properties"),
        Part::Name => ("文件名", "name"),
        Part::Picture => ("图片文字", "text on a picture"),
    };
    let mut zh: Vec<String> = place.container.clone();
    let mut en = zh.clone();
    let mut add = |chinese: String, english: String| {
        zh.push(chinese);
        en.push(english);
    };
    if let Some(page) = place.page {
        add(format!("第{page}页"), format!("page {page}"));
    }
    if let Some(slide) = place.slide {
        add(format!("第{slide}张幻灯片"), format!("slide {slide}"));
    }
    for name in [&place.sheet, &place.cell].into_iter().flatten() {
        add(name.clone(), name.clone());
    }
    add(part.0.to_owned(), part.1.to_owned());
    Text::new(zh.join(" › "), en.join(" › "))
}
