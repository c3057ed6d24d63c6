//! Acts on lines, and lines that come later.

use super::{Should, World, Wrong};
use crate::house::map;
use app::{Perform, Target};
use serde_json::json;

impl World {
    pub(super) async fn line(&mut self, register: usize, one: usize) -> Wrong {
        self.hit(register, &[("line", |_| true), ("lines lead", |s| s.lines)]);
        let known = self.known[register][one].clone();
        if known.rows.is_empty() {
            return Ok(());
        }
        let row = self.dice.below(known.rows.len());
        let actor = self.registrar_mostly();
        let (id, done) = known.rows[row];
        let may = actor == "registrar" && known.state == "s1" && !done;
        let came = self.house.act(actor, id, "do", json!({})).await;
        if self.came("do", Should::of(may), came)?.is_some() {
            let known = &mut self.known[register][one];
            known.rows[row].1 = true;
            if known.rows.iter().all(|(_, done)| *done) {
                self.ended(register, one);
            }
        }
        self.look(register, one).await
    }

    /// One more line of a record that is there.
    pub(super) async fn add_line(&mut self, register: usize, one: usize) -> Wrong {
        self.hit(register, &[("line later", |_| true)]);
        let spec = self.specs[register].clone();
        let known = self.known[register][one].clone();
        let actor = self.registrar_mostly();
        let says = !self.dice.one_in(5);
        let may =
            actor == "registrar" && says && known.is_open() && known.rows.len() < spec.lines_max;
        let target = Target::Line {
            of: known.id,
            line: "rows".to_owned(),
        };
        let what = if says {
            json!({ "what": "后添" })
        } else {
            json!({})
        };
        let request = Perform::new(target, "add", map(what));
        let came = self.house.perform(self.house.who(actor), request).await;
        if let Some(line) = self.came("add", Should::of(may), came)? {
            self.known[register][one].rows.push((line.id, false));
        }
        self.look(register, one).await
    }
}
