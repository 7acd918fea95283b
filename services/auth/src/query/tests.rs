use confab_ids::UserId;

use super::{Query, QueryInvalid};

#[test]
fn a_query_is_folded_and_its_limit_has_a_default() {
    let query = Query::read("ÄNN", 0, "").unwrap();
    assert_eq!(
        query,
        Query {
            // Usernames are ASCII: what is not is nobody's.
            username: "Änn".to_owned(),
            display_name: "änn".to_owned(),
            limit: 20,
            after: None,
        }
    );
}

#[test]
fn a_query_is_counted_in_characters_and_bounded() {
    assert!(Query::read(&"ä".repeat(64), 50, "").is_ok());
    let user = UserId::generate().to_string();
    assert!(Query::read("ann", 1, &user).is_ok());
    for (query, limit, after) in [
        ("", 1, ""),
        (&*"x".repeat(65), 1, ""),
        ("ann", -1, ""),
        ("ann", 51, ""),
        ("ann", 1, "nobody"),
    ] {
        assert_eq!(
            Query::read(query, limit, after),
            Err(QueryInvalid),
            "{query:?} {limit} {after:?}"
        );
    }
}
