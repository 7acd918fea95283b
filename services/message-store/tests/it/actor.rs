//! One user, acting on messages through one replica.

use confab_proto::message::{
    ChangeMessageResponse, DeleteFor, DeleteMessageRequest, EditMessageRequest, GetMessageRequest,
    ListEditsRequest, ListMessagesRequest, Message, PinMessageRequest, ReactToMessageRequest,
    SendMessageRequest, SendMessageResponse,
};
use tonic::Status;

use crate::service::Client;

/// One user, acting through one replica.
pub struct Actor<'a> {
    client: &'a Client,
    user: String,
}

impl<'a> Actor<'a> {
    pub fn new(client: &'a Client, user: &str) -> Self {
        Self {
            client,
            user: user.to_owned(),
        }
    }

    pub async fn edits(
        &self,
        message: &str,
        content: &str,
    ) -> Result<ChangeMessageResponse, Status> {
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

    pub async fn deletes(
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

    pub async fn reacts(
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

    pub async fn pins(&self, message: &str, remove: bool) -> Result<ChangeMessageResponse, Status> {
        let request = PinMessageRequest {
            user_id: self.user.clone(),
            message_id: message.to_owned(),
            remove,
        };
        Ok(self.client.clone().pin_message(request).await?.into_inner())
    }

    pub async fn replies(
        &self,
        parent: &Message,
        content: &str,
    ) -> Result<SendMessageResponse, Status> {
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

    pub async fn gets(&self, message: &str) -> Result<Message, Status> {
        let request = GetMessageRequest {
            user_id: self.user.clone(),
            message_id: message.to_owned(),
        };
        let answer = self.client.clone().get_message(request).await?.into_inner();
        Ok(answer.message.unwrap())
    }

    pub async fn history(&self, room: &str) -> Vec<Message> {
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

    pub async fn audit(&self, message: &str) -> Result<Vec<String>, Status> {
        let request = ListEditsRequest {
            user_id: self.user.clone(),
            message_id: message.to_owned(),
        };
        let answer = self.client.clone().list_edits(request).await?.into_inner();
        Ok(answer.edits.into_iter().map(|edit| edit.content).collect())
    }
}
