//! What a record holds.

use crate::model::{Field, Required, SetBy, Visible};

use super::words::{both, code, codes, condition, each_who, table};

pub(super) fn table_of(fields: &[Field]) -> String {
    let rows: Vec<Vec<String>> = fields.iter().map(row).collect();
    table(
        &["字段 Field", "名称 Name", "类型 Type", "说明 Notes"],
        &rows,
    )
}

fn row(field: &Field) -> Vec<String> {
    let kind = match field.target() {
        Some(register) => format!("{} → [{register}](#{register})", field.kind.word()),
        None => field.kind.word().to_owned(),
    };
    vec![
        code(&field.key),
        both(&field.name),
        kind,
        notes(field).join("; "),
    ]
}

fn notes(field: &Field) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(field.help.as_ref().map(both));
    notes.extend(required(&field.required));
    notes.extend(condition("显示条件 shown when", field.shown.as_ref()));
    notes.extend(condition("缺省 default", field.default.as_ref()));
    notes.extend(condition("计算 computed", field.compute.as_ref()));
    if !field.choices.is_empty() {
        let all: Vec<String> = field
            .choices
            .iter()
            .map(|choice| format!("{} {}", code(&choice.key), both(&choice.name)))
            .collect();
        notes.push(format!("选项 one of {}", all.join(", ")));
    }
    if !field.columns.is_empty() {
        let keys: Vec<&str> = field
            .columns
            .iter()
            .map(|column| column.key.as_str())
            .collect();
        notes.push(format!("列 columns {}", codes(&keys)));
    }
    notes.extend(limits(field));
    notes.extend(flags(field));
    notes.extend(field.visible.as_ref().map(visible));
    if let Some(SetBy::Effect) = field.set_by {
        notes.push("由办理结果填写 set by an action's effect".to_owned());
    }
    notes
}

fn required(required: &Required) -> Option<String> {
    match required {
        Required::Never => None,
        Required::Always => Some("必填 required".to_owned()),
        Required::When(when) => condition("必填条件 required when", Some(when)),
    }
}

fn limits(field: &Field) -> Option<String> {
    let bound = |word: &str, value: Option<String>| value.map(|value| format!("{word} {value}"));
    let all: Vec<String> = [
        bound("≥", field.min.map(|min| min.to_string())),
        bound("≤", field.max.map(|max| max.to_string())),
        bound(
            "字数 characters ≤",
            field.max_length.map(|max| max.to_string()),
        ),
        bound(
            "格式 form",
            field.mask.as_ref().map(|mask| format!("`{mask}`")),
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!all.is_empty()).then(|| all.join(", "))
}

fn flags(field: &Field) -> impl Iterator<Item = String> {
    [
        (field.unique, "同密级内唯一 unique within its label"),
        (field.index, "可检索 searchable"),
        (field.initials, "拼音可检索 found by pinyin"),
        (field.reserve, "占用所引用的记录 reserves what it names"),
        (field.open_item, "未了事项 an open item of the person"),
    ]
    .into_iter()
    .filter(|(set, _)| *set)
    .map(|(_, words)| words.to_owned())
}

fn visible(visible: &Visible) -> String {
    let mut parts = Vec::new();
    if !visible.roles.is_empty() {
        parts.push(each_who(&visible.roles));
    }
    if !visible.states.is_empty() {
        parts.push(format!("状态 in {}", codes(&visible.states)));
    }
    if !visible.only.is_empty() {
        parts.push(format!("其中仅 there only {}", each_who(&visible.only)));
    }
    format!("可见 seen by {}", parts.join(", "))
}
