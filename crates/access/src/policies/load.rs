//! Loading policy files: limits, syntax, annotations, then strict validation of the whole set.
//!
//! Nothing is accepted in part: one problem anywhere and no policy is loaded, because a set
//! without one of its forbids permits more than its author wrote. Cedar numbers policies of a
//! file itself; here they get the id of their `@id`.

use std::collections::BTreeMap;

use cedar_policy::ffi::DetailedError;
use cedar_policy::{
    Authorizer, Effect, Entity, Policy, PolicyId, PolicySet, Schema, ValidationMode, Validator,
};
use domain::Text;

use super::by_kind::by_kind;
use super::prescan::{Refused, prescan};
use super::question::Answers;
use super::report::{Place, PolicyReport};
use super::request::Names;
use super::{Annotated, Policies, Remedy, SCHEMA};
use crate::Kind;
use crate::limits::{
    ANNOTATION_CHARS_MAX, POLICIES_MAX, POLICY_DEPTH_MAX, POLICY_FILE_BYTES_MAX,
    POLICY_ID_CHARS_MAX, POLICY_WORDS_MAX,
};

pub(super) fn load(files: &[(&str, &str)]) -> Result<Policies, Vec<PolicyReport>> {
    let (schema, names, actions) = vocabulary().map_err(|message| vec![defect(message)])?;
    let mut loading = Loading::default();
    for (file, text) in files {
        loading.file(file, text);
    }
    loading.check_count();
    loading.validate(schema);
    if !loading.reports.is_empty() {
        let position = |report: &PolicyReport| files.iter().position(|(f, _)| *f == report.file);
        loading
            .reports
            .sort_by_key(|report| (position(report), report.line, report.column));
        return Err(loading.reports);
    }
    let by_kind = by_kind(&loading.set, actions).map_err(|message| vec![defect(message)])?;
    Ok(Policies {
        authorizer: Authorizer::new(),
        names,
        by_kind,
        annotated: loading.annotated,
        answers: Answers::default(),
    })
}

/// What would use up the stack if Cedar saw it.
fn nested(start: Place<'_>, refused: Refused) -> PolicyReport {
    let (offset, code, say) = match refused {
        Refused::TooDeep(offset) => (
            offset,
            "policy.too_deep",
            Text::new(
                format!("括号或 if 的嵌套超过 {POLICY_DEPTH_MAX} 层"),
                format!("brackets or `if` nest deeper than {POLICY_DEPTH_MAX}"),
            ),
        ),
        Refused::TooLong(offset) => (
            offset,
            "policy.too_long",
            Text::new(
                format!("一条策略超过 {POLICY_WORDS_MAX} 个词和符号"),
                format!("one policy has more than {POLICY_WORDS_MAX} words and signs"),
            ),
        ),
    };
    let remedy = Text::new(
        "请拆成几条较简单的策略",
        "split it into several simpler policies",
    );
    start.at(offset).report(None, code, say, remedy)
}

/// What cannot happen unless the product itself is wrong; refused like any other problem.
fn defect(message: String) -> PolicyReport {
    let say = Text::new(format!("策略无法装入：{message}"), message);
    let remedy = Text::new(
        "这是产品的缺陷，请报告",
        "this is a defect of the product: report it",
    );
    Place::start("schema.cedarschema", SCHEMA).report(None, "policy.defect", say, remedy)
}

/// Reads the shipped schema: itself, the names in it, and an action entity per kind.
fn vocabulary() -> Result<(Schema, Names, BTreeMap<Kind, Entity>), String> {
    let (schema, _warnings) =
        Schema::from_cedarschema_str(SCHEMA).map_err(|error| error.to_string())?;
    let names = Names::new().map_err(|error| error.to_string())?;
    let entities = schema
        .action_entities()
        .map_err(|error| error.to_string())?;
    let mut actions = BTreeMap::new();
    for kind in Kind::ALL {
        let uid = names.action(*kind);
        let entity = entities
            .get(&uid)
            .ok_or_else(|| format!("no action `{}`", kind.key()))?
            .clone();
        actions.insert(*kind, entity);
    }
    Ok((schema, names, actions))
}

/// What has been read so far, and what was wrong with it.
#[derive(Default)]
struct Loading<'a> {
    set: PolicySet,
    annotated: BTreeMap<String, Annotated>,
    places: BTreeMap<String, Place<'a>>,
    reports: Vec<PolicyReport>,
}

impl<'a> Loading<'a> {
    fn file(&mut self, file: &'a str, text: &'a str) {
        let start = Place::start(file, text);
        if text.len() > POLICY_FILE_BYTES_MAX {
            let (most, given) = (POLICY_FILE_BYTES_MAX, text.len());
            self.reports.push(start.report(
                None,
                "policy.file_too_large",
                Text::new(
                    format!("文件 {given} 字节，上限 {most} 字节"),
                    format!("the file has {given} bytes, at most {most} are read"),
                ),
                Text::new("请拆分文件", "split the file"),
            ));
            return;
        }
        if let Err(refused) = prescan(text) {
            self.reports.push(nested(start, refused));
            return;
        }
        match text.parse::<PolicySet>() {
            Ok(set) => self.policies(start, &set),
            Err(errors) => {
                for error in errors.iter() {
                    let error = DetailedError::from(error);
                    self.reports
                        .push(start.cedar(None, "policy.syntax", &error));
                }
            }
        }
    }

    fn policies(&mut self, start: Place<'a>, set: &PolicySet) {
        for template in set.templates() {
            self.reports.push(start.report(
                template.annotation("id"),
                "policy.template",
                Text::new("不支持策略模板", "templates are not supported"),
                Text::new(
                    "请写成普通策略",
                    "write the policy without `?principal` and `?resource`",
                ),
            ));
        }
        let mut policies: Vec<&Policy> = set.policies().collect();
        policies.sort_by_key(|policy| number_in_file(policy));
        let mut searched = 0;
        for policy in policies {
            let source = policy.to_cedar().unwrap_or_default();
            let offset = start
                .text
                .get(searched..)
                .and_then(|rest| rest.find(&source))
                .map_or(searched, |found| searched + found);
            searched = offset + 1;
            self.policy(start.at(offset), policy);
        }
    }

    fn policy(&mut self, place: Place<'a>, policy: &Policy) {
        let Some(id) = policy
            .annotation("id")
            .filter(|id| is_id(id))
            .map(str::to_owned)
        else {
            self.reports.push(place.report(
                policy.annotation("id"),
                "policy.id",
                Text::new("策略缺少有效的 @id", "the policy has no valid `@id`"),
                Text::new(
                    "编号由小写字母、数字、下划线、连字符和点组成，不超过 80 个字符",
                    "an id is made of lower-case letters, digits, `_`, `-` and `.`, at most 80",
                ),
            ));
            return;
        };
        let annotated = self.annotations(place, policy, &id);
        if let Some(earlier) = self.places.get(&id) {
            self.reports.push(place.report(
                Some(&id),
                "policy.id_taken",
                Text::new(
                    format!("{} 中已有编号为 {id} 的策略", earlier.file),
                    format!(
                        "`{}` already holds a policy with the id `{id}`",
                        earlier.file
                    ),
                ),
                Text::new(
                    "请另取编号",
                    "choose another id; a policy cannot replace another",
                ),
            ));
            return;
        }
        match self.set.add(policy.new_id(PolicyId::new(&id))) {
            Ok(()) => {
                self.places.insert(id.clone(), place);
                self.annotated.insert(id, annotated);
            }
            Err(error) => self.reports.push(defect(error.to_string())),
        }
    }

    fn annotations(&mut self, place: Place<'a>, policy: &Policy, id: &str) -> Annotated {
        let rule = self.annotation(place, policy, id, "rule");
        let clause = self.annotation(place, policy, id, "clause");
        let say = match (policy.annotation("zh"), policy.annotation("en")) {
            (None, None) => None,
            (Some(_), _) | (None, Some(_)) => Some(Text::new(
                self.annotation(place, policy, id, "zh"),
                self.annotation(place, policy, id, "en"),
            )),
        };
        let remedy = match policy.annotation("remedy") {
            Some("step_up") if policy.effect() == Effect::Forbid => Some(Remedy::StepUp),
            Some(_) => {
                self.reports.push(place.report(
                    Some(id),
                    "policy.remedy",
                    Text::new("@remedy 无效", "the `@remedy` is not valid"),
                    Text::new(
                        "只有 forbid 可写 @remedy(\"step_up\")",
                        "only a forbid may carry it, and only as `@remedy(\"step_up\")`",
                    ),
                ));
                None
            }
            None => None,
        };
        let text = policy.to_cedar().unwrap_or_default();
        Annotated {
            rule,
            clause,
            say,
            remedy,
            forbids: policy.effect() == Effect::Forbid,
            file: place.file.to_owned(),
            asks: asks(policy).unwrap_or_else(|| text.clone()),
            text,
        }
    }

    /// A required annotation; what is missing is reported and read as empty.
    fn annotation(&mut self, place: Place<'a>, policy: &Policy, id: &str, key: &str) -> String {
        let value = policy.annotation(key).unwrap_or_default().trim();
        if value.is_empty() || value.chars().count() > ANNOTATION_CHARS_MAX {
            self.reports.push(place.report(
                Some(id),
                "policy.annotation",
                Text::new(
                    format!("策略缺少有效的 @{key}"),
                    format!("the policy has no valid `@{key}`"),
                ),
                Text::new(
                    "每条策略须有 @rule、@clause；写 @zh 则须写 @en；均不超过 400 个字符",
                    "every policy needs `@rule` and `@clause`; `@zh` and `@en` stand together; \
                     at most 400 characters each",
                ),
            ));
        }
        value.to_owned()
    }

    fn check_count(&mut self) {
        let given = self.annotated.len();
        if given <= POLICIES_MAX {
            return;
        }
        if let Some(place) = self.places.values().next() {
            self.reports.push(place.at(0).report(
                None,
                "policy.too_many",
                Text::new(
                    format!("共 {given} 条策略，上限 {POLICIES_MAX} 条"),
                    format!("there are {given} policies, at most {POLICIES_MAX} are read"),
                ),
                Text::new("请合并策略", "merge policies"),
            ));
        }
    }

    /// Strict validation. Warnings count: a policy that can never apply is a mistake too.
    fn validate(&mut self, schema: Schema) {
        let result = Validator::new(schema).validate(&self.set, ValidationMode::Strict);
        let errors = result.validation_errors().map(|error| {
            (
                error.policy_id(),
                "policy.invalid",
                DetailedError::from(error),
            )
        });
        let warnings = result.validation_warnings().map(|warning| {
            (
                warning.policy_id(),
                "policy.suspect",
                DetailedError::from(warning),
            )
        });
        let mut found = Vec::new();
        for (id, code, error) in errors.chain(warnings) {
            let id: &str = id.as_ref();
            if let Some(place) = self.places.get(id) {
                found.push(place.cedar(Some(id), code, &error));
            }
        }
        found.sort_by(|a, b| a.say.en.cmp(&b.say.en));
        self.reports.append(&mut found);
    }
}

/// What a policy asks about: all of it but its annotations, and its action, by which it was sorted already.
fn asks(policy: &Policy) -> Option<String> {
    let mut json = policy.to_json().ok()?;
    let parts = json.as_object_mut()?;
    parts.remove("annotations");
    parts.remove("action");
    Some(json.to_string())
}

/// Cedar calls the policies of a file `policy0`, `policy1`, … in the order they stand.
fn number_in_file(policy: &Policy) -> usize {
    let id: &str = policy.id().as_ref();
    id.trim_start_matches("policy")
        .parse()
        .unwrap_or(usize::MAX)
}

fn is_id(id: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.".contains(c);
    !id.is_empty() && id.len() <= POLICY_ID_CHARS_MAX && id.chars().all(allowed)
}
