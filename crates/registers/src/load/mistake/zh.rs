//! Chinese for what other modules say in English only: kinds of values, places of a file, and
//! what can be wrong with an expression or a number format.

use crate::expr::{EvalErrorKind as Eval, ExprErrorKind as Expr};
use crate::numbering::NumberFormatError as Number;

/// Terms as they appear in English messages.
const TERMS: [(&str, &str); 72] = [
    ("the register", "台账定义"),
    ("the regime", "制度文件"),
    ("the extension", "扩展文件"),
    ("[parameters]", " [parameters] "),
    ("[severities]", " [severities] "),
    ("a parameter", "参数"),
    ("number", "编号"),
    ("a text", "文字"),
    ("a choice", "选项"),
    ("a step", "审批步骤"),
    ("a case", "情形"),
    ("a list", "列表"),
    ("string", "文字"),
    ("boolean", " true 或 false "),
    ("integer", "整数"),
    ("float", "小数"),
    ("datetime", "日期时间"),
    ("table", "表（{ … }）"),
    ("array", "列表"),
    ("array of tables", "表的列表"),
    ("whole number from 0", "不小于 0 的整数"),
    ("number, a string or a list of these", "数、文字或其列表"),
    ("anything", "任意值"),
    ("nothing", "空值"),
    ("true or false", "真假值"),
    ("a number", "数"),
    ("a whole number", "整数"),
    ("an amount", "金额"),
    ("a day", "日期"),
    ("an instant", "时刻"),
    ("a day or an instant", "日期或时刻"),
    ("a level", "密级"),
    ("a label", "密级标签"),
    ("a label or a level", "密级或密级标签"),
    ("a level key", "密级代码"),
    ("a secrecy period", "保密期限"),
    ("a period", "起止日期"),
    ("a checklist", "检查表"),
    ("a clearance", "涉密资格"),
    ("a person", "人员"),
    ("a unit", "单位"),
    ("a carrier", "载体"),
    ("a record", "记录"),
    ("the record", "本记录"),
    ("a line", "明细行"),
    ("a list or a record", "列表或记录"),
    ("a list or a text", "列表或文字"),
    ("a list of numbers", "数的列表"),
    ("the key of a parameter", "参数键"),
    ("the name of a field", "字段名"),
    ("copy numbers", "份号"),
    ("levels", "密级"),
    ("who", "人员写法"),
    ("sign", "签字"),
    ("set", "赋值"),
    ("creates", "新建"),
    ("fan_out", "分发"),
    ("fill", "取数"),
    ("parent", "上级动作"),
    ("visible", "可见范围"),
    ("after", "时长"),
    ("count", "人数"),
    ("quorum", "人数"),
    ("rename", "改名"),
    ("states", "状态"),
    ("a condition", "条件"),
    ("a mark", "密级标志"),
    ("a length of time", "时长"),
    ("1 to 2", "1 至 2"),
    ("lines", "明细行"),
    ("migrations", "迁移步骤"),
    ("open_item", "未了事项"),
];

/// A term in Chinese; one without a translation (`[[field]]`) stands as it is.
pub(super) fn term(english: &str) -> String {
    if let Some(register) = english.strip_prefix("a record of ") {
        return format!("{register} 的记录");
    }
    if let Some(line) = english.strip_prefix("a line of ") {
        return format!("{line} 的明细行");
    }
    if let Some(field) = english.strip_prefix("a row of ") {
        return format!("{field} 的行");
    }
    let found = TERMS.iter().find(|(known, _)| *known == english);
    found.map_or_else(|| format!(" {english} "), |(_, zh)| (*zh).to_owned())
}

/// Why an expression does not compile.
pub(super) fn expr(kind: &Expr) -> String {
    match kind {
        Expr::Empty => "是空的".to_owned(),
        Expr::TooLong { max } => format!("超过 {max} 个字符"),
        Expr::TooDeep { max } => format!("嵌套超过 {max} 层"),
        Expr::TooManyWalks { max } => format!("列表遍历嵌套超过 {max} 层"),
        Expr::Syntax { detail } => format!("写法不对（{detail}）"),
        Expr::Unsupported { construct } => format!("本语言没有这种写法（{construct}）"),
        Expr::UnknownFunction { name, .. } => format!("没有函数 `{name}`"),
        Expr::Arguments {
            name,
            wanted,
            given,
        } => {
            format!(
                "`{name}` 应有 {} 个参数，不是 {given} 个",
                wanted.replace(" to ", " 至 ")
            )
        }
        Expr::BadName { name } => format!("这里不能用 `{name}` 作名字"),
    }
}

/// Why an expression could not be evaluated.
pub(super) fn eval(kind: &Eval) -> String {
    match kind {
        Eval::Wanted { wanted, given } => {
            format!("这里应为{}，不是{}", term(wanted), term(given))
        }
        Eval::Operands {
            operator,
            left,
            right,
        } => {
            format!("`{operator}` 不能用于{}和{}", term(left), term(right))
        }
        Eval::OutOfRange { operator } => format!("`{operator}` 的结果超出范围"),
        Eval::ZeroDivision => "除以零".to_owned(),
        Eval::Unreadable { function, wanted } => {
            format!("`{function}` 无法把它读作{}", term(wanted))
        }
        Eval::Parameter { key } => format!("没有设定参数 `{key}`"),
        Eval::NotSupplied { function } => format!("没有提供 `{function}` 所需的数据"),
        Eval::ListTooLong { max } => format!("列表超过 {max} 项"),
        Eval::TextTooLong { max } => format!("文字超过 {max} 字节"),
        Eval::TooManySteps { max } => format!("计算超过 {max} 步"),
    }
}

/// Why a number format cannot number anything.
pub(super) fn number(error: &Number) -> String {
    match error {
        Number::UnknownPart { part } => format!("`{{{part}}}` 不是编号的组成部分"),
        Number::Unclosed => "花括号没有成对".to_owned(),
        Number::Sequence => "应恰有一个 `{seq:N}`".to_owned(),
        Number::Twice { part } => format!("`{{{part}}}` 出现两次"),
        Number::MonthWithoutYear => "`{month}` 须与 `{year}` 同用".to_owned(),
        Number::Adjacent => "相邻两部分无法区分".to_owned(),
        Number::Width => "`{seq:N}` 的位数为 1 至 12".to_owned(),
        Number::TooLong { max } => format!("格式超过 {max} 个字符"),
    }
}
