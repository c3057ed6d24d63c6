//! What stands on the form of one record, as its reader sees it.

use super::{PrintInput, column, custody::Chain, form, label, proof, title};
use crate::{
    caller::Caller,
    core::Inner,
    error::{Error, text},
    export, limits, people,
    perform::{self, Engine},
    records,
    told::{Cells, Teller, local},
    views::RecordView,
    visibility::{self, Sight},
};
use access::Grant;
use domain::{Label, Language, RecordId, Timestamp};
use registers::{
    Definition, Field, FieldKind,
    model::{Line, Print, PrintOf},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use store::{ApprovalRow, RecordRow, Tx};

/// A form that is ready for the press.
pub(super) struct Sheet {
    pub(super) layout: String,
    pub(super) data: Value,
    /// The file's name.
    pub(super) name: String,
    /// Key of the form.
    pub(super) form: String,
    pub(super) version: i64,
    /// Keys of the highest levels on it.
    pub(super) level: String,
    /// The entry of the record's newest version has no place in the log yet.
    pub(super) pending: bool,
}

/// One record, its lines, what was decided and signed.
pub(super) fn sheet(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    row: &RecordRow,
    (input, preview): (&PrintInput, bool),
    now: Timestamp,
) -> Result<Sheet, Error> {
    let sight = visibility::sight(inner, tx, caller, Grant::Handle, now)?;
    let definition = inner.catalogue.definition(&row.register);
    let definition = definition.ok_or(Error::NotFound)?;
    let print = form(
        definition,
        input.form.as_deref().unwrap_or(Print::FORM),
        PrintOf::is_of_one,
    )?;
    let mut engine = Engine::new(inner, tx, now, Vec::new());
    engine.actor = caller.person;
    let mut clerk = Clerk {
        inner,
        sight: &sight,
        definition,
        print,
        language: input.language,
        teller: Teller::new(inner, &sight, input.language, now),
        rows: 0,
    };
    if !print.is_for(&row.state) {
        return Err(wrong_state(inner, definition, row));
    }
    let rows = std::slice::from_ref(row);
    let seen = records::briefs(
        &mut engine,
        &sight,
        definition,
        rows,
        clerk.teller.collector(),
    )?;
    let seen = seen.into_iter().next().ok_or(Error::NotFound)?;
    let mut data = clerk.data(&mut engine, row, &seen)?;
    let pending = clerk.more(&mut engine, (row, &seen), (input, preview), &mut data)?;
    let entry = engine.tx.version_entry(row.id, row.version)?;
    let place = proof::place(inner, engine.tx, entry)?;
    let number = seen.number.clone().unwrap_or_default();
    let label = row.label.join(&clerk.teller.label);
    // what is named on it may be more secret than it is itself
    let own = seen.mark.filter(|_| label.levels == row.label.levels);
    let mark = own.unwrap_or_else(|| export::mark(&label, input.language));
    let on_page = if label.levels.is_open() { "" } else { &mark };
    data.insert("mark".to_owned(), on_page.into());
    if !preview {
        data.insert("proof".to_owned(), proof::told(inner, place.as_ref()));
        let code = proof::code(inner, &number, place.as_ref());
        data.insert("code".to_owned(), code);
    }
    data.insert(
        "printed".to_owned(),
        printed(inner, engine.tx, caller, now)?,
    );
    let heading = title(definition, print, input.language);
    let parts = [mark, heading, number];
    let parts = parts.iter().filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.map(String::as_str).collect();
    Ok(Sheet {
        layout: print.layout.clone(),
        data: Value::Object(data),
        name: format!("{}.pdf", parts.join("-")),
        form: print.key.clone(),
        version: row.version,
        level: export::levels(&label),
        pending: pending || place.is_none(),
    })
}

/// Who prints, and when.
pub(crate) fn printed(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    now: Timestamp,
) -> Result<Value, Error> {
    let name = match caller.person {
        Some(person) => people::name(tx, person)?,
        None => String::new(),
    };
    Ok(json!({ "by": name, "at": local(now, &inner.zone) }))
}

/// Values by their paths, and what they are called.
#[derive(Default)]
struct Shown {
    values: Map<String, Value>,
    names: Map<String, Value>,
    /// Those that the form asks for, in its order.
    besides: Vec<Value>,
}

/// Fills in one form.
struct Clerk<'c> {
    inner: &'c Inner,
    sight: &'c Sight,
    definition: &'c Definition,
    print: &'c Print,
    language: Language,
    teller: Teller<'c>,
    /// Lines on the page so far.
    rows: usize,
}

/// What a form answers that is not for the state of a record.
pub(crate) fn wrong_state(inner: &Inner, definition: &Definition, row: &RecordRow) -> Error {
    let state = |language| Cells::new(inner, language).state(definition, &row.state);
    let (zh, en) = (state(Language::Zh), state(Language::En));
    Error::Conflict {
        code: "print.state",
        say: text(
            &format!("记录处于“{zh}”，不能打印此表"),
            &format!("the record is {en}: this form cannot be printed of it"),
        ),
    }
}

impl Clerk<'_> {
    fn say(&self, text: &domain::Text) -> String {
        text.in_language(self.language).to_owned()
    }

    fn data(
        &mut self,
        engine: &mut Engine<'_, '_>,
        row: &RecordRow,
        seen: &RecordView,
    ) -> Result<Map<String, Value>, Error> {
        let org = engine.tx.meta("org")?.unwrap_or_default();
        let shown = self.shown(engine, seen)?;
        let told = [
            ("lang", export::language_key(self.language).into()),
            ("org", org.into()),
            (
                "form",
                title(self.definition, self.print, self.language).into(),
            ),
            ("register", self.say(&self.definition.name).into()),
            ("number", seen.number.clone().unwrap_or_default().into()),
            (
                "state",
                self.teller.cells.state(self.definition, &seen.state).into(),
            ),
            ("state_key", seen.state.clone().into()),
            ("fields", self.fields(engine, seen)?),
            ("besides", shown.besides.into()),
            ("values", shown.values.into()),
            ("names", shown.names.into()),
            ("tables", self.tables(engine, row, seen)?),
            ("decisions", self.decisions(engine, row)?),
            ("signatures", self.signatures(engine, row.id)?),
            ("to_sign", self.to_sign().into()),
            // WHY: what is only looked at names no place in the log
            ("proof", Value::Null),
            ("code", Value::Null),
        ];
        let told = told.map(|(key, value): (&str, Value)| (key.to_owned(), value));
        Ok(told.into_iter().collect())
    }

    /// What a label and a line of custody have besides; whether an entry has no place in the log yet.
    fn more(
        &mut self,
        engine: &mut Engine<'_, '_>,
        (row, seen): (&RecordRow, &RecordView),
        (input, preview): (&PrintInput, bool),
        data: &mut Map<String, Value>,
    ) -> Result<bool, Error> {
        match self.print.of {
            PrintOf::Record | PrintOf::List => Ok(false),
            PrintOf::Label => {
                let (size, first) = label::paper(self.print, input.size.as_deref(), input.first)?;
                let roll = label::Roll {
                    inner: self.inner,
                    definition: self.definition,
                    print: self.print,
                    language: self.language,
                    preview,
                };
                let (label, _) = roll.label(engine, &mut self.teller, (row, seen))?;
                data.insert("labels".to_owned(), vec![label].into());
                data.insert("size".to_owned(), size);
                data.insert("first".to_owned(), first.into());
                Ok(false)
            }
            PrintOf::Custody => {
                let mut chain = Chain::new(self.inner, self.sight, &mut self.teller, engine.now);
                let told = chain.told(engine, row)?;
                let pending = chain.pending;
                data.insert("custody".to_owned(), told);
                Ok(pending)
            }
        }
    }

    /// Fields that are no tables, as the definition orders them; what is not there or hidden is left out only
    /// where it stands under a condition, else there is room to write it.
    fn fields(&mut self, engine: &mut Engine<'_, '_>, seen: &RecordView) -> Result<Value, Error> {
        let mut told = Vec::new();
        for field in &self.definition.fields {
            let under_condition = field.shown.is_some() || field.visible.is_some();
            let there = seen
                .fields
                .get(&field.key)
                .is_some_and(|one| !one.is_null());
            if field.kind == FieldKind::Table || (under_condition && !there) {
                continue;
            }
            let cell = self.teller.field(engine, field, &seen.fields)?;
            told.push(json!({
                "key": field.key,
                "name": self.say(&field.name),
                "value": cell.words(),
            }));
        }
        Ok(Value::Array(told))
    }

    /// The paths of the form that lead to values of the record, not of its lines.
    fn of_record(&self) -> impl Iterator<Item = &Vec<String>> {
        let of_lines = |path: &&Vec<String>| {
            let line = path.first().and_then(|step| self.definition.line(step));
            line.is_none()
        };
        self.print.show.iter().filter(of_lines)
    }

    /// Every field by its key, and what the form shows besides, by its path; and what each is called.
    fn shown(&mut self, engine: &mut Engine<'_, '_>, seen: &RecordView) -> Result<Shown, Error> {
        let fields = self.definition.fields.iter();
        let own = fields.map(|field| vec![field.key.clone()]);
        let header = Cells::HEADER
            .iter()
            .map(|(key, _, _)| vec![(*key).to_owned()]);
        let besides: Vec<Vec<String>> = self.of_record().cloned().collect();
        // what is asked for stands once, where it is asked for
        let paths = header.chain(own).filter(|path| !besides.contains(path));
        let paths: Vec<Vec<String>> = paths.chain(besides.clone()).collect();
        let mut shown = Shown::default();
        for path in paths {
            let cell = self.teller.cell(engine, self.definition, seen, &path)?;
            let key = path.join(".");
            let (_, head, _) = column(self.inner, self.definition, &path, &self.teller.cells);
            if besides.contains(&path) {
                let told = json!({ "name": head, "value": cell.words() });
                shown.besides.push(told);
            }
            shown.values.insert(key.clone(), cell.words().into());
            shown.names.insert(key, head.into());
        }
        Ok(shown)
    }

    /// Tables of the record, then its lines.
    fn tables(
        &mut self,
        engine: &mut Engine<'_, '_>,
        row: &RecordRow,
        seen: &RecordView,
    ) -> Result<Value, Error> {
        let mut tables = Vec::new();
        let fields = self.definition.fields.iter();
        for field in fields.filter(|field| field.kind == FieldKind::Table) {
            if let Some(rows) = seen.fields.get(&field.key) {
                tables.push(self.table(engine, field, rows)?);
            } else if field.shown.is_none() && field.visible.is_none() {
                tables.push(self.table(engine, field, &Value::Null)?);
            }
        }
        for line in &self.definition.lines {
            tables.push(self.lines(engine, row, line)?);
        }
        Ok(Value::Array(tables))
    }

    fn table(
        &mut self,
        engine: &mut Engine<'_, '_>,
        field: &Field,
        rows: &Value,
    ) -> Result<Value, Error> {
        let mut told = Vec::new();
        let rows = rows.as_array().map_or(&[][..], Vec::as_slice);
        for row in rows.iter().filter_map(Value::as_object) {
            let mut cells = Vec::new();
            for column in &field.columns {
                cells.push(self.teller.field(engine, column, row)?.words());
            }
            told.push(cells);
        }
        let columns = field.columns.iter();
        Ok(json!({
            "key": field.key,
            "name": self.say(&field.name),
            "keys": columns.clone().map(|column| column.key.as_str()).collect::<Vec<_>>(),
            "heads": columns.clone().map(|column| self.say(&column.name)).collect::<Vec<_>>(),
            "shares": columns.map(|column| super::share(column.kind)).collect::<Vec<_>>(),
            "rows": told,
        }))
    }

    /// All lines of a kind: the columns that the form asks for, or all that is written in them.
    fn lines(
        &mut self,
        engine: &mut Engine<'_, '_>,
        row: &RecordRow,
        line: &Line,
    ) -> Result<Value, Error> {
        let lines = engine.definition(&line.register_key(&self.definition.key))?;
        let views = records::all_lines(engine, self.sight, (lines, line), row)?;
        self.rows += views.len();
        if self.rows > limits::PRINT_ROWS {
            return Err(super::too_large());
        }
        let asked = self.print.show.iter();
        let asked = asked.filter(|path| path.first() == Some(&line.key));
        let mut paths: Vec<Vec<String>> = asked
            .map(|path| path.iter().skip(1).cloned().collect())
            .collect();
        if paths.is_empty() {
            let hidden = |field: &&Field| field.visible.is_none();
            let fields = line.fields.iter().filter(hidden);
            paths = fields.map(|field| vec![field.key.clone()]).collect();
            paths.push(vec!["state".to_owned()]);
        }
        let (mut heads, mut shares) = (Vec::new(), Vec::new());
        for path in &paths {
            let (_, head, share) = column(self.inner, lines, path, &self.teller.cells);
            heads.push(head);
            shares.push(share);
        }
        let mut rows = Vec::new();
        for view in &views {
            let mut cells = Vec::new();
            for path in &paths {
                cells.push(self.teller.cell(engine, lines, view, path)?.words());
            }
            rows.push(cells);
        }
        Ok(json!({
            "key": line.key,
            "name": self.say(&line.name),
            "keys": paths.iter().map(|path| path.join(".")).collect::<Vec<_>>(),
            "heads": heads,
            "shares": shares,
            "states": views.iter().map(|view| view.state.as_str()).collect::<Vec<_>>(),
            "rows": rows,
        }))
    }

    /// What was decided on what stands: the newest request of each action that was approved or waits, as far as
    /// the reader may know what was asked.
    fn decisions(&mut self, engine: &mut Engine<'_, '_>, row: &RecordRow) -> Result<Value, Error> {
        let mut newest: BTreeMap<String, ApprovalRow> = BTreeMap::new();
        // what was sent back or refused later takes nothing of what was decided before
        for approval in engine.tx.approvals(row.id)? {
            if ["approved", "pending"].contains(&approval.state.as_str()) {
                newest.insert(approval.action.clone(), approval);
            }
        }
        let mut told = Vec::new();
        for approval in newest.into_values() {
            let visible = &self.sight.visible;
            let seen = engine.tx.visible_approval(approval.id, visible)?;
            if seen.is_none() {
                continue;
            }
            // what was asked may have been more secret than the record is now
            let classes = self.inner.classes.seen(engine.tx)?;
            if let Some(levels) = classes.levels(approval.class) {
                let asked = Label {
                    levels,
                    ..Label::open()
                };
                self.teller.label = self.teller.label.join(&asked);
            }
            for decision in engine.tx.decisions(approval.id)? {
                if perform::is_signature(&approval, decision.step) {
                    continue;
                }
                let mut who = people::name(engine.tx, decision.person)?;
                if let Some(delegator) = decision.for_person {
                    let name = people::name(engine.tx, delegator)?;
                    let cells = &self.teller.cells;
                    who = cells.say(
                        &format!("{who}（代{name}）"),
                        &format!("{who} (for {name})"),
                    );
                }
                told.push(json!({
                    "action": self.action(&approval.action),
                    "verdict": self.verdict(&decision.verdict),
                    "comment": decision.comment.unwrap_or_default(),
                    "who": who,
                    "at": local(decision.at, &self.inner.zone),
                }));
            }
        }
        Ok(Value::Array(told))
    }

    fn signatures(&self, engine: &mut Engine<'_, '_>, id: RecordId) -> Result<Value, Error> {
        let versions = records::versions(self.inner, engine.tx, self.sight, id, engine.now)?;
        let mut told = Vec::new();
        for version in versions {
            for signed in version.signatures {
                let paper = signed.paper.map(|place| format!(" {place}"));
                let method = self.method(&signed.method);
                told.push(json!({
                    "action": self.action(&version.action),
                    "who": signed.person.map(|person| person.name).unwrap_or_default(),
                    "method": format!("{method}{}", paper.unwrap_or_default()),
                    "at": local(signed.at, &self.inner.zone),
                }));
            }
        }
        let from = told.len().saturating_sub(limits::PRINT_SIGNATURES);
        Ok(Value::Array(told.split_off(from)))
    }

    /// What is signed for with a pen: what the form says, else each act that asks for a signature.
    fn to_sign(&self) -> Vec<String> {
        if !self.print.sign.is_empty() {
            let sign = self.print.sign.iter();
            return sign.map(|words| self.say(words)).collect();
        }
        let actions = self.definition.actions.iter();
        let signed = actions.filter(|action| !action.sign.is_empty() && !action.added);
        signed.map(|action| self.say(&action.name)).collect()
    }

    fn action(&self, key: &str) -> String {
        let action = self.definition.action(key);
        action.map_or_else(|| key.to_owned(), |action| self.say(&action.name))
    }

    fn verdict(&self, word: &str) -> String {
        let cells = &self.teller.cells;
        match word {
            "approve" => cells.say("同意", "approved"),
            "refuse" => cells.say("不同意", "refused"),
            "return" => cells.say("退回", "returned"),
            other => other.to_owned(),
        }
    }

    fn method(&self, word: &str) -> String {
        let cells = &self.teller.cells;
        match word {
            "counter" => cells.say("当面", "at the counter"),
            "inbox" => cells.say("待办", "in the inbox"),
            "paper" => cells.say("纸质", "on paper"),
            "slip" => cells.say("回执", "by return slip"),
            other => other.to_owned(),
        }
    }
}
