use super::{IdInvalid, MediaId, RoomId};

#[test]
fn an_id_reads_back_what_it_writes() {
    let id = RoomId::generate();
    assert_eq!(id.to_string().len(), 24);
    assert_eq!(id.to_string().parse(), Ok(id));
}

#[test]
fn a_text_that_is_not_24_hex_digits_is_refused() {
    for text in [
        "",
        "abc",
        "zzzzzzzzzzzzzzzzzzzzzzzz",
        "65f0c0ffee65f0c0ffee65f0c",
    ] {
        assert_eq!(text.parse::<RoomId>(), Err(IdInvalid), "{text:?}");
    }
}

#[test]
fn an_upload_is_found_by_its_path_and_by_nothing_else() {
    let id = MediaId::generate();
    assert_eq!(MediaId::of_path(&id.path()), Some(id));
    for path in [
        "/api/media/",
        "/api/media/direct",
        "https://example.org/api/media/1",
    ] {
        assert_eq!(MediaId::of_path(path), None, "{path}");
    }
    assert_eq!(MediaId::of_path(&format!("{}/thumbnail", id.path())), None);
}
