use std::collections::HashSet;

use serde_json::Value;

use super::{described, openapi};
use crate::socket;

fn document() -> Value {
    openapi::complete(described().split_for_parts().1)
}

/// Each operation with its method and path.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    operations.collect()
}

/// All that a document refers to.
fn references<'a>(value: &'a Value, found: &mut HashSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match (name.as_str(), field.as_str()) {
                    ("$ref", Some(reference)) => drop(found.insert(reference)),
                    _ => references(field, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn every_operation_says_what_it_does_and_what_it_answers() {
    let document = document();
    let operations = operations(&document);
    assert!(
        operations.len() > 40,
        "only {} operations",
        operations.len()
    );
    let mut ids = HashSet::new();
    for (name, operation) in operations {
        let id = operation["operationId"].as_str().unwrap_or_default();
        assert!(ids.insert(id), "{name} has the id {id:?} of another one");
        assert!(
            operation["summary"].is_string(),
            "{name} says not what it does"
        );
        let answers = operation["responses"].as_object().expect("answers");
        assert!(
            answers.keys().any(|status| status.starts_with('2')),
            "{name} never succeeds"
        );
        let is_open = operation["security"].is_array();
        assert!(
            is_open || answers.contains_key("401"),
            "{name} is not for everybody"
        );
        for (status, answer) in answers
            .iter()
            .filter(|(status, _)| *status >= &"400".to_owned())
        {
            let kind = &answer["content"]["application/problem+json"];
            assert!(
                kind.is_object(),
                "{name} answers {status} with no problem document"
            );
        }
        let takes = |part: &str| operation[part].is_array() || operation[part].is_object();
        assert!(
            !takes("requestBody") || answers.contains_key("415"),
            "{name}"
        );
        assert!(
            !takes("parameters") || answers.contains_key("400"),
            "{name}"
        );
    }
}

#[test]
fn both_documents_refer_to_nothing_that_is_not_in_them() {
    for document in [document(), socket::contract()] {
        let mut found = HashSet::new();
        references(&document, &mut found);
        assert!(found.len() > 20, "only {found:?}");
        for reference in found {
            let pointer = reference.trim_start_matches('#');
            assert!(
                document.pointer(pointer).is_some(),
                "there is no {reference}"
            );
        }
    }
}

#[test]
fn there_is_one_set_of_schemas_for_both_documents() {
    let (rest, events) = (document(), socket::contract());
    let rest = rest["components"]["schemas"].as_object().expect("schemas");
    let events = events["components"]["schemas"]
        .as_object()
        .expect("schemas");
    let shared: Vec<_> = events
        .keys()
        .filter(|name| rest.contains_key(*name))
        .collect();
    assert!(shared.len() > 15, "only {shared:?}");
    for name in shared {
        assert_eq!(rest[name], events[name], "{name} is two things");
    }
}

#[test]
fn every_event_is_in_the_document_once_and_answered_if_it_is_said() {
    let document = socket::contract();
    let operations = document["operations"].as_object().expect("operations");
    for (key, operation) in operations {
        let message = format!("/components/messages/{key}");
        let message = document
            .pointer(&message)
            .expect("a message for each operation");
        assert!(message["summary"].is_string(), "{key} says not what it is");
        let is_said = key.starts_with("say.");
        assert_eq!(is_said, operation["reply"].is_object(), "{key}");
        assert_eq!(
            is_said || key == "connect",
            operation["action"] == "receive",
            "{key}"
        );
    }
    for (key, name) in [
        ("say.message.send", "message:send"),
        ("hear.typing", "typing"),
        ("say.typing", "typing"),
    ] {
        assert_eq!(document["components"]["messages"][key]["name"], name);
    }
}
