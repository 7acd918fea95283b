//! Users, as the gateway finds them for who asks.

use std::collections::HashSet;

use confab_ids::UserId;
use confab_proto::auth::{BatchGetUsersRequest, ListUsersRequest, SearchUsersRequest, User};
use confab_proto::message::{ListRoomsRequest, Room};

use crate::error::Error;
use crate::gateway::Gateway;
use crate::principal::Principal;

/// How many are shown to who looks for nobody in particular, besides those they have a room with.
const NEWEST: i32 = 50;

/// Users, those with whom one has a room first, and those rooms.
pub struct Known {
    /// The users, oneself not among them.
    pub users: Vec<User>,
    /// One's rooms of two, with the other one first among their members.
    pub pairs: Vec<Room>,
}

/// Oneself, with all that others do not see.
pub async fn oneself(gateway: &Gateway, principal: &Principal) -> Result<User, Error> {
    let id = principal.user.to_string();
    let request = BatchGetUsersRequest {
        user_ids: vec![id.clone()],
        caller_id: id,
    };
    let mut answer = gateway.clients.auth.batch_get_users(request).await?;
    answer.users.pop().ok_or(Error::UserNotFound)
}

/// Another user.
pub async fn somebody(gateway: &Gateway, id: UserId) -> Result<User, Error> {
    let user = gateway.profiles.one(&id.to_string()).await?;
    user.map(|user| (*user).clone()).ok_or(Error::UserNotFound)
}

/// Those with whom one has a room of two, the most recently active first, and then the newest users; or
/// those whose names begin with `query`, if it is given.
pub async fn known(gateway: &Gateway, principal: &Principal, query: &str) -> Result<Known, Error> {
    let me = principal.user.to_string();
    let request = ListRoomsRequest {
        user_id: me.clone(),
        ..ListRoomsRequest::default()
    };
    let rooms = gateway.clients.message_store.list_rooms(request).await?;
    let mut pairs = rooms.rooms;
    pairs.retain(|room| !room.is_group && !room.member_ids.is_empty());
    let others = match query {
        "" => {
            let newest = ListUsersRequest { limit: NEWEST };
            gateway.clients.auth.list_users(newest).await?.users
        }
        query => {
            let search = SearchUsersRequest {
                query: query.to_owned(),
                limit: 50,
                after: String::new(),
            };
            gateway.clients.auth.search_users(search).await?.users
        }
    };
    let mut users = Vec::new();
    if query.is_empty() {
        let ids = pairs.iter().map(|room| room.member_ids[0].as_str());
        let known = gateway.profiles.many(ids.clone()).await?;
        users.extend(
            ids.filter_map(|id| known.get(id))
                .map(|user| (**user).clone()),
        );
    }
    let mut seen: HashSet<String> = users.iter().map(|user| user.id.clone()).collect();
    seen.insert(me);
    users.extend(
        others
            .into_iter()
            .filter(|user| seen.insert(user.id.clone())),
    );
    Ok(Known { users, pairs })
}
