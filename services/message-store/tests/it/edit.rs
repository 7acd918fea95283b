//! What can be done to a message after it was sent, by whom, and what others learn of it.

use confab_proto::message::{
    Change, ChangeMessageResponse, DeleteFor, DeleteMessageRequest, EditMessageRequest,
    GetMessageRequest, ListChangesRequest, ListEditsRequest, ListMessagesRequest, ListPinsRequest,
    ListRepliesRequest, Message, PinMessageRequest, ReactToMessageRequest, SendMessageRequest,
    change,
};
use confab_testkit::Mongo;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{DateTime, Document, doc};
use tokio::task::JoinSet;
use tonic::{Code, Status};

use crate::changes::{changes, messages};
use crate::service::{Client, Service, create_group, new_user, new_users, refusal, send_text};

/// One user, acting through one replica.
struct Actor<'a> {
    client: &'a Client,
    user: String,
}

impl<'a> Actor<'a> {
    fn new(client: &'a Client, user: &str) -> Self {
        Self {
            client,
            user: user.to_owned(),
        }
    }

    async fn edits(&self, message: &str, content: &str) -> Result<ChangeMessageResponse, Status> {
        let request = EditMessageRequest {
            user_id: self.user.clone(),
            message_id: message.to_owned(),
            content: content.to_owned(),
            ..EditMessageRequest::default()
        };
        Ok(self
            .client
            .clone()
            .edit_message(request)
            .await?
            .into_inner())
    }

    async fn deletes(
        &self,
        message: &str,
        r#for: DeleteFor,
    ) -> Result<ChangeMessageResponse, Status> {
        let request = DeleteMessageRequest {
            user_id: self.user.clone(),
            message_id: message.to_owned(),
            r#for: r#for.into(),
        };
        Ok(self
            .client
            .clone()
            .delete_message(request)
            .await?
            .into_inner())
    }

    async fn reacts(
        &self,
        message: &str,
        emoji: &str,
        remove: bool,
    ) -> Result<ChangeMessageResponse, Status> {
        let request = ReactToMessageRequest {
            user_id: self.user.clone(),
            message_id: message.to_owned(),
            emoji: emoji.to_owned(),
            remove,
        };
        Ok(self
            .client
            .clone()
            .react_to_message(request)
            .await?
            .into_inner())
    }

    async fn pins(&self, message: &str, remove: bool) -> Result<ChangeMessageResponse, Status> {
        let request = PinMessageRequest {
            user_id: self.user.clone(),
            message_id: message.to_owned(),
            remove,
        };
        Ok(self.client.clone().pin_message(request).await?.into_inner())
    }

    async fn replies(
        &self,
        parent: &Message,
        content: &str,
    ) -> Result<confab_proto::message::SendMessageResponse, Status> {
        let request = SendMessageRequest {
            user_id: self.user.clone(),
            room_id: parent.room_id.clone(),
            content: content.to_owned(),
            client_message_id: content.to_owned(),
            reply_to_id: parent.id.clone(),
            ..SendMessageRequest::default()
        };
        Ok(self
            .client
            .clone()
            .send_message(request)
            .await?
            .into_inner())
    }

    async fn gets(&self, message: &str) -> Result<Message, Status> {
        let request = GetMessageRequest {
            user_id: self.user.clone(),
            message_id: message.to_owned(),
        };
        let answer = self.client.clone().get_message(request).await?.into_inner();
        Ok(answer.message.unwrap())
    }

    async fn history(&self, room: &str) -> Vec<Message> {
        let request = ListMessagesRequest {
            user_id: self.user.clone(),
            room_id: room.to_owned(),
            limit: 200,
            cursor: None,
        };
        self.client
            .clone()
            .list_messages(request)
            .await
            .unwrap()
            .into_inner()
            .messages
    }

    async fn audit(&self, message: &str) -> Result<Vec<String>, Status> {
        let request = ListEditsRequest {
            user_id: self.user.clone(),
            message_id: message.to_owned(),
        };
        let answer = self.client.clone().list_edits(request).await?.into_inner();
        Ok(answer.edits.into_iter().map(|edit| edit.content).collect())
    }
}

fn revs(changes: &[Change]) -> Vec<i64> {
    changes.iter().map(|change| change.rev).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_changes_what_is_said_and_takes_the_next_revision_and_no_number() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let users = new_users(2);
    let room = create_group(&service.client, &users).await;
    let first = send_text(&service.client, &users[0], &room.id, "frist").await;
    let ann = Actor::new(&service.client, &users[0]);
    let edited = ann.edits(&first.id, "first").await.unwrap();
    let message = edited.message.unwrap();
    assert_eq!((message.rev, message.appended_rev, message.seq), (2, 1, 1));
    assert_eq!(message.content, "first");
    assert!(message.edited_at_ms > 0);
    assert_eq!(edited.change.unwrap().rev, 2);
    let again = ann.edits(&first.id, "first").await.unwrap();
    assert_eq!(again.change, None, "it says so already");
    let second = send_text(&service.client, &users[1], &room.id, "second").await;
    assert_eq!((second.seq, second.rev), (2, 3));
    ann.edits(&first.id, "1st").await.unwrap();
    assert_eq!(ann.audit(&first.id).await.unwrap(), ["frist", "first"]);

    let page = changes(&service.client, &room.id, 0, 0).await;
    assert_eq!(revs(&page.changes), [1, 3, 4]);
    let contents: Vec<_> = messages(&page).into_iter().map(|m| m.content).collect();
    assert_eq!(contents, ["1st", "second", "1st"]);
    let since = changes(&service.client, &room.id, 1, 0).await;
    assert_eq!(
        revs(&since.changes),
        [3, 4],
        "the edit at 2 was overtaken by the one at 4"
    );
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_for_everyone_is_gone_from_the_store_and_stays_as_an_empty_place() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let users = new_users(2);
    let room = create_group(&service.client, &users).await;
    let [ann, ben] = [0, 1].map(|at| Actor::new(&service.client, &users[at]));
    let secret = send_text(&service.client, &users[1], &room.id, "secret one").await;
    ben.edits(&secret.id, "secret two").await.unwrap();
    ben.reacts(&secret.id, "👀", false).await.unwrap();
    // Ann made the group: she owns it.
    let deleted = ann.deletes(&secret.id, DeleteFor::Everyone).await.unwrap();
    let message = deleted.message.unwrap();
    assert_eq!(message.content, "");
    assert!(message.deleted_at_ms > 0 && message.reactions.is_empty());
    assert_eq!(
        ann.deletes(&secret.id, DeleteFor::Everyone)
            .await
            .unwrap()
            .change,
        None
    );
    assert_eq!(ben.history(&room.id).await, [message]);
    assert_eq!(ben.audit(&secret.id).await.unwrap(), Vec::<String>::new());
    let documents = mongo.open().await.collection::<Document>("messages");
    let mut found = documents.find(doc! {}).await.unwrap();
    while found.advance().await.unwrap() {
        let text = format!("{:?}", found.current());
        assert!(!text.contains("secret"), "{text}");
    }
    let refused = refusal(ben.edits(&secret.id, "again").await);
    assert_eq!(
        refused,
        (Code::FailedPrecondition, "MESSAGE_DELETED".to_owned())
    );
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_hides_others_see_and_only_one_learns_of_it() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let users = new_users(2);
    let room = create_group(&service.client, &users).await;
    let [ann, ben] = [0, 1].map(|at| Actor::new(&service.client, &users[at]));
    let message = send_text(&service.client, &users[0], &room.id, "hello").await;
    ben.deletes(&message.id, DeleteFor::Me).await.unwrap();
    assert_eq!(
        ben.deletes(&message.id, DeleteFor::Me)
            .await
            .unwrap()
            .change,
        None
    );
    assert_eq!(ben.history(&room.id).await, []);
    assert_eq!(ann.history(&room.id).await, std::slice::from_ref(&message));
    let refused = refusal(ben.gets(&message.id).await);
    assert_eq!(refused, (Code::NotFound, "MESSAGE_NOT_FOUND".to_owned()));
    for (user, expected) in [(&users[0], vec![1]), (&users[1], vec![2])] {
        let request = ListChangesRequest {
            room_id: room.id.clone(),
            user_id: user.clone(),
            ..ListChangesRequest::default()
        };
        let page = service
            .client
            .clone()
            .list_changes(request)
            .await
            .unwrap()
            .into_inner();
        assert_eq!(revs(&page.changes), expected);
        assert_eq!(page.complete_rev, 2);
    }
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reactions_by_many_through_two_replicas_are_all_there_and_each_has_its_revision() {
    let mongo = Mongo::fresh();
    let replicas = Service::start_two(&mongo).await;
    let users = new_users(20);
    let room = create_group(&replicas[0].client, &users).await;
    let message = send_text(&replicas[0].client, &users[0], &room.id, "react!").await;
    let mut reacting = JoinSet::new();
    for (number, user) in users.iter().enumerate() {
        for attempt in 0..2 {
            let client = replicas[(number + attempt) % 2].another_client();
            let (user, id) = (user.clone(), message.id.clone());
            reacting.spawn(async move {
                let emoji = ["👍", "❤️"][number % 2];
                Actor::new(&client, &user)
                    .reacts(&id, emoji, false)
                    .await
                    .unwrap();
            });
        }
    }
    reacting.join_all().await;
    let seen = Actor::new(&replicas[1].client, &users[0])
        .gets(&message.id)
        .await
        .unwrap();
    let counts: Vec<_> = seen
        .reactions
        .iter()
        .map(|reaction| reaction.count)
        .collect();
    assert_eq!(counts, [10, 10]);
    // Two at once by one user may both have had a revision; none may have been left out.
    assert!((21..=41).contains(&seen.rev), "{}", seen.rev);
    let documents = mongo.open().await.collection::<Document>("messages");
    let all = documents.count_documents(doc! {}).await.unwrap();
    assert_eq!(i64::try_from(all).unwrap(), seen.rev, "revisions are dense");
    for replica in replicas {
        replica.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_show_what_they_answer_and_the_thread_grows_once_for_each() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let users = new_users(2);
    let room = create_group(&service.client, &users).await;
    let [ann, ben] = [0, 1].map(|at| Actor::new(&service.client, &users[at]));
    let parent = send_text(&service.client, &users[0], &room.id, "a question").await;
    let first = ben.replies(&parent, "an answer").await.unwrap();
    assert_eq!(
        first
            .message
            .as_ref()
            .unwrap()
            .reply_to
            .as_ref()
            .unwrap()
            .content,
        "a question"
    );
    let Some(change::What::Message(grown)) = first.further[0].what.clone() else {
        panic!("the parent has not changed: {:?}", first.further);
    };
    assert_eq!(
        (grown.id, grown.thread.unwrap().count),
        (parent.id.clone(), 1)
    );
    let repeated = ben.replies(&parent, "an answer").await.unwrap();
    assert!(repeated.repeated);
    ann.replies(&parent, "thanks").await.unwrap();
    let seen = ann.gets(&parent.id).await.unwrap();
    assert_eq!(seen.thread.unwrap().count, 2);
    let request = ListRepliesRequest {
        user_id: users[0].clone(),
        message_id: parent.id.clone(),
        limit: 1,
        after_seq: 0,
    };
    let page = service
        .client
        .clone()
        .list_replies(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (page.messages[0].content.as_str(), page.has_more),
        ("an answer", true)
    );
    let next = ListRepliesRequest {
        after_seq: page.messages[0].seq,
        ..request
    };
    let page = service
        .client
        .clone()
        .list_replies(next)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (page.messages[0].content.as_str(), page.has_more),
        ("thanks", false)
    );
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pins_are_listed_the_last_first_until_they_are_taken_off() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let users = new_users(2);
    let room = create_group(&service.client, &users).await;
    let ann = Actor::new(&service.client, &users[0]);
    let mut ids = Vec::new();
    for text in ["one", "two", "three"] {
        let message = send_text(&service.client, &users[1], &room.id, text).await;
        ann.pins(&message.id, false).await.unwrap();
        ids.push(message.id);
    }
    ann.pins(&ids[1], true).await.unwrap();
    let request = ListPinsRequest {
        user_id: users[1].clone(),
        room_id: room.id.clone(),
    };
    let pins = service
        .client
        .clone()
        .list_pins(request)
        .await
        .unwrap()
        .into_inner()
        .messages;
    let contents: Vec<_> = pins
        .iter()
        .map(|message| message.content.as_str())
        .collect();
    assert_eq!(contents, ["three", "one"]);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_writer_was_killed_before_it_applied_it_is_applied_by_who_comes_across() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let users = new_users(2);
    let room = create_group(&service.client, &users).await;
    let message = send_text(&service.client, &users[0], &room.id, "before").await;
    let id = |text: &str| -> ObjectId { text.parse().unwrap() };
    let documents = mongo.open().await.collection::<Document>("messages");
    let left_behind = doc! {
        "_id": ObjectId::new(),
        "roomId": id(&room.id),
        "seq": -2_i64,
        "rev": 2_i64,
        "from": id(&users[0]),
        "type": "change",
        "content": "",
        "clientMessageId": "left behind",
        "createdAt": DateTime::now(),
        "change": { "target": id(&message.id), "act": "edit", "content": "after" },
    };
    documents.insert_one(left_behind).await.unwrap();
    let page = changes(&service.client, &room.id, 1, 0).await;
    assert_eq!(messages(&page)[0].content, "after");
    let next = send_text(&service.client, &users[1], &room.id, "next").await;
    assert_eq!((next.seq, next.rev), (2, 3), "a change uses no number up");
    let ann = Actor::new(&service.client, &users[0]);
    assert_eq!(ann.history(&room.id).await[0].content, "after");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_find_no_message_and_members_may_not_do_everything() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let users = new_users(3);
    let room = create_group(&service.client, &users).await;
    let message = send_text(&service.client, &users[0], &room.id, "mine").await;
    let before = Actor::new(&service.client, &users[0])
        .gets(&message.id)
        .await
        .unwrap();
    let not_found = (Code::NotFound, "MESSAGE_NOT_FOUND".to_owned());
    let eve = Actor::new(&service.client, &new_user());
    assert_eq!(refusal(eve.gets(&message.id).await), not_found);
    assert_eq!(refusal(eve.edits(&message.id, "hers").await), not_found);
    assert_eq!(
        refusal(eve.deletes(&message.id, DeleteFor::Everyone).await),
        not_found
    );
    assert_eq!(
        refusal(eve.deletes(&message.id, DeleteFor::Me).await),
        not_found
    );
    assert_eq!(
        refusal(eve.reacts(&message.id, "👍", false).await),
        not_found
    );
    assert_eq!(refusal(eve.pins(&message.id, false).await), not_found);
    assert_eq!(refusal(eve.audit(&message.id).await), not_found);
    let not_allowed = (Code::PermissionDenied, "NOT_ALLOWED".to_owned());
    let ben = Actor::new(&service.client, &users[1]);
    assert_eq!(refusal(ben.edits(&message.id, "his").await), not_allowed);
    assert_eq!(
        refusal(ben.deletes(&message.id, DeleteFor::Everyone).await),
        not_allowed
    );
    assert_eq!(refusal(ben.pins(&message.id, false).await), not_allowed);
    assert_eq!(refusal(ben.audit(&message.id).await), not_allowed);
    let bad = refusal(ben.reacts(&message.id, "not an emoji", false).await);
    assert_eq!(bad, (Code::InvalidArgument, "EMOJI_INVALID".to_owned()));
    let elsewhere = create_group(&service.client, &users).await;
    let parent = Message {
        room_id: elsewhere.id,
        ..message.clone()
    };
    assert_eq!(
        refusal(ben.replies(&parent, "across rooms").await),
        not_found
    );
    let after = Actor::new(&service.client, &users[0])
        .gets(&message.id)
        .await
        .unwrap();
    assert_eq!(after, before);
    service.stop().await;
}
