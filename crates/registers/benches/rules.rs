//! Measures rules judged on facts against bare CEL, given the same facts and the same expression, in turn.
#![expect(
    clippy::print_stdout,
    reason = "printing the measurement is what a bench is for"
)]

use cel::{Context, Program, Value as Cel};
use domain::Calendar;
use registers::{Catalogue, Definition, Facts, Known, Source, rules};
use serde_json::{Map, Value, json};
use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// R-713 as the register of findings has it: who puts something right does not check it.
const CHECK: &str =
    "actor != null && actor.id != responsible && (fixed_by == null || actor.id != fixed_by)";
const REGISTER: &str = r#"
key = "finding"
name = { zh = "问题", en = "Finding" }
help = { zh = "问题", en = "Findings" }
area = "inspection"
label = "open"
title = "text"
field = [
  { key = "text", name = { zh = "问题", en = "Finding" }, type = "text" },
  { key = "responsible", name = { zh = "责任人", en = "Responsible" }, type = "text" },
  { key = "fixed_by", name = { zh = "登记人", en = "Entered by" }, type = "text" },
]
state = [
  { key = "open", name = { zh = "开", en = "Open" }, initial = true },
  { key = "closed", name = { zh = "关", en = "Closed" }, final = true },
]
action = [
  { key = "open", name = { zh = "登记", en = "Open" }, to = "open", who = "staff" },
  { key = "close", name = { zh = "销号", en = "Close" }, from = ["open"], to = "closed", who = "staff" },
]

[[rule]]
id = "R-713"
clause = "REG 59"
letter = "P"
on = ["close"]
check = "{CHECK}"
say = { zh = "不得自己复查", en = "not by oneself" }
"#;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_millis(400);

fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return Ok(());
    }
    let catalogue = load()?;
    let definition = catalogue.definition("finding").ok_or("a register")?;
    let vars = json!({ "actor": { "id": "a" }, "responsible": "b", "fixed_by": "c" });
    let vars = vars.as_object().ok_or("an object")?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bare.push(bare_cel(vars)?);
        ours.push(judged(&catalogue, definition, vars)?);
    }
    let (ours, bare) = (middle(ours), middle(bare));
    tell("bare CEL, one expression with its facts", bare, bare);
    tell("a rule judged with its facts", ours, bare);
    Ok(())
}

fn load() -> Result<Catalogue, Box<dyn Error>> {
    let source = Source {
        path: "base/registers/finding.toml".to_owned(),
        text: REGISTER.replace("{CHECK}", CHECK),
    };
    let loaded = registers::load(&[source], &Known::default());
    loaded.map_err(|reports| {
        let told: Vec<String> = reports.iter().map(ToString::to_string).collect();
        told.join("\n").into()
    })
}

fn judged(
    catalogue: &Catalogue,
    definition: &Definition,
    vars: &Map<String, Value>,
) -> Result<f64, Box<dyn Error>> {
    let regimes = catalogue.in_force(std::iter::empty::<&str>())?;
    let calendar = Calendar::default();
    let (today, now) = ("2026-03-02".parse()?, "2026-03-02T01:00:00Z".parse()?);
    often(|| {
        let facts = Facts::new(vars.clone(), today, now, &regimes.parameters, &calendar);
        Ok(rules::evaluate(definition, "close", &facts, &regimes).is_empty())
    })
}

fn bare_cel(vars: &Map<String, Value>) -> Result<f64, Box<dyn Error>> {
    let program = Program::compile(CHECK)?;
    // its functions are there once, as ours are
    let functions = Context::default();
    often(|| {
        let mut context = functions.new_inner_scope();
        for (name, value) in vars {
            context.add_variable(name.clone(), value.clone())?;
        }
        Ok(program.execute(&context)? == Cel::Bool(true))
    })
}

/// How often a second something holds.
fn often(mut holds: impl FnMut() -> Result<bool, Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let (begun, mut times) = (Instant::now(), 0_u32);
    while begun.elapsed() < ROUND {
        for _ in 0..100 {
            if !black_box(holds()?) {
                return Err("the rule holds".into());
            }
        }
        times += 100;
    }
    Ok(f64::from(times) / begun.elapsed().as_secs_f64())
}

fn middle(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}

fn tell(what: &str, rate: f64, bare: f64) {
    println!("figure\trules: {what}\t{rate:.0}\t/s\t{:.2}\t", rate / bare);
}
