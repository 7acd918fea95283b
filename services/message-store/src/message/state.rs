//! What can change about a message, and how each change changes it. The same changes in the same order
//! give the same state, whoever applies them.

use confab_ids::{MessageId, UserId};

use super::change::{Act, Emoji};

/// How many different emoji one message may have.
pub const MOST_EMOJI: usize = 20;
/// How many reactions in all: the message's document stays far below what a store takes.
pub const MOST_REACTIONS: usize = 2_000;

/// The part of a message that changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Up to which revision changes are in it; 0 if there are none.
    pub changed_rev: i64,
    /// What it says instead of what was sent, if it was edited.
    pub content: Option<String>,
    /// Whom it names instead.
    pub mentions: Option<Vec<UserId>>,
    pub edited_at_ms: i64,
    pub deleted_at_ms: i64,
    pub pinned_at_ms: i64,
    pub pinned_by: Option<UserId>,
    /// In the order in which each emoji came first.
    pub reactions: Vec<Reaction>,
    pub thread: Option<Thread>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    pub emoji: Emoji,
    /// In the order in which they reacted.
    pub users: Vec<UserId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thread {
    pub count: i32,
    pub last_reply: MessageId,
    pub last_reply_at_ms: i64,
}

/// What a message said until it was edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub content: String,
    pub since_ms: i64,
    pub by: UserId,
}

impl State {
    /// Whether this user has reacted so.
    #[must_use]
    pub fn has_reaction(&self, emoji: &Emoji, user: UserId) -> bool {
        let of = |reaction: &&Reaction| reaction.emoji == *emoji;
        self.reactions
            .iter()
            .find(of)
            .is_some_and(|reaction| reaction.users.contains(&user))
    }

    /// Whether one more reaction has room.
    #[must_use]
    pub fn has_room_for(&self, emoji: &Emoji) -> bool {
        let known = self
            .reactions
            .iter()
            .any(|reaction| reaction.emoji == *emoji);
        let count: usize = self
            .reactions
            .iter()
            .map(|reaction| reaction.users.len())
            .sum();
        count < MOST_REACTIONS && (known || self.reactions.len() < MOST_EMOJI)
    }

    /// Applies one change, made by `user` at a time, as revision `rev`. A change that comes too late
    /// (something was done to a message after it was deleted) has its revision, and does nothing.
    pub fn apply(&mut self, act: &Act, user: UserId, rev: i64, at_ms: i64) {
        if *act == Act::Hide {
            // Nobody else is to see that anything happened.
            return;
        }
        self.changed_rev = rev;
        let deleted = self.deleted_at_ms != 0;
        match act {
            Act::Reply(reply) => self.grow(*reply, at_ms),
            Act::Hide => {}
            _ if deleted => {}
            Act::Edit { content, mentions } => {
                self.content = Some(content.clone());
                self.mentions = Some(mentions.clone());
                self.edited_at_ms = at_ms;
            }
            Act::Delete => {
                *self = Self {
                    changed_rev: rev,
                    deleted_at_ms: at_ms,
                    thread: self.thread,
                    ..Self::default()
                };
            }
            Act::React(emoji) => self.react(emoji, user),
            Act::Unreact(emoji) => self.unreact(emoji, user),
            Act::Pin => {
                self.pinned_at_ms = at_ms;
                self.pinned_by = Some(user);
            }
            Act::Unpin => {
                self.pinned_at_ms = 0;
                self.pinned_by = None;
            }
        }
    }

    fn grow(&mut self, reply: MessageId, at_ms: i64) {
        let count = self.thread.map_or(0, |thread| thread.count);
        self.thread = Some(Thread {
            count: count.saturating_add(1),
            last_reply: reply,
            last_reply_at_ms: at_ms,
        });
    }

    fn react(&mut self, emoji: &Emoji, user: UserId) {
        if self.has_reaction(emoji, user) || !self.has_room_for(emoji) {
            return;
        }
        match self
            .reactions
            .iter_mut()
            .find(|reaction| reaction.emoji == *emoji)
        {
            Some(reaction) => reaction.users.push(user),
            None => self.reactions.push(Reaction {
                emoji: emoji.clone(),
                users: vec![user],
            }),
        }
    }

    fn unreact(&mut self, emoji: &Emoji, user: UserId) {
        for reaction in &mut self.reactions {
            if reaction.emoji == *emoji {
                reaction.users.retain(|known| *known != user);
            }
        }
        self.reactions.retain(|reaction| !reaction.users.is_empty());
    }
}

#[cfg(test)]
mod tests;
