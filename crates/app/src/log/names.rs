//! What entries are called when people read them. What the act of a register is called stands in its definition.

use crate::{custody::Movement, error::text};
use domain::Text;
use ledger::Entry;
use registers::Catalogue;

/// Events that are no act of a register.
const EVENTS: &[(&str, &str, &str)] = &[
    ("account.manage_accounts", "管理账号", "account managed"),
    ("account.manage_roles", "管理角色", "roles managed"),
    ("account.password_changed", "修改口令", "password changed"),
    ("account.register", "建立首批账号", "first accounts made"),
    ("approval.approved", "审批同意", "approved"),
    ("approval.assigned", "确定办理人", "decider assigned"),
    ("approval.refused", "审批不同意", "refused"),
    ("approval.released", "办理人退回待办", "decider released"),
    ("approval.requested", "提交审批", "approval requested"),
    ("approval.returned", "退回申请人", "returned to who asked"),
    (
        "approval.superseded",
        "审批作废，另行提交",
        "approval superseded",
    ),
    ("approval.withdrawn", "撤回申请", "request withdrawn"),
    ("clock.dropped", "期限取消", "deadline dropped"),
    ("clock.overdue", "期限已过", "deadline passed"),
    ("clock.started", "期限开始计算", "deadline began"),
    ("clock.stopped", "期限停止计算", "deadline stopped"),
    ("clock.warned", "期限提醒", "deadline reminded of"),
    ("content.erased", "内容销毁", "content erased"),
    ("content.inspected", "检查内容", "content inspected"),
    ("content.opened", "打开电子文件", "file opened"),
    ("definition.loaded", "启用台账定义", "definition in use"),
    ("knowledge.entered", "登记知悉", "knowledge recorded"),
    (
        "log.tail_taken",
        "接受日志尾部缺失",
        "lost end of the log taken over",
    ),
    ("policies.loaded", "启用访问策略", "policies in use"),
    ("record.exported", "随文件导出", "taken out in a file"),
    ("record.printed", "打印", "printed"),
    ("records.exported", "导出", "exported"),
    ("regime.gone", "停用制度", "regime no longer in use"),
    ("regime.loaded", "启用制度", "regime in use"),
    ("session.closed", "退出登录", "logged out"),
    ("session.locked", "账号锁定", "account locked"),
    ("session.opened", "登录", "logged in"),
    ("session.refused", "登录失败", "login refused"),
    ("session.stepped_up", "再次认证", "identity proved again"),
    ("token.made", "建立访问令牌", "token made"),
    ("token.revoked", "撤销访问令牌", "token revoked"),
    (
        "totp.proposed",
        "申请绑定动态口令",
        "second factor proposed",
    ),
    ("totp.recovery_used", "使用恢复码", "recovery code used"),
    ("totp.removed", "解除动态口令", "second factor removed"),
    ("totp.set_up", "绑定动态口令", "second factor set up"),
];

/// Acts of every register, which no definition names.
const ACTS: &[(&str, &str, &str)] = &[
    (
        "carry_over",
        "按新定义转入",
        "carried over to a new definition",
    ),
    ("relabel", "密级标志随之变更", "label followed"),
];

/// What happened, in words.
pub(super) fn name_of(catalogue: &Catalogue, entry: &Entry) -> Option<Text> {
    let action = entry.action.as_str();
    find(EVENTS, action).or_else(|| {
        let (register, act) = action.rsplit_once('.')?;
        if register == "custody" {
            let moved = Movement::of(act)?.name();
            let (zh, en) = (format!("载体{}", moved.zh), format!("copy {}", moved.en));
            return Some(text(&zh, &en));
        }
        let definition = catalogue.kept_as(register)?;
        let own = definition.actions.iter().find(|one| one.key == act);
        own.map(|own| own.name.clone()).or_else(|| find(ACTS, act))
    })
}

fn find(known: &[(&str, &str, &str)], key: &str) -> Option<Text> {
    let (_, zh, en) = known.iter().find(|(one, ..)| *one == key)?;
    Some(text(zh, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_found_by_their_names() {
        assert!(EVENTS.is_sorted_by_key(|(key, ..)| *key));
        assert!(
            EVENTS
                .iter()
                .all(|(_, zh, en)| !zh.is_empty() && !en.is_empty())
        );
    }
}
