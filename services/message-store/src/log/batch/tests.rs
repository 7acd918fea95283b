use std::sync::Arc;
use std::time::Instant;

use confab_ids::{MessageId, RoomId, UserId};
use tokio::sync::oneshot;

use super::{Entry, Item, join};
use crate::error::Error;
use crate::log::recent::Recent;
use crate::log::{Appended, Draft, Head, What};
use crate::message::{Body, Change, ClientMessageId};

type Answered = oneshot::Receiver<Result<Appended, Error>>;

/// Somebody who sends to one room.
struct Sender {
    room: RoomId,
    from: UserId,
}

impl Sender {
    fn new() -> Self {
        Self {
            room: RoomId::generate(),
            from: UserId::generate(),
        }
    }

    fn sends(&self, id: &str) -> (Entry, Answered) {
        let (answer, answered) = oneshot::channel();
        let draft = Draft {
            room: self.room,
            from: self.from,
            client_message_id: ClientMessageId::parse(id.to_owned()).unwrap(),
            what: What::Message(Body {
                content: "hello".to_owned(),
                ..Body::default()
            }),
        };
        let id = MessageId::generate();
        (
            Entry {
                draft,
                id,
                arrived: Instant::now(),
                answer,
            },
            answered,
        )
    }
}

fn join_all(entries: Vec<Entry>) -> Vec<Item> {
    join(entries.into_iter(), &Recent::default())
}

fn answer(answered: &mut Answered) -> Appended {
    answered.try_recv().unwrap().unwrap()
}

#[test]
fn repeats_are_one_item_and_only_the_first_is_told_that_it_is_new() {
    let ann = Sender::new();
    let (first, mut first_answered) = ann.sends("a");
    let (other, _other_answered) = ann.sends("b");
    let (again, mut again_answered) = ann.sends("a");

    let mut items = join_all(vec![first, other, again]);

    assert_eq!(items.len(), 2);
    let mut item = items.remove(0);
    let head = Head {
        rev: 8,
        seq: 6,
        at_ms: 4,
    };
    assert_eq!(item.record.place(head, 5), head.next(5));
    let written = item.written();
    assert_eq!((written.rev, written.seq, written.at_ms), (9, 7, 5));
    let (first, again) = (answer(&mut first_answered), answer(&mut again_answered));
    assert_eq!((first.record, first.repeated), (written.clone(), false));
    assert_eq!((again.record, again.repeated), (written, true));
}

#[test]
fn the_same_id_from_others_or_in_another_room_is_another_message() {
    let (ann, ben) = (Sender::new(), Sender::new());
    let same_room = Sender {
        room: ann.room,
        from: ben.from,
    };
    let same_sender = Sender {
        room: ben.room,
        from: ann.from,
    };
    let entries = [&ann, &ben, &same_room, &same_sender].map(|sender| sender.sends("a").0);
    assert_eq!(join_all(entries.into()).len(), 4);
}

#[test]
fn a_message_found_in_the_store_is_new_only_if_it_is_ours() {
    let ann = Sender::new();
    for ours in [true, false] {
        let (entry, mut answered) = ann.sends("a");
        let item = join_all(vec![entry]).remove(0);
        let mut record = item.record.clone();
        if !ours {
            record.id = MessageId::generate();
        }
        item.found(&Arc::new(record));
        assert_eq!(answer(&mut answered).repeated, !ours);
    }
}

#[test]
fn a_repeat_of_a_recent_message_is_answered_at_once() {
    let ann = Sender::new();
    let mut recent = Recent::default();
    recent.keep(join_all(vec![ann.sends("a").0]).remove(0).written());

    let (again, mut answered) = ann.sends("a");
    let (new, _new_answered) = ann.sends("b");
    let items = join([again, new].into_iter(), &recent);

    assert_eq!(items.len(), 1);
    assert!(answer(&mut answered).repeated);
}

#[test]
fn only_so_many_recent_messages_are_kept() {
    let ann = Sender::new();
    let mut recent = Recent::default();
    for number in 0..2_000 {
        recent.keep(
            join_all(vec![ann.sends(&number.to_string()).0])
                .remove(0)
                .written(),
        );
    }
    assert!(recent.find(&ann.sends("1999").0.draft).is_some());
    assert!(recent.find(&ann.sends("0").0.draft).is_none());
}

#[test]
fn when_it_fails_all_who_sent_it_are_told() {
    let ann = Sender::new();
    let (first, mut first_answered) = ann.sends("a");
    let (again, mut again_answered) = ann.sends("a");
    join_all(vec![first, again])
        .remove(0)
        .failed(&Error::LogContended);
    for answered in [&mut first_answered, &mut again_answered] {
        assert!(matches!(
            answered.try_recv().unwrap(),
            Err(Error::LogContended)
        ));
    }
}

#[test]
fn a_change_takes_a_revision_and_no_number() {
    let ann = Sender::new();
    let mut record = join_all(vec![ann.sends("a").0]).remove(0).record;
    record.what = What::Change(Change {
        target: MessageId::generate(),
        act: crate::message::Act::Delete,
    });
    let head = Head {
        rev: 8,
        seq: 6,
        at_ms: 4,
    };
    let after = record.place(head, 3);
    assert_eq!((after.rev, after.seq, after.at_ms), (9, 6, 4));
    assert_eq!((record.rev, record.seq), (9, -9));
}
