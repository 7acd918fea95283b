//! What is swept away and what is not.

use super::*;

#[test]
fn a_folder_of_a_killed_process_is_swept_away_and_one_of_the_living_is_not() {
    let parent = TemporaryFolder::create(&std::env::temp_dir(), "sweep").unwrap();
    let living = TemporaryFolder::create(parent.path(), "run").unwrap();
    // Larger than any pid.
    let (dead, foreign) = (
        parent.path().join("run-4294967295-0"),
        parent.path().join("run-x"),
    );
    std::fs::create_dir(&dead).unwrap();
    std::fs::create_dir(&foreign).unwrap();
    let _next = TemporaryFolder::create(parent.path(), "run").unwrap();
    assert!(!dead.exists() && foreign.exists() && living.path().exists());
}
