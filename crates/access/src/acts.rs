//! Acts: what somebody wants to do, in the closed list of kinds that policies speak of.
//!
//! Registers are data and name their actions as they like; policies must not have to know them.
//! So every act is mapped onto one [`Kind`] by its name: the effect it has (`custody.lend`) if
//! that is a kind, else the action (`loan.lend`), else the fallback [`Kind::Act`]. An effect is
//! what really happens, so renaming an action does not step around a policy. Words that mean
//! moving a carrier count only there: coming back from abroad is no `return` of custody.

mod names;

use crate::Nature;

/// The three sides of the house; policies may name a whole side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Work on records; never an administrator's.
    Business,
    /// Running and ruling the system; never somebody's of the business.
    Administration,
    /// Reading what was done.
    Oversight,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 3] = [Self::Business, Self::Administration, Self::Oversight];

    /// The name policies use: `Action::"business"`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Business => "business",
            Self::Administration => "administration",
            Self::Oversight => "oversight",
        }
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $key:literal in $group:ident;)+) => {
        /// What kind of act it is: the Cedar actions, a closed list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name policies use: `Action::"lend"`.
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$name => $key,)+
                }
            }

            /// The side of the house the act belongs to.
            pub const fn group(self) -> Group {
                match self {
                    $(Self::$name => Group::$group,)+
                }
            }
        }
    };
}

kinds! {
    /// Anything a register defines that has no kind of its own; its `who` decides.
    Act = "act" in Business;
    /// See a register and its lists, each row by its own label.
    List = "list" in Business;
    /// Open content.
    OpenContent = "open_content" in Business;
    /// Write a draft.
    Draft = "draft" in Business;
    /// Put up for decision (R-103, the handler).
    Propose = "propose" in Business;
    /// Ask for something that others decide.
    Request = "request" in Business;
    /// Correct a record; the old value stays visible.
    Correct = "correct" in Business;
    /// Cancel a record; its number is kept.
    Cancel = "cancel" in Business;
    /// Report an incident; anybody's duty.
    Report = "report" in Business;
    /// Decide on what somebody else asked.
    Approve = "approve" in Business;
    /// Delegate the own power to decide, within limits of time and scope.
    Delegate = "delegate" in Business;
    /// Break glass: two persons, a reason, a time limit, a review.
    BreakGlass = "break_glass" in Business;
    /// Enter in a register, which draws the number.
    Register = "register" in Business;
    /// Take over opening stock.
    TakeOver = "take_over" in Business;
    /// Bring records in from a file.
    Import = "import" in Business;
    /// Receive from outside, counted and signed.
    Receive = "receive" in Business;
    /// Make numbered copies.
    Make = "make" in Business;
    /// Copy, excerpt, compile.
    Reproduce = "reproduce" in Business;
    /// Put content on paper: one more copy to account for.
    Print = "print" in Business;
    /// Send out, on a permitted channel.
    Dispatch = "dispatch" in Business;
    /// Circulate for reading, hop by hop over the registrar.
    Circulate = "circulate" in Business;
    /// Convey by word of mouth.
    Brief = "brief" in Business;
    /// Lend.
    Lend = "lend" in Business;
    /// End a loan 归还.
    Return = "return" in Business;
    /// Carry out of the house.
    CarryOut = "carry_out" in Business;
    /// Call back at the issuer's notice 清退.
    Recall = "recall" in Business;
    /// Hand in on leaving 上交.
    Surrender = "surrender" in Business;
    /// Hand a keeper's holdings over 交接.
    HandOver = "hand_over" in Business;
    /// Take stock 清点.
    StockTake = "stock_take" in Business;
    /// Archive.
    Archive = "archive" in Business;
    /// Destroy.
    Destroy = "destroy" in Business;
    /// Report a thing missing.
    Lose = "lose" in Business;
    /// Report a missing thing found.
    Find = "find" in Business;
    /// Decide level, period and scope.
    Classify = "classify" in Business;
    /// Change or extend a classification.
    Reclassify = "reclassify" in Business;
    /// Lift a classification.
    Declassify = "declassify" in Business;
    /// Let somebody outside the scope know.
    WidenScope = "widen_scope" in Business;
    /// Release to the public after review.
    Release = "release" in Business;
    /// Take records out in a file.
    Export = "export" in Business;
    /// Count, for reports and statistics.
    Count = "count" in Business;
    /// Read the log.
    ReadLog = "read_log" in Oversight;
    /// Read how the system runs: jobs, queues, space.
    ReadRunning = "read_running" in Oversight;
    /// Read the rules of the house: packs, parameters, policies.
    ReadRules = "read_rules" in Oversight;
    /// Make, lock and remove accounts (R-409, system administrator).
    ManageAccounts = "manage_accounts" in Administration;
    /// Give and take roles (R-409, security administrator).
    ManageRoles = "manage_roles" in Administration;
    /// Change policies (R-409, security administrator).
    ManagePolicies = "manage_policies" in Administration;
    /// Rotate and recover keys.
    ManageKeys = "manage_keys" in Administration;
    /// Back up, restore, drill (R-409, system administrator).
    ManageBackup = "manage_backup" in Administration;
    /// Install packs and change settings (R-409, system administrator).
    ManageSettings = "manage_settings" in Administration;
}

impl Kind {
    /// The kind with this name, if there is one.
    pub fn parse_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.key() == key)
    }

    /// The kinds that are moves of carriers, and mean something else in other areas.
    const CUSTODY: [Self; 16] = [
        Self::Register,
        Self::Receive,
        Self::Make,
        Self::Reproduce,
        Self::Dispatch,
        Self::Circulate,
        Self::Brief,
        Self::Lend,
        Self::Return,
        Self::CarryOut,
        Self::Recall,
        Self::Surrender,
        Self::HandOver,
        Self::StockTake,
        Self::Archive,
        Self::Find,
    ];

    /// The kind of a name in an area or chapter, if it is a kind there.
    fn of_name(name: &str, area: &str) -> Option<Self> {
        Self::parse_key(name).filter(|kind| area == "custody" || !Self::CUSTODY.contains(kind))
    }
}

/// By which way the wish came; policies may treat them differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Channel {
    /// A person at a page, in a session.
    #[default]
    Page,
    /// A program with a bearer token, the command line among them.
    Program,
    /// A network gateway.
    Gateway,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 3] = [Self::Page, Self::Program, Self::Gateway];

    /// The name policies use: `Channel::"program"`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Program => "program",
            Self::Gateway => "gateway",
        }
    }
}

/// One act, with the facts that policies may ask about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act<'a> {
    /// What is done, as the entry will say it: `loan.lend`.
    pub action: &'a str,
    /// The effect the definition names for it: `custody.lend`.
    pub effect: Option<&'a str>,
    /// The key of the register it is done in.
    pub register: &'a str,
    /// The area of that register.
    pub area: &'a str,
    /// The nature of that register.
    pub nature: Nature,
    /// The account proved itself a second time, just now, for this act.
    pub step_up: bool,
    /// The period has ended, so the law has already decided.
    pub at_expiry: bool,
    /// The thing leaves the organisation: lent, carried or shown outside.
    pub outside: bool,
    /// By which way the wish came.
    pub channel: Channel,
    /// The hour of the day at the site, 0 to 23, where the caller knows it.
    pub hour: Option<u8>,
}

impl<'a> Act<'a> {
    /// An act in a business register, with no special circumstance.
    pub const fn new(action: &'a str, register: &'a str, area: &'a str) -> Self {
        Self {
            action,
            effect: None,
            register,
            area,
            nature: Nature::Business,
            step_up: false,
            at_expiry: false,
            outside: false,
            channel: Channel::Page,
            hour: None,
        }
    }

    /// The kind that policies see: by effect, else by action, else [`Kind::Act`].
    pub fn kind(&self) -> Kind {
        let effect = self.effect.and_then(|effect| effect.rsplit_once('.'));
        let action = self
            .action
            .rsplit_once('.')
            .map_or(self.action, |(_, name)| name);
        effect
            .and_then(|(chapter, name)| Kind::of_name(name, chapter))
            .or_else(|| Kind::of_name(action, self.area))
            .unwrap_or(Kind::Act)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn an_act_has_the_kind_its_name_says_and_else_the_fallback() {
        assert_eq!(Act::new("loan.lend", "loan", "custody").kind(), Kind::Lend);
        assert_eq!(Act::new("lend", "loan", "custody").kind(), Kind::Lend);
        assert_eq!(
            Act::new("visit.sign_in", "visit", "places").kind(),
            Kind::Act
        );
        assert_eq!(Act::new("", "visit", "places").kind(), Kind::Act);
    }

    #[test]
    fn the_effect_decides_the_kind_so_that_renaming_an_action_changes_nothing() {
        let mut act = Act::new("medium.shred", "medium", "custody");
        assert_eq!(act.kind(), Kind::Act);
        act.effect = Some("custody.destroy");
        assert_eq!(act.kind(), Kind::Destroy);
        act.action = "medium.list";
        assert_eq!(act.kind(), Kind::Destroy);
        act.effect = Some("people.enrol");
        assert_eq!(
            act.kind(),
            Kind::List,
            "an effect without a kind leaves it to the action"
        );
    }

    #[test]
    fn a_word_of_custody_means_something_else_in_other_areas() {
        assert_eq!(
            Act::new("abroad.return", "abroad", "people").kind(),
            Kind::Act
        );
        assert_eq!(
            Act::new("abroad.approve", "abroad", "people").kind(),
            Kind::Approve
        );
        assert_eq!(
            Act::new("medium.destroy", "medium", "places").kind(),
            Kind::Destroy
        );
        let mut act = Act::new("laptop.back", "laptop", "places");
        act.effect = Some("custody.return");
        assert_eq!(act.kind(), Kind::Return);
        act.effect = Some("people.return");
        assert_eq!(act.kind(), Kind::Act);
    }

    #[test]
    fn keys_are_unique_and_read_back() {
        let keys: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.key()).collect();
        assert_eq!(keys.len(), Kind::ALL.len());
        for group in Group::ALL {
            assert!(!keys.contains(group.key()), "a group is not a kind");
        }
        for kind in Kind::ALL {
            assert_eq!(Kind::parse_key(kind.key()), Some(*kind));
        }
    }
}
