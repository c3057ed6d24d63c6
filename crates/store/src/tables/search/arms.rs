//! The statement of a page or a count. It is put together from arms that have no record in common:
//! what is seen outright, and what is seen on grounds that the records themselves give; and, along
//! the order of time, one for each state that is asked for, so that each walks an index of its own.
//!
//! `+ 0` and `|| ''` say to both databases that an index on the column is not the way: the way has
//! been chosen by what only we know, see [`super::plan`].

use super::{
    After, COLUMNS, Column, Condition, IndexValue, ListQuery, Sort, Stand, groups::push_stand,
    plan::Way,
};
use crate::rows::{Dialect, Statement};
use jiff::Timestamp;

/// What of a list one statement gives. WHY: in one statement the order of empty values differs between
/// the databases, and neither can take it from an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Everything, in the order in which it was recorded.
    Whole,
    /// Records with a value of the sort field, in its order.
    Valued,
    /// Records without one, newest first.
    Empty,
}

impl Part {
    /// The parts of a page, in their order.
    pub(super) fn of(query: &ListQuery) -> &'static [Self] {
        match (&query.sort, &query.after) {
            (Sort::Newest | Sort::Oldest, _) => &[Self::Whole],
            (Sort::Field { .. }, Some(After::Empty(..))) => &[Self::Empty],
            (Sort::Field { .. }, Some(After::Row(..)) | None) => &[Self::Valued, Self::Empty],
        }
    }
}

/// Builds the statements of one list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Query<'q> {
    dialect: Dialect,
    list: &'q ListQuery,
    way: Way<'q>,
}

/// Which records an arm has.
#[derive(Clone, Copy, Debug)]
struct Arm<'q> {
    part: Part,
    by_ground: bool,
    /// Only this state; none = what the conditions say.
    state: Option<&'q str>,
}

impl<'q> Query<'q> {
    pub(super) fn new(dialect: Dialect, list: &'q ListQuery, way: Way<'q>) -> Self {
        Self { dialect, list, way }
    }

    /// One page: each arm gives its first ids, the first of all are looked up.
    pub(super) fn page(&self, part: Part, limit: i64) -> Statement {
        let down = self.down(part);
        let mut statement = Statement::new(&format!("SELECT {COLUMNS} FROM ("));
        for (number, arm) in self.arms(part).iter().enumerate() {
            if number > 0 {
                statement.push(" UNION ALL ");
            }
            let (key, id) = self.order(*arm);
            statement.push(&format!("SELECT * FROM (SELECT {id} AS id, {key} AS k"));
            self.push_from(*arm, &mut statement);
            self.push_after(*arm, &mut statement);
            statement.push(&format!(" ORDER BY {key}{down}, {id}{down} LIMIT "));
            statement.bind(limit).push(&format!(") AS a{number}"));
        }
        statement
            .push(") AS k CROSS JOIN record r WHERE r.id = k.id")
            .push(&format!(" ORDER BY k.k{down}, k.id{down} LIMIT "))
            .bind(limit);
        statement
    }

    /// How many there are, up to a cap if there is one.
    pub(super) fn count(&self, cap: Option<i64>) -> Statement {
        let mut statement = Statement::new("SELECT count(*) FROM (");
        let one = |statement: &mut Statement| {
            statement.push("1");
        };
        self.push_each(one, &mut statement);
        if let Some(cap) = cap {
            statement.push(" LIMIT ").bind(cap);
        }
        statement.push(") AS c");
        statement
    }

    /// Something of every record of the list, called `g`.
    pub(super) fn push_each(&self, each: impl Fn(&mut Statement), statement: &mut Statement) {
        for (number, arm) in self.arms(Part::Whole).iter().enumerate() {
            statement.push(if number > 0 {
                " UNION ALL SELECT "
            } else {
                "SELECT "
            });
            each(statement);
            statement.push(" AS g");
            self.push_from(*arm, statement);
        }
    }

    fn arms(&self, part: Part) -> Vec<Arm<'q>> {
        let outright = |state| Arm {
            part,
            by_ground: false,
            state,
        };
        let mut arms: Vec<Arm<'q>> = match self.walked_states(part) {
            Some(states) => states
                .iter()
                .map(|one| outright(Some(one.as_str())))
                .collect(),
            None => vec![outright(None)],
        };
        let visible = &self.list.visible;
        if visible.person.is_some() && !visible.with_ground.is_empty() {
            arms.push(Arm {
                part,
                by_ground: true,
                state: None,
            });
        }
        arms
    }

    /// The states of a walk along time, each of which has that order in an index.
    fn walked_states(&self, part: Part) -> Option<&'q [String]> {
        if part == Part::Valued || !matches!(self.way, Way::Order) {
            return None;
        }
        self.list.conditions.iter().find_map(|one| match one {
            Condition::State(states) if distinct(states) => Some(states.as_slice()),
            Condition::State(_)
            | Condition::Between(..)
            | Condition::Is(..)
            | Condition::LinksTo(..)
            | Condition::Written(_)
            | Condition::Classes(_)
            | Condition::Recorded(..)
            | Condition::Over(..)
            | Condition::Clock(..)
            | Condition::Contains { .. } => None,
        })
    }

    /// Tables and conditions of an arm.
    fn push_from(&self, arm: Arm<'q>, statement: &mut Statement) {
        let (list, field) = (self.list, self.field());
        let valued = field.filter(|_| arm.part == Part::Valued);
        let walks = !arm.by_ground && matches!(self.way, Way::Order);
        statement.push(" FROM ");
        self.push_leader(arm, statement);
        if valued.is_some() && !walks {
            statement.push(" CROSS JOIN field_index s");
        }
        statement.push(" WHERE r.register = ").bind(&list.register);
        list.visible.push_registers(statement);
        list.visible.push_kept_back_of(&list.register, statement);
        if arm.by_ground || matches!(self.way, Way::Found(_)) {
            statement.push(" AND r.id = d.id");
        }
        match (field, arm.part) {
            (Some((key, column)), Part::Valued) => {
                statement
                    .push(" AND s.record_id = r.id AND s.field = ")
                    .bind(key)
                    .push(&format!(" AND {} IS NOT NULL", name(column)));
                if walks {
                    statement.push(" AND s.register = ").bind(&list.register);
                }
            }
            (Some((key, column)), Part::Empty) => {
                statement
                    .push(" AND NOT EXISTS (SELECT 1 FROM field_index s WHERE s.record_id = r.id AND s.field = ")
                    .bind(key)
                    .push(&format!(" AND {} IS NOT NULL)", name(column)));
            }
            (Some(_), Part::Whole) | (None, _) => {}
        }
        self.push_class(arm, statement);
        self.push_conditions(arm, statement);
    }

    /// The tables of an arm up to the record, in the order in which they are read.
    fn push_leader(&self, arm: Arm<'q>, statement: &mut Statement) {
        match (arm.by_ground, self.way) {
            (true, _) => {
                statement.push("(SELECT DISTINCT g.record_id AS id FROM ground g WHERE ");
                self.list.visible.push_grounds(statement);
                statement.push(") AS d CROSS JOIN record r");
            }
            (false, Way::Found(condition)) => {
                statement.push("(");
                push_ids(condition, &self.list.register, statement);
                statement.push(") AS d CROSS JOIN record r");
            }
            (false, Way::Order) if arm.part == Part::Valued => {
                statement.push("field_index s CROSS JOIN record r");
            }
            (false, Way::Order | Way::Classes) => {
                statement.push("record r");
            }
        }
    }

    fn push_class(&self, arm: Arm<'q>, statement: &mut Statement) {
        let visible = &self.list.visible;
        let (column, set) = match (arm.by_ground, self.way) {
            (true, _) => (" AND (r.class_id + 0)", &visible.with_ground),
            (false, Way::Classes) => (" AND r.class_id", &visible.classes),
            (false, Way::Order | Way::Found(_)) => (" AND (r.class_id + 0)", &visible.classes),
        };
        statement.push(column).one_of(self.dialect, set);
    }

    fn push_conditions(&self, arm: Arm<'q>, statement: &mut Statement) {
        if let Some(state) = arm.state {
            statement.push(" AND r.state = ").bind(state);
        }
        let mut walked = arm.state.is_some();
        for condition in &self.list.conditions {
            match (condition, self.way) {
                // the first one is what the arm walks
                (Condition::State(states), _) if walked && distinct(states) => walked = false,
                (_, Way::Found(found)) if std::ptr::eq(found, condition) && !arm.by_ground => {}
                _ => push_condition(self.dialect, condition, statement),
            }
        }
    }

    fn push_after(&self, arm: Arm<'q>, statement: &mut Statement) {
        let (value, id) = match (&self.list.after, arm.part) {
            (Some(After::Row(value, id)), Part::Whole | Part::Valued) => (value.clone(), *id),
            (Some(After::Empty(at, id)), Part::Empty) => (IndexValue::Int(*at), *id),
            // another part has its beginning
            (Some(_), _) | (None, _) => return,
        };
        let (key, column) = self.order(arm);
        let beyond = if self.down(arm.part).is_empty() {
            ">"
        } else {
            "<"
        };
        // WHY: a row value is one index seek on both databases; `a < x OR (a = x AND …)` is not
        statement.push(&format!(" AND ({key}, {column}) {beyond} ("));
        match value {
            IndexValue::Text(text) => statement.bind(text),
            IndexValue::Int(number) => statement.bind(number),
        };
        statement.push(", ").bind(id).push(")");
    }

    /// The columns of the order, as an arm has to name them.
    fn order(&self, arm: Arm<'q>) -> (&'static str, &'static str) {
        let walks = !arm.by_ground && matches!(self.way, Way::Order);
        match (self.field(), arm.part, walks) {
            (Some((_, column)), Part::Valued, _) => (name(column), "s.record_id"),
            (_, _, true) => ("r.created_at", "r.id"),
            (_, _, false) => ("(r.created_at + 0)", "r.id"),
        }
    }

    fn field(&self) -> Option<(&'q str, Column)> {
        match &self.list.sort {
            Sort::Field { key, column, .. } => Some((key, *column)),
            Sort::Newest | Sort::Oldest => None,
        }
    }

    fn down(&self, part: Part) -> &'static str {
        match (&self.list.sort, part) {
            (
                Sort::Field {
                    descending: false, ..
                },
                Part::Valued,
            )
            | (Sort::Oldest, _) => "",
            (Sort::Newest | Sort::Field { .. }, _) => " DESC",
        }
    }
}

fn name(column: Column) -> &'static str {
    match column {
        Column::Text => "s.text_value",
        Column::Int => "s.int_value",
    }
}

/// Whether each state can have an arm of its own, and no record is in two.
fn distinct(states: &[String]) -> bool {
    let mut sorted: Vec<&String> = states.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    !states.is_empty() && sorted.len() == states.len()
}

/// The ids of the records that meet a condition, if an index knows them; else false and nothing.
pub(super) fn push_ids(condition: &Condition, register: &str, statement: &mut Statement) -> bool {
    match condition {
        Condition::Is(field, value) => {
            push_indexed_ids(register, field, statement);
            compare(value, "=", statement);
        }
        Condition::Between(field, low, high) => {
            push_indexed_ids(register, field, statement);
            between(low.as_ref(), high.as_ref(), statement);
        }
        Condition::LinksTo(field, to) => {
            statement
                .push("SELECT k.from_id AS id FROM link k WHERE k.to_id = ")
                .bind(*to)
                .push(" AND k.field = ")
                .bind(field);
        }
        Condition::State(_)
        | Condition::Written(_)
        | Condition::Classes(_)
        | Condition::Recorded(..)
        | Condition::Over(..)
        | Condition::Clock(..)
        | Condition::Contains { .. } => return false,
    }
    true
}

fn push_indexed_ids(register: &str, field: &str, statement: &mut Statement) {
    statement
        .push("SELECT x.record_id AS id FROM field_index x WHERE x.register = ")
        .bind(register)
        .push(" AND x.field = ")
        .bind(field);
}

fn push_condition(dialect: Dialect, condition: &Condition, statement: &mut Statement) {
    match condition {
        Condition::State(states) => {
            statement.push(" AND (r.state || '') IN ").list(states);
        }
        Condition::Is(field, value) => {
            push_indexed(field, statement);
            compare(value, "=", statement);
            statement.push(")");
        }
        Condition::Between(field, low, high) => {
            push_indexed(field, statement);
            between(low.as_ref(), high.as_ref(), statement);
            statement.push(")");
        }
        Condition::LinksTo(field, to) => {
            statement
                .push(" AND EXISTS (SELECT 1 FROM link k WHERE k.from_id = r.id AND k.field = ")
                .bind(field)
                .push(" AND k.to_id = ")
                .bind(*to)
                .push(")");
        }
        Condition::Written(definition) => {
            statement
                .push(" AND EXISTS (SELECT 1 FROM version w WHERE w.record_id = r.id AND w.version = r.version AND w.definition >= ")
                .bind(*definition)
                .push(")");
        }
        Condition::Classes(classes) => {
            statement
                .push(" AND (r.class_id + 0)")
                .one_of(dialect, classes);
        }
        Condition::Recorded(low, high) => {
            for (bound, operator) in [(low, ">="), (high, "<=")] {
                if let Some(at) = bound {
                    statement
                        .push(&format!(" AND (r.created_at + 0) {operator} "))
                        .bind(*at);
                }
            }
        }
        Condition::Over(link, field, value) => {
            statement
                .push(" AND EXISTS (SELECT 1 FROM link k JOIN field_index x ON x.record_id = k.to_id WHERE k.from_id = r.id AND k.field = ")
                .bind(link)
                .push(" AND x.field = ")
                .bind(field);
            compare(value, "=", statement);
            statement.push(")");
        }
        Condition::Clock(key, stand, now) => push_clock(key.as_deref(), *stand, *now, statement),
        Condition::Contains {
            words,
            fields,
            read,
        } => {
            push_words(words, (fields, read), statement);
        }
    }
}

fn push_words(words: &str, (fields, read): (&[String], &[String]), statement: &mut Statement) {
    let pattern = format!("%{}%", escape(words));
    statement
                .push(" AND (r.number ILIKE ")
                .bind(&pattern)
                .push(" ESCAPE '\\' OR EXISTS (SELECT 1 FROM field_index x WHERE x.record_id = r.id AND x.field IN ")
                .list(fields)
                .push(" AND (x.text_value ILIKE ")
                .bind(&pattern)
                .push(" ESCAPE '\\'");
    if !read.is_empty() {
        statement
            .push(" OR x.field IN ")
            .list(read)
            .push(" AND x.reading ILIKE ")
            .bind(&pattern)
            .push(" ESCAPE '\\'");
    }
    statement.push(")))");
}

fn push_clock(key: Option<&str>, stand: Stand, now: Timestamp, statement: &mut Statement) {
    if let Some(key) = key {
        statement.push(" AND ");
        push_stand(key, now, statement);
        statement.push(" = ").push(&format!("'{}'", stand.word()));
        return;
    }
    statement.push(" AND EXISTS (SELECT 1 FROM clock c WHERE c.record_id = r.id AND c.stopped_at ");
    match stand {
        Stand::Running => statement.push("IS NULL AND c.due_at > ").bind(now),
        Stand::Overdue => statement.push("IS NULL AND c.due_at <= ").bind(now),
        Stand::Met => statement.push("<= c.due_at"),
        Stand::Late => statement.push("> c.due_at"),
    };
    statement.push(")");
}

fn push_indexed(field: &str, statement: &mut Statement) {
    statement
        .push(" AND EXISTS (SELECT 1 FROM field_index x WHERE x.record_id = r.id AND x.field = ")
        .bind(field);
}

/// Between two bounds; a record without a value lies between none.
fn between(low: Option<&IndexValue>, high: Option<&IndexValue>, statement: &mut Statement) {
    for (bound, operator) in [(low, ">="), (high, "<=")] {
        if let Some(value) = bound {
            compare(value, operator, statement);
        }
    }
}

fn compare(value: &IndexValue, operator: &str, statement: &mut Statement) {
    match value {
        IndexValue::Text(text) => {
            statement
                .push(" AND x.text_value ")
                .push(operator)
                .push(" ")
                .bind(text);
        }
        IndexValue::Int(number) => {
            statement
                .push(" AND x.int_value ")
                .push(operator)
                .push(" ")
                .bind(*number);
        }
    }
}

fn escape(words: &str) -> String {
    words
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}
