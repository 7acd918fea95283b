use confab_ids::UserId;

use super::Edge;

#[test]
fn a_user_was_last_seen_when_the_last_socket_went() {
    let user = UserId::generate();
    assert_eq!(
        Edge::offline(user, 1_763_683_200_123_456).last_seen_at_ms(),
        1_763_683_200_123
    );
    assert_eq!(
        Edge::online(user, 1_763_683_200_123_456).last_seen_at_ms(),
        0
    );
}
