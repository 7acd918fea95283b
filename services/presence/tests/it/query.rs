//! Who is online, in the order asked for.

use confab_ids::UserId;
use confab_testkit::Redis;

use crate::replica::{Replica, users};
use crate::watch::Watcher;

#[tokio::test]
async fn a_query_answers_a_thousand_users_in_the_order_asked_for() {
    let redis = Redis::fresh();
    let replica = Replica::start(&redis).await;
    let asked = users(1_000);
    for (number, user) in asked
        .iter()
        .enumerate()
        .filter(|(number, _)| number % 7 == 0)
    {
        for socket in 0..=number % 3 {
            replica.connects(*user, &format!("s{socket}"), "g").await;
        }
    }
    let presences = replica.query(&asked).await;
    assert_eq!(presences.len(), 1_000);
    for (number, (user, presence)) in asked.iter().zip(presences).enumerate() {
        let sockets = if number % 7 == 0 {
            i32::try_from(number % 3 + 1).unwrap()
        } else {
            0
        };
        assert_eq!(presence.user_id, user.to_string());
        assert_eq!(
            (presence.online, presence.connections),
            (sockets > 0, sockets)
        );
    }
}

#[tokio::test]
async fn a_user_asked_for_twice_is_answered_twice_and_nobody_is_answered_for_nobody() {
    let redis = Redis::fresh();
    let replica = Replica::start(&redis).await;
    let (here, away) = (UserId::generate(), UserId::generate());
    replica.connects(here, "s", "g").await;
    let answer = replica.query(&[here, away, here]).await;
    let answered: Vec<_> = answer
        .iter()
        .map(|presence| (presence.online, presence.connections))
        .collect();
    assert_eq!(answered, [(true, 1), (false, 0), (true, 1)]);
    assert!(replica.query(&[]).await.is_empty());
}

#[tokio::test]
async fn whoever_left_a_moment_ago_is_online_until_it_was_told() {
    let redis = Redis::fresh();
    let user = UserId::generate();
    let watcher = Watcher::of(&redis, &[user]).await;
    let replica = Replica::start_patient(&redis).await;
    replica.connects(user, "s", "g").await;
    replica.disconnects(user, "s", "g").await;
    assert_eq!(replica.presence_of(user).await, (true, 0));
    watcher.hears(user, 2).await;
    assert_eq!(replica.presence_of(user).await, (false, 0));
}
