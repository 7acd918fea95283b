use super::{ConnectionId, ConnectionIdInvalid};

#[test]
fn a_connection_id_reads_back_what_it_writes() {
    for text in ["a", "Zm9vYmFy_-9AAAAB", &"x".repeat(64)] {
        assert_eq!(text.parse::<ConnectionId>().unwrap().to_string(), text);
    }
}

#[test]
fn a_connection_id_is_neither_empty_nor_long_nor_blank_nor_foreign() {
    for text in ["", " ", "a b", "a\n", "\0", "é", &"x".repeat(65)] {
        assert_eq!(
            text.parse::<ConnectionId>(),
            Err(ConnectionIdInvalid),
            "{text:?}"
        );
    }
}
