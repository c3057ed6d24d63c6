//! What is wrong, in both languages.

use domain::Text;

use super::{Mistake, zh};

fn both(zh: impl Into<String>, en: impl Into<String>) -> Text {
    Text::new(zh.into().trim(), en)
}

impl Mistake {
    /// What is wrong.
    pub(in crate::load) fn say(&self) -> Text {
        self.say_file()
            .or_else(|| self.say_name())
            .or_else(|| self.say_field())
            .or_else(|| self.say_life())
            .or_else(|| self.say_moves())
            .or_else(|| self.say_expression())
            .or_else(|| self.say_regime())
            .or_else(|| self.say_tile())
            .unwrap_or_else(|| both("定义有误", "the definition is wrong"))
    }

    fn say_file(&self) -> Option<Text> {
        Some(match self {
            Self::Syntax { detail } => both(
                format!("不是合法的 TOML：{detail}"),
                format!("this is not TOML: {detail}"),
            ),
            Self::FileTooBig { max } => both(
                format!("文件超过 {max} 字节"),
                format!("the file is larger than {max} bytes"),
            ),
            Self::TooManyFiles { max } => both(
                format!("文件超过 {max} 个"),
                format!("there are more than {max} files"),
            ),
            Self::Missing { key, what } => both(
                format!("{}缺少 `{key}`", zh::term(what)),
                format!("{what} has no `{key}`"),
            ),
            Self::UnknownKey { key, what, .. } => both(
                format!("{}没有 `{key}` 这个键", zh::term(what)),
                format!("{what} has no key `{key}`"),
            ),
            Self::WrongType { wanted, given } => both(
                format!("这里应为{}，不是{}", zh::term(wanted), zh::term(given)),
                format!("`{wanted}` is wanted here, not `{given}`"),
            ),
            Self::UnknownWord { written, .. } => both(
                format!("不认识 `{written}`"),
                format!("`{written}` is not known here"),
            ),
            Self::TooLong { max } => both(
                format!("文字超过 {max} 个字"),
                format!("the text is longer than {max} characters"),
            ),
            Self::TooMany { what, max } => both(
                format!("{}超过 {max} 个", zh::term(what)),
                format!("{what} has more than {max} entries"),
            ),
            Self::TooManyFields { max } => both(
                format!("字段（含明细和表格列）超过 {max} 个"),
                format!("there are more than {max} fields, lines and columns counted in"),
            ),
            Self::NotText => both(
                "这里应写中英文两种文字",
                "a text in both languages is wanted here",
            ),
            Self::MissingLanguage { language } => both(
                format!("缺少 `{language}` 文字"),
                format!("the `{language}` text is missing"),
            ),
            _ => return None,
        })
    }

    fn say_name(&self) -> Option<Text> {
        Some(match self {
            Self::BadKey { written } => both(
                format!("`{written}` 不能作键"),
                format!("`{written}` cannot be a key"),
            ),
            Self::ReservedKey { written } => both(
                format!("`{written}` 是保留字"),
                format!("`{written}` is a reserved word"),
            ),
            Self::Duplicate { what, key } => both(
                format!("{}`{key}` 重复", zh::term(what)),
                format!("{what} `{key}` stands twice"),
            ),
            Self::DuplicateRegister { key, file } => both(
                format!("台账 `{key}` 已在 {file} 中定义"),
                format!("the register `{key}` is already defined in {file}"),
            ),
            Self::OneOf { keys } => both(
                format!("应恰好写 {keys} 之一"),
                format!("exactly one of {keys} is wanted"),
            ),
            Self::NoSuch { what, name, .. } => both(
                format!("没有名为 `{name}` 的{}", what.zh()),
                format!("there is no {} `{name}`", what.en()),
            ),
            Self::Who { written, .. } => both(
                format!("`{written}` 没有说明是谁"),
                format!("`{written}` does not say who"),
            ),
            Self::WhoPath { path, wanted } => both(
                format!("`{path}` 不是{}", zh::term(wanted)),
                format!("`{path}` is not {wanted}"),
            ),
            Self::NotSignatureField { field } => both(
                format!("`{field}` 不是签字字段"),
                format!("`{field}` is no signature field"),
            ),
            Self::ShownNotLink { field } => both(
                format!("字段 `{field}` 不指向别的记录，后面不能再写字段"),
                format!("the field `{field}` leads to no record, so nothing can follow it"),
            ),
            Self::ShownLine { path } => both(
                format!("`{path}` 是明细，要写出显示哪一栏"),
                format!("`{path}` are lines: say which of their fields is shown"),
            ),
            Self::LabelSize => both(
                "标签太小或太大，或一张 A4 纸排不下这么多",
                "the label is too small or too large, or a sheet of A4 does not hold so many",
            ),
            Self::NoCustody => both(
                "该台账没有保管链",
                "the register's records have no line of custody",
            ),
            _ => return None,
        })
    }

    fn say_tile(&self) -> Option<Text> {
        Some(match self {
            Self::TileFilter { part } => both(
                format!("`{part}` 不是列表能用的筛选条件"),
                format!("no list can be asked for by `{part}`"),
            ),
            Self::TileNotIndexed { field } => both(
                format!("字段 `{field}` 不能用于筛选和统计"),
                format!("nothing is found or counted by the field `{field}`"),
            ),
            Self::TileBy { by } => both(
                format!("不能按 `{by}` 分组统计"),
                format!("nothing is counted by groups of `{by}`"),
            ),
            Self::TileKind { kind } => both(
                format!("`by` 与 `{kind}` 不相配"),
                format!("`by` does not go with `{kind}`"),
            ),
            Self::TileWho { written } => both(
                format!("`{written}` 不是角色，看板只按角色显示"),
                format!("`{written}` is no role, and tiles are for roles"),
            ),
            _ => return None,
        })
    }

    fn say_field(&self) -> Option<Text> {
        Some(match self {
            Self::FieldKeyForeign { key, kind } => both(
                format!("`{key}` 不适用于类型 `{kind}`"),
                format!("`{key}` does not go with the type `{kind}`"),
            ),
            Self::FieldKeyNeeded { key, kind } => both(
                format!("类型 `{kind}` 需要 `{key}`"),
                format!("the type `{kind}` needs `{key}`"),
            ),
            Self::NestedTable => both(
                "表格的列不能再是表格",
                "a column of a table cannot be a table",
            ),
            Self::BoundsCrossed => both("最小值大于最大值", "the minimum is above the maximum"),
            Self::NotSettable { field } => both(
                format!("`{field}` 不由人填写"),
                format!("`{field}` is not filled in by people"),
            ),
            Self::ComputeSettable => {
                both("计算字段不能填写", "a computed field cannot be filled in")
            }
            Self::ReserveNotLink { field } => both(
                format!("`{field}` 不是链接字段"),
                format!("`{field}` is not a link"),
            ),
            Self::LabelNotLink { path } => both(
                format!("密级来源 `{path}` 不是链接字段"),
                format!("the label cannot come from `{path}`, which is not a link"),
            ),
            Self::LabelNeedsField { field, .. } => both(
                format!("拟定密级需要字段 `{field}`"),
                format!("a proposed label needs the field `{field}`"),
            ),
            Self::NumberFormat { error } => both(
                format!("编号格式有误：{}", zh::number(error)),
                format!("the number format is wrong: {error}"),
            ),
            Self::NumberUnit => both(
                "编号格式印出单位代码须写 `unit`，不印则不写",
                "a number that prints the unit needs `unit`, and no other has it",
            ),
            Self::NumberPerLevel => both(
                "按密级分别计数，但编号不印密级，不同密级会出现相同编号",
                "levels are counted apart and not printed, so that two of them have the same numbers",
            ),
            Self::EffectField { effect, field } => both(
                format!("程序效果 `{effect}` 需要字段 `{field}`"),
                format!("the effect `{effect}` needs the field `{field}`"),
            ),
            Self::Span { written } => both(
                format!("`{written}` 不是时长"),
                format!("`{written}` is not a length of time"),
            ),
            Self::Offset { written } => both(
                format!("`{written}` 不是提前或延后的时长"),
                format!("`{written}` is not a time before or after"),
            ),
            _ => return None,
        })
    }

    fn say_life(&self) -> Option<Text> {
        Some(match self {
            Self::NoInitialState => both("没有初始状态", "there is no initial state"),
            Self::SeveralInitialStates => {
                both("初始状态不止一个", "there is more than one initial state")
            }
            Self::NoInitialAction => both("没有新建记录的操作", "no action creates a record"),
            Self::NoFinalState => both("没有终结状态", "there is no final state"),
            Self::Unreachable { state } => both(
                format!("没有操作能到达状态 `{state}`"),
                format!("no action leads to the state `{state}`"),
            ),
            Self::DeadEnd { state } => both(
                format!("状态 `{state}` 既非终结又没有出路"),
                format!("the state `{state}` is not final and nothing leads out of it"),
            ),
            Self::EmptyFrom => both("`from` 是空的", "`from` is empty"),
            Self::SeveralTo => both(
                "`to` 须写明一个状态；只有 `take_over` 可列出多个",
                "`to` names one state; only `take_over` may list several",
            ),
            Self::ReserveNotLost { field, action } => both(
                format!(
                    "`{field}` 所占用的可能报失，而程序没有从各未办结状态都可用的 `{action}` 操作来放开它"
                ),
                format!(
                    "what `{field}` reserves can be lost, and no `{action}` lets go of it from every open state"
                ),
            ),
            Self::VisibleTo => both(
                "`visible` 只能写角色，或本记录（明细及其所属记录）的人员字段",
                "`visible` names roles, or person fields of the record, or of a line and its record",
            ),
            Self::FollowsAsksMore { action } => both(
                format!(
                    "`{action}` 由程序随明细自动办理，不能另须审批、签字或再次认证，`who` 中须有 `system`"
                ),
                format!(
                    "the program does `{action}` because of lines: it waits for no decision, signature or second factor, and its `who` names `system`"
                ),
            ),
            Self::ApprovalTwice { action } => both(
                format!("操作 `{action}` 已有审批"),
                format!("the action `{action}` already has an approval"),
            ),
            Self::NoRefusedState { action } => both(
                format!("操作 `{action}` 新建记录，其审批没有写明未批准时的状态"),
                format!(
                    "`{action}` creates a record, and its approval names no state for a refused one"
                ),
            ),
            Self::RuleId { written } => both(
                format!("`{written}` 不是规则编号"),
                format!("`{written}` is not the id of a rule"),
            ),
            Self::Loosened { letter } => both(
                format!("字母 {letter} 的规则必须为 stop"),
                format!("a rule of letter {letter} must be `stop`"),
            ),
            _ => return None,
        })
    }

    fn say_moves(&self) -> Option<Text> {
        Some(match self {
            Self::UndoFails { action, undo } => both(
                format!(
                    "`{undo}` 不能撤销 `{action}`：不是从其后的状态回到其前的唯一状态，或需要填写、签字、审批"
                ),
                format!(
                    "`{undo}` cannot undo `{action}`: it does not lead from where that leads back to the one state it came from, or asks for input, signatures or a decision"
                ),
            ),
            Self::ScanBy { field } => both(
                format!("字段 `{field}` 不指向一条记录，扫码认不出是哪一行"),
                format!(
                    "the field `{field}` does not name one record, so a scan finds no line by it"
                ),
            ),
            Self::ScanNumber { field } => both(
                format!("字段 `{field}` 不是文字，不能代替标签键入"),
                format!("the field `{field}` is no text, and is not typed in place of a label"),
            ),
            Self::ScanAction { action } => both(
                format!("扫码不能办理 `{action}`：它须从已有的明细开始，并使其进入另一状态"),
                format!(
                    "a scan cannot do `{action}`: it has to begin with a line that is there and lead it to another state"
                ),
            ),
            _ => return None,
        })
    }

    fn say_expression(&self) -> Option<Text> {
        Some(match self {
            Self::ExpressionsTooLong { max } => both(
                format!("本文件的表达式合计超过 {max} 个字符"),
                format!("the expressions of this file have more than {max} characters together"),
            ),
            Self::Expression { kind } => {
                both(format!("表达式有误：{}", zh::expr(kind)), kind.to_string())
            }
            Self::ExpressionFails { kind, empty: None } => both(
                format!("在样例记录上无法计算：{}", zh::eval(kind)),
                format!("it fails on a sample record: {kind}"),
            ),
            Self::ExpressionFails {
                kind,
                empty: Some(field),
            } => both(
                format!("`{field}` 为空时无法计算：{}", zh::eval(kind)),
                format!("it fails when `{field}` is empty: {kind}"),
            ),
            Self::ExpressionGives { wanted, given } => both(
                format!("这里应得出{}，而得出{}", zh::term(wanted), zh::term(given)),
                format!("{wanted} is wanted here, and this gives {given}"),
            ),
            Self::UnknownName { name, .. } => both(
                format!("没有名为 `{name}` 的量"),
                format!("there is nothing called `{name}`"),
            ),
            Self::NoMember { owner, member, .. } => both(
                format!("{}没有 `{member}`", zh::term(owner)),
                format!("{owner} has no `{member}`"),
            ),
            Self::LevelCompared { operator } => both(
                format!("密级不能用 `{operator}` 比较"),
                format!("levels cannot be compared with `{operator}`"),
            ),
            Self::ArgumentKind {
                function,
                position,
                wanted,
                given,
            } => both(
                format!(
                    "`{function}` 的第 {position} 个参数应为{}，不是{}",
                    zh::term(wanted),
                    zh::term(given)
                ),
                format!("argument {position} of `{function}` must be {wanted}, not {given}"),
            ),
            Self::ConstantWanted { function, wanted } => both(
                format!("`{function}` 的这个参数应直接写出（{}）", zh::term(wanted)),
                format!("`{function}` wants {wanted} written out here"),
            ),
            Self::NeverEqual { literal, .. } => both(
                format!("永远不会等于 `{literal}`"),
                format!("this is never `{literal}`"),
            ),
            Self::DayAndInstant { operator } => both(
                format!("日期与时刻不能用 `{operator}` 比较"),
                format!("a day and an instant cannot be compared with `{operator}`"),
            ),
            _ => return None,
        })
    }

    fn say_regime(&self) -> Option<Text> {
        Some(match self {
            Self::RegimeLoosens { rule, letter } => both(
                format!("规则 {rule}（{letter}）不能放宽"),
                format!("the rule {rule} ({letter}) cannot be loosened"),
            ),
            Self::RegimeFixed { key } => both(
                format!("参数 `{key}` 由法规固定"),
                format!("the parameter `{key}` is fixed by law"),
            ),
            Self::RegimeBounds { key } => both(
                format!("参数 `{key}` 超出允许范围"),
                format!("the parameter `{key}` lies outside what is allowed"),
            ),
            Self::RegimeValue { key } => both(
                format!("参数 `{key}` 的值与基准不是同一类"),
                format!("the value of `{key}` is not of the kind the base declares"),
            ),
            Self::ExtendsForeign { key } => both(
                format!("扩展文件不能写 `{key}`"),
                format!("an extension cannot have `{key}`"),
            ),
            Self::Loosening { key } => both(
                format!("`{key}` 只能收紧，不能放宽"),
                format!("`{key}` may only be tightened"),
            ),
            _ => return None,
        })
    }
}
