use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::contract;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn an_event_is_told_by_its_name_in_the_table_alone() {
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    assert!(files.len() > 100, "only {} sources", files.len());
    for file in files.iter().filter(|file| !file.ends_with("told/tests.rs")) {
        let source = fs::read_to_string(file).expect("a source");
        let tight: String = source.split_whitespace().collect();
        for telling in [r#".emit(""#, r#".tell(""#] {
            assert!(
                !tight.contains(telling),
                "{} tells by a name of its own",
                file.display()
            );
        }
    }
}

#[test]
fn no_two_events_have_one_name() {
    let mut names = HashSet::new();
    for event in contract() {
        assert!(names.insert(event.name), "{} is there twice", event.name);
    }
}
