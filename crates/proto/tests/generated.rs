//! The committed code is what the committed contracts compile to.

use std::collections::BTreeMap;
use std::path::Path;

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into(),
                std::fs::read(path).unwrap(),
            )
        })
        .collect()
}

#[test]
fn the_generated_code_is_current() {
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated");
    let _ = std::fs::remove_dir_all(&fresh);
    std::fs::create_dir_all(&fresh).unwrap();
    confab_proto_gen::generate(&fresh).unwrap();

    let committed = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/gen"));
    let fresh = files(&fresh);
    assert_eq!(
        committed.keys().collect::<Vec<_>>(),
        fresh.keys().collect::<Vec<_>>(),
        "run `cargo xtask gen`"
    );
    for (name, bytes) in fresh {
        assert!(
            committed[&name] == bytes,
            "{name} is stale: run `cargo xtask gen`"
        );
    }
}
