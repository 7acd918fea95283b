//! The service under test, and the words in which tests speak to it.

use std::net::SocketAddr;

use clap::Parser as _;
use confab_chassis::{CancellationToken, Configuration as _};
use confab_fault::Fault;
use confab_ids::UserId;
use confab_message_store::Config;
use confab_proto::message::media_service_client::MediaServiceClient;
use confab_proto::message::message_service_client::MessageServiceClient;
use confab_proto::message::room_service_client::RoomServiceClient;
use confab_proto::message::search_service_client::SearchServiceClient;
use confab_proto::message::{
    CreateRoomRequest, CreateRoomResponse, Message, Room, SendMessageRequest, SendMessageResponse,
};
use confab_testkit::Mongo;
use futures_util::TryStreamExt as _;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{DateTime, doc};
use tokio::task::JoinHandle;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};

pub type Client = MessageServiceClient<Channel>;

/// One replica, in this process.
pub struct Service {
    pub client: Client,
    address: SocketAddr,
    stop: CancellationToken,
    done: JoinHandle<anyhow::Result<()>>,
}

impl Service {
    pub async fn start(mongo: &Mongo) -> Self {
        Self::start_with(mongo, &[]).await
    }

    /// One replica with further arguments.
    pub async fn start_with(mongo: &Mongo, further: &[&str]) -> Self {
        let arguments = [
            "confab-message-store",
            "--grpc-addr=127.0.0.1:0",
            "--admin-addr=127.0.0.1:0",
            "--mongodb-uri",
            &mongo.uri,
            "--mongodb-database",
            &mongo.database,
        ];
        let config = Config::parse_from(arguments.iter().chain(further));
        assert_eq!(config.problems(), Vec::<String>::new());
        let stop = CancellationToken::new();
        let running = confab_message_store::start(config, stop.clone())
            .await
            .unwrap();
        let (_, grpc) = running
            .addresses
            .iter()
            .find(|(name, _)| *name == "grpc")
            .unwrap();
        let (client, address) = (client_of(*grpc), *grpc);
        Self {
            client,
            address,
            stop,
            done: tokio::spawn(running.done),
        }
    }

    /// Two replicas on the same database.
    pub async fn start_two(mongo: &Mongo) -> [Self; 2] {
        let (one, other) = tokio::join!(Self::start(mongo), Self::start(mongo));
        [one, other]
    }

    /// A client with a connection of its own.
    pub fn another_client(&self) -> Client {
        client_of(self.address)
    }

    /// A client that changes rooms.
    pub fn rooms(&self) -> RoomServiceClient<Channel> {
        let url = format!("http://{}", self.address);
        RoomServiceClient::new(Endpoint::from_shared(url).unwrap().connect_lazy())
    }

    /// A client that knows of uploads.
    pub fn media(&self) -> MediaServiceClient<Channel> {
        let url = format!("http://{}", self.address);
        MediaServiceClient::new(Endpoint::from_shared(url).unwrap().connect_lazy())
    }

    /// A client that searches.
    pub fn searching(&self) -> SearchServiceClient<Channel> {
        let url = format!("http://{}", self.address);
        SearchServiceClient::new(Endpoint::from_shared(url).unwrap().connect_lazy())
    }

    /// Asks it to stop and waits until it has drained.
    pub async fn stop(self) {
        self.stop.cancel();
        drop(self.client);
        self.done.await.unwrap().unwrap();
    }
}

/// A client that connects when it is first used.
pub fn client_of(address: SocketAddr) -> Client {
    MessageServiceClient::new(
        Endpoint::from_shared(format!("http://{address}"))
            .unwrap()
            .connect_lazy(),
    )
}

pub fn new_user() -> String {
    UserId::generate().to_string()
}

pub fn new_users(count: usize) -> Vec<String> {
    (0..count).map(|_| new_user()).collect()
}

/// Opens the room of two.
pub async fn open_pair(client: &Client, creator: &str, other: &str) -> CreateRoomResponse {
    let request = CreateRoomRequest {
        creator_id: creator.to_owned(),
        member_ids: vec![other.to_owned()],
        ..CreateRoomRequest::default()
    };
    client
        .clone()
        .create_room(request)
        .await
        .unwrap()
        .into_inner()
}

/// Creates a group of all these users, the first of whom is its creator.
pub async fn create_group(client: &Client, users: &[String]) -> Room {
    let request = CreateRoomRequest {
        creator_id: users[0].clone(),
        name: "A group".to_owned(),
        is_group: true,
        member_ids: users[1..].to_vec(),
    };
    client
        .clone()
        .create_room(request)
        .await
        .unwrap()
        .into_inner()
        .room
        .unwrap()
}

/// Sends a message; its content is its client message id.
pub async fn send(
    client: &Client,
    user: &str,
    room: &str,
    client_message_id: &str,
) -> Result<SendMessageResponse, Status> {
    let request = SendMessageRequest {
        user_id: user.to_owned(),
        room_id: room.to_owned(),
        content: client_message_id.to_owned(),
        client_message_id: client_message_id.to_owned(),
        ..SendMessageRequest::default()
    };
    Ok(client.clone().send_message(request).await?.into_inner())
}

/// Sends a message that says this.
pub async fn send_text(client: &Client, user: &str, room: &str, text: &str) -> Message {
    let request = SendMessageRequest {
        user_id: user.to_owned(),
        room_id: room.to_owned(),
        content: text.to_owned(),
        client_message_id: new_user(),
        ..SendMessageRequest::default()
    };
    let answer = client.clone().send_message(request).await;
    answer.unwrap().into_inner().message.unwrap()
}

/// Sends messages one after the other, numbered from 1.
pub async fn send_many(client: &Client, user: &str, room: &str, count: usize) -> Vec<Message> {
    let mut messages = Vec::with_capacity(count);
    for number in 1..=count {
        let sent = send(client, user, room, &format!("m{number}"))
            .await
            .unwrap();
        messages.push(sent.message.unwrap());
    }
    messages
}

/// The reason by which a call was refused, with its code.
pub fn refusal<T: std::fmt::Debug>(answer: Result<T, Status>) -> (Code, String) {
    let status = answer.map(drop).unwrap_err();
    (status.code(), Fault::from(status).reason().to_owned())
}

/// A room's log as the store has it, in `seq` order.
pub async fn stored(mongo: &Mongo, room: &str) -> Vec<Message> {
    let room_id: ObjectId = room.parse().unwrap();
    let messages = mongo
        .open()
        .await
        .collection::<mongodb::bson::Document>("messages");
    let found: Vec<_> = messages
        .find(doc! { "roomId": room_id })
        .await
        .unwrap()
        .try_collect()
        .await
        .unwrap();
    let mut log: Vec<Message> = found
        .iter()
        .map(|document| Message {
            id: document.get_object_id("_id").unwrap().to_hex(),
            room_id: room.to_owned(),
            seq: document.get_i64("seq").unwrap(),
            rev: document.get_i64("rev").unwrap(),
            from: document.get_object_id("from").unwrap().to_hex(),
            r#type: document.get_str("type").unwrap().to_owned(),
            content: document.get_str("content").unwrap().to_owned(),
            client_message_id: document.get_str("clientMessageId").unwrap().to_owned(),
            created_at_ms: document
                .get_datetime("createdAt")
                .copied()
                .map(DateTime::timestamp_millis)
                .unwrap(),
            appended_rev: document.get_i64("rev").unwrap(),
            ..Message::default()
        })
        .collect();
    log.sort_by_key(|message| message.seq);
    log
}

/// Fails unless `seq` and `rev` are 1, 2, 3, ..., time never goes back, and nothing is there twice.
pub fn assert_is_a_log(log: &[Message]) {
    let expected: Vec<i64> = (1..).take(log.len()).collect();
    assert_eq!(
        log.iter().map(|message| message.seq).collect::<Vec<_>>(),
        expected
    );
    assert_eq!(
        log.iter().map(|message| message.rev).collect::<Vec<_>>(),
        expected
    );
    assert!(log.is_sorted_by_key(|message| message.created_at_ms));
    let mut sent: Vec<_> = log
        .iter()
        .map(|message| (&message.from, &message.client_message_id))
        .collect();
    sent.sort_unstable();
    sent.dedup();
    assert_eq!(sent.len(), log.len(), "a message is stored twice");
}
