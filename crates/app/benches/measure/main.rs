//! Measures the use cases as `ruping serve` runs them: `actions` for durable actions per second,
//! `import` for rows of files that are taken in, `bulk` for one act on many records, `carry` for records carried over to a changed definition,
//! `lines` for acts on one line among many, `lists` for pages and counts of a large register; without a word, all.
#![expect(
    clippy::print_stdout,
    reason = "printing the measurement is what a bench is for"
)]

mod actions;
mod bulk;
mod carry;
mod house;
mod import;
mod lines;
mod lists;

use anyhow::Result;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let said = |word: &str| words.iter().any(|one| one == word);
    // what cargo asks of every target when it looks for tests
    if said("--list") || said("--test") {
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let all = !["actions", "import", "bulk", "carry", "lines", "lists"]
        .into_iter()
        .any(said);
    if all || said("actions") {
        actions::run(&runtime)?;
    }
    if all || said("import") {
        import::run(&runtime)?;
    }
    if all || said("bulk") {
        bulk::run(&runtime)?;
    }
    if all || said("carry") {
        carry::run(&runtime)?;
    }
    if all || said("lines") {
        lines::run(&runtime)?;
    }
    if all || said("lists") {
        lists::run(&runtime)?;
    }
    Ok(())
}
