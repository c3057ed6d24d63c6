//! What people call the kinds of acts, wherever a policy or its effect is shown.

use domain::Text;

use super::Kind;

impl Kind {
    /// Its name as shown to people.
    pub fn name(self) -> Text {
        let (zh, en) = match self {
            Self::Act => ("办理其他登记事项", "do another step of a register"),
            Self::List => ("查阅登记", "look records up"),
            Self::OpenContent => ("打开文件内容", "open content"),
            Self::Draft => ("拟稿", "draft"),
            Self::Propose => ("提请审定", "put up for decision"),
            Self::Request => ("申请", "ask for something"),
            Self::Correct => ("更正", "correct"),
            Self::Cancel => ("撤销", "cancel"),
            Self::Report => ("报告", "report an incident"),
            Self::Approve => ("审批", "decide on a request"),
            Self::Delegate => ("委托", "delegate"),
            Self::BreakGlass => ("应急查阅", "break glass"),
            Self::Register => ("登记编号", "enter in a register"),
            Self::TakeOver => ("补录", "take over opening stock"),
            Self::Import => ("批量导入", "take a file in"),
            Self::Receive => ("签收", "receive"),
            Self::Make => ("制作", "make copies"),
            Self::Reproduce => ("复制、摘录", "copy or excerpt"),
            Self::Print => ("打印", "print"),
            Self::Dispatch => ("寄发", "send out"),
            Self::Circulate => ("传阅", "circulate"),
            Self::Brief => ("口头传达", "convey by word of mouth"),
            Self::Lend => ("借出", "lend"),
            Self::Return => ("归还", "give back"),
            Self::CarryOut => ("携带外出", "carry out of the house"),
            Self::Recall => ("清退", "call back"),
            Self::Surrender => ("上交", "hand in"),
            Self::HandOver => ("移交", "hand over"),
            Self::StockTake => ("清点", "take stock"),
            Self::Archive => ("归档", "archive"),
            Self::Destroy => ("销毁", "destroy"),
            Self::Lose => ("报告下落不明", "report missing"),
            Self::Find => ("报告找回", "report found"),
            Self::Classify => ("定密", "classify"),
            Self::Reclassify => ("变更密级", "change a classification"),
            Self::Declassify => ("解密", "declassify"),
            Self::WidenScope => ("扩大知悉范围", "widen the scope"),
            Self::Release => ("公开发布", "release to the public"),
            Self::Export => ("导出", "take out in a file"),
            Self::Count => ("统计", "count"),
            Self::ReadLog => ("查看日志", "read the log"),
            Self::ReadRunning => ("查看运行情况", "read how the system runs"),
            Self::ReadRules => ("查看制度和策略", "read the rules of the house"),
            Self::ManageAccounts => ("管理账号", "manage accounts"),
            Self::ManageRoles => ("授予和收回角色", "give and take roles"),
            Self::ManagePolicies => ("管理策略", "manage policies"),
            Self::ManageKeys => ("管理密钥", "manage keys"),
            Self::ManageBackup => ("备份和恢复", "back up and restore"),
            Self::ManageSettings => ("安装和设置", "install and set"),
        };
        Text::new(zh, en)
    }
}
