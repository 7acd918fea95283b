//! A store that goes away, or does what it is asked and does not say so.

use std::time::Duration;

use confab_fault::{Fault, Kind};
use confab_proto::message::{GetRoomRequest, Message, SendMessageResponse};
use confab_testkit::{Mongo, eventually_within};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tonic::{Code, Status};

use crate::proxy::Proxy;
use crate::service::{
    Service, assert_is_a_log, create_group, new_users, refusal, send, send_many, stored,
};

/// Half of what an operation waits for the store.
const AT_ONCE: Duration = Duration::from_secs(2);
/// Long enough for a machine under load; a test that passes never waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// A room of two, in a service with a line to its store that can be made unreliable.
struct Place {
    mongo: Mongo,
    proxy: Proxy,
    service: Service,
    users: Vec<String>,
    room: String,
}

impl Place {
    /// With so many messages in it.
    async fn with(messages: usize) -> Self {
        let mongo = Mongo::fresh();
        let proxy = Proxy::open(&mongo).await;
        let service = Service::start(&proxy.to(&mongo)).await;
        let users = new_users(2);
        let room = create_group(&service.client, &users).await.id;
        send_many(&service.client, &users[0], &room, messages).await;
        Self {
            mongo,
            proxy,
            service,
            users,
            room,
        }
    }

    /// One more message in it.
    async fn send(&self, id: &str) -> Result<SendMessageResponse, Status> {
        send(&self.service.client, &self.users[0], &self.room, id).await
    }

    /// The same, when the store has been found again.
    async fn goes_on_with(&self, id: &str) -> SendMessageResponse {
        eventually_within(PATIENCE, "the store to be found again", async || {
            self.send(id).await.ok()
        })
        .await
    }

    /// More at once than can wait while the store is away. Answers how the first of them was refused, when
    /// the store is back and has all that was acknowledged.
    async fn is_flooded(&self) -> Status {
        self.proxy.cut();
        let mut waiting = JoinSet::new();
        // One connection carries only so many calls at once.
        let clients = [self.service.client.clone(), self.service.another_client()];
        for number in 0..4_500 {
            let client = clients[number % 2].clone();
            let (user, room) = (self.users[0].clone(), self.room.clone());
            waiting.spawn(async move { send(&client, &user, &room, &format!("w{number}")).await });
        }
        let refused = waiting.join_next().await.unwrap().unwrap().unwrap_err();

        self.proxy.mend();
        let answers = waiting.join_all().await;
        let log = stored(&self.mongo, &self.room).await;
        assert_is_a_log(&log);
        assert!(log.len() > answers.iter().filter(|answer| answer.is_ok()).count());
        refused
    }

    /// Many messages at once: how those were refused that were told so at once.
    async fn told_at_once(&self) -> Vec<(Code, String)> {
        let mut asking = JoinSet::new();
        for number in 0..50 {
            let (client, user, room) = (
                self.service.client.clone(),
                self.users[1].clone(),
                self.room.clone(),
            );
            asking.spawn(async move {
                let id = format!("m{number}");
                timeout(AT_ONCE, send(&client, &user, &room, &id)).await
            });
        }
        let answers = asking.join_all().await;
        let told = answers.into_iter().filter_map(Result::ok).map(refusal);
        told.collect()
    }
}

/// Whether it is worth trying again: it did not happen, or nobody knows.
fn is_for_now(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded)
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_whose_answers_are_lost_are_found_and_never_written_twice() {
    let mongo = Mongo::fresh();
    let proxy = Proxy::open(&mongo).await;
    let service = Service::start(&proxy.to(&mongo)).await;
    let users = new_users(8);
    let mut rooms = Vec::new();
    for _ in 0..3 {
        rooms.push(create_group(&service.client, &users).await.id);
    }

    // After each loss the driver takes half a second to trust the store again.
    proxy.lose_each(15);
    let mut senders = JoinSet::new();
    for user in &users {
        for room in &rooms {
            let (client, user, room) = (service.client.clone(), user.clone(), room.clone());
            senders.spawn(async move {
                let mut answers: Vec<SendMessageResponse> = Vec::new();
                for number in 0..6 {
                    // As a gateway does: what failed for now is sent again.
                    let id = format!("m{number}");
                    let answer = loop {
                        match send(&client, &user, &room, &id).await {
                            Ok(answer) => break answer,
                            Err(status) => assert!(is_for_now(&status), "{status}"),
                        }
                    };
                    answers.push(answer);
                }
                answers
            });
        }
    }
    let answers: Vec<SendMessageResponse> =
        senders.join_all().await.into_iter().flatten().collect();
    proxy.lose_each(0);

    let mut logs: Vec<Message> = Vec::new();
    for room in &rooms {
        let log = stored(&mongo, room).await;
        assert_is_a_log(&log);
        assert_eq!(log.len(), 48);
        logs.extend(log);
    }
    for answer in &answers {
        assert!(logs.contains(answer.message.as_ref().unwrap()));
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_what_the_store_was_asked_and_did_not_answer_nobody_says_that_it_did_not_happen() {
    let place = Place::with(1).await;

    // Not before it was asked: else it would be known that nothing happened.
    place.proxy.lose_all_after("in doubt");
    let sent = place.send("in doubt").await;
    let in_doubt = (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".to_owned());
    assert_eq!(refusal(sent), in_doubt);

    place.proxy.lose_each(0);
    let again = place.goes_on_with("in doubt").await;
    assert!(again.repeated);
    assert_eq!(stored(&place.mongo, &place.room).await.len(), 2);
    place.service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_outlives_a_short_outage() {
    let place = Place::with(3).await;

    place.proxy.cut();
    let mut waiting = JoinSet::new();
    for number in 0..20 {
        let (client, user, room) = (
            place.service.client.clone(),
            place.users[1].clone(),
            place.room.clone(),
        );
        waiting.spawn(async move { send(&client, &user, &room, &format!("w{number}")).await });
    }
    // Nobody is answered while the store is away, neither well nor badly.
    assert!(waiting.try_join_next().is_none());
    place.proxy.mend();
    for answer in waiting.join_all().await {
        assert!(!answer.unwrap().repeated);
    }

    let log = stored(&place.mongo, &place.room).await;
    assert_is_a_log(&log);
    assert_eq!(log.len(), 23);
    place.service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_can_wait_is_refused_with_the_time_to_come_back() {
    // If the machine stalls in the midst of it, it is known that the store is away before the queue is full,
    // and that is what is said first. Then it begins anew.
    let mut otherwise = Vec::new();
    while otherwise.len() < 5 {
        let place = Place::with(1).await;
        let refused = place.is_flooded().await;
        place.service.stop().await;
        assert!(is_for_now(&refused), "{refused}");
        let fault = Fault::from(refused);
        if fault.reason() == "LOG_BUSY" {
            assert_eq!(fault.kind(), Kind::Unavailable);
            assert!(fault.wait().is_some());
            return;
        }
        otherwise.push(fault);
    }
    panic!("nobody was told first that too many wait: {otherwise:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_store_is_away_callers_are_told_so_before_their_patience_ends() {
    let place = Place::with(1).await;

    place.proxy.cut();
    let mut client = place.service.client.clone();
    let get = GetRoomRequest {
        user_id: place.users[0].clone(),
        room_id: place.room.clone(),
    };
    let (sent, seen) = tokio::join!(place.send("now"), client.get_room(get));
    assert!(is_for_now(&sent.unwrap_err()));
    assert!(is_for_now(&seen.unwrap_err()));

    place.proxy.mend();
    let again = place.goes_on_with("now").await;
    assert_eq!(again.message.unwrap().seq, 2);
    place.service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_store_that_is_known_to_be_away_nobody_waits_for_an_answer() {
    let place = Place::with(1).await;

    place.proxy.cut();
    // The first wait in vain, and from them it is known.
    place.send("in vain").await.unwrap_err();
    // One every moment still asks, so of many at once almost all are told at once. None would be of those who
    // wait, for each of them waits longer than this deadline. Only a machine that stalls makes it take another
    // round.
    let unavailable = (Code::Unavailable, "STORE_UNAVAILABLE".to_owned());
    eventually_within(PATIENCE, "almost all to be told at once", async || {
        let told = place.told_at_once().await;
        assert!(told.iter().all(|told| *told == unavailable), "{told:?}");
        (told.len() > 40).then_some(())
    })
    .await;

    place.proxy.mend();
    place.goes_on_with("again").await;
    place.service.stop().await;
}
