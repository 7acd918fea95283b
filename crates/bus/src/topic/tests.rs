use confab_ids::{RoomId, UserId};

use super::Topic;

#[test]
fn a_topic_reads_back_its_name() {
    let user = UserId::generate();
    for topic in [
        Topic::Room(RoomId::generate()),
        Topic::User(user),
        Topic::Presence(user),
    ] {
        assert_eq!(topic.to_string().parse(), Ok(topic));
    }
}

#[test]
fn a_foreign_channel_is_no_topic() {
    for name in [
        "",
        "room",
        "room:",
        "room:x",
        "rooms:65f0c0ffee65f0c0ffee65f0",
    ] {
        assert!(name.parse::<Topic>().is_err(), "{name:?}");
    }
}
