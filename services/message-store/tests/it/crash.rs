//! Processes that end in the midst of it: killed, or asked to stop.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use confab_proto::message::{ListRoomsRequest, Message};
use confab_testkit::{Mongo, PortBlock, eventually, eventually_within};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::task::JoinSet;

use crate::service::{
    Client, Service, assert_is_a_log, client_of, create_group, new_user, new_users, send, stored,
};

/// How long a process may take to be there, or to end: on a machine under load it needs some seconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// One replica as a process of its own.
struct Process {
    child: Child,
    client: Client,
}

impl Process {
    async fn start(mongo: &Mongo, ports: &mut PortBlock) -> Self {
        let address = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let (grpc, admin) = (address(ports.port()), address(ports.port()));
        let child = Command::new(env!("CARGO_BIN_EXE_confab-message-store"))
            .args([
                "--grpc-addr",
                &grpc.to_string(),
                "--admin-addr",
                &admin.to_string(),
            ])
            .args([
                "--mongodb-uri",
                &mongo.uri,
                "--mongodb-database",
                &mongo.database,
            ])
            .args(["--log-level", "warn"])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let process = Self {
            child,
            client: client_of(grpc),
        };
        eventually_within(PATIENCE, "the process answers", async || {
            let request = ListRoomsRequest {
                user_id: new_user(),
                limit: 0,
                ..ListRoomsRequest::default()
            };
            process.client.clone().list_rooms(request).await.ok()
        })
        .await;
        process
    }

    fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().cast_signed()), signal).unwrap();
    }

    /// Waits until it has ended and answers its exit code; none if a signal ended it.
    async fn ended(&mut self) -> Option<i32> {
        eventually_within(PATIENCE, "the process ends", async || {
            self.child.try_wait().unwrap()
        })
        .await
        .code()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Senders who send one message after the other until they are told to stop, or nobody answers.
struct Load {
    senders: JoinSet<Vec<Message>>,
    enough: Arc<AtomicBool>,
    acked: Arc<std::sync::atomic::AtomicUsize>,
}

impl Load {
    fn start(client: &Client, users: &[String], rooms: &[String], name: &'static str) -> Self {
        let mut load = Self {
            senders: JoinSet::new(),
            enough: Arc::default(),
            acked: Arc::default(),
        };
        for user in users {
            for room in rooms {
                let (client, user, room) = (client.clone(), user.clone(), room.clone());
                let (enough, acked) = (load.enough.clone(), load.acked.clone());
                load.senders.spawn(async move {
                    let mut messages = Vec::new();
                    while !enough.load(Ordering::Relaxed) {
                        let id = format!("{name}-{}", messages.len());
                        let Ok(sent) = send(&client, &user, &room, &id).await else {
                            break;
                        };
                        messages.push(sent.message.unwrap());
                        acked.fetch_add(1, Ordering::Relaxed);
                    }
                    messages
                });
            }
        }
        load
    }

    async fn until(&self, count: usize) {
        eventually("messages are acknowledged", async || {
            (self.acked.load(Ordering::Relaxed) >= count).then_some(())
        })
        .await;
    }

    /// All that was acknowledged.
    async fn end(self) -> Vec<Message> {
        self.enough.store(true, Ordering::Relaxed);
        self.senders
            .join_all()
            .await
            .into_iter()
            .flatten()
            .collect()
    }
}

/// Fails unless each room's log is one and has all that was acknowledged.
async fn assert_all_there(mongo: &Mongo, rooms: &[String], acked: &[Message]) {
    let mut found = 0;
    for room in rooms {
        let log = stored(mongo, room).await;
        assert_is_a_log(&log);
        for message in acked.iter().filter(|message| message.room_id == *room) {
            let place = usize::try_from(message.seq - 1).unwrap();
            assert_eq!(log.get(place), Some(message));
            found += 1;
        }
    }
    assert_eq!(found, acked.len());
}

async fn create_rooms(client: &Client, users: &[String], count: usize) -> Vec<String> {
    let mut rooms = Vec::new();
    for _ in 0..count {
        rooms.push(create_group(client, users).await.id);
    }
    rooms
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_is_killed_under_load_loses_nothing_acknowledged() {
    let mongo = Mongo::fresh();
    let mut ports = PortBlock::take();
    let users = new_users(8);
    let mut process = Process::start(&mongo, &mut ports).await;
    let rooms = create_rooms(&process.client, &users, 4).await;
    let mut acked = Vec::new();

    for round in ["first", "second", "third"] {
        let load = Load::start(&process.client, &users, &rooms, round);
        load.until(300).await;
        process.signal(Signal::SIGKILL);
        acked.extend(load.end().await);
        assert_eq!(process.ended().await, None);
        process = Process::start(&mongo, &mut ports).await;
    }

    // The next one goes on where the killed one ended, wherever that was.
    for room in &rooms {
        acked.extend(
            send(&process.client, &users[0], room, "after all")
                .await
                .unwrap()
                .message,
        );
    }
    assert_all_there(&mongo, &rooms, &acked).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_is_killed_leaves_no_hole_for_one_that_writes_the_same_rooms() {
    let mongo = Mongo::fresh();
    let mut ports = PortBlock::take();
    let users = new_users(6);
    let survivor = Service::start(&mongo).await;
    let rooms = create_rooms(&survivor.client, &users, 3).await;
    let mut process = Process::start(&mongo, &mut ports).await;

    let dying = Load::start(&process.client, &users[..3], &rooms, "dying");
    let living = Load::start(&survivor.client, &users[3..], &rooms, "living");
    dying.until(100).await;
    process.signal(Signal::SIGKILL);
    let mut acked = dying.end().await;
    living.until(200).await;
    acked.extend(living.end().await);

    assert_eq!(process.ended().await, None);
    assert_all_there(&mongo, &rooms, &acked).await;
    survivor.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_asked_to_stop_under_load_finishes_what_it_has_and_exits_with_zero() {
    let mongo = Mongo::fresh();
    let mut ports = PortBlock::take();
    let users = new_users(8);
    let mut process = Process::start(&mongo, &mut ports).await;
    let rooms = create_rooms(&process.client, &users, 4).await;

    let load = Load::start(&process.client, &users, &rooms, "load");
    load.until(500).await;
    process.signal(Signal::SIGTERM);

    assert_eq!(process.ended().await, Some(0));
    let acked = load.end().await;
    assert_all_there(&mongo, &rooms, &acked).await;
    // It left its hints behind, so the next one need not read whole logs.
    let database = mongo.open().await;
    for room in &rooms {
        let id: mongodb::bson::oid::ObjectId = room.parse().unwrap();
        let filter = mongodb::bson::doc! { "_id": id };
        let rooms = database.collection::<mongodb::bson::Document>("rooms");
        let document = rooms.find_one(filter).await.unwrap().unwrap();
        let hint = document
            .get_document("headHint")
            .unwrap()
            .get_i64("seq")
            .unwrap();
        assert_eq!(
            hint,
            i64::try_from(stored(&mongo, room).await.len()).unwrap()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_configuration_ends_with_64_before_anything_else() {
    let output = Command::new(env!("CARGO_BIN_EXE_confab-message-store"))
        .args(["--mongodb-uri", "http://nowhere", "--writers", "0"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(64));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("MONGODB_URI") && said.contains("WRITERS"),
        "{said}"
    );
}
