//! What may have been missed while Redis was away: messages, rooms, ended sessions, blocks, and who is online.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::heads;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::presence::query::known;
use crate::{room, session};

/// How soon one look for what was missed may follow another: under load one is missed after the other.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// About how many users presence is asked at once.
const ASK_OF: usize = 500;

/// Looks for what may have been missed, whenever something may have been.
pub async fn look(missed: Arc<Notify>, gateway: Arc<Gateway>) {
    let unsure = Notify::new();
    tokio::join!(
        look_anew(&missed, &unsure, &gateway),
        look_who_is_online(&unsure, &gateway)
    );
}

async fn look_anew(missed: &Notify, unsure: &Notify, gateway: &Arc<Gateway>) {
    loop {
        missed.notified().await;
        unsure.notify_one();
        heads::check(&gateway.rooms).await;
        gateway.blocks.forget_all();
        if let Err(fault) = session::check::recheck(gateway).await {
            tracing::warn!(%fault, "cannot ask which sessions are live, trying again");
            missed.notify_one();
        }
        if let Err(fault) = room::enter::recheck(gateway).await {
            tracing::warn!(%fault, "cannot look for new rooms, trying again");
            missed.notify_one();
        }
        tokio::time::sleep(LOOK_AGAIN_AFTER).await;
    }
}

/// Beside the rest: it may take a while until anybody knows.
async fn look_who_is_online(unsure: &Notify, gateway: &Gateway) {
    loop {
        unsure.notified().await;
        match correct(gateway).await {
            Ok(true) => {}
            Ok(false) => unsure.notify_one(),
            Err(error) => {
                tracing::warn!(%error, "cannot ask who is online, trying again");
                unsure.notify_one();
            }
        }
        tokio::time::sleep(LOOK_AGAIN_AFTER).await;
    }
}

/// Asks anew about all users who are watched here, and tells what is known. Answers whether all is.
async fn correct(gateway: &Gateway) -> Result<bool, Error> {
    let asked = Instant::now();
    let mut complete = true;
    for users in gateway.watchers.watched().chunks(ASK_OF) {
        for (user, presence) in users.iter().zip(known(gateway, users).await?) {
            match presence {
                Some(presence) => gateway.watchers.correct(*user, presence, asked),
                None => complete = false,
            }
        }
    }
    Ok(complete)
}
