//! Confab's own vocabulary: the JSON of its events and of its REST answers.

mod message;
mod presence;
mod room;
mod time;
mod user;

pub use message::{MessagePage, MessageView};
pub use presence::{CursorView, PresenceView, TypingView};
pub use room::{MemberPage, RoomList, RoomView};
pub use time::rfc3339;
pub use user::{KeySet, LoginList, SessionView, UserList, UserPage, UserView, Visibility};
