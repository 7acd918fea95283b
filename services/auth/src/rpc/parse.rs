//! From the wire to commands: a bad field stops here, by name.

use std::time::{Duration, UNIX_EPOCH};

use confab_ids::UserId;
use confab_proto::auth::{
    BatchGetUsersRequest, GetUsersByUsernameRequest, LogInRequest, RecordLastSeenRequest,
    SearchUsersRequest, SignUpRequest, UpdateProfileRequest,
};

use crate::account::log_in::LogIn;
use crate::account::sign_up::SignUp;
use crate::account::update_profile::UpdateProfile;
use crate::account::{LastSeen, batch_get, get_by_username, record_last_seen};
use crate::error::Error;
use crate::login::Login;
use crate::password::Password;
use crate::profile::ProfileChange;
use crate::query::Query;
use crate::session::RefreshToken;
use crate::username::Username;

pub fn sign_up(request: SignUpRequest) -> Result<SignUp, Error> {
    Ok(SignUp {
        username: request.username.parse()?,
        email: request.email.parse()?,
        password: Password::new(request.password),
    })
}

pub fn log_in(request: LogInRequest) -> LogIn {
    LogIn {
        login: Login::read(&request.login),
        password: Password::new(request.password),
    }
}

pub fn refresh_token(text: &str) -> Result<RefreshToken, Error> {
    text.parse().map_err(|_| Error::RefreshTokenInvalid)
}

/// The ids to read, and who asks.
pub fn batch_get(request: &BatchGetUsersRequest) -> Result<(Vec<UserId>, Option<UserId>), Error> {
    if request.user_ids.len() > batch_get::MAX {
        return Err(Error::UserIdsInvalid);
    }
    let ids = request
        .user_ids
        .iter()
        .map(|id| id.parse())
        .collect::<Result<_, _>>();
    let ids = ids.map_err(|_| Error::UserIdsInvalid)?;
    let caller = match request.caller_id.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| Error::CallerIdInvalid)?),
    };
    Ok((ids, caller))
}

/// The usernames to look for; what cannot be one is nobody's, and left out.
pub fn usernames(request: &GetUsersByUsernameRequest) -> Result<Vec<Username>, Error> {
    if request.usernames.len() > get_by_username::MAX {
        return Err(Error::UsernamesInvalid);
    }
    let names = request.usernames.iter();
    Ok(names.filter_map(|name| name.parse().ok()).collect())
}

pub fn search(request: &SearchUsersRequest) -> Result<Query, Error> {
    Ok(Query::read(&request.query, request.limit)?)
}

pub fn update_profile(request: &UpdateProfileRequest) -> Result<UpdateProfile, Error> {
    let user = request.user_id.parse().map_err(|_| Error::UserIdInvalid)?;
    let (name, url) = (
        request.display_name.as_deref(),
        request.avatar_url.as_deref(),
    );
    let change = ProfileChange {
        display_name: name.map(str::parse).transpose()?,
        avatar_url: url.map(str::parse).transpose()?,
    };
    Ok(UpdateProfile { user, change })
}

pub fn last_seen(request: &RecordLastSeenRequest) -> Result<Vec<LastSeen>, Error> {
    if request.last_seen.len() > record_last_seen::MAX {
        return Err(Error::LastSeenInvalid);
    }
    let read = |one: &confab_proto::auth::LastSeen| {
        let user = one.user_id.parse().ok()?;
        let millis = u64::try_from(one.at_ms).ok().filter(|millis| *millis > 0)?;
        let at = UNIX_EPOCH.checked_add(Duration::from_millis(millis))?;
        Some(LastSeen { user, at })
    };
    request
        .last_seen
        .iter()
        .map(read)
        .collect::<Option<_>>()
        .ok_or(Error::LastSeenInvalid)
}
