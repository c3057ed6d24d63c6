//! What to do about a mistake, in both languages.

use domain::Text;

use super::{Mistake, Thing, zh};
use crate::expr::{EvalErrorKind, ExprErrorKind};

fn both(zh: impl Into<String>, en: impl Into<String>) -> Text {
    Text::new(zh.into().trim(), en)
}

fn meant(nearest: Option<&str>, zh: &str, en: &str) -> Text {
    match nearest {
        Some(name) => both(
            format!("是否想写 `{name}`？"),
            format!("did you mean `{name}`?"),
        ),
        None => both(zh, en),
    }
}

impl Mistake {
    /// What to do.
    pub(in crate::load) fn remedy(&self) -> Text {
        self.remedy_file()
            .or_else(|| self.remedy_field())
            .or_else(|| self.remedy_life())
            .or_else(|| self.remedy_moves())
            .or_else(|| self.remedy_expression())
            .or_else(|| self.remedy_regime())
            .or_else(|| self.remedy_tile())
            .unwrap_or_else(|| both("请对照语言手册", "see the reference of the language"))
    }

    fn remedy_file(&self) -> Option<Text> {
        Some(match self {
            Self::Syntax { .. } => both("改正此处的写法", "mend the notation here"),
            Self::FileTooBig { .. } => {
                both("一个文件只写一个台账", "write one register into one file")
            }
            Self::TooManyFiles { .. } => both("分几个目录装入", "load fewer files"),
            Self::Missing { key, .. } if matches!(*key, "name" | "say" | "help") => both(
                format!("写上 `{key} = {{ zh = \"…\", en = \"…\" }}`"),
                format!("write `{key} = {{ zh = \"…\", en = \"…\" }}`"),
            ),
            Self::Missing { key, .. } => {
                both(format!("写上 `{key} = …`"), format!("write `{key} = …`"))
            }
            Self::UnknownKey { nearest, .. } => meant(
                nearest.as_deref(),
                "删去，或对照语言手册",
                "remove it, or see the reference",
            ),
            Self::WrongType { wanted, .. } => both(
                format!("改写为{}", zh::term(wanted)),
                format!("write a value of type `{wanted}`"),
            ),
            Self::UnknownWord { nearest, known, .. } => meant(
                nearest.as_deref(),
                &format!("可用：{known}"),
                &format!("known are: {known}"),
            ),
            Self::TooLong { .. } => both("缩短文字", "shorten it"),
            Self::TooMany { .. } | Self::TooManyFields { .. } => {
                both("拆成几个台账", "split the register")
            }
            Self::NotText | Self::MissingLanguage { .. } => both(
                "写成 `{ zh = \"…\", en = \"…\" }`，两种文字都要有",
                "write `{ zh = \"…\", en = \"…\" }` with both texts",
            ),
            Self::BadKey { .. } => both(
                "用小写字母开头，只含小写字母、数字和下划线，不超过 48 个",
                "begin with a small letter; small letters, digits and `_` only, 48 at most",
            ),
            Self::ReservedKey { .. } => both("换一个键名", "choose another key"),
            Self::Duplicate { .. } | Self::DuplicateRegister { .. } => {
                both("改名或删去其中一个", "rename or remove one of them")
            }
            Self::OneOf { .. } => both("写其中一个，只写一个", "write one of them, and only one"),
            Self::NoSuch { what, nearest, .. } => {
                let (zh, en) = no_such(*what);
                meant(nearest.as_deref(), zh, en)
            }
            Self::Who { nearest, .. } => meant(
                *nearest,
                "写 role:…、field:…、head_of(…)、holder_of(…)、drafter、proposer、system 或 staff",
                "write role:…, field:…, head_of(…), holder_of(…), drafter, proposer, system or staff",
            ),
            Self::WhoPath { .. } => both("指向合适的字段", "point to a field that is one"),
            _ => return None,
        })
    }

    fn remedy_field(&self) -> Option<Text> {
        Some(match self {
            Self::FieldKeyForeign { .. } => {
                both("删去，或换一个类型", "remove it, or change the type")
            }
            Self::FieldKeyNeeded { key, .. } => {
                both(format!("写上 `{key} = …`"), format!("write `{key} = …`"))
            }
            Self::NestedTable => both("改用明细 [[line]]", "use a [[line]] instead"),
            Self::BoundsCrossed => both("对调或改正", "swap or mend them"),
            Self::NotSettable { .. } => both("从这里删去", "leave it out here"),
            Self::ComputeSettable => both(
                "删去 required、default 或 set_by",
                "remove required, default or set_by",
            ),
            Self::ReserveNotLink { .. } => both(
                "只有 link 和 links 能占用对象",
                "only link and links can reserve",
            ),
            Self::LabelNotLink { .. } => both(
                "写 `open`、`proposed`，或 `join(链接字段)`、`join(明细.链接字段)`、`join(链接字段, proposed)`",
                "write `open`, `proposed`, or `join(link)`, `join(line.link)`, `join(link, proposed)`",
            ),
            Self::NotSignatureField { .. } => both(
                "字段类型应为 `signature`",
                "give that field the type `signature`",
            ),
            Self::ShownNotLink { field } => both(
                format!("只写 `{field}`，或从一个链接字段写起"),
                format!("write `{field}` alone, or begin at a link"),
            ),
            Self::ShownLine { path } => both(
                format!("例如 `{path}.state`"),
                format!("`{path}.state`, for one"),
            ),
            Self::LabelSize => both(
                "每边 20 至 297 毫米，最多一位小数；排在整张纸上的，`columns` 和 `rows` 都写，合计不超过 210×297 毫米",
                "20 to 297 mm each way with at most one decimal; on a sheet write `columns` and `rows`, in all no more than 210 × 297 mm",
            ),
            Self::NoCustody => both(
                "`of = \"custody\"` 只用于载体和文件",
                "`of = \"custody\"` is for carriers and documents",
            ),
            Self::LabelNeedsField { field, kinds } => both(
                format!("加上字段 `{field}`，类型为 {kinds}"),
                format!("add the field `{field}` of type {kinds}"),
            ),
            Self::NumberUnit => both(
                "如 `unit = \"unit.name\"`：给出单位代码的表达式",
                "write e.g. `unit = \"unit.name\"`, an expression that gives the code",
            ),
            Self::NumberPerLevel => both(
                "在 `format` 中加上 `{level}`，或去掉 `per_level`",
                "print `{level}` in `format`, or take `per_level` away",
            ),
            Self::EffectField { field, .. } => both(
                format!("加上字段 `{field}`，或去掉该效果"),
                format!("add the field `{field}`, or take the effect away"),
            ),
            Self::NumberFormat { .. } => both(
                "如 `JY{year}-{seq:4}`；可用 {year} {month} {seq:N} {unit} {level}",
                "write e.g. `JY{year}-{seq:4}`; there are {year} {month} {seq:N} {unit} {level}",
            ),
            Self::Span { .. } => both(
                "写 24h、10d、10wd（工作日）、3mo、2y",
                "write 24h, 10d, 10wd (working days), 3mo, 2y",
            ),
            Self::Offset { .. } => both("写 -1d、0d、+1d、-2h", "write -1d, 0d, +1d, -2h"),
            _ => return None,
        })
    }

    fn remedy_life(&self) -> Option<Text> {
        Some(match self {
            Self::NoInitialState => both(
                "给一个状态写 `initial = true`",
                "give one state `initial = true`",
            ),
            Self::SeveralInitialStates => both("只留一个 `initial`", "keep one `initial`"),
            Self::NoInitialAction => {
                both("写一个没有 `from` 的操作", "write an action without `from`")
            }
            Self::NoFinalState => both(
                "给一个状态写 `final = true`",
                "give one state `final = true`",
            ),
            Self::Unreachable { .. } => both(
                "加一个到达它的操作，或删去此状态",
                "add an action that leads to it, or remove it",
            ),
            Self::DeadEnd { .. } => both(
                "加一个离开它的操作，或写 `final = true`",
                "add an action, or `final = true`",
            ),
            Self::EmptyFrom => both(
                "列出状态；新建记录的操作不写 `from`",
                "name states; an action that creates a record has no `from`",
            ),
            Self::SeveralTo => both(
                "写一个状态，如 `to = \"approved\"`",
                "write one state, e.g. `to = \"approved\"`",
            ),
            Self::VisibleTo => both(
                "写 `role:角色`、`field:人员字段` 或 `field:record.人员字段`",
                "write `role:…`, `field:…` or `field:record.…`",
            ),
            Self::FollowsAsksMore { .. } => both(
                "去掉 `sign`、`step_up` 和 `[[approval]]`；`who` 中写上 `system`",
                "leave out `sign`, `step_up` and `[[approval]]`; put `system` into `who`",
            ),
            Self::ReserveNotLost { field, action } => {
                let input = if *action == "strike" {
                    format!(", input = [\"{field}\"]")
                } else {
                    String::new()
                };
                both(
                    format!(
                        "加上操作 `key = \"{action}\", from = [\"*\"], who = \"system\"{input}`，不写 `when`、`sign`"
                    ),
                    format!(
                        "add the action `key = \"{action}\", from = [\"*\"], who = \"system\"{input}`, without `when` and `sign`"
                    ),
                )
            }
            Self::ApprovalTwice { .. } => {
                both("把步骤并入同一个审批", "put the steps into one approval")
            }
            Self::NoRefusedState { .. } => both(
                "在 [[approval]] 里写 `refused = \"…\"`，指向一个办结状态",
                "write `refused = \"…\"` in the [[approval]], a final state",
            ),
            Self::RuleId { .. } => both(
                "写 R-123；产品自身的不变量写 I-…",
                "write R-123, or I-… for an invariant",
            ),
            Self::Loosened { .. } => both(
                "写 `severity = \"stop\"`；法规规则不能放宽",
                "write `severity = \"stop\"`; what the law fixes cannot be loosened",
            ),
            _ => return None,
        })
    }

    fn remedy_moves(&self) -> Option<Text> {
        Some(match self {
            Self::UndoFails { undo, .. } => both(
                format!("让 `{undo}` 从本操作之后的状态回到其前的状态，且不要 `input`、`sign`"),
                format!(
                    "let `{undo}` lead from where this action leads back to where it came from, without `input` and `sign`"
                ),
            ),
            Self::ScanBy { .. } => both(
                "写一个 link、person、unit、post 或 place 字段",
                "name a field of the type link, person, unit, post or place",
            ),
            Self::ScanNumber { .. } => both(
                "写一个 text 字段，或删去",
                "name a field of the type text, or leave it out",
            ),
            Self::ScanAction { .. } => both(
                "写一个有 `from`、且 `to` 不在其中的操作",
                "name an action with a `from`, and with a `to` that is not among it",
            ),
            _ => return None,
        })
    }

    fn remedy_expression(&self) -> Option<Text> {
        Some(match self {
            Self::ExpressionsTooLong { .. } => both("拆成几个台账", "split the register"),
            Self::Expression { kind } => remedy_of(kind),
            Self::ExpressionFails {
                empty: Some(field), ..
            } => both(
                format!("先写 `{field} == null || …`，或让该字段必填"),
                format!("begin with `{field} == null || …`, or make the field required"),
            ),
            Self::ExpressionFails {
                kind: EvalErrorKind::NotSupplied { .. },
                ..
            } => both("此处不能用这个函数", "this function cannot be used here"),
            Self::ExpressionFails { .. } => {
                both("核对各量的类型", "look at the kinds of the values")
            }
            Self::ExpressionGives { wanted, .. } => both(
                format!("写出得{}的式子", zh::term(wanted)),
                format!("write something that gives {wanted}"),
            ),
            Self::UnknownName { nearest, .. } | Self::NoMember { nearest, .. } => meant(
                nearest.as_deref(),
                "只能用本台账的字段和语言手册列出的量",
                "use the fields of the register and the names of the reference",
            ),
            Self::LevelCompared { .. } => both(
                "用 at_least(label, 'state.secret') 或 same_level(a, b)",
                "use at_least(label, 'state.secret') or same_level(a, b)",
            ),
            Self::ArgumentKind { wanted, .. } => both(
                format!("给它{}", zh::term(wanted)),
                format!("give it {wanted}"),
            ),
            Self::ConstantWanted { .. } => both("写成 '…'", "write it as '…'"),
            Self::NeverEqual { nearest, .. } => meant(
                nearest.as_deref(),
                "核对状态或选项的键",
                "look at the keys of the states or choices",
            ),
            Self::DayAndInstant { .. } => both(
                "用 date_of(时刻) 取日期",
                "take the day with date_of(instant)",
            ),
            _ => return None,
        })
    }

    fn remedy_tile(&self) -> Option<Text> {
        Some(match self {
            Self::TileFilter { .. } => both(
                "写法同列表：field:value、field>=value、state:a|b、open:yes、label:state.secret、clock:overdue、recorded>=2026-01-01",
                "as lists are asked for: field:value, field>=value, state:a|b, open:yes, label:state.secret, clock:overdue, recorded>=2026-01-01",
            ),
            Self::TileNotIndexed { .. } => both(
                "给该字段加 `index = true`；限人可见的字段不能统计",
                "give the field `index = true`; what only some may see is not counted",
            ),
            Self::TileBy { .. } => both(
                "写 state、label、month、month.日期字段、clock.时限，或选项、是否、密级、单位、岗位、地点字段",
                "write state, label, month, month.DATE_FIELD, clock.CLOCK, or a field that is a choice, yes or no, a level, a unit, a post or a place",
            ),
            Self::TileKind { .. } => both(
                "figure 不写 `by`；line 按 month；bar、donut 要写 `by`",
                "a figure has no `by`, a line goes by month, a bar and a donut need `by`",
            ),
            Self::TileWho { .. } => both("写 role:角色", "write role:ROLE"),
            _ => return None,
        })
    }

    fn remedy_regime(&self) -> Option<Text> {
        Some(match self {
            Self::RegimeLoosens { .. } => both("删去这一行", "remove this line"),
            Self::RegimeFixed { .. } => {
                both("删去，用基准的值", "remove it; the base's value holds")
            }
            Self::RegimeBounds { .. } => {
                both("改为允许范围内的值", "choose a value that is allowed")
            }
            Self::RegimeValue { .. } => both(
                "写成与基准同类的值",
                "write a value of the kind the base has",
            ),
            Self::ExtendsForeign { .. } => both(
                "扩展只能加字段、规则、时限、审批步骤、打印，或收紧字段",
                "an extension adds fields, rules, clocks, approval steps and prints, or tightens fields",
            ),
            Self::Loosening { .. } => both("保留原来的限制", "keep the limit there is"),
            _ => return None,
        })
    }
}

const fn no_such(what: Thing) -> (&'static str, &'static str) {
    match what {
        Thing::Register => (
            "先写出这个台账的定义",
            "write the definition of that register first",
        ),
        Thing::Event => (
            "写成 event:台账.操作，该台账须有指向本台账的关联字段",
            "write event:REGISTER.ACTION, of a register with a link to this one",
        ),
        Thing::Effect | Thing::Check => (
            "只能用程序提供的名称，见语言手册",
            "only names the program offers; see the reference",
        ),
        Thing::Role => ("角色见语言手册", "see the reference for the roles"),
        Thing::Parameter => ("在基准制度中声明它", "declare it in the base regime"),
        Thing::Layout => (
            "版式是规则包 prints 目录中的文件名",
            "a layout is the name of a file in the folder `prints` of a pack",
        ),
        Thing::LevelKey => (
            "写 state.top_secret、state.secret、state.confidential、work.internal、trade.core 或 trade.ordinary",
            "write state.top_secret, state.secret, state.confidential, work.internal, trade.core or trade.ordinary",
        ),
        Thing::Field | Thing::Line | Thing::State | Thing::Action | Thing::Rule | Thing::Clock => {
            ("先定义它，或改正名称", "define it first, or mend the name")
        }
    }
}

fn remedy_of(kind: &ExprErrorKind) -> Text {
    match kind {
        ExprErrorKind::Empty => both(
            "写出条件，或删去这个键",
            "write a condition, or remove the key",
        ),
        ExprErrorKind::TooLong { .. }
        | ExprErrorKind::TooDeep { .. }
        | ExprErrorKind::TooManyWalks { .. } => both(
            "拆成几条规则或计算字段",
            "split it into several rules or computed fields",
        ),
        ExprErrorKind::Syntax { .. } => both("改正此处的写法", "mend the notation here"),
        ExprErrorKind::Unsupported { .. } => both("换一种写法", "say it another way"),
        ExprErrorKind::UnknownFunction { nearest, .. } => meant(
            nearest.as_deref(),
            "函数见语言手册",
            "see the reference for the functions",
        ),
        ExprErrorKind::Arguments { wanted, .. } => both(
            format!("给 {} 个参数", wanted.replace(" to ", " 至 ")),
            format!("give it {wanted} arguments"),
        ),
        ExprErrorKind::BadName { .. } => both("换一个名字", "choose another name"),
    }
}
