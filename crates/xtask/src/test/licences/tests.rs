//! What `deny.toml` refuses, by name.

use super::*;
use serde_json::{Value, json};

const POLICY: &str = r#"
    graph = { targets = [] }
    [licenses]
    allow = ["MIT"]
    exceptions = [{ crate = "roots", allow = ["CDLA-Permissive-2.0"] }]
    [bans]
    deny = [{ crate = "mongodb", wrappers = ["store"], reason = "only the store" }]
"#;

fn package(name: &str, licence: Value, source: Value) -> Value {
    json!({"id": name, "name": name, "version": "1.0.0", "license": licence, "source": source})
}

fn complain(packages: Value, nodes: Value) -> Vec<String> {
    let json = json!({"packages": packages, "resolve": {"nodes": nodes}});
    let graph = Graph::parse(json.to_string().as_bytes()).unwrap();
    complaints(&Policy::parse(POLICY).unwrap(), &graph)
}

#[test]
fn a_licence_outside_the_list_or_none_at_all_is_refused_by_name() {
    let packages = json!([
        package("good", json!("MIT OR GPL-3.0"), json!(null)),
        package("viral", json!("GPL-3.0"), json!(null)),
        package("silent", json!(null), json!(null)),
    ]);
    let complaints = complain(packages, json!([]));
    assert_eq!(complaints.len(), 2, "{complaints:?}");
    assert!(complaints[0].contains("viral 1.0.0") && complaints[1].contains("silent 1.0.0"));
}

#[test]
fn an_exception_holds_for_its_own_package_only() {
    let licence = json!("CDLA-Permissive-2.0");
    let packages = json!([
        package("roots", licence.clone(), json!(null)),
        package("other", licence, json!(null)),
    ]);
    let complaints = complain(packages, json!([]));
    assert!(
        matches!(&complaints[..], [one] if one.starts_with("other")),
        "{complaints:?}"
    );
}

#[test]
fn only_wrappers_may_depend_on_a_banned_package() {
    let packages = json!([
        package("mongodb", json!("MIT"), json!(null)),
        package("store", json!("MIT"), json!(null)),
        package("gateway", json!("MIT"), json!(null)),
    ]);
    let nodes = json!([
        {"id": "store", "dependencies": ["mongodb"]},
        {"id": "gateway", "dependencies": ["store", "mongodb"]},
    ]);
    assert_eq!(
        complain(packages, nodes),
        ["gateway depends on mongodb: only the store"]
    );
}

#[test]
fn a_dependency_from_a_git_repository_is_refused() {
    let packages = json!([
        package("published", json!("MIT"), json!("registry+somewhere")),
        package("copied", json!("MIT"), json!("git+somewhere")),
    ]);
    let complaints = complain(packages, json!([]));
    assert!(
        matches!(&complaints[..], [one] if one.starts_with("copied")),
        "{complaints:?}"
    );
}
