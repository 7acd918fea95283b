use serde::Deserialize;

use super::{Object, objects};

#[derive(Debug, Deserialize, PartialEq)]
struct Pair {
    one: Option<i32>,
    other: Option<i32>,
}

#[derive(Deserialize)]
struct Pairs {
    #[serde(deserialize_with = "objects")]
    pairs: Vec<Pair>,
}

fn read(text: &str) -> Result<Pair, String> {
    serde_json::from_str(text)
        .map(|Object(pair)| pair)
        .map_err(|error| error.to_string())
}

#[test]
fn an_object_is_read() {
    let pair = Pair {
        one: Some(1),
        other: None,
    };
    assert_eq!(read(r#"{"one": 1, "more": []}"#), Ok(pair));
}

#[test]
fn a_list_of_the_fields_is_refused_also_within() {
    let error = read("[1, 2]").expect_err("a list is no object");
    assert!(error.contains("expected an object"), "{error}");
    assert!(serde_json::from_str::<Pairs>(r#"{"pairs": [[1, 2]]}"#).is_err());
    let pairs: Pairs = serde_json::from_str(r#"{"pairs": [{"one": 1}]}"#).expect("an object");
    assert_eq!(pairs.pairs[0].one, Some(1));
}
