//! From the wire to commands: a bad field stops here, by name.

use std::time::{Duration, UNIX_EPOCH};

use confab_ids::{SessionId, UserId};
use confab_proto::auth::{
    self as wire, AdmitExternalRequest, BatchGetUsersRequest, ChangePasswordRequest,
    CheckSessionsRequest, GetUsersByUsernameRequest, LogInRequest, RecordLastSeenRequest,
    RefreshRequest, RevokeOtherSessionsRequest, SearchUsersRequest, SignUpRequest,
    UpdateProfileRequest,
};

use crate::account::admit_external::AdmitExternal;
use crate::account::change_password::ChangePassword;
use crate::account::log_in::LogIn;
use crate::account::sign_up::SignUp;
use crate::account::update_profile::UpdateProfile;
use crate::account::{LastSeen, batch_get, get_by_username, name, record_last_seen};
use crate::block::Block;
use crate::email::Email;
use crate::error::Error;
use crate::external::{External, ExternalInvalid};
use crate::login::Login;
use crate::password::Password;
use crate::profile::{LastSeenVisibility, ProfileChange};
use crate::query::Query;
use crate::refresh_token::RefreshToken;
use crate::session::{Device, check};
use crate::username::Username;

/// What an issuer may call a session, in bytes.
const LONGEST_SESSION: usize = 256;
/// As long as a display name may be.
const LONGEST_NAME: usize = 64;

pub fn sign_up(request: SignUpRequest) -> Result<SignUp, Error> {
    let username = match (request.username.as_str(), request.display_name.as_str()) {
        ("", name) if !name.is_empty() => name::make_up(name),
        (name, _) => name.parse()?,
    };
    Ok(SignUp {
        username,
        display_name: request.display_name.parse()?,
        bio: request.bio.parse()?,
        email: request.email.parse()?,
        password: Password::new(request.password),
        device: device(request.device.unwrap_or_default()),
    })
}

/// What the token says besides is taken as far as it can be used: nobody is kept out by a name of theirs.
pub fn admit_external(request: AdmitExternalRequest) -> Result<AdmitExternal, Error> {
    if request.session.len() > LONGEST_SESSION {
        return Err(ExternalInvalid.into());
    }
    let display_name: String = request.name.chars().take(LONGEST_NAME).collect();
    let email = request.email.parse::<Email>();
    Ok(AdmitExternal {
        external: External::new(request.issuer, request.subject)?,
        session: request.session,
        username: request.username,
        display_name: display_name.parse().unwrap_or_default(),
        email: email
            .map(|email| email.as_str().to_owned())
            .unwrap_or_default(),
        avatar: request.picture.parse().unwrap_or_default(),
    })
}

pub fn log_in(request: LogInRequest) -> LogIn {
    LogIn {
        login: Login::read(&request.login),
        password: Password::new(request.password),
        device: device(request.device.unwrap_or_default()),
    }
}

pub fn refresh_token(text: &str) -> Result<RefreshToken, Error> {
    text.parse().map_err(|_| Error::RefreshTokenInvalid)
}

pub fn refresh(request: RefreshRequest) -> Result<(RefreshToken, Option<Device>), Error> {
    let token = refresh_token(&request.refresh_token)?;
    Ok((token, request.device.map(device)))
}

pub fn user(id: &str) -> Result<UserId, Error> {
    id.parse().map_err(|_| Error::UserIdInvalid)
}

pub fn session(id: &str) -> Result<SessionId, Error> {
    id.parse().map_err(|_| Error::SessionIdInvalid)
}

/// Whose sessions shall end, and which of them not.
pub fn revoke_others(
    request: &RevokeOtherSessionsRequest,
) -> Result<(UserId, Option<SessionId>), Error> {
    let kept = match request.kept_session_id.as_str() {
        "" => None,
        id => Some(session(id)?),
    };
    Ok((user(&request.user_id)?, kept))
}

pub fn sessions(request: &CheckSessionsRequest) -> Result<Vec<SessionId>, Error> {
    if request.session_ids.len() > check::MAX {
        return Err(Error::SessionIdsInvalid);
    }
    let ids = request.session_ids.iter().map(|id| id.parse());
    ids.collect::<Result<_, _>>()
        .map_err(|_| Error::SessionIdsInvalid)
}

pub fn change_password(request: ChangePasswordRequest) -> Result<ChangePassword, Error> {
    Ok(ChangePassword {
        user: user(&request.user_id)?,
        session: session(&request.session_id)?,
        current: Password::new(request.current_password),
        new: Password::new(request.new_password),
    })
}

pub fn block(who: &str, whom: &str) -> Result<Block, Error> {
    Ok(Block {
        user: user(who)?,
        blocked: user(whom)?,
    })
}

fn device(device: wire::Device) -> Device {
    Device::new(&device.user_agent, &device.address)
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
    Ok(Query::read(&request.query, request.limit, &request.after)?)
}

pub fn update_profile(request: &UpdateProfileRequest) -> Result<UpdateProfile, Error> {
    let user = user(&request.user_id)?;
    let (name, url, bio) = (
        request.display_name.as_deref(),
        request.avatar_url.as_deref(),
        request.bio.as_deref(),
    );
    let visibility = request.last_seen_visibility;
    let change = ProfileChange {
        display_name: name.map(str::parse).transpose()?,
        avatar_url: url.map(str::parse).transpose()?,
        bio: bio.map(str::parse).transpose()?,
        last_seen_visibility: visibility.map(last_seen_visibility).transpose()?,
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

fn last_seen_visibility(number: i32) -> Result<LastSeenVisibility, Error> {
    match wire::LastSeenVisibility::try_from(number) {
        Ok(wire::LastSeenVisibility::Everyone) => Ok(LastSeenVisibility::Everyone),
        Ok(wire::LastSeenVisibility::Contacts) => Ok(LastSeenVisibility::Contacts),
        Ok(wire::LastSeenVisibility::Nobody) => Ok(LastSeenVisibility::Nobody),
        Ok(wire::LastSeenVisibility::Unspecified) | Err(_) => Err(Error::LastSeenVisibilityInvalid),
    }
}
