use super::{AvatarUrl, AvatarUrlInvalid, Bio, BioInvalid, DisplayName, DisplayNameInvalid};

#[test]
fn a_display_name_may_be_empty_and_is_trimmed() {
    for (text, kept) in [
        ("", ""),
        ("  ", ""),
        (" Ann Lee ", "Ann Lee"),
        ("Zoë 🐈", "Zoë 🐈"),
    ] {
        assert_eq!(text.parse::<DisplayName>().unwrap().as_str(), kept);
    }
}

#[test]
fn a_display_name_is_counted_in_characters() {
    assert!("ë".repeat(64).parse::<DisplayName>().is_ok());
    assert_eq!(
        "ë".repeat(65).parse::<DisplayName>(),
        Err(DisplayNameInvalid)
    );
    assert_eq!("a\nb".parse::<DisplayName>(), Err(DisplayNameInvalid));
}

#[test]
fn a_picture_is_an_absolute_web_url_or_nothing() {
    for text in [
        "",
        "https://example.org/a.png",
        "http://127.0.0.1:8080/x?y=1#z",
        "/api/media/65f0c0ffee65f0c0ffee65f0",
    ] {
        assert_eq!(text.parse::<AvatarUrl>().unwrap().as_str(), text);
    }
    let long = format!("https://example.org/{}", "x".repeat(2_048));
    for text in [
        "a.png",
        "/a.png",
        "/api/media/../auth/logout",
        "//example.org/a.png",
        "javascript:alert(1)",
        "data:image/png;base64,AA",
        "file:///etc/passwd",
        "ftp://example.org/a",
        "https://",
        "https://a b",
        "https://a\n",
        &long,
    ] {
        assert_eq!(text.parse::<AvatarUrl>(), Err(AvatarUrlInvalid), "{text:?}");
    }
}

#[test]
fn a_bio_is_counted_in_characters_and_may_have_lines() {
    assert_eq!(
        " hello\nworld ".parse::<Bio>().unwrap().as_str(),
        "hello\nworld"
    );
    assert!("ë".repeat(500).parse::<Bio>().is_ok());
    for text in ["ë".repeat(501), "a\0b".to_owned(), "a\tb".to_owned()] {
        assert_eq!(text.parse::<Bio>(), Err(BioInvalid));
    }
}
