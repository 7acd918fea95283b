use super::{FileName, MediaState};

#[test]
fn a_name_loses_what_does_not_belong_into_one() {
    for (given, kept) in [
        ("cat.png", "cat.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\cat.png", "cat.png"),
        ("a\u{202e}gnp.exe", "agnp.exe"),
        ("line\r\nbreak\u{0}.txt", "linebreak.txt"),
        (" .. ", ""),
        (".htaccess", "htaccess"),
        ("Kätzchen 😺.png", "Kätzchen 😺.png"),
        ("", ""),
    ] {
        assert_eq!(FileName::clean(given).as_str(), kept, "{given:?}");
    }
}

#[test]
fn a_long_name_keeps_its_ending_and_whole_characters() {
    let name = FileName::clean(&format!("{}.png", "ä".repeat(300)));
    assert_eq!(name.as_str().len(), 254);
    assert!(name.as_str().ends_with("ä.png"));
    let without = FileName::clean(&"ä".repeat(300));
    assert_eq!(without.as_str().len(), 254);
}

#[test]
fn a_state_reads_back_what_it_writes_and_an_unknown_one_is_not_used() {
    for state in [MediaState::Pending, MediaState::Ready, MediaState::Doomed] {
        assert_eq!(MediaState::stored(state.word()), state);
    }
    assert_eq!(MediaState::stored("quarantined"), MediaState::Doomed);
}
