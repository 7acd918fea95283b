use super::{Allowed, examine, sniff};
use crate::media::MediaError;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const WEBM: &[u8] = b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm";

fn allowed(types: &[&str]) -> Allowed {
    let types: Vec<String> = types.iter().map(|one| (*one).to_owned()).collect();
    Allowed::new(&types)
}

#[test]
fn bytes_are_what_they_begin_with() {
    for (bytes, found) in [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-1.7", "application/pdf"),
        (b"just words, \xc3\xa4 and all", "text/plain"),
        (b"cut in the middle \xc3", "text/plain"),
        (b"<3 is no tag", "text/plain"),
        (b"\0\x01\x02\x03", "application/octet-stream"),
        (b"<!DOCTYPE html><html>", "text/html"),
        (b"\n  <ScRiPt>alert(1)</script>", "text/html"),
        (b"\xef\xbb\xbf<html>", "text/html"),
        (b"<svg onload=alert(1)>", "image/svg+xml"),
        (b"<?xml version=\"1.0\"?><svg>", "image/svg+xml"),
        (b"<?xml version=\"1.0\"?><feed>", "text/xml"),
    ] {
        assert_eq!(sniff(bytes), found, "{}", bytes.escape_ascii());
    }
}

#[test]
fn what_pretends_to_be_something_else_is_refused() {
    let all = allowed(&["image/*", "text/*", "application/pdf"]);
    for (bytes, declared) in [
        (&b"<html><script>"[..], "image/png"),
        (b"words", "image/png"),
        (b"words", "application/pdf"),
        (PNG, "video/mp4"),
    ] {
        let outcome = examine(bytes, declared, &all);
        assert!(
            matches!(outcome, Err(MediaError::TypeMismatch { .. })),
            "{declared}: {outcome:?}"
        );
    }
    let jpeg = examine(PNG, "image/jpeg; charset=x", &all);
    assert_eq!(
        jpeg.unwrap(),
        "image/png",
        "what it is counts, not what is said"
    );
    assert_eq!(
        examine(b"{}", "application/json", &all).unwrap(),
        "text/plain"
    );
}

#[test]
fn only_what_is_allowed_is_taken() {
    let few = allowed(&["image/png", "audio/*"]);
    assert_eq!(examine(PNG, "", &few).unwrap(), "image/png");
    let refused = examine(b"GIF89a", "", &few);
    assert!(matches!(refused, Err(MediaError::TypeNotAllowed(found)) if found == "image/gif"));
    assert!(matches!(examine(b"", "", &few), Err(MediaError::Empty)));
}

#[test]
fn a_box_for_sound_and_films_is_what_the_client_says_of_the_two() {
    let sound = allowed(&["audio/*", "video/*"]);
    let webm = [WEBM, &[0; 300]].concat();
    assert_eq!(
        examine(&webm, "audio/webm;codecs=opus", &sound).unwrap(),
        "audio/webm"
    );
    assert_eq!(examine(&webm, "video/webm", &sound).unwrap(), "video/webm");
}

#[test]
fn a_list_of_types_has_types_alone() {
    let types = |text: &str| vec![text.to_owned()];
    for wrong in ["", "image", "*/*", "/png", "image/"] {
        assert!(Allowed::mistake(&types(wrong)).is_some(), "{wrong}");
    }
    assert_eq!(Allowed::mistake(&types("image/*")), None);
}
