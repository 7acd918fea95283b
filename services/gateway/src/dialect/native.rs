//! Confab's own vocabulary: the JSON of its events and of its REST answers.

mod media;
mod message;
mod message_parts;
mod presence;
mod reader;
mod room;
mod room_change;
mod sync;
mod time;
mod user;
mod vocabulary;
mod welcome;

pub use media::{ExpectedView, LinkList, LinkView, MediaView};
pub use message::{FoundPage, MessageList, MessagePage, MessageView};
pub use message_parts::{EditList, EditView, HiddenView};
pub use presence::{CursorView, PresenceView, TypingView};
pub use reader::ReaderPage;
pub use room::{FOR_EVER, MemberPage, RetentionView, RoomList, RoomView};
pub use room_change::{MemberChangeView, UpdatedView};
pub use sync::SyncView;
pub use time::rfc3339;
pub use user::{KeySet, LoginList, SessionView, UserList, UserPage, UserView, Visibility};
pub use vocabulary::Native;
pub use welcome::{DrainingView, ExpiredView, ReadyView, RevokedView};

#[cfg(test)]
mod tests;
