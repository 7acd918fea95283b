use confab_ids::RoomId;

use super::{Changes, Holds};
use crate::Topic;

fn topic() -> Topic {
    Topic::Room(RoomId::generate())
}

#[test]
fn only_the_first_holder_subscribes_and_only_the_last_unsubscribes() {
    let (mut holds, topic) = (Holds::default(), topic());
    assert!(holds.add(topic).0);
    assert_eq!(
        holds.changes(),
        Changes {
            subscribe: vec![topic],
            unsubscribe: vec![]
        }
    );
    holds.subscribed(&[topic]);
    assert!(!holds.add(topic).0);
    assert_eq!(holds.changes(), Changes::default());

    assert!(!holds.remove(topic));
    assert_eq!(holds.changes(), Changes::default());
    assert!(holds.remove(topic));
    assert_eq!(
        holds.changes(),
        Changes {
            subscribe: vec![],
            unsubscribe: vec![topic]
        }
    );
    holds.unsubscribed(&[topic]);
    assert_eq!((holds.len(), holds.changes()), (0, Changes::default()));
}

#[test]
fn a_topic_held_again_while_it_is_being_unsubscribed_is_subscribed_anew() {
    let (mut holds, topic) = (Holds::default(), topic());
    holds.add(topic);
    holds.subscribed(&[topic]);
    holds.remove(topic);
    assert_eq!(holds.changes().unsubscribe, [topic]);
    // Redis is being told to unsubscribe; meanwhile somebody needs the topic again.
    let (tell, confirmed) = holds.add(topic);
    assert!(tell && !*confirmed.borrow());
    holds.unsubscribed(&[topic]);
    assert_eq!(
        holds.changes(),
        Changes {
            subscribe: vec![topic],
            unsubscribe: vec![]
        }
    );
}

#[test]
fn a_broken_connection_makes_every_held_topic_unconfirmed() {
    let (mut holds, topic) = (Holds::default(), topic());
    let (_, confirmed) = holds.add(topic);
    holds.subscribed(&[topic]);
    assert!(*confirmed.borrow());
    holds.forget_all();
    assert!(!*confirmed.borrow());
    assert_eq!(holds.changes().subscribe, [topic]);
}
