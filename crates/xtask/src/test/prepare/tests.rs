//! When something has to be installed again.

use super::*;
use crate::files::TemporaryFolder;

#[test]
fn a_file_that_is_missing_is_newer_than_none() {
    let folder = TemporaryFolder::create(&std::env::temp_dir(), "newer").unwrap();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    std::fs::write(&old, "").unwrap();
    assert!(!newer(&new, &old) && !newer(&old, &new));
    std::fs::write(&new, "").unwrap();
    assert!(newer(&new, &old));
}
