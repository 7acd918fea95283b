use super::{IdInvalid, RoomId};

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
