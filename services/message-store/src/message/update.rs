//! Changing a message: a record in the log first, which is the truth, then the message's own document.
//!
//! Between the two a process may be killed. What is durable then is the record; whoever comes across it
//! brings the message up to it. All who do so make the same of the same records, and the store takes a
//! state only from who knew the one before.

use confab_ids::{MessageId, UserId};

use super::{Act, Change, ClientMessageId, Message};
use crate::context::Context;
use crate::error::Error;
use crate::log::{Draft, What};
use crate::media::attach::detach;

/// How often somebody else may be faster. Each time, a change has been applied.
const ATTEMPTS: usize = 100;

/// A revision that changed a message, and the message as it is now.
#[derive(Clone, Debug)]
pub struct Updated {
    pub rev: i64,
    pub message: Message,
}

/// Appends a change of a message by `user`, and answers when it is durable and applied.
///
/// # Errors
/// If the log cannot take it now, or the store fails. It may have been changed nevertheless.
pub async fn update(
    context: &Context,
    message: &Message,
    user: UserId,
    act: Act,
) -> Result<Updated, Error> {
    let id = ClientMessageId::own("change", &MessageId::generate().to_string());
    update_once(context, message, (user, id), act).await
}

/// As [`update()`], once for each id.
///
/// # Errors
/// As [`update()`].
pub async fn update_once(
    context: &Context,
    message: &Message,
    (user, id): (UserId, ClientMessageId),
    act: Act,
) -> Result<Updated, Error> {
    let target = message.id;
    let hides = act == Act::Hide;
    let draft = Draft {
        room: message.room,
        from: user,
        client_message_id: id,
        what: What::Change(Change { target, act }),
    };
    let appended = context.log.append(draft).await?;
    if hides {
        context.store.hide(message, user).await?;
    }
    Ok(Updated {
        rev: appended.record.rev,
        message: bring_up(context, target).await?,
    })
}

/// Applies the changes of a message that are durable and not applied, and answers the message then.
///
/// # Errors
/// If there is no such message, or the store fails.
pub async fn bring_up(context: &Context, id: MessageId) -> Result<Message, Error> {
    for _ in 0..ATTEMPTS {
        let found = context.store.find_message(id).await?;
        let mut message = found.ok_or(Error::MessageNotFound)?;
        let mut state = message.state.clone();
        let was_deleted = message.is_deleted();
        for record in context.store.changes_of(id, state.changed_rev).await? {
            if let What::Change(Change { act, .. }) = &record.what {
                state.apply(act, record.from, record.rev, record.at_ms);
            }
        }
        if state.changed_rev == message.state.changed_rev {
            return Ok(message);
        }
        if state.deleted_at_ms != 0 && !was_deleted {
            // First, so that what is shown as deleted is gone.
            context.store.forget_content(id).await?;
            detach(context, &message.body.attachments).await?;
        }
        if context.store.change_state(&message, &state).await? {
            message.state = state;
            return Ok(message);
        }
    }
    Err(Error::LogContended)
}
