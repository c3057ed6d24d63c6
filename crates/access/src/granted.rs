//! Permission as a value: [`Granted`], and the only functions that make one.
//!
//! The store's door for business data takes a `Granted`, so a write without a decision does not
//! compile. It has no public fields and no constructor, is not `Clone` and not `Default`, and is
//! used up by what it was made for: it names the act, the grounds and the policies, which go
//! into the log entry. Make it inside the committing transaction, or make it again there.

use domain::{Actor, LabelClass};

use crate::policies::Known;
use crate::visibility::grounds_of;
use crate::{Act, Denied, Grant, Ground, Group, Kind, Policies, Viewer};

/// A permission that was really given: to one actor, for one act. Only [`decide`],
/// [`decide_office`] and [`decide_system`] make one.
///
/// It cannot be built elsewhere,
/// ```compile_fail,E0451
/// fn forge(real: access::Granted) -> access::Granted {
///     access::Granted { grounds: vec![], ..real }
/// }
/// ```
/// nor copied to be used twice,
/// ```compile_fail,E0277
/// fn twice(real: &access::Granted) -> access::Granted {
///     <access::Granted as Clone>::clone(real)
/// }
/// ```
/// nor made out of nothing.
/// ```compile_fail,E0277
/// fn nothing<T: Default>() -> T { T::default() }
/// let granted: access::Granted = nothing();
/// ```
#[derive(Debug)]
#[must_use = "a permission that nothing uses was asked for in vain"]
pub struct Granted {
    actor: Actor,
    action: String,
    register: String,
    kind: Kind,
    grant: Option<Grant>,
    grounds: Vec<Ground>,
    policies: Vec<String>,
}

impl Granted {
    /// Who may act, as the entry names it.
    pub const fn actor(&self) -> Actor {
        self.actor
    }

    /// The act, as the entry names it: `loan.lend`.
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The register it was given for.
    pub fn register(&self) -> &str {
        &self.register
    }

    /// The kind of act that policies decided on.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What may be known of the record; `None` where the act concerns no record.
    pub const fn grant(&self) -> Option<Grant> {
        self.grant
    }

    /// Why the record may be known, the label's reason first; for the entry.
    pub fn grounds(&self) -> &[Ground] {
        &self.grounds
    }

    /// The ids of the policies that permitted the act, sorted; for the entry.
    pub fn policies(&self) -> &[String] {
        &self.policies
    }
}

/// Decides on an act on one record, and alone makes a [`Granted`] for it.
///
/// First the label: whoever may not know the record is told [`Denied::Hidden`] and no policy is
/// asked, so that a hidden record costs what a missing one costs. `record_grounds` are what the
/// record itself gives this viewer, running tasks and open decisions only. Then roles, then
/// policies.
pub fn decide(
    viewer: &Viewer,
    class: &LabelClass,
    record_grounds: &[Ground],
    grant: Grant,
    act: &Act<'_>,
    policies: &Policies,
) -> Result<Granted, Denied> {
    let grounds =
        grounds_of(viewer, class, act.nature, record_grounds, grant).ok_or(Denied::Hidden)?;
    viewer.check_roles()?;
    let known = Known {
        grant: Some(grant),
        grounds: &grounds,
        levels: Some(&class.levels),
    };
    let policies = policies.permits_knowing(viewer, act, known)?;
    Ok(granted(viewer.actor(), act, Some(grant), grounds, policies))
}

/// Decides on an act that concerns no record: accounts, roles, policies, keys, backup, the log
/// (R-409). Business acts are refused here as if they did not exist; they need a record's label.
pub fn decide_office(
    viewer: &Viewer,
    act: &Act<'_>,
    policies: &Policies,
) -> Result<Granted, Denied> {
    match act.kind().group() {
        Group::Business => return Err(Denied::Hidden),
        Group::Administration | Group::Oversight => {}
    }
    viewer.check_roles()?;
    let grounds = vec![Ground::Office];
    let known = Known {
        grant: None,
        grounds: &grounds,
        levels: None,
    };
    let policies = policies.permits_knowing(viewer, act, known)?;
    Ok(granted(viewer.actor(), act, None, grounds, policies))
}

/// Why the product acts on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SystemReason {
    /// A deadline was reached: a period ended, a missing item became a leak case.
    Clock,
    /// A job the product runs by itself. What a person started is decided as that person.
    Job,
    /// A gateway found something and reports it.
    Gateway,
}

impl SystemReason {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::Clock, Self::Job, Self::Gateway];

    /// The part of the system that entries name, one of [`domain::SYSTEM_ACTORS`].
    pub const fn key(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Job => "job",
            Self::Gateway => "gateway",
        }
    }
}

/// A permission for one of the product's own timed acts. Only [`decide_system`] makes one; the
/// doors of the store take it as the [`Granted`] it holds.
///
/// ```compile_fail,E0423
/// fn forge(granted: access::Granted) -> access::SystemGrant {
///     access::SystemGrant(granted)
/// }
/// ```
#[derive(Debug)]
#[must_use = "a permission that nothing uses was asked for in vain"]
pub struct SystemGrant(Granted);

impl AsRef<Granted> for SystemGrant {
    fn as_ref(&self) -> &Granted {
        &self.0
    }
}

impl From<SystemGrant> for Granted {
    fn from(grant: SystemGrant) -> Self {
        grant.0
    }
}

/// Decides on an act of the product itself. No policy is asked, because nobody acts; instead the
/// list of what the product may do is short and fixed: note, draft, report and register what
/// follows from a deadline or a finding, and lift what the law has already lifted (R-137). It
/// never decides, opens, hands out, destroys or rules.
pub fn decide_system(act: &Act<'_>, reason: SystemReason) -> Result<SystemGrant, Denied> {
    let kind = act.kind();
    if !may_by_system(act, kind, reason) {
        return Err(Denied::NotBySystem { kind });
    }
    let actor = Actor::System(reason.key());
    Ok(SystemGrant(granted(
        actor,
        act,
        Some(Grant::Handle),
        Vec::new(),
        Vec::new(),
    )))
}

fn may_by_system(act: &Act<'_>, kind: Kind, reason: SystemReason) -> bool {
    const FOLLOWS: [Kind; 5] = [
        Kind::Act,
        Kind::Draft,
        Kind::Report,
        Kind::Register,
        Kind::Cancel,
    ];
    match reason {
        SystemReason::Clock if kind == Kind::Declassify => act.at_expiry,
        SystemReason::Clock => FOLLOWS.contains(&kind) || kind == Kind::Lose,
        SystemReason::Job | SystemReason::Gateway => FOLLOWS.contains(&kind),
    }
}

fn granted(
    actor: Actor,
    act: &Act<'_>,
    grant: Option<Grant>,
    grounds: Vec<Ground>,
    policies: Vec<String>,
) -> Granted {
    Granted {
        actor,
        action: act.action.to_owned(),
        register: act.register.to_owned(),
        kind: act.kind(),
        grant,
        grounds,
        policies,
    }
}

#[cfg(test)]
mod tests;
