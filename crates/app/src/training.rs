//! Training: what an exam session does beyond its definition.

use crate::{custody::integer, error::Error, limits, people, perform::Engine};
use serde_json::Value;
use store::RecordRow;

/// Lines of a session that hold the questions it draws from, frozen when it was scheduled.
const BANK: &str = "bank";

/// Draws a candidate's questions from those the session froze, each at most once, and writes the paper.
pub(crate) fn draw(engine: &mut Engine<'_, '_>, candidate: &mut RecordRow) -> Result<(), Error> {
    let gone = || Error::defect("a candidate's session is gone");
    let session = engine.tx.record(candidate.root())?.ok_or_else(gone)?;
    let definition = engine.definition(&session.register)?;
    let bank = definition.line(BANK).ok_or_else(gone)?;
    let count = integer(&session.body, "questions_count").unwrap_or(0);
    let count = usize::try_from(count).map_err(Error::internal)?;
    let register = bank.register_key(&definition.key);
    let most = i64::try_from(limits::LINES).map_err(Error::internal)?;
    let mut drawn = Vec::new();
    for line in engine.tx.lines(session.id, (&register, &[]), 0, most)? {
        if line.open {
            drawn.push((engine.inner.random::<16>()?, line));
        }
    }
    if drawn.len() < count {
        return Err(Error::conflict(
            "training.too_few_questions",
            "可抽的试题少于抽题数",
            "there are fewer questions to draw from than are to be drawn",
        ));
    }
    // WHY: an order by random keys is every order with the same chance
    drawn.sort_by_key(|(key, _)| *key);
    drawn.truncate(count);
    let numbered = drawn.iter().enumerate().map(|(at, (_, line))| {
        let question = people::text_of(line, "text").unwrap_or_default();
        format!("{}. {question}", at + 1)
    });
    let paper: Vec<String> = numbered.collect();
    let ids = drawn
        .iter()
        .filter_map(|(_, line)| line.body.get("question"));
    let ids: Vec<Value> = ids.cloned().collect();
    let body = &mut candidate.body;
    body.insert("drawn".to_owned(), ids.into());
    body.insert("paper".to_owned(), paper.join("\n").into());
    Ok(())
}
