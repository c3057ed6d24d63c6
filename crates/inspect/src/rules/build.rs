//! From files to rules: what is read, what is refused, and why.

use std::collections::BTreeSet;

use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use super::literals::LEAST;
use super::shape::{File, Raw};
use super::validate::Validator;
use super::{Rule, RuleError, RuleTest, Rules};
use crate::detect::grammar::Grammar;
use crate::normal::Normal;
use crate::report::Why;

/// Bytes of one file of rules.
const FILE_MOST: usize = 4 << 20;
const RULES_MOST: usize = 10_000;
const WORDS_MOST: usize = 200_000;
/// Memory that a pattern may take.
const PATTERN_MOST: usize = 1 << 20;
/// What near may be, in characters, and before in bytes.
const WITHIN_MOST: usize = 1_000;

struct Builder {
    rules: Rules,
    errors: Vec<RuleError>,
    keys: BTreeSet<String>,
    words: usize,
}

/// Where a rule stands, for its errors.
struct At<'a> {
    file: &'a str,
    line: usize,
}

impl At<'_> {
    fn error(&self, code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> RuleError {
        RuleError {
            file: self.file.to_owned(),
            line: self.line,
            code,
            zh: zh.into(),
            en: en.into(),
        }
    }
}

pub(super) fn parse(files: &[(&str, &str)]) -> Result<Rules, Vec<RuleError>> {
    let mut builder = Builder {
        rules: Rules::default(),
        errors: Vec::new(),
        keys: BTreeSet::new(),
        words: 0,
    };
    for (file, text) in files {
        builder.file(file, text);
    }
    builder.rules.literals.build();
    if builder.errors.is_empty() {
        Ok(builder.rules)
    } else {
        Err(builder.errors)
    }
}

impl Builder {
    fn file(&mut self, file: &str, text: &str) {
        let line_of = |byte: usize| {
            text.as_bytes()
                .iter()
                .take(byte)
                .filter(|byte| **byte == b'\n')
                .count()
                + 1
        };
        if text.len() > FILE_MOST {
            let at = At { file, line: 0 };
            self.errors.push(at.error(
                "file_size",
                "规则文件过大（上限 4 MiB）",
                "the file is larger than 4 MiB",
            ));
            return;
        }
        match toml::from_str::<File>(text) {
            Ok(parsed) => {
                for raw in parsed.rule {
                    let at = At {
                        file,
                        line: line_of(raw.span().start),
                    };
                    self.rule(raw.into_inner(), &at);
                }
            }
            Err(error) => {
                let line = error.span().map_or(0, |span| line_of(span.start));
                let said = error.message().to_owned();
                self.errors.push(At { file, line }.error(
                    "toml",
                    format!("文件格式有误：{said}"),
                    said,
                ));
            }
        }
    }

    fn rule(&mut self, raw: Raw, at: &At<'_>) {
        let before = self.errors.len();
        self.shape(&raw, at);
        let pattern = self.pattern(&raw, at);
        let grammar = self.named(raw.grammar.as_deref(), Grammar::named, "grammar", at);
        let validator = self.named(raw.validator.as_deref(), Validator::named, "validator", at);
        let words = self.words(&raw, at);
        self.tests(&raw, at);
        if self.errors.len() > before {
            return;
        }
        let number = self.rules.rules.len();
        for word in words {
            let word = self.rules.literals.add(&word, raw.any_case);
            if self.rules.uses.len() <= word {
                self.rules.uses.resize_with(word + 1, Vec::new);
            }
            if let Some(uses) = self
                .rules
                .uses
                .get_mut(word)
                .filter(|uses| !uses.contains(&number))
            {
                uses.push(number);
            }
        }
        if raw.number.is_some() {
            self.rules.numbers.push(number);
        }
        if raw.at_sign {
            self.rules.at_signs.push(number);
        }
        if !raw.properties.is_empty() {
            self.rules.properties.push(number);
        }
        self.rules.rules.push(Rule {
            key: raw.key,
            kind: raw.kind,
            level: raw.level,
            confidence: raw.confidence,
            why: Why {
                zh: raw.why.zh,
                en: raw.why.en,
            },
            pattern,
            before: raw.before,
            group: raw.group,
            grammar,
            number: raw.number,
            validator,
            entropy: raw.entropy,
            near: raw
                .near
                .iter()
                .map(|word| form(word).to_lowercase())
                .collect(),
            far: raw
                .far
                .iter()
                .map(|word| form(word).to_lowercase())
                .collect(),
            need_near: raw.need_near,
            all: raw
                .all
                .iter()
                .map(|words| words.iter().map(|word| form(word).to_lowercase()).collect())
                .collect(),
            within: raw.within,
            count: raw.count,
            properties: raw
                .properties
                .iter()
                .map(|name| name.to_lowercase())
                .collect(),
        });
    }

    /// What can be said without looking into patterns and words.
    fn shape(&mut self, raw: &Raw, at: &At<'_>) {
        let key = &raw.key;
        if self.rules.rules.len() >= RULES_MOST {
            self.errors.push(at.error(
                "rules",
                "规则过多（上限 10000 条）",
                "more than 10,000 rules",
            ));
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
        if key.is_empty() || key.len() > 80 || !key.chars().all(plain) {
            self.errors.push(at.error(
                "key",
                format!("规则键“{key}”应为小写字母、数字、点、横线"),
                format!("the key `{key}` has to be of small letters, digits, dots and dashes"),
            ));
        }
        if !self.keys.insert(key.clone()) {
            self.errors.push(at.error(
                "key_twice",
                format!("规则键“{key}”重复"),
                format!("the key `{key}` is there twice"),
            ));
        }
        if !(0.0..=1.0).contains(&raw.confidence) {
            self.errors.push(at.error(
                "confidence",
                "置信度应在 0 到 1 之间",
                "confidence has to be from 0 to 1",
            ));
        }
        if raw
            .level
            .as_deref()
            .is_some_and(|level| !crate::judge::is_level(level))
        {
            self.errors.push(at.error(
                "level",
                format!("未知密级“{}”", raw.level.as_deref().unwrap_or_default()),
                format!(
                    "unknown level `{}`",
                    raw.level.as_deref().unwrap_or_default()
                ),
            ));
        }
        if raw.within > WITHIN_MOST || raw.before > WITHIN_MOST || raw.count == 0 {
            self.errors.push(at.error(
                "limits",
                "within、before 不得超过 1000，count 不得为 0",
                "within and before are at most 1000, count at least 1",
            ));
        }
        let words = !raw.words.is_empty() || !raw.product.is_empty();
        let ways = usize::from(words)
            + usize::from(raw.number.is_some())
            + usize::from(raw.at_sign)
            + usize::from(!raw.properties.is_empty());
        if ways == 0 {
            self.errors.push(at.error(
                "nothing",
                "规则没有词、号码或属性",
                "the rule has no words, numbers or properties",
            ));
        }
        if (raw.at_sign && raw.pattern.is_none()) || (raw.grammar.is_some() && !words) {
            self.errors.push(at.error(
                "half",
                "缺少 pattern 或 words",
                "pattern or words are missing",
            ));
        }
    }

    fn pattern(&mut self, raw: &Raw, at: &At<'_>) -> Option<Regex> {
        let pattern = raw.pattern.as_deref()?;
        let wrong = |said: String| {
            at.error(
                "pattern",
                format!("正则表达式有误：{said}"),
                format!("the pattern is wrong: {said}"),
            )
        };
        let parsed = match syntax::parse(pattern) {
            Ok(parsed) => parsed,
            Err(error) => {
                self.errors.push(wrong(error.to_string()));
                return None;
            }
        };
        // WHY: one Unicode \b makes a search over Chinese two hundred times slower
        if parsed.properties().look_set().contains_word_unicode() {
            self.errors.push(at.error(
                "word_boundary",
                "不得使用 Unicode 单词边界 \\b，请写 (?-u:\\b)",
                "no Unicode word boundary: write (?-u:\\b)",
            ));
            return None;
        }
        if parsed.properties().minimum_len() == Some(0) {
            self.errors.push(at.error(
                "empty",
                "正则表达式不得匹配空文本",
                "the pattern fits nothing at all",
            ));
            return None;
        }
        let config = Regex::config()
            .nfa_size_limit(Some(PATTERN_MOST))
            .onepass_size_limit(Some(PATTERN_MOST));
        match Regex::builder().configure(config).build_from_hir(&parsed) {
            Ok(regex)
                if raw.group
                    < regex
                        .group_info()
                        .group_len(regex_automata::PatternID::ZERO) =>
            {
                Some(regex)
            }
            Ok(_) => {
                self.errors
                    .push(at.error("group", "没有这个分组", "there is no such group"));
                None
            }
            Err(error) => {
                self.errors.push(wrong(error.to_string()));
                None
            }
        }
    }

    fn named<T>(
        &mut self,
        name: Option<&str>,
        of: fn(&str) -> Option<T>,
        what: &'static str,
        at: &At<'_>,
    ) -> Option<T> {
        let name = name?;
        let found = of(name);
        if found.is_none() {
            self.errors.push(at.error(
                what,
                format!("没有名为“{name}”的 {what}"),
                format!("there is no {what} `{name}`"),
            ));
        }
        found
    }

    /// Words in normal form.
    fn words(&mut self, raw: &Raw, at: &At<'_>) -> Vec<String> {
        let mut words: Vec<String> = raw.words.iter().map(|word| form(word)).collect();
        if !raw.product.is_empty() {
            let made = raw.product.iter().fold(vec![String::new()], |made, set| {
                let each = |begin: &String| {
                    set.chars()
                        .map(move |c| format!("{begin}{c}"))
                        .collect::<Vec<_>>()
                };
                made.iter()
                    .take(WORDS_MOST)
                    .flat_map(each)
                    .take(WORDS_MOST)
                    .collect()
            });
            words.extend(made.iter().map(|word| form(word)));
        }
        self.words += words.len();
        if self.words > WORDS_MOST {
            self.errors.push(at.error(
                "words",
                "词语过多（上限 20 万）",
                "more than 200,000 words",
            ));
        }
        if let Some(short) = words.iter().find(|word| word.len() < LEAST) {
            self.errors.push(at.error(
                "short",
                format!("“{short}”过短：至少两个汉字或四个字母"),
                format!("`{short}` is too short: two Chinese characters or four letters at least"),
            ));
        }
        words
    }

    fn tests(&mut self, raw: &Raw, at: &At<'_>) {
        for (texts, hit) in [(&raw.hit, true), (&raw.miss, false)] {
            self.rules.tests.extend(texts.iter().map(|text| RuleTest {
                file: at.file.to_owned(),
                line: at.line,
                rule: raw.key.clone(),
                text: text.clone(),
                hit,
            }));
        }
    }
}

fn form(word: &str) -> String {
    Normal::of(word).as_str().to_owned()
}
