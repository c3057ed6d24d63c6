//! One mistake in an input: which field, which code, what to say in both languages.

use domain::Text;
use serde::Serialize;

use crate::numbering::NumberFormat;

/// One mistake in an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field; `rows.2.amount` inside the third row of a table or line.
    pub field: String,
    /// Stable dotted code.
    pub code: &'static str,
    /// What to tell the person.
    pub say: Text,
}

impl FieldError {
    pub(super) fn new(
        field: &str,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self {
            field: field.to_owned(),
            code,
            say: Text::new(zh, en),
        }
    }

    pub(super) fn unknown(field: &str) -> Self {
        let code = "register.field_unknown";
        Self::new(field, code, "没有这个字段", "there is no such field")
    }

    pub(super) fn not_accepted(field: &str) -> Self {
        let code = "register.field_not_accepted";
        Self::new(
            field,
            code,
            "此操作不能填写该字段",
            "this action does not take this field",
        )
    }

    pub(super) fn not_shown(field: &str) -> Self {
        let (zh, en) = (
            "按当前填写，此项不适用，请留空",
            "this does not apply here; leave it empty",
        );
        Self::new(field, "register.field_not_shown", zh, en)
    }

    pub(super) fn required(field: &str) -> Self {
        Self::new(field, "register.field_required", "必填", "must be filled")
    }

    pub(super) fn kind(field: &str, zh: &str, en: &str) -> Self {
        Self::new(
            field,
            "register.field_kind",
            format!("应填写{zh}"),
            format!("must be {en}"),
        )
    }

    pub(super) fn too_long(field: &str, max: usize) -> Self {
        let zh = format!("最多 {max} 个字");
        Self::new(
            field,
            "register.field_too_long",
            zh,
            format!("at most {max} characters"),
        )
    }

    pub(super) fn mask(field: &str, mask: &NumberFormat) -> Self {
        let zh = format!("不符合规定的格式 `{mask}`");
        Self::new(
            field,
            "register.field_mask",
            zh,
            format!("not of the form `{mask}`"),
        )
    }

    pub(super) fn characters(field: &str) -> Self {
        let (zh, en) = (
            "含有不可见的控制字符",
            "contains invisible control characters",
        );
        Self::new(field, "register.field_characters", zh, en)
    }

    pub(super) fn choice(field: &str) -> Self {
        Self::new(
            field,
            "register.field_choice",
            "不在可选范围内",
            "is not one of the choices",
        )
    }

    pub(super) fn repeated(field: &str) -> Self {
        Self::new(
            field,
            "register.field_repeated",
            "有重复",
            "holds something twice",
        )
    }

    pub(super) fn too_small(field: &str, min: f64) -> Self {
        let code = "register.field_too_small";
        Self::new(
            field,
            code,
            format!("不能小于 {min}"),
            format!("must be at least {min}"),
        )
    }

    pub(super) fn too_large(field: &str, max: f64) -> Self {
        let code = "register.field_too_large";
        Self::new(
            field,
            code,
            format!("不能大于 {max}"),
            format!("must be at most {max}"),
        )
    }

    pub(super) fn too_few(field: &str, min: f64) -> Self {
        let code = "register.field_too_few";
        Self::new(
            field,
            code,
            format!("至少 {min} 项"),
            format!("needs at least {min} entries"),
        )
    }

    pub(super) fn too_many(field: &str, max: f64) -> Self {
        let code = "register.field_too_many";
        Self::new(
            field,
            code,
            format!("最多 {max} 项"),
            format!("takes at most {max} entries"),
        )
    }

    pub(super) fn default_failed(error: &crate::Error) -> Self {
        let field = match error {
            crate::Error::Eval { key, .. } => key.as_str(),
            _ => "",
        };
        let (zh, en) = (
            "缺省值无法算出，请填写",
            "the default could not be computed; fill it in",
        );
        Self::new(field, "register.field_default", zh, en)
    }
}
