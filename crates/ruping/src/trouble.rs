//! What ended a verb, told with its stable code in the reader's language.

use crate::complaint::Complaint;
use api::serve;
use cli::{Exit, Terminal};
use domain::Text;

/// Tells it, and how the program ends.
pub(crate) fn tell(error: &anyhow::Error, terminal: &mut Terminal<'_>) -> Exit {
    if let Some(error) = error.downcast_ref::<cli::Error>() {
        return terminal.complain(error);
    }
    let (code, say) = describe(error);
    let causes: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
    terminal.complain_of(&code, &say, None, &causes.join(": "));
    Exit::Failed
}

fn describe(error: &anyhow::Error) -> (String, Text) {
    if let Some(error) = error.downcast_ref::<app::Error>() {
        return of_app(error);
    }
    if let Some(failed) = error.downcast_ref::<crate::demo::Failed>() {
        return (failed.code().to_owned(), failed.say());
    }
    if let Some(complaint) = error.downcast_ref::<Complaint>() {
        return (complaint.code.to_string(), complaint.say.clone());
    }
    if let Some(error) = error.downcast_ref::<serve::Error>() {
        return (error.code().to_owned(), error.say());
    }
    let en = error.to_string();
    (
        "ruping.failed".to_owned(),
        Text::new(format!("未能完成：{en}"), en),
    )
}

fn of_app(error: &app::Error) -> (String, Text) {
    match error {
        app::Error::Malformed { code, say }
        | app::Error::Unauthenticated { code, say }
        | app::Error::Conflict { code, say }
        | app::Error::Limited { code, say }
        | app::Error::Damaged { code, say, .. } => ((*code).to_owned(), say.clone()),
        app::Error::Denied { code, say, .. } => (code.clone(), say.clone()),
        app::Error::Unavailable(_) => (
            "unavailable".to_owned(),
            Text::new("数据库或密钥设备没有响应", error.to_string()),
        ),
        app::Error::Internal(_) => (
            "internal".to_owned(),
            Text::new("内部错误", error.to_string()),
        ),
        app::Error::Fields(_)
        | app::Error::Rules(_)
        | app::Error::StepUpNeeded
        | app::Error::NotFound
        | app::Error::Erased(_) => (
            "ruping.failed".to_owned(),
            Text::new(format!("未能完成：{error}"), error.to_string()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Language;

    #[test]
    fn a_failure_has_its_code_and_the_readers_words() {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut terminal = Terminal::new(&mut out, &mut err, Language::Zh, None);
        let say = Text::new("数据目录不是空的", "the data folder is not empty");
        let error = anyhow::Error::from(app::Error::Malformed {
            code: "init.not_empty",
            say,
        });
        assert_eq!(tell(&error, &mut terminal), Exit::Failed);
        assert_eq!(
            String::from_utf8(err).unwrap(),
            "ruping: 数据目录不是空的 [init.not_empty]\n  换一个空目录、空数据库\n"
        );
    }

    #[test]
    fn a_denial_by_a_server_is_an_answer_and_not_a_failure() {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut terminal = Terminal::new(&mut out, &mut err, Language::En, None);
        let problem = wire::Problem::new(404, "not found", "not_found", "there is no such thing");
        let error = cli::Error::Client(client::Error::Problem(Box::new(problem)));
        assert_eq!(tell(&error.into(), &mut terminal), Exit::Found);
    }
}
