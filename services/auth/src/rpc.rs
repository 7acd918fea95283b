//! The gRPC face: the wire in, a verb, the wire out. Nothing below this knows gRPC.

mod answer;
mod parse;

use std::sync::Arc;

use confab_fault::{Fault, Kind};
use confab_proto::auth::auth_service_server::AuthService;
use confab_proto::auth::*;
use tonic::{Request, Response, Status};

use crate::account::{
    admit_external, batch_get, change_password, get_by_username, list_newest, log_in,
    record_last_seen, search, sign_up, update_profile,
};
use crate::auth::Auth;
use crate::error::Error;
use crate::session::refresh::Refreshed;
use crate::session::{check, list, log_out, refresh, revoke};
use crate::{block, keys};

/// The implementation of `confab.auth.v1.AuthService`.
pub struct Rpc(Arc<Auth>);

impl Rpc {
    pub fn new(auth: Arc<Auth>) -> Self {
        Self(auth)
    }
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl AuthService for Rpc {
    async fn sign_up(&self, request: Request<SignUpRequest>) -> Answer<SignUpResponse> {
        let done = async {
            let command = parse::sign_up(request.into_inner())?;
            sign_up::sign_up(&self.0, command).await
        };
        let done = done.await;
        count("confab_auth_signups_total", &done);
        say(done.map(|new| {
            let (user, tokens) = answer::logged_in(new);
            SignUpResponse {
                user: Some(user),
                tokens: Some(tokens),
            }
        }))
    }

    async fn admit_external(
        &self,
        request: Request<AdmitExternalRequest>,
    ) -> Answer<AdmitExternalResponse> {
        let done = async {
            let command = parse::admit_external(request.into_inner())?;
            let admitted = admit_external::admit_external(&self.0, command).await?;
            Ok(AdmitExternalResponse {
                user: Some(answer::own_user(admitted.account)),
                session_id: admitted.session.to_string(),
                created: admitted.created,
            })
        };
        say(done.await)
    }

    async fn list_users(&self, request: Request<ListUsersRequest>) -> Answer<ListUsersResponse> {
        let newest = list_newest::list_newest(&self.0, request.into_inner().limit).await;
        say(newest.map(|accounts| {
            let user = |account| answer::user_seen_by(account, None);
            let users = accounts.into_iter().map(user).collect();
            ListUsersResponse { users }
        }))
    }

    async fn log_in(&self, request: Request<LogInRequest>) -> Answer<LogInResponse> {
        let done = log_in::log_in(&self.0, parse::log_in(request.into_inner())).await;
        count("confab_auth_logins_total", &done);
        say(done.map(|new| {
            let (user, tokens) = answer::logged_in(new);
            LogInResponse {
                user: Some(user),
                tokens: Some(tokens),
            }
        }))
    }

    async fn refresh(&self, request: Request<RefreshRequest>) -> Answer<RefreshResponse> {
        let done = async {
            let (token, device) = parse::refresh(request.into_inner())?;
            refresh::refresh(&self.0, &token, device).await
        };
        let done = done.await;
        count("confab_auth_refreshes_total", &done);
        say(done.map(|refreshed| match refreshed {
            Refreshed::Renewed(new) => {
                let (user, tokens) = answer::logged_in(*new);
                RefreshResponse {
                    user: Some(user),
                    tokens: Some(tokens),
                    revoked: None,
                }
            }
            Refreshed::Revoked(ended) => RefreshResponse {
                revoked: Some(answer::ended(ended)),
                ..RefreshResponse::default()
            },
        }))
    }

    async fn log_out(&self, request: Request<LogOutRequest>) -> Answer<LogOutResponse> {
        // A text that is no token keeps no session alive: there is nothing left to end.
        let done = match parse::refresh_token(&request.into_inner().refresh_token) {
            Ok(token) => log_out::log_out(&self.0, &token).await,
            Err(_) => Ok(None),
        };
        say(done.map(|ended| LogOutResponse {
            ended: ended.map(answer::ended),
        }))
    }

    async fn list_sessions(
        &self,
        request: Request<ListSessionsRequest>,
    ) -> Answer<ListSessionsResponse> {
        let done = async {
            let user = parse::user(&request.into_inner().user_id)?;
            let sessions = list::list(&self.0, user).await?;
            Ok(ListSessionsResponse {
                sessions: sessions.into_iter().map(answer::session).collect(),
            })
        };
        say(done.await)
    }

    async fn revoke_session(
        &self,
        request: Request<RevokeSessionRequest>,
    ) -> Answer<RevokeSessionResponse> {
        let done = async {
            let request = request.into_inner();
            let user = parse::user(&request.user_id)?;
            let session = parse::session(&request.session_id)?;
            revoke::revoke(&self.0, user, session).await?;
            Ok(RevokeSessionResponse {})
        };
        say(done.await)
    }

    async fn revoke_other_sessions(
        &self,
        request: Request<RevokeOtherSessionsRequest>,
    ) -> Answer<RevokeOtherSessionsResponse> {
        let done = async {
            let (user, kept) = parse::revoke_others(&request.into_inner())?;
            let ended = revoke::revoke_others(&self.0, user, kept).await?;
            Ok(RevokeOtherSessionsResponse {
                session_ids: answer::ids(&ended),
            })
        };
        say(done.await)
    }

    async fn check_sessions(
        &self,
        request: Request<CheckSessionsRequest>,
    ) -> Answer<CheckSessionsResponse> {
        let done = async {
            let sessions = parse::sessions(&request.into_inner())?;
            let live = check::check(&self.0, &sessions).await?;
            Ok(CheckSessionsResponse {
                session_ids: answer::ids(&live),
            })
        };
        say(done.await)
    }

    async fn change_password(
        &self,
        request: Request<ChangePasswordRequest>,
    ) -> Answer<ChangePasswordResponse> {
        let done = async {
            let command = parse::change_password(request.into_inner())?;
            let ended = change_password::change_password(&self.0, command).await?;
            Ok(ChangePasswordResponse {
                session_ids: answer::ids(&ended),
            })
        };
        say(done.await)
    }

    async fn batch_get_users(
        &self,
        request: Request<BatchGetUsersRequest>,
    ) -> Answer<BatchGetUsersResponse> {
        let done = async {
            let (ids, caller) = parse::batch_get(&request.into_inner())?;
            let accounts = batch_get::batch_get(&self.0, &ids).await?;
            let seen_by = |account| answer::user_seen_by(account, caller);
            Ok(BatchGetUsersResponse {
                users: accounts.into_iter().map(seen_by).collect(),
            })
        };
        say(done.await)
    }

    async fn search_users(
        &self,
        request: Request<SearchUsersRequest>,
    ) -> Answer<SearchUsersResponse> {
        let done = async {
            let query = parse::search(&request.into_inner())?;
            let (accounts, has_more) = search::search(&self.0, &query).await?;
            let users = accounts
                .into_iter()
                .map(|account| answer::user_seen_by(account, None));
            Ok(SearchUsersResponse {
                users: users.collect(),
                has_more,
            })
        };
        say(done.await)
    }

    async fn get_users_by_username(
        &self,
        request: Request<GetUsersByUsernameRequest>,
    ) -> Answer<GetUsersByUsernameResponse> {
        let done = async {
            let names = parse::usernames(&request.into_inner())?;
            let accounts = get_by_username::get_by_username(&self.0, &names).await?;
            let users = accounts
                .into_iter()
                .map(|account| answer::user_seen_by(account, None));
            Ok(GetUsersByUsernameResponse {
                users: users.collect(),
            })
        };
        say(done.await)
    }

    async fn update_profile(
        &self,
        request: Request<UpdateProfileRequest>,
    ) -> Answer<UpdateProfileResponse> {
        let done = async {
            let command = parse::update_profile(&request.into_inner())?;
            let account = update_profile::update_profile(&self.0, command).await?;
            Ok(UpdateProfileResponse {
                user: Some(answer::own_user(account)),
            })
        };
        say(done.await)
    }

    async fn record_last_seen(
        &self,
        request: Request<RecordLastSeenRequest>,
    ) -> Answer<RecordLastSeenResponse> {
        let done = async {
            let seen = parse::last_seen(&request.into_inner())?;
            record_last_seen::record_last_seen(&self.0, seen).await?;
            Ok(RecordLastSeenResponse {})
        };
        say(done.await)
    }

    async fn list_signing_keys(
        &self,
        _: Request<ListSigningKeysRequest>,
    ) -> Answer<ListSigningKeysResponse> {
        let keys = keys::list::list(&self.0).await;
        say(keys.map(|keys| ListSigningKeysResponse {
            keys: keys.into_iter().map(answer::signing_key).collect(),
        }))
    }

    async fn rotate_keys(&self, _: Request<RotateKeysRequest>) -> Answer<RotateKeysResponse> {
        let active = keys::rotate::rotate(&self.0).await;
        say(active.map(|key| RotateKeysResponse {
            active: Some(answer::signing_key(key)),
        }))
    }

    async fn block_user(&self, request: Request<BlockUserRequest>) -> Answer<BlockUserResponse> {
        let done = async {
            let request = request.into_inner();
            let block = parse::block(&request.user_id, &request.blocked_id)?;
            block::add::add(&self.0, block).await?;
            Ok(BlockUserResponse {})
        };
        say(done.await)
    }

    async fn unblock_user(
        &self,
        request: Request<UnblockUserRequest>,
    ) -> Answer<UnblockUserResponse> {
        let done = async {
            let request = request.into_inner();
            let block = parse::block(&request.user_id, &request.blocked_id)?;
            block::remove::remove(&self.0, block).await?;
            Ok(UnblockUserResponse {})
        };
        say(done.await)
    }

    async fn list_blocked(
        &self,
        request: Request<ListBlockedRequest>,
    ) -> Answer<ListBlockedResponse> {
        let done = async {
            let user = parse::user(&request.into_inner().user_id)?;
            let blocked = block::list::blocked(&self.0, user).await?;
            let users = blocked
                .into_iter()
                .map(|account| answer::user_seen_by(account, None));
            Ok(ListBlockedResponse {
                users: users.collect(),
            })
        };
        say(done.await)
    }

    async fn list_blockers(
        &self,
        request: Request<ListBlockersRequest>,
    ) -> Answer<ListBlockersResponse> {
        let done = async {
            let user = parse::user(&request.into_inner().user_id)?;
            let blockers = block::list::blockers(&self.0, user).await?;
            Ok(ListBlockersResponse {
                user_ids: answer::ids(&blockers),
            })
        };
        say(done.await)
    }
}

/// Ends the way of a result here: what went wrong is logged once, and said in the common language.
fn say<T>(done: Result<T, Error>) -> Answer<T> {
    done.map(Response::new).map_err(|error| {
        let fault = Fault::from(&error);
        match fault.kind() {
            Kind::Internal => tracing::error!(error = chain(&error), "a call failed"),
            Kind::Timeout | Kind::Unavailable => {
                tracing::warn!(error = chain(&error), "a call failed");
            }
            _ => tracing::debug!(reason = fault.reason(), "refused a call"),
        }
        fault.into()
    })
}

fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// Counts what came of a call, by reason.
fn count<T>(counter: &'static str, done: &Result<T, Error>) {
    let outcome = match done {
        Ok(_) => "ok".to_owned(),
        Err(error) => Fault::from(error).reason().to_ascii_lowercase(),
    };
    metrics::counter!(counter, "outcome" => outcome).increment(1);
}
