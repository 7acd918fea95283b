//! What somebody has read, by the messages' ids, for dialects that name them. Mostly they came lately; the
//! store is asked for others.

use std::sync::Arc;

use confab_fault::Fault;
use confab_proto::event::CursorAdvanced;
use confab_proto::message::list_messages_request::Cursor;
use confab_proto::message::position::At;
use confab_proto::message::{ListMessagesRequest, Position};

use super::rooms::Rooms;
use super::stream::Stream;
use crate::dialect::Told;

/// How many messages are named at most, the last of them.
const MOST: i64 = 100;

/// Tells the sockets of a room which messages somebody has read.
pub fn name(rooms: &Rooms, stream: Arc<Stream>, cursor: CursorAdvanced) {
    if let Some(messages) = stream.read_lately(&cursor) {
        return tell(&stream, &cursor, &messages);
    }
    let rooms = rooms.clone();
    tokio::spawn(async move {
        match ask(&rooms, &cursor).await {
            Ok(messages) => tell(&stream, &cursor, &messages),
            Err(fault) => tracing::warn!(%fault, "cannot ask what was read, it is not told"),
        }
    });
}

fn tell(stream: &Stream, cursor: &CursorAdvanced, messages: &[String]) {
    if messages.is_empty() {
        return;
    }
    let told = |pair| Told::Read {
        cursor,
        messages,
        pair,
    };
    stream.tell(&told, None);
}

async fn ask(rooms: &Rooms, cursor: &CursorAdvanced) -> Result<Vec<String>, Fault> {
    let after = cursor.previous_read_seq.max(cursor.read_seq - MOST);
    let after = At::Seq(after);
    let request = ListMessagesRequest {
        user_id: cursor.user_id.clone(),
        room_id: cursor.room_id.clone(),
        limit: i32::try_from(MOST).unwrap_or(i32::MAX),
        cursor: Some(Cursor::After(Position { at: Some(after) })),
    };
    let page = rooms.message_store().list_messages(request).await?;
    let read = page.messages.into_iter().filter(|one| {
        one.seq <= cursor.read_seq && one.from != cursor.user_id && one.note.is_none()
    });
    Ok(read.map(|one| one.id).collect())
}
