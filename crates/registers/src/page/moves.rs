//! What is done with a record: by whom, what it asks, what it waits for and what follows.

use crate::model::{Action, Approval, Comment, Signer, Step};

use super::words::{both, code, codes, condition, table, who};

pub(super) fn table_of(actions: &[Action], approvals: &[Approval]) -> String {
    let rows: Vec<Vec<String>> = actions
        .iter()
        .filter(|action| !action.added)
        .map(|action| row(action, approvals))
        .collect();
    let head = [
        "操作 Action",
        "名称 Name",
        "状态 States",
        "何人 Who",
        "要求与结果 Asks and does",
    ];
    table(&head, &rows)
}

/// The actions that every register has without writing them.
pub(super) fn added(actions: &[Action]) -> String {
    let all: Vec<String> = actions
        .iter()
        .filter(|action| action.added)
        .map(|action| {
            format!(
                "{} {}: {}",
                code(&action.key),
                both(&action.name),
                who(&action.who)
            )
        })
        .collect();
    if all.is_empty() {
        return String::new();
    }
    format!("各台账共有 As in every register: {}\n", all.join("; "))
}

fn row(action: &Action, approvals: &[Approval]) -> Vec<String> {
    let name = match &action.help {
        Some(help) => format!("{}: {}", both(&action.name), both(help)),
        None => both(&action.name),
    };
    vec![
        code(&action.key),
        name,
        places(action),
        who(&action.who),
        notes(action, approvals).join("; "),
    ]
}

fn places(action: &Action) -> String {
    let from = if action.is_initial() {
        "新 new".to_owned()
    } else {
        codes(&action.from)
    };
    match &action.to {
        Some(to) => format!("{from} → {}", code(to)),
        None if action.to_any.is_empty() => from,
        None => format!("{from} → {}", codes(&action.to_any)),
    }
}

fn notes(action: &Action, approvals: &[Approval]) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(condition("条件 only when", action.when.as_ref()));
    if !action.input.is_empty() {
        notes.push(format!("填写 takes {}", codes(&action.input)));
    }
    if action.comment == Comment::Required {
        notes.push("须写理由 a reason is required".to_owned());
    }
    if action.step_up {
        notes.push("须二次验证 a fresh second factor".to_owned());
    }
    notes.extend(action.sign.iter().map(signer));
    let waits = approvals
        .iter()
        .filter(|approval| approval.action == action.key);
    notes.extend(waits.map(decisions));
    for (field, value) in &action.set {
        notes.push(format!(
            "设置 sets {} = {}",
            code(field),
            code(value.source())
        ));
    }
    notes.extend(
        action
            .effect
            .as_ref()
            .map(|effect| format!("效果 effect {}", code(effect))),
    );
    for creates in &action.creates {
        let each = condition("每个 for each", creates.each.as_ref()).unwrap_or_default();
        let register = &creates.register;
        notes.push(
            format!("生成 creates [{register}](#{register}) {each}")
                .trim_end()
                .to_owned(),
        );
    }
    for fan in &action.fan_out {
        let done = format!("{}.{}", fan.line, fan.action);
        notes.push(format!("逐行 on each line {}", code(&done)));
    }
    notes
}

fn signer(signer: &Signer) -> String {
    let methods: Vec<&str> = signer.method.iter().map(|method| method.key()).collect();
    let by = if methods.is_empty() {
        String::new()
    } else {
        format!(" ({})", methods.join(", "))
    };
    let when = condition(" 若 if", signer.when.as_ref()).unwrap_or_default();
    format!(
        "签字 signed by {} {}{by}{when}",
        signer.count,
        who(&signer.who)
    )
}

fn decisions(approval: &Approval) -> String {
    let steps: Vec<String> = approval.steps.iter().map(step).collect();
    format!("审批 decided by {}", steps.join(" → "))
}

fn step(step: &Step) -> String {
    let mut text = who(&step.who);
    if step.quorum > 1 {
        text = format!("{} × {text}", step.quorum);
    }
    if step.delegate {
        text.push_str(" (可委托 or whom they delegate)");
    }
    if step.parallel {
        text = format!("并行 beside: {text}");
    }
    match condition("若 if", step.when.as_ref()) {
        Some(when) => format!("{text} {when}"),
        None => text,
    }
}
