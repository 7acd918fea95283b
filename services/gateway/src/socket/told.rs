//! What clients are told without having asked: the one table of those events. Whoever tells takes the
//! name from here, so there is none without a contract; and a name that nobody uses does not compile.

use super::ack::Failure;
use super::asyncapi::{Described, ServerEvent};
use crate::dialect::native::{
    CursorView, DrainingView, ExpiredView, HiddenView, MemberChangeView, MessageView, PresenceView,
    ReadyView, RevokedView, RoomView, TypingView, UpdatedView,
};

macro_rules! told {
    ($($(#[doc = $about:literal])+ $constant:ident = $name:literal: $payload:ty;)+) => {
        $($(#[doc = $about])+ pub const $constant: &str = $name;)+

        /// What a client may hear.
        pub fn contract() -> Vec<ServerEvent> {
            vec![$(ServerEvent {
                name: $name,
                about: concat!($($about),+).trim_start(),
                payload: Described::of::<$payload>(),
            }),+]
        }
    };
}

told! {
    /// The first event: who one is, and one's rooms up to where the stream of messages begins.
    READY = "ready": ReadyView<'_>;
    /// A new message; one's own too, on each of one's sockets.
    MESSAGE_RECEIVE = "message:receive": MessageView<'_>;
    /// A message that was edited, deleted, reacted to, pinned or answered, as it is now.
    MESSAGE_UPDATED = "message:updated": MessageView<'_>;
    /// A message that one has deleted for oneself, on any device.
    MESSAGE_HIDDEN = "message:hidden": HiddenView<'_>;
    /// How far a member has received and read a room.
    MESSAGE_STATUS = "message:status": CursorView<'_>;
    /// Another member types, or does no longer.
    TYPING = "typing": TypingView<'_>;
    /// Somebody whom one watches came or went.
    PRESENCE = "presence": PresenceView;
    /// A room one is in from now on.
    ROOM_CREATED = "room:created": RoomView<'_>;
    /// A room has another name or image.
    ROOM_UPDATED = "room:updated": UpdatedView<'_>;
    /// Who came, went, or has another role; who was removed hears this last.
    ROOM_MEMBER = "room:member": MemberChangeView<'_>;
    /// What one said without asking for an acknowledgement was not done.
    ERROR = "error": Failure<'_>;
    /// The same, because it was too much or too fast.
    ERROR_RATE_LIMITED = "error:rate_limited": Failure<'_>;
    /// The access token is over: `session:renew` by then, or the transport is closed.
    SESSION_EXPIRED = "session:expired": ExpiredView;
    /// The session is over; the server closes the socket for good.
    SESSION_REVOKED = "session:revoked": RevokedView<'_>;
    /// When this gateway will close the transport; the client reconnects by itself, elsewhere.
    SERVER_DRAINING = "server:draining": DrainingView;
}

#[cfg(test)]
mod tests;
