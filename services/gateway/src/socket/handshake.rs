//! Who may connect.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use confab_ids::RoomId;
use http::header::AUTHORIZATION;
use http::request::Parts;
use serde::Deserialize;
use socketioxide::extract::{AckSender, SocketRef};
use utoipa::ToSchema;

use super::frame::Frame;
use super::heads::Heads;
use super::inbox::Inbox;
use crate::dialect::{Dialect, TokenPlace};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::principal::Principal;
use crate::rate_limit::{Budget, Exhausted, Opening, Subject};

/// The client's `auth` option.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Handshake {
    /// The access token; or else `Authorization: Bearer`, or `?token=`.
    token: Option<String>,
    /// Up to which revision the client has everything, by room: it gets what came since.
    #[serde(default)]
    #[schema(value_type = HashMap<String, i64>)]
    cursors: Cursors,
}

/// Up to which revision the client has everything, by room: it gets what came since. What cannot be
/// read is left out; the client is told of those rooms as if it were new.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "serde_json::Value")]
pub struct Cursors(HashMap<RoomId, i64>);

impl Cursors {
    /// Up to where the client has this room, if it says so.
    pub fn of(&self, room: RoomId) -> Option<i64> {
        self.0.get(&room).copied()
    }
}

impl From<serde_json::Value> for Cursors {
    fn from(value: serde_json::Value) -> Self {
        let serde_json::Value::Object(map) = value else {
            return Self::default();
        };
        let cursors = map.iter().filter_map(|(room, rev)| {
            let rev = rev.as_i64().filter(|rev| *rev >= 0)?;
            Some((room.parse().ok()?, rev))
        });
        Self(cursors.collect())
    }
}

/// Why somebody may not connect; the client reads it in `connect_error`.
#[derive(Debug)]
pub enum Refusal {
    /// The token does not prove who they are, in the words of the dialect.
    Unauthenticated(&'static str),
    /// Too often, on one connection.
    Exhausted(Exhausted),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthenticated(words) => f.write_str(words),
            // The library leaves no place for more than a sentence.
            Self::Exhausted(exhausted) => {
                let wait = exhausted.standing.retry_after.unwrap_or_default();
                write!(f, "{exhausted}: in {} ms", wait.as_millis())
            }
        }
    }
}

/// Admits a socket whose token proves a user. Its events are kept from here on: the client may speak as
/// soon as it hears that it is connected.
#[tracing::instrument(target = "confab", name = "socket.handshake", skip_all, fields(connection.id = %socket.id))]
pub async fn admit(
    gateway: &Arc<Gateway>,
    dialect: Dialect,
    socket: &SocketRef,
    auth: Option<Handshake>,
) -> Result<(), Refusal> {
    pay(gateway, socket).await.map_err(|exhausted| {
        tracing::debug!(%exhausted, "a handshake was refused");
        Refusal::Exhausted(exhausted)
    })?;
    let place = gateway.admission.enter().await;
    let (token_given, cursors) = match auth {
        Some(auth) => (auth.token, auth.cursors),
        None => (None, Cursors::default()),
    };
    let vocabulary = dialect.vocabulary();
    let token = token_given.or_else(|| token(socket.req_parts(), vocabulary.manner().token));
    match verify(gateway, dialect, token.as_deref()).await {
        Ok(principal) => {
            if vocabulary.manner().at_once {
                // Before the client hears that it is connected.
                match Heads::read(gateway, principal.user).await {
                    Ok(heads) => drop(socket.extensions.insert(heads)),
                    Err(fault) => tracing::warn!(%fault, "cannot ask where rooms are yet"),
                }
            }
            let inbox = Arc::new(Inbox::new(gateway.clone(), dialect));
            socket.extensions.insert(principal);
            socket.extensions.insert(cursors);
            socket.extensions.insert(place);
            socket.extensions.insert(inbox.clone());
            socket.on_fallback(move |frame: Frame, ack: AckSender| {
                inbox.put(frame, ack);
                std::future::ready(())
            });
            Ok(())
        }
        Err(error) => {
            metrics::counter!("confab_gateway_refused_handshakes_total").increment(1);
            tracing::debug!(%error, ?dialect, "a handshake was refused");
            Err(Refusal::Unauthenticated(vocabulary.refuse(&error)))
        }
    }
}

/// Who the token speaks for, if there is such a user.
async fn verify(
    gateway: &Gateway,
    dialect: Dialect,
    token: Option<&str>,
) -> Result<Principal, Error> {
    let token = token.filter(|token| !token.is_empty());
    let token = token.ok_or(Error::TokenMissing)?;
    let principal = if dialect.vocabulary().manner().external {
        gateway.verify_any(token).await?
    } else {
        gateway.verifier.verify(token).await?
    };
    // Auth being away must not keep anybody out whose token is good.
    if let Ok(None) = gateway.profiles.one(&principal.user.to_string()).await {
        tracing::info!(user.id = %principal.user, ?dialect, "a token of a user who is not there");
        return Err(Error::UserNotFound);
    }
    Ok(principal)
}

/// The first handshake on a connection was paid for when that was opened.
async fn pay(gateway: &Gateway, socket: &SocketRef) -> Result<(), Exhausted> {
    let Some(opening) = socket.req_parts().extensions.get::<Opening>() else {
        return Ok(());
    };
    if !opening.redeem() {
        let subject = Subject::Address(opening.address);
        gateway
            .limits
            .charge(subject, &[Budget::Handshakes])
            .await?;
    }
    Ok(())
}

/// A token in the opening request: `Authorization: Bearer`, or `?token=`.
fn token(request: &Parts, place: TokenPlace) -> Option<String> {
    if place == TokenPlace::Auth {
        return None;
    }
    let header = request
        .headers
        .get(AUTHORIZATION)
        .filter(|_| place == TokenPlace::Anywhere)
        .and_then(|value| value.to_str().ok());
    let bearer = header.and_then(|value| value.strip_prefix("Bearer "));
    let query = || {
        request
            .uri
            .query()?
            .split('&')
            .find_map(|pair| pair.strip_prefix("token="))
    };
    bearer.or_else(query).map(ToOwned::to_owned)
}
