use confab_ids::{MessageId, UserId};

use super::{MOST_EMOJI, State};
use crate::message::change::{Act, Emoji};

fn emoji(text: &str) -> Emoji {
    Emoji::parse(text.to_owned()).unwrap()
}

fn edit(content: &str) -> Act {
    Act::Edit {
        content: content.to_owned(),
        mentions: Vec::new(),
    }
}

fn after(acts: &[(UserId, Act)]) -> State {
    let mut state = State::default();
    for (rev, (user, act)) in (1..).zip(acts) {
        state.apply(act, *user, rev, 1_000 + rev);
    }
    state
}

#[test]
fn reacting_twice_is_reacting_once_and_the_last_one_takes_the_emoji_along() {
    let (ann, ben) = (UserId::generate(), UserId::generate());
    let heart = emoji("❤️");
    let reacted = after(&[
        (ann, Act::React(heart.clone())),
        (ann, Act::React(heart.clone())),
        (ben, Act::React(emoji("👍"))),
        (ben, Act::React(heart.clone())),
    ]);
    let counts: Vec<_> = reacted
        .reactions
        .iter()
        .map(|r| (r.emoji.as_str(), r.users.len()))
        .collect();
    assert_eq!(counts, [("❤️", 2), ("👍", 1)]);
    let mut taken_back = reacted;
    taken_back.apply(&Act::Unreact(heart.clone()), ann, 5, 0);
    taken_back.apply(&Act::Unreact(heart.clone()), ben, 6, 0);
    taken_back.apply(&Act::Unreact(heart), ben, 7, 0);
    assert_eq!(taken_back.reactions.len(), 1);
    assert_eq!(taken_back.changed_rev, 7);
}

#[test]
fn a_message_has_room_for_so_many_emoji() {
    let ann = UserId::generate();
    let many: Vec<_> = (0..=MOST_EMOJI)
        .map(|number| (ann, Act::React(emoji(&format!(":{number}:")))))
        .collect();
    let state = after(&many);
    assert_eq!(state.reactions.len(), MOST_EMOJI);
    assert!(!state.has_room_for(&emoji("new")));
    assert!(state.has_room_for(&emoji(":0:")));
}

#[test]
fn deleting_takes_everything_but_the_thread_and_what_comes_later_does_nothing() {
    let (ann, reply) = (UserId::generate(), MessageId::generate());
    let state = after(&[
        (ann, edit("changed")),
        (ann, Act::React(emoji("👍"))),
        (ann, Act::Pin),
        (ann, Act::Reply(reply)),
        (ann, Act::Delete),
        (ann, edit("too late")),
        (ann, Act::Pin),
        (ann, Act::Delete),
        (ann, Act::Reply(MessageId::generate())),
    ]);
    assert_eq!(state.deleted_at_ms, 1_005);
    assert_eq!((state.content, state.pinned_at_ms), (None, 0));
    assert!(state.reactions.is_empty());
    assert_eq!(state.thread.map(|thread| thread.count), Some(2));
    assert_eq!(state.changed_rev, 9);
}

#[test]
fn an_emoji_is_short_and_has_no_white_space() {
    for bad in ["", " ", "a b", "a\n", &"x".repeat(65)] {
        assert!(Emoji::parse(bad.to_owned()).is_err(), "{bad:?}");
    }
    for good in ["👍", "👩‍👩‍👧‍👦", ":party:"] {
        assert!(Emoji::parse(good.to_owned()).is_ok(), "{good:?}");
    }
}
