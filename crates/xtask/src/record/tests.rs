//! One cluster per data folder.

use super::*;

#[test]
fn a_folder_is_claimed_once_and_free_again_afterwards() {
    let data = files::TemporaryFolder::create(&std::env::temp_dir(), "claim").unwrap();
    let first = Claim::take(data.path()).unwrap();
    assert!(Claim::take(data.path()).is_err());
    drop(first);
    Claim::take(data.path()).unwrap();
}

#[test]
fn a_folder_with_a_living_process_of_an_earlier_run_is_refused_by_name() {
    let data = files::TemporaryFolder::create(&std::env::temp_dir(), "claim").unwrap();
    let identity = Identity::of(std::process::id()).unwrap();
    let waves = vec![vec![Entry {
        name: "gateway-0".to_owned(),
        identity,
    }]];
    let earlier = Claim::take(data.path()).unwrap();
    earlier
        .write(&Record {
            supervisor: None,
            cluster: None,
            waves,
        })
        .unwrap();
    earlier.keep_record();
    let refusal = Claim::take(data.path()).err().unwrap().to_string();
    assert!(
        refusal.contains("gateway-0") && refusal.contains("cargo xtask down"),
        "{refusal}"
    );
}
