//! The manifests say what the services need.

use confab_e2e::python;

#[tokio::test]
async fn the_manifests_are_valid_and_agree_with_the_services() {
    let script = python(&["-m", "pytest", "-q", "deploy"]).await;
    assert!(script.succeeded, "{}", script.output);
}
