use super::Secret;

#[test]
fn a_secret_never_shows_itself() {
    let secret: Secret = "mongodb://root:hunter2@db".parse().unwrap();
    assert!(!format!("{secret:?} {secret}").contains("hunter2"));
    assert_eq!(secret.expose(), "mongodb://root:hunter2@db");
}

#[test]
fn a_secret_may_live_in_a_file() {
    let path = std::env::temp_dir().join(format!("confab-secret-{}", std::process::id()));
    std::fs::write(&path, "hunter2\n").unwrap();
    let secret: Secret = format!("file:{}", path.display()).parse().unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(secret.expose(), "hunter2");
}

#[test]
fn a_missing_secret_file_is_named() {
    let error = "file:/nowhere/secret".parse::<Secret>().unwrap_err();
    assert!(error.contains("/nowhere/secret"), "{error}");
}
