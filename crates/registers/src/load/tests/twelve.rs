use super::*;

/// The twelve hardest registers, with the small ones they link to.
pub(super) fn twelve() -> Vec<Source> {
    let mut sources = folder(&root().join("docs/src/explanation/definitions"));
    assert_eq!(sources.len(), 12);
    sources.extend(helpers());
    sources
}

#[test]
fn the_twelve_hardest_registers_load() {
    let catalogue = loaded(&twelve());
    for key in [
        "receive",
        "classification",
        "making",
        "reproduction",
        "circulation",
        "loan",
        "stock_take",
        "destruction",
        "exam_session",
        "self_evaluation",
        "leaving",
        "meeting",
    ] {
        assert!(catalogue.definition(key).is_some(), "{key}");
    }
}
