//! Every way of reading agrees with the oracle, for random people and records, on both databases.

use super::{
    on_each_database,
    oracle::knows,
    world::{Dice, Item, Person, World, item, now, person},
};
use crate::{Caller, Error, ListInput};
use domain::RecordId;
use serde_json::Value;
use std::collections::BTreeSet;

const PEOPLE: usize = 16;
const ITEMS: usize = 40;
const REGISTERS: [&str; 2] = ["document", "loan"];

async fn at_random(server: Option<String>) -> World {
    let mut dice = Dice::new(20_260_302);
    let mut world = World::build(server).await;
    world
        .settle(
            (0..PEOPLE)
                .map(|number| person(&mut dice, number))
                .collect(),
        )
        .await;
    world
        .place(
            (0..ITEMS)
                .map(|number| item(&mut dice, number, PEOPLE))
                .collect(),
        )
        .await;
    world
}

/// One person's reading, and what they should see.
struct Reader<'w> {
    world: &'w World,
    person: &'w Person,
    caller: Caller,
}

impl<'w> Reader<'w> {
    fn new(world: &'w World, person: &'w Person) -> Self {
        let caller = world.caller(person);
        Self {
            world,
            person,
            caller,
        }
    }

    fn may_know(&self, item: &Item) -> bool {
        let today = item.protections.last().unwrap();
        knows(self.person, &self.world.upper, today, &item.ties, now())
    }

    /// The records of a register that this person may know and that `fits`.
    fn expected(&self, register: &str, fits: impl Fn(&Item) -> bool) -> BTreeSet<RecordId> {
        let items = self.world.items.iter();
        items
            .filter(|item| item.register == register && self.may_know(item) && fits(item))
            .map(|item| item.id)
            .collect()
    }

    /// All pages of a list, in order, with its count.
    async fn pages(&self, register: &str, input: &ListInput) -> Vec<RecordId> {
        let mut all = Vec::new();
        let mut input = ListInput {
            limit: Some(4),
            count: Some("exact".to_owned()),
            ..input.clone()
        };
        loop {
            let page = self
                .world
                .app
                .list(&self.caller, register, input.clone())
                .await;
            let page = page.unwrap();
            all.extend(page.items.iter().map(|record| record.id));
            input.after = page.next;
            if input.after.is_none() {
                assert_eq!(
                    page.total,
                    Some(i64::try_from(all.len()).unwrap()),
                    "{input:?}"
                );
                return all;
            }
        }
    }

    #[track_caller]
    fn agree(&self, what: &str, seen: Vec<RecordId>, expected: &BTreeSet<RecordId>) {
        let rows = seen.len();
        let set: BTreeSet<RecordId> = seen.into_iter().collect();
        assert_eq!(set.len(), rows, "{what}: a row stands twice");
        let astray: Vec<_> = set.symmetric_difference(expected).collect();
        assert!(
            astray.is_empty(),
            "{what}: {astray:?} for {:?}",
            self.person
        );
    }

    async fn lists(&self, register: &str) {
        let list = |input: ListInput| async move { self.pages(register, &input).await };
        let everything = self.expected(register, |_| true);
        self.agree("list", list(ListInput::default()).await, &everything);
        let (state, fields) = match register {
            "loan" => ("lent", &["due_at"][..]),
            _ => ("classified", &["doc_no", "issue_date", "title"][..]),
        };
        let filter = |text: &str| ListInput {
            filter: Some(text.to_owned()),
            ..ListInput::default()
        };
        let of_state = self.expected(register, |item| item.state == state);
        self.agree(
            "state",
            list(filter(&format!("state:{state}"))).await,
            &of_state,
        );
        for field in fields {
            for sort in [(*field).to_owned(), format!("-{field}")] {
                let input = ListInput {
                    sort: Some(sort.clone()),
                    ..ListInput::default()
                };
                let sorted = list(input).await;
                self.empty_ones_come_last(field, &sorted);
                self.agree(&sort, sorted, &everything);
            }
        }
        if register == "document" {
            let second = self.expected(register, |item| {
                item.fields.get("doc_no").and_then(Value::as_str) == Some("乙二号")
            });
            self.agree("field", list(filter("doc_no:乙二号")).await, &second);
        }
        let capped = ListInput {
            count: Some("capped".to_owned()),
            ..ListInput::default()
        };
        let page = self.world.app.list(&self.caller, register, capped).await;
        let total = i64::try_from(everything.len()).unwrap();
        assert_eq!(page.unwrap().total, Some(total));
    }

    fn empty_ones_come_last(&self, field: &str, sorted: &[RecordId]) {
        let has_value = |id: &RecordId| {
            let item = self.world.items.iter().find(|item| item.id == *id).unwrap();
            item.fields.get(field).is_some_and(|value| !value.is_null())
        };
        let first_empty = sorted.iter().position(|id| !has_value(id));
        let last_valued = sorted.iter().rposition(has_value);
        assert!(
            first_empty.is_none() || last_valued < first_empty,
            "{field}: records without a value come last"
        );
    }

    /// Words, numbers and links find what may be known and nothing else.
    async fn finds(&self, register: &str) {
        let words = |text: &str| ListInput {
            q: Some(text.to_owned()),
            ..ListInput::default()
        };
        let common = if register == "loan" { "号0" } else { "长城" };
        let with_common = self.expected(register, |item| {
            let title = item.fields.get("title").and_then(Value::as_str);
            [title, item.number.as_deref()]
                .into_iter()
                .flatten()
                .any(|text| text.contains(common))
        });
        self.agree(
            "q",
            self.pages(register, &words(common)).await,
            &with_common,
        );
        for item in self.world.items.iter().step_by(4) {
            let Some(number) = &item.number else { continue };
            let one = self.expected(register, |other| other.number.as_ref() == Some(number));
            self.agree("number", self.pages(register, &words(number)).await, &one);
        }
        if register != "loan" {
            return;
        }
        for target in self.world.items.iter().step_by(3) {
            let linking = self.expected(register, |item| {
                self.may_know(target)
                    && item.fields.get("copy") == Some(&target.id.to_string().into())
            });
            let by_link = ListInput {
                filter: Some(format!("copy:{}", target.id)),
                ..ListInput::default()
            };
            self.agree("link", self.pages(register, &by_link).await, &linking);
            let by_id = self.pages(register, &words(&target.id.to_string())).await;
            assert!(by_id.is_empty(), "words find no ids");
        }
    }

    /// Names are told of what may be known, and of nothing else.
    async fn names(&self) {
        let absent = "019cc5ce-f280-7d09-9138-84632025f651".to_owned();
        let items = self.world.items.iter();
        let ids = items.clone().map(|item| item.id.to_string());
        let ids: Vec<String> = ids.chain([absent]).collect();
        let told = self.world.app.names(&self.caller, &ids.join(",")).await;
        let told = told.unwrap();
        let known = items.filter(|item| self.may_know(item));
        let expected = known.clone().map(|item| item.id).collect();
        let seen = told.iter().map(|name| name.id).collect();
        self.agree("names", seen, &expected);
        for item in known {
            let name = told.iter().find(|name| name.id == item.id).unwrap();
            assert_eq!(name.register, item.register);
            assert_eq!(name.number, item.number);
            let shown = match item.register {
                "loan" => None,
                _ => item.fields.get("title").and_then(Value::as_str),
            };
            assert_eq!(name.title.as_deref(), shown);
        }
    }

    async fn one(&self, item: &Item) {
        let read = self.world.app.read(&self.caller, item.id).await;
        let history = self.world.app.history(&self.caller, item.id).await;
        if !self.may_know(item) {
            assert!(
                matches!(read, Err(Error::NotFound)),
                "{item:?} {:?}",
                self.person
            );
            assert!(
                matches!(history, Err(Error::NotFound)),
                "{item:?} {:?}",
                self.person
            );
            return;
        }
        let read = read.unwrap_or_else(|error| panic!("{error:?} {item:?} {:?}", self.person));
        assert_eq!(
            (read.id, read.number.as_ref()),
            (item.id, item.number.as_ref())
        );
        let target = item.fields.get("copy").and_then(Value::as_str);
        if let Some(target) = target {
            let target = self
                .world
                .items
                .iter()
                .find(|item| item.id.to_string() == target);
            let told = read.fields.contains_key("copy");
            assert_eq!(
                told,
                self.may_know(target.unwrap()),
                "a link to what is hidden"
            );
        }
        let versions: Vec<i64> = history.unwrap().iter().map(|one| one.version).collect();
        let knows_version = |number: &i64| {
            let then = &item.protections[usize::try_from(*number).unwrap() - 1];
            knows(self.person, &self.world.upper, then, &item.ties, now())
        };
        let all = 1..=i64::try_from(item.protections.len()).unwrap();
        let expected: Vec<i64> = all.filter(knows_version).collect();
        assert_eq!(versions, expected, "{item:?} {:?}", self.person);
    }
}

#[test]
fn every_way_of_reading_agrees_with_the_decision() {
    on_each_database(|server| async move {
        let world = at_random(server).await;
        let (mut known, mut hidden) = (0, 0);
        for person in &world.people {
            let reader = Reader::new(&world, person);
            reader.names().await;
            for item in &world.items {
                reader.one(item).await;
                *if reader.may_know(item) {
                    &mut known
                } else {
                    &mut hidden
                } += 1;
            }
        }
        println!("{known} pairs may know, {hidden} may not");
        assert!(known > 100 && hidden > 100, "the world is too one-sided");
    });
}

#[test]
fn every_list_count_and_search_agrees_with_the_decision() {
    on_each_database(|server| async move {
        let world = at_random(server).await;
        for person in &world.people {
            let reader = Reader::new(&world, person);
            for register in REGISTERS {
                reader.lists(register).await;
                reader.finds(register).await;
            }
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_leads_only_where_its_list_led() {
    let world = at_random(None).await;
    let seen_by = |person: &&Person| {
        let reader = Reader::new(&world, person);
        reader.expected("document", |_| true).len()
    };
    let person = world.people.iter().max_by_key(seen_by).unwrap();
    let other = world
        .people
        .iter()
        .find(|one| one.number != person.number)
        .unwrap();
    let list = |person: &Person, sort: Option<&str>, after: Option<String>| {
        let input = ListInput {
            sort: sort.map(ToOwned::to_owned),
            limit: Some(1),
            after,
            ..ListInput::default()
        };
        let caller = world.caller(person);
        let app = &world.app;
        async move { app.list(&caller, "document", input).await }
    };
    let cursor = list(person, None, None).await.unwrap().next.unwrap();
    assert!(list(person, None, Some(cursor.clone())).await.is_ok());
    let mut bent: Vec<char> = cursor.chars().collect();
    let last = bent.len() - 3;
    bent[last] = if bent[last] == 'A' { 'B' } else { 'A' };
    let forged = [
        list(person, None, Some(bent.into_iter().collect())).await,
        list(
            person,
            None,
            Some("aTE3NzI0MTMyMDAwMDAKMDE5Y2M1Y2U".to_owned()),
        )
        .await,
        list(person, None, Some(String::new())).await,
        list(person, Some("title"), Some(cursor.clone())).await,
        list(other, None, Some(cursor)).await,
    ];
    for answer in forged {
        let code = match answer {
            Err(Error::Malformed { code, .. }) => code,
            other => panic!("not refused: {other:?}"),
        };
        assert_eq!(code, "list.cursor");
    }
}
