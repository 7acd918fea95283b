//! The calls about messages, each from the wire to its verb and back.

use confab_proto::message as wire;

use super::{answer, ask};
use crate::context::Context;
use crate::error::Error;
use crate::invalid::Invalid;
use crate::message::change::Emoji;
use crate::message::preview::previews;
use crate::message::update::Updated;
use crate::message::{self, Message};
use crate::{log, member};

pub async fn send(
    context: &Context,
    request: wire::SendMessageRequest,
) -> Result<wire::SendMessageResponse, Error> {
    let sent = message::send::send(context, ask::message::draft(request)?).await?;
    let parent = sent.parent.as_ref().map(|updated| &updated.message);
    let previews = previews(context, parent.into_iter().chain([&sent.message])).await?;
    Ok(answer::message::sent(sent, &previews))
}

pub async fn get(
    context: &Context,
    request: &wire::GetMessageRequest,
) -> Result<wire::GetMessageResponse, Error> {
    let user = ask::user(&request.user_id)?;
    let id = ask::message::message(&request.message_id)?;
    let found = message::find::find_shown(context, user, id).await?;
    let previews = previews(context, [&found]).await?;
    Ok(wire::GetMessageResponse {
        message: Some(answer::message::message(found, &previews)),
    })
}

pub async fn edit(
    context: &Context,
    request: wire::EditMessageRequest,
) -> Result<wire::ChangeMessageResponse, Error> {
    let (user, id, new) = ask::message::edit(request)?;
    changed(context, message::edit::edit(context, user, id, new).await?).await
}

pub async fn delete(
    context: &Context,
    request: &wire::DeleteMessageRequest,
) -> Result<wire::ChangeMessageResponse, Error> {
    let user = ask::user(&request.user_id)?;
    let id = ask::message::message(&request.message_id)?;
    match request.r#for() {
        wire::DeleteFor::Everyone => {
            changed(context, message::delete::delete(context, user, id).await?).await
        }
        wire::DeleteFor::Me => {
            let (rev, message) = message::delete::hide(context, user, id).await?;
            let room = message.room;
            let previews = previews(context, [&message]).await?;
            Ok(wire::ChangeMessageResponse {
                change: rev.map(|rev| answer::message::hidden(rev, (user, id), room)),
                message: Some(answer::message::message(message, &previews)),
                further: Vec::new(),
            })
        }
        wire::DeleteFor::Unspecified => Err(Invalid::DeleteFor.into()),
    }
}

pub async fn react(
    context: &Context,
    request: wire::ReactToMessageRequest,
) -> Result<wire::ChangeMessageResponse, Error> {
    let user = ask::user(&request.user_id)?;
    let id = ask::message::message(&request.message_id)?;
    let emoji = Emoji::parse(request.emoji)?;
    let outcome = if request.remove {
        message::react::unreact(context, user, id, emoji).await?
    } else {
        message::react::react(context, user, id, emoji).await?
    };
    changed(context, outcome).await
}

pub async fn pin(
    context: &Context,
    request: &wire::PinMessageRequest,
) -> Result<wire::ChangeMessageResponse, Error> {
    let user = ask::user(&request.user_id)?;
    let id = ask::message::message(&request.message_id)?;
    let outcome = if request.remove {
        message::pin::unpin(context, user, id).await?
    } else {
        message::pin::pin(context, user, id).await?
    };
    changed(context, outcome).await
}

pub async fn pins(
    context: &Context,
    request: &wire::ListPinsRequest,
) -> Result<wire::ListPinsResponse, Error> {
    let user = ask::user(&request.user_id)?;
    let room = ask::room(&request.room_id)?;
    let messages = message::pins::pins(context, user, room).await?;
    Ok(wire::ListPinsResponse {
        messages: shown(context, messages).await?,
    })
}

pub async fn replies(
    context: &Context,
    request: &wire::ListRepliesRequest,
) -> Result<wire::ListRepliesResponse, Error> {
    let whose = (
        ask::user(&request.user_id)?,
        ask::message::message(&request.message_id)?,
    );
    let limit = ask::limit(request.limit, 50, 200)?;
    let after = ask::number(request.after_seq)?;
    let (messages, has_more) = message::replies::replies(context, whose, after, limit).await?;
    Ok(wire::ListRepliesResponse {
        messages: shown(context, messages).await?,
        has_more,
    })
}

pub async fn edits(
    context: &Context,
    request: &wire::ListEditsRequest,
) -> Result<wire::ListEditsResponse, Error> {
    let user = ask::user(&request.user_id)?;
    let id = ask::message::message(&request.message_id)?;
    let edits = message::edits::edits(context, user, id).await?;
    Ok(answer::message::edits(edits))
}

pub async fn list(
    context: &Context,
    request: &wire::ListMessagesRequest,
) -> Result<wire::ListMessagesResponse, Error> {
    let command = ask::list_messages(request)?;
    let page = message::list::list(context, command).await?;
    let previews = previews(context, &page.messages).await?;
    Ok(answer::message::messages(command.room, page, &previews))
}

pub async fn changes(
    context: &Context,
    request: &wire::ListChangesRequest,
) -> Result<wire::ListChangesResponse, Error> {
    let room = ask::room(&request.room_id)?;
    let after = ask::revision(request.after_rev)?;
    let limit = ask::limit(request.limit, 200, 500)?;
    let user = match request.user_id.as_str() {
        "" => None,
        id => Some(ask::user(id)?),
    };
    if let Some(user) = user {
        member::check::check(context, room, user).await?;
    }
    let mut changes = log::changes::changes(context, room, after, limit).await?;
    if let Some(user) = user {
        log::changes::keep_what_concerns(context, &mut changes.changes, user).await?;
    }
    let messages = changes
        .changes
        .iter()
        .filter_map(log::changes::Changed::message);
    let previews = previews(context, messages).await?;
    Ok(answer::message::changes(room, changes, &previews))
}

async fn changed(
    context: &Context,
    outcome: (Option<Updated>, Message),
) -> Result<wire::ChangeMessageResponse, Error> {
    let previews = previews(context, [&outcome.1]).await?;
    Ok(answer::message::changed(outcome, &previews))
}

/// Messages with what they answer.
pub async fn shown(context: &Context, messages: Vec<Message>) -> Result<Vec<wire::Message>, Error> {
    let previews = previews(context, &messages).await?;
    let wire = |message| answer::message::message(message, &previews);
    Ok(messages.into_iter().map(wire).collect())
}
