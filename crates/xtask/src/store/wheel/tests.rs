//! What a person is told when pip fails.

use super::*;

fn wheel(sha256: &'static str) -> Wheel {
    let system: &'static str = system().leak();
    let build = Build {
        system,
        tag: "manylinux_2_28_x86_64",
        sha256,
        program: "p",
    };
    let builds: &'static [Build] = vec![build].leak();
    Wheel {
        project: "thing",
        version: "1",
        variable: "THING_URL",
        server: "a thing",
        builds,
    }
}

#[test]
fn each_way_pip_fails_gets_a_sentence_of_its_own() {
    let wheel = wheel("00");
    assert!(
        wheel
            .diagnose("/bin/python3: No module named pip")
            .contains("python3-pip")
    );
    assert!(
        wheel
            .diagnose("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES")
            .contains("hash differs")
    );
    assert!(
        wheel
            .diagnose("NewConnectionError('…: failed')")
            .contains("network")
    );
    assert!(wheel.diagnose("something new").contains("thing 1"));
}

#[test]
fn a_program_that_is_there_is_not_fetched_again() {
    let tools = TemporaryFolder::create(&std::env::temp_dir(), "tools").unwrap();
    let home = tools.path().join("thing-1");
    std::fs::create_dir_all(&home).unwrap();
    std::fs::write(home.join("p"), "").unwrap();
    assert_eq!(wheel("00").install(tools.path()).unwrap(), home.join("p"));
}

#[test]
fn a_system_without_a_build_is_told_what_to_do_instead() {
    let mut wheel = wheel("00");
    wheel.builds = &[];
    let refusal = wheel
        .install(Path::new("/nowhere"))
        .unwrap_err()
        .to_string();
    assert!(
        refusal.contains(&system()) && refusal.contains("set THING_URL"),
        "{refusal}"
    );
}
