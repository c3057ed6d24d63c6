//! Who may do what: Cedar policies, shipped and the site's own, checked as one set.
//!
//! Policies govern acts, never knowing: they are asked only after the label has been decided.
//! What no policy permits is denied, a forbid beats every permit, and a policy that cannot be
//! evaluated denies everything it was asked about. Texts come in as strings; loading validates
//! them strictly against [`SCHEMA`] and reports every problem of every file at once.

mod by_kind;
mod load;
mod prescan;
mod question;
mod report;
mod request;
mod what_if;

use std::collections::BTreeMap;
use std::fmt;

use cedar_policy::{AuthorizationError, Authorizer, Decision, Entity, PolicySet, Response};
use domain::{Levels, Text};

use crate::denied::Refusal;
use crate::{Act, Denied, Grant, Ground, Kind, Viewer};
use question::{Answer, Answers, Question};
use request::Names;

pub use report::PolicyReport;
pub use what_if::{Duty, DutyKind, RegisterFacts, Shift, Verdict, WhatIf, of_role, what_if};

/// What policies may speak of, in Cedar's schema language.
pub const SCHEMA: &str = include_str!("policies/schema.cedarschema");

/// A checked set of policies, ready to be asked. Costly to load, cheap to ask; shared freely.
pub struct Policies {
    authorizer: Authorizer,
    names: Names,
    // INVARIANT: one for every `Kind`
    by_kind: BTreeMap<Kind, OfKind>,
    // INVARIANT: one for every policy loaded, under the policy's id
    annotated: BTreeMap<String, Annotated>,
    answers: Answers,
}

/// What concerns one kind of act. Asking only the policies whose action fits is what keeps an
/// answer fast: the others could not apply.
struct OfKind {
    /// The action, with its group as ancestor.
    action: Entity,
    /// The policies whose action scope covers it.
    set: PolicySet,
    /// The policy that permits it to somebody: what a default denial names.
    permitting: Option<String>,
}

/// What a policy says about itself in its annotations.
#[derive(Debug, Clone)]
struct Annotated {
    rule: String,
    clause: String,
    say: Option<Text>,
    remedy: Option<Remedy>,
    forbids: bool,
    file: String,
    text: String,
    /// What it asks about, as Cedar writes it in JSON, its words left out.
    asks: String,
}

/// One policy as people read it.
#[derive(Debug, Clone, Copy)]
pub struct PolicyView<'p> {
    /// Its id.
    pub id: &'p str,
    /// The file it stands in.
    pub file: &'p str,
    /// Whether it forbids; else it permits.
    pub forbids: bool,
    /// The rule behind it.
    pub rule: &'p str,
    /// Where the rule stands.
    pub clause: &'p str,
    /// What it says in words, where it has any.
    pub say: Option<&'p Text>,
    /// Whether a second proof of identity lifts it.
    pub by_proof: bool,
    /// As it is written.
    pub text: &'p str,
}

/// How a forbid can be lifted by the viewer himself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remedy {
    /// `@remedy("step_up")`: by proving one's identity a second time.
    StepUp,
}

/// What is known about the record when policies are asked; nothing where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known<'a> {
    pub(crate) grant: Option<Grant>,
    pub(crate) grounds: &'a [Ground],
    pub(crate) levels: Option<&'a Levels>,
}

impl Policies {
    /// Loads policies from `(name, text)` pairs: the shipped ones first, then the site's own.
    ///
    /// Every policy carries `@id`, `@rule` and `@clause`, and should carry `@zh` and `@en`, the
    /// words of a denial; a forbid may carry `@remedy("step_up")`. All problems of all files
    /// come back together, in the order of the files.
    pub fn load(files: &[(&str, &str)]) -> Result<Self, Vec<PolicyReport>> {
        load::load(files)
    }

    /// How many policies there are.
    pub fn len(&self) -> usize {
        self.annotated.len()
    }

    /// Whether there is no policy at all, so that everything is denied.
    pub fn is_empty(&self) -> bool {
        self.annotated.is_empty()
    }

    /// The ids of the policies, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.annotated.keys().map(String::as_str)
    }

    /// The policies as people read them, by id.
    pub fn each(&self) -> impl Iterator<Item = PolicyView<'_>> {
        self.annotated.iter().map(|(id, policy)| PolicyView {
            id,
            file: &policy.file,
            forbids: policy.forbids,
            rule: &policy.rule,
            clause: &policy.clause,
            say: policy.say.as_ref(),
            by_proof: policy.remedy == Some(Remedy::StepUp),
            text: &policy.text,
        })
    }

    /// The kinds of acts a policy may apply to.
    pub fn kinds_of(&self, id: &str) -> Vec<Kind> {
        let has = |of_kind: &OfKind| {
            let mut ids = of_kind.set.policies().map(cedar_policy::Policy::id);
            ids.any(|one| AsRef::<str>::as_ref(one) == id)
        };
        let fitting = self.by_kind.iter().filter(|(_, of_kind)| has(of_kind));
        fitting.map(|(kind, _)| *kind).collect()
    }

    /// Asks the policies alone, with no record in view: what a page asks to know which initial
    /// actions to offer. Gives the ids of the permitting policies. Never a substitute for
    /// [`crate::decide`]: without a record, what a policy says about levels and grounds is
    /// unknown.
    pub fn permits(&self, viewer: &Viewer, act: &Act<'_>) -> Result<Vec<String>, Denied> {
        self.permits_knowing(viewer, act, Known::default())
    }

    /// Asks the policies about an act on a record that the viewer may know.
    pub(crate) fn permits_knowing(
        &self,
        viewer: &Viewer,
        act: &Act<'_>,
        known: Known<'_>,
    ) -> Result<Vec<String>, Denied> {
        let answer = self.answer(Question::new(viewer, act, known))?;
        if answer.allowed {
            return Ok(answer.reasons);
        }
        let Some(forbid) = self.hardest(&answer.reasons) else {
            return Err(self.not_permitted(act.kind()));
        };
        let refusal = Box::new(self.refusal(forbid));
        if self.remedy(forbid) != Some(Remedy::StepUp) || act.step_up {
            return Err(Denied::Policy(refusal));
        }
        // WHY: nobody is asked for a second proof that would not help him.
        self.permits_knowing(
            viewer,
            &Act {
                step_up: true,
                ..act.clone()
            },
            known,
        )?;
        Err(Denied::StepUp(refusal))
    }

    /// The answer given before, or a new one. A question that cannot be settled is asked anew each
    /// time.
    fn answer(&self, question: Question) -> Result<Answer, Denied> {
        if let Some(answer) = self.answers.get(&question) {
            return Ok(answer);
        }
        let answer = self.ask(&question)?;
        self.answers.keep(question, &answer);
        Ok(answer)
    }

    fn ask(&self, question: &Question) -> Result<Answer, Denied> {
        let unsettled = |policy: &str| Denied::Unsettled {
            policy: policy.to_owned(),
        };
        let of_kind = self
            .by_kind
            .get(&question.kind)
            .ok_or_else(|| unsettled("schema"))?;
        let (request, entities) = self
            .names
            .request(question, &of_kind.action)
            .map_err(|_| unsettled("schema"))?;
        let response = self
            .authorizer
            .is_authorized(&request, &of_kind.set, &entities);
        // INVARIANT: Cedar skips a policy that fails, a forbid too; so a failure denies.
        if let Some(AuthorizationError::PolicyEvaluationError(failed)) =
            response.diagnostics().errors().next()
        {
            return Err(unsettled(failed.policy_id().as_ref()));
        }
        Ok(Answer {
            allowed: response.decision() == Decision::Allow,
            reasons: reasons(&response),
        })
    }

    /// The forbid to name: one that cannot be lifted before one that can.
    fn hardest<'a>(&self, forbids: &'a [String]) -> Option<&'a str> {
        let hard = forbids.iter().find(|id| self.remedy(id).is_none());
        hard.or_else(|| forbids.first()).map(String::as_str)
    }

    fn remedy(&self, id: &str) -> Option<Remedy> {
        self.annotated.get(id).and_then(|policy| policy.remedy)
    }

    fn refusal(&self, id: &str) -> Refusal {
        let policy = self.annotated.get(id);
        let say = policy
            .and_then(|policy| policy.say.clone())
            .unwrap_or_else(|| {
                Text::new(
                    format!("策略 {id} 不允许此操作"),
                    format!("policy {id} does not allow this"),
                )
            });
        Refusal {
            policy: id.to_owned(),
            rule: policy.map(|policy| policy.rule.clone()),
            clause: policy.map(|policy| policy.clause.clone()),
            say,
        }
    }

    fn not_permitted(&self, kind: Kind) -> Denied {
        let permitting = self
            .by_kind
            .get(&kind)
            .and_then(|of_kind| of_kind.permitting.as_ref());
        let refusal = match permitting {
            Some(id)
                if self
                    .annotated
                    .get(id)
                    .is_some_and(|policy| policy.say.is_some()) =>
            {
                self.refusal(id)
            }
            Some(id) => Refusal {
                say: no_role(),
                ..self.refusal(id)
            },
            None => Refusal {
                policy: String::new(),
                rule: None,
                clause: None,
                say: no_role(),
            },
        };
        Denied::Role {
            kind,
            refusal: Box::new(refusal),
        }
    }
}

impl fmt::Debug for Policies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policies")
            .field("ids", &self.annotated.keys())
            .finish_non_exhaustive()
    }
}

fn no_role() -> Text {
    Text::new(
        "您的岗位无权办理此事项",
        "your role does not allow this act",
    )
}

/// The determining policies, sorted so that entries and denials do not depend on hashing.
fn reasons(response: &Response) -> Vec<String> {
    let mut ids: Vec<String> = response
        .diagnostics()
        .reason()
        .map(|id| AsRef::<str>::as_ref(id).to_owned())
        .collect();
    ids.sort_unstable();
    ids
}

#[cfg(test)]
mod tests;
