//! Turning a question into what Cedar is asked.
//!
//! Building entities costs more than deciding, so only three are built: the account, the
//! register and the act itself. Everything is made by constructor, nothing through JSON, and
//! nothing is checked against the schema at run time; a test does that for every shape.

use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request, RestrictedExpression,
};

use super::question::Question;
use crate::Kind;

/// The entity types of the schema, parsed once.
pub(super) struct Names {
    user: EntityTypeName,
    role: EntityTypeName,
    side: EntityTypeName,
    register: EntityTypeName,
    nature: EntityTypeName,
    ground: EntityTypeName,
    grant: EntityTypeName,
    level: EntityTypeName,
    channel: EntityTypeName,
    action: EntityTypeName,
}

type Failed = Box<dyn std::error::Error>;

impl Names {
    pub(super) fn new() -> Result<Self, Failed> {
        Ok(Self {
            user: "User".parse()?,
            role: "Role".parse()?,
            side: "Side".parse()?,
            register: "Register".parse()?,
            nature: "Nature".parse()?,
            ground: "Ground".parse()?,
            grant: "Grant".parse()?,
            level: "Level".parse()?,
            channel: "Channel".parse()?,
            action: "Action".parse()?,
        })
    }

    pub(super) fn action(&self, kind: Kind) -> EntityUid {
        uid(&self.action, kind.key())
    }

    /// What Cedar is asked, and the entities it needs to answer.
    pub(super) fn request(
        &self,
        question: &Question,
        action: &Entity,
    ) -> Result<(Request, Entities), Failed> {
        let user = self.user(question)?;
        let register = self.register(question)?;
        let context = self.context(question)?;
        let request = Request::new(user.uid(), action.uid(), register.uid(), context, None)?;
        let entities = Entities::from_entities([user, register, action.clone()], None)?;
        Ok((request, entities))
    }

    fn user(&self, question: &Question) -> Result<Entity, Failed> {
        let mut parents: HashSet<EntityUid> = question
            .roles
            .iter()
            .map(|role| uid(&self.role, role.key()))
            .collect();
        if question.business {
            parents.insert(uid(&self.side, "business"));
        }
        if question.administration {
            parents.insert(uid(&self.side, "administration"));
        }
        let units = question.units.iter().map(|unit| string(&unit.to_string()));
        let attributes = HashMap::from([
            ("has_person".to_owned(), boolean(question.has_person)),
            ("units".to_owned(), RestrictedExpression::new_set(units)),
        ]);
        Ok(Entity::new(
            uid(&self.user, &question.account.to_string()),
            attributes,
            parents,
        )?)
    }

    fn register(&self, question: &Question) -> Result<Entity, Failed> {
        let attributes = HashMap::from([
            ("key".to_owned(), string(&question.register)),
            ("area".to_owned(), string(&question.area)),
            (
                "nature".to_owned(),
                entity(&self.nature, question.nature.key()),
            ),
        ]);
        Ok(Entity::new(
            uid(&self.register, &question.register),
            attributes,
            HashSet::new(),
        )?)
    }

    fn context(&self, question: &Question) -> Result<Context, Failed> {
        let grounds = question
            .grounds
            .iter()
            .map(|ground| entity(&self.ground, ground.key()));
        let levels = question
            .levels
            .iter()
            .map(|level| entity(&self.level, level.key()));
        let mut pairs = vec![
            ("step_up".to_owned(), boolean(question.step_up)),
            ("at_expiry".to_owned(), boolean(question.at_expiry)),
            ("outside".to_owned(), boolean(question.outside)),
            (
                "channel".to_owned(),
                entity(&self.channel, question.channel.key()),
            ),
            ("grounds".to_owned(), RestrictedExpression::new_set(grounds)),
            ("levels".to_owned(), RestrictedExpression::new_set(levels)),
        ];
        if let Some(hour) = question.hour {
            pairs.push((
                "hour".to_owned(),
                RestrictedExpression::new_long(i64::from(hour)),
            ));
        }
        if let Some(grant) = question.grant {
            pairs.push(("grant".to_owned(), entity(&self.grant, grant.key())));
        }
        Ok(Context::from_pairs(pairs)?)
    }
}

fn uid(name: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(name.clone(), EntityId::new(id))
}

fn entity(name: &EntityTypeName, id: &str) -> RestrictedExpression {
    RestrictedExpression::new_entity_uid(uid(name, id))
}

fn boolean(value: bool) -> RestrictedExpression {
    RestrictedExpression::new_bool(value)
}

fn string(value: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(value.to_owned())
}
