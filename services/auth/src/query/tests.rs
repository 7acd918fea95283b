use super::{Query, QueryInvalid};

#[test]
fn a_query_is_folded_and_its_limit_has_a_default() {
    let query = Query::read("Ann", 0).unwrap();
    assert_eq!(
        query,
        Query {
            prefix: "ann".to_owned(),
            limit: 20
        }
    );
}

#[test]
fn a_query_is_counted_in_characters_and_bounded() {
    assert!(Query::read(&"ä".repeat(32), 50).is_ok());
    for (query, limit) in [("", 1), (&*"x".repeat(33), 1), ("ann", -1), ("ann", 51)] {
        assert_eq!(
            Query::read(query, limit),
            Err(QueryInvalid),
            "{query:?} {limit}"
        );
    }
}
