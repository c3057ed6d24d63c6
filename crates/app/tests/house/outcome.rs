//! What came of an act.

use app::{Error, Performed, RecordView};

pub(crate) fn done(result: Result<Performed, Error>) -> RecordView {
    match result {
        Ok(Performed::Done { record, .. }) => *record,
        Ok(other) => panic!("not done: {other:?}"),
        Err(error) => panic!("refused: {error:?}"),
    }
}

pub(crate) fn refused_by(result: Result<impl std::fmt::Debug, Error>, rule: &str) {
    match result {
        Err(Error::Rules(rules)) if rules.iter().any(|one| one.id == rule) => {}
        other => panic!("{rule} did not refuse: {other:?}"),
    }
}

pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result.unwrap_err() {
        Error::Conflict { code, .. } | Error::Malformed { code, .. } => code.to_owned(),
        Error::Denied { code, .. } => code,
        Error::NotFound => "not_found".to_owned(),
        other => panic!("another error: {other:?}"),
    }
}
