//! Judging the calls of an expression: what each argument is, and what the function gives.

use domain::Level;
use serde_json::Value;

use super::Shape;
use super::check::{Checker, Judged};
use crate::expr::functions::{Function, Gives, Takes};
use crate::expr::node::{Node, NodeKind};
use crate::load::{Mistake, Thing};
use crate::regime::BASE;

impl Checker<'_> {
    pub(super) fn call(&mut self, function: &'static Function, args: &[Node]) -> (NodeKind, Shape) {
        let judged: Vec<Judged> = args.iter().map(|arg| self.node(arg)).collect();
        let list = judged
            .first()
            .map_or(Shape::Any, |(_, shape)| shape.clone());
        for (index, (arg, (_, shape))) in args.iter().zip(&judged).enumerate() {
            let Some(takes) = function.takes.get(index) else {
                continue;
            };
            self.takes(function.name, index + 1, *takes, (arg, shape), &list);
        }
        let shape = self.gives(function, args);
        let args = judged.into_iter().map(|(node, _)| node).collect();
        (NodeKind::Call(function, args), shape)
    }

    fn takes(
        &mut self,
        function: &'static str,
        position: usize,
        takes: Takes,
        (arg, shape): (&Node, &Shape),
        list: &Shape,
    ) {
        let text = match &arg.kind {
            NodeKind::Literal(Value::String(text)) => Some(text.as_str()),
            _ => None,
        };
        let constant = |wanted| Mistake::ConstantWanted { function, wanted };
        let mistake = match (takes, text) {
            (Takes::ParamKey, None) => Some(constant("the key of a parameter")),
            (Takes::ParamKey, Some(key)) => self.parameter(key),
            (Takes::FieldOf, None) => Some(constant("the name of a field")),
            (Takes::FieldOf, Some(field)) => match list {
                Shape::List(entry) => self.sight.member(entry, field).err(),
                _ => None,
            },
            (Takes::Label, Some(key)) => (key != "open" && Level::parse_key(key).is_err())
                .then(|| Mistake::no_such(Thing::LevelKey, key, Level::ALL.map(Level::key))),
            _ => None,
        };
        if let Some(mistake) = mistake {
            self.note(arg.at, mistake);
            return;
        }
        if let Some(wanted) = unfit(takes, shape, text.is_some()) {
            self.argument(arg.at, function, position, wanted, shape);
        }
    }

    fn parameter(&self, key: &str) -> Option<Mistake> {
        let base = self.sight.world().catalogue.regime(BASE)?;
        if base.parameters.contains_key(key) || key == "installation.max_level" {
            return None;
        }
        let known = base.parameters.keys().map(String::as_str);
        Some(Mistake::no_such(Thing::Parameter, key, known))
    }

    fn gives(&mut self, function: &Function, args: &[Node]) -> Shape {
        match function.gives {
            Gives::Bool => Shape::Bool,
            Gives::Number => Shape::Number,
            Gives::Day => Shape::Day,
            Gives::List => Shape::List(Box::new(Shape::Any)),
            Gives::Any => {
                let key = match args.first().map(|arg| &arg.kind) {
                    Some(NodeKind::Literal(Value::String(key))) => key.as_str(),
                    _ => "",
                };
                let base = self.sight.world().catalogue.regime(BASE);
                let value = base.and_then(|base| base.parameters.get(key));
                match value.map(|parameter| &parameter.value) {
                    Some(Value::Number(_)) => Shape::Number,
                    Some(Value::Bool(_)) => Shape::Bool,
                    Some(Value::String(_)) => Shape::Text,
                    Some(_) => Shape::List(Box::new(Shape::Text)),
                    None => {
                        self.unsure = true;
                        Shape::Any
                    }
                }
            }
        }
    }
}

/// What an argument should be instead, when it surely is something else.
fn unfit(takes: Takes, shape: &Shape, literal: bool) -> Option<&'static str> {
    use Shape as S;
    if matches!(shape, S::Any | S::Nothing) {
        return None;
    }
    let (fits, wanted) = match takes {
        Takes::Any | Takes::ParamKey | Takes::FieldOf => (true, ""),
        Takes::Label => {
            let fits = matches!(shape, S::Level | S::Label | S::Record(_) | S::Own) || literal;
            (fits, "a label or a level")
        }
        Takes::Person => (matches!(shape, S::Person), "a person"),
        Takes::Day => (matches!(shape, S::Day | S::Instant), "a day"),
        Takes::Instant => (matches!(shape, S::Instant), "an instant"),
        Takes::Number => (matches!(shape, S::Number), "a number"),
        Takes::Text => (
            matches!(shape, S::Text | S::Choice(_) | S::Money | S::Day),
            "a text",
        ),
        Takes::List => (matches!(shape, S::List(_)), "a list"),
        Takes::Term => (matches!(shape, S::Term), "a secrecy period"),
    };
    (!fits).then_some(wanted)
}
