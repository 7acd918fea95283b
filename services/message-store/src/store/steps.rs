//! Changes of rooms: what is meant to be done, and doing it.

use confab_ids::{MessageId, RoomId, UserId};
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{Bson, DateTime, doc, serialize_to_bson};
use mongodb::options::ReturnDocument;
use serde::{Deserialize, Serialize};

use super::documents::{MemberDocument, RoleWord};
use super::{Store, StoreError};
use crate::log::Head;
use crate::member::{Member, Role};
use crate::room::step::{RoomAct, Step};
use crate::room::{FIRST_MEMBERS, ImageUrl, Retention, RoomName};

/// How many rooms one look for what was left behind takes in.
const LOOK: i64 = 100;

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct StepDocument {
    id: ObjectId,
    by: ObjectId,
    at: DateTime,
    act: String,
    user_ids: Vec<ObjectId>,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PendingDocument {
    #[serde(rename = "_id")]
    id: ObjectId,
    #[serde(default)]
    steps: Vec<StepDocument>,
}

impl PendingDocument {
    fn steps(self) -> Vec<Step> {
        self.steps
            .into_iter()
            .filter_map(StepDocument::noun)
            .collect()
    }
}

impl Store {
    /// Notes what is meant to be done to a room; answers everything that is, in order, this one last.
    /// None if there is no such room.
    pub async fn push_step(
        &self,
        room: RoomId,
        step: &Step,
    ) -> Result<Option<Vec<Step>>, StoreError> {
        let value =
            serialize_to_bson(&StepDocument::from(step)).expect("our own types can be written");
        let rooms = self.rooms.clone_with_type::<PendingDocument>();
        let push = rooms
            .find_one_and_update(
                doc! { "_id": room.object_id() },
                doc! { "$push": { "steps": value } },
            )
            .projection(doc! { "steps": 1 })
            .return_document(ReturnDocument::After);
        Ok(self.within(push).await?.map(PendingDocument::steps))
    }

    /// Something that was meant to be done is done.
    pub async fn drop_step(&self, room: RoomId, step: MessageId) -> Result<(), StoreError> {
        let pull = doc! { "$pull": { "steps": { "id": step.object_id() } } };
        self.within(
            self.rooms
                .update_one(doc! { "_id": room.object_id() }, pull),
        )
        .await?;
        Ok(())
    }

    /// What was meant to be done before a time and is not done, by room.
    pub async fn steps_before(&self, at_ms: i64) -> Result<Vec<(RoomId, Vec<Step>)>, StoreError> {
        let rooms = self.rooms.clone_with_type::<PendingDocument>();
        let find = rooms
            .find(doc! { "steps.at": { "$lt": DateTime::from_millis(at_ms) } })
            .projection(doc! { "steps": 1 })
            .limit(LOOK);
        let found = self.all(find).await?;
        Ok(found
            .into_iter()
            .map(|room| (RoomId::from(room.id), room.steps()))
            .collect())
    }

    /// Does to a room and its members what is meant to be done; again does nothing.
    pub async fn apply_step(
        &self,
        room: RoomId,
        step: &Step,
        head: Head,
    ) -> Result<(), StoreError> {
        match &step.act {
            RoomAct::Rename(name) => self.set_in_room(room, "name", name.as_str()).await,
            RoomAct::SetImage(url) => self.set_in_room(room, "imageUrl", url.as_str()).await,
            RoomAct::SetRetention(retention) => {
                self.set_retention(room, *retention, step.at_ms).await
            }
            RoomAct::Add(users) => {
                let newcomer = |user: &UserId| Member {
                    room,
                    user: *user,
                    role: Role::Member,
                    joined_at_ms: step.at_ms,
                    joined_rev: head.rev,
                    read_seq: head.seq,
                    delivered_seq: head.seq,
                    muted_until_ms: 0,
                };
                let members: Vec<Member> = users.iter().map(newcomer).collect();
                self.insert_members(&members).await?;
                self.recount(room).await
            }
            RoomAct::Remove(user) => self.delete_member(room, *user).await,
            RoomAct::Leave(user, heir) => {
                if let Some(heir) = heir {
                    self.set_role(room, *heir, Role::Owner).await?;
                }
                self.delete_member(room, *user).await
            }
            RoomAct::SetRole(user, role) => self.set_role(room, *user, *role).await,
            RoomAct::HandOver(user) => {
                self.set_role(room, *user, Role::Owner).await?;
                self.set_role(room, step.by, Role::Admin).await
            }
        }
    }

    /// Who owns a room when its owner leaves: the longest-standing admin, or else member.
    pub async fn heir(&self, room: RoomId, owner: UserId) -> Result<Option<UserId>, StoreError> {
        for role in ["admin", "member"] {
            let filter = doc! {
                "roomId": room.object_id(),
                "role": role,
                "userId": { "$ne": owner.object_id() },
            };
            let first = self
                .members
                .find_one(filter)
                .sort(doc! { "joinedAt": 1, "_id": 1 });
            if let Some(member) = self.within(first).await? {
                return Ok(Some(UserId::from(member.user_id)));
            }
        }
        Ok(None)
    }

    /// How many members a room has.
    pub async fn count_members(&self, room: RoomId) -> Result<usize, StoreError> {
        let count = self
            .members
            .count_documents(doc! { "roomId": room.object_id() });
        Ok(usize::try_from(self.within(count).await?).unwrap_or(usize::MAX))
    }

    /// Notes until when a member does not want to be disturbed; 0 for no longer.
    pub async fn mute(&self, room: RoomId, user: UserId, until_ms: i64) -> Result<(), StoreError> {
        let one = doc! { "roomId": room.object_id(), "userId": user.object_id() };
        let set = doc! { "$set": { "mutedUntil": until_ms } };
        self.within(self.members.update_one(one, set)).await?;
        Ok(())
    }

    async fn set_in_room(&self, room: RoomId, field: &str, value: &str) -> Result<(), StoreError> {
        let set = doc! { "$set": { field: Bson::from(value) } };
        self.within(self.rooms.update_one(doc! { "_id": room.object_id() }, set))
            .await?;
        Ok(())
    }

    async fn set_role(&self, room: RoomId, user: UserId, role: Role) -> Result<(), StoreError> {
        let one = doc! { "roomId": room.object_id(), "userId": user.object_id() };
        let set = doc! { "$set": { "role": role.word() } };
        self.within(self.members.update_one(one, set)).await?;
        Ok(())
    }

    async fn delete_member(&self, room: RoomId, user: UserId) -> Result<(), StoreError> {
        let one = doc! { "roomId": room.object_id(), "userId": user.object_id() };
        self.within(self.members.delete_one(one)).await?;
        self.recount(room).await
    }

    /// Notes with the room how many members it has, and who the first are. Counted, not added up: it is
    /// right whatever was done twice or broke off.
    async fn recount(&self, room: RoomId) -> Result<(), StoreError> {
        let count = self.count_members(room).await?;
        let find = self
            .members
            .find(doc! { "roomId": room.object_id() })
            .sort(doc! { "joinedAt": 1, "_id": 1 })
            .limit(FIRST_MEMBERS as i64);
        let first: Vec<MemberDocument> = self.all(find).await?;
        let first: Vec<ObjectId> = first.into_iter().map(|member| member.user_id).collect();
        let set = doc! { "$set": {
            "memberCount": i32::try_from(count).unwrap_or(i32::MAX),
            "firstMemberIds": first,
        } };
        self.within(self.rooms.update_one(doc! { "_id": room.object_id() }, set))
            .await?;
        Ok(())
    }
}

impl From<&Step> for StepDocument {
    fn from(step: &Step) -> Self {
        let kept;
        let (act, users, value) = match &step.act {
            RoomAct::Rename(name) => ("rename", Vec::new(), name.as_str()),
            RoomAct::SetImage(url) => ("image", Vec::new(), url.as_str()),
            RoomAct::SetRetention(retention) => {
                kept = retention.to_string();
                ("retention", Vec::new(), kept.as_str())
            }
            RoomAct::Add(users) => ("add", users.clone(), ""),
            RoomAct::Remove(user) => ("remove", vec![*user], ""),
            RoomAct::Leave(user, heir) => (
                "leave",
                [Some(*user), *heir].into_iter().flatten().collect(),
                "",
            ),
            RoomAct::SetRole(user, role) => ("role", vec![*user], role.word()),
            RoomAct::HandOver(user) => ("hand_over", vec![*user], ""),
        };
        Self {
            id: step.id.object_id(),
            by: step.by.object_id(),
            at: DateTime::from_millis(step.at_ms),
            act: act.to_owned(),
            user_ids: users.into_iter().map(UserId::object_id).collect(),
            value: value.to_owned(),
        }
    }
}

impl StepDocument {
    /// None if a newer version wrote what this one does not know.
    fn noun(self) -> Option<Step> {
        let mut users = self.user_ids.into_iter().map(UserId::from);
        let act = match self.act.as_str() {
            "rename" => RoomAct::Rename(RoomName::stored(self.value)),
            "image" => RoomAct::SetImage(ImageUrl::stored(self.value)),
            "retention" => RoomAct::SetRetention(self.value.parse::<Retention>().ok()?),
            "add" => RoomAct::Add(users.collect()),
            "remove" => RoomAct::Remove(users.next()?),
            "leave" => RoomAct::Leave(users.next()?, users.next()),
            "role" => RoomAct::SetRole(users.next()?, Role::from(RoleWord::stored(&self.value)?)),
            "hand_over" => RoomAct::HandOver(users.next()?),
            _ => return None,
        };
        Some(Step {
            id: MessageId::from(self.id),
            by: UserId::from(self.by),
            at_ms: self.at.timestamp_millis(),
            act,
        })
    }
}
