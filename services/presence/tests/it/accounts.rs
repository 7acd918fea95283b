//! A stand-in for auth, which belongs to somebody else: it keeps what it is told to store.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use confab_chassis::CancellationToken;
use confab_chassis::grpc::GrpcServer;
use confab_ids::UserId;
use confab_proto::auth as wire;
use confab_proto::auth::auth_service_server::{AuthService, AuthServiceServer};
use tonic::{Request, Response, Status};
use url::Url;

#[derive(Clone, Default)]
pub struct Accounts {
    seen: Arc<Mutex<BTreeMap<String, i64>>>,
}

impl Accounts {
    /// Serves on an address, or on any free port.
    pub async fn serve(&self, address: &str) -> (Url, CancellationToken) {
        let server = GrpcServer::bind(address.parse().unwrap(), confab_proto::DESCRIPTORS);
        let server = server
            .await
            .unwrap()
            .add(AuthServiceServer::new(self.clone()))
            .await;
        let url = format!("http://{}", server.address()).parse().unwrap();
        let stop = CancellationToken::new();
        tokio::spawn(server.serve(stop.clone()));
        (url, stop)
    }

    /// When a user was last seen, as far as stored.
    pub fn last_seen(&self, user: UserId) -> Option<i64> {
        self.seen.lock().unwrap().get(&user.to_string()).copied()
    }
}

type Answer<T> = Result<Response<T>, Status>;

fn not_asked<T>() -> Answer<T> {
    Err(Status::unimplemented("presence has no business with this"))
}

#[tonic::async_trait]
impl AuthService for Accounts {
    async fn record_last_seen(
        &self,
        request: Request<wire::RecordLastSeenRequest>,
    ) -> Answer<wire::RecordLastSeenResponse> {
        let last_seen = request.into_inner().last_seen;
        assert!(
            last_seen.len() <= 1_000,
            "auth takes no more than 1,000 at once"
        );
        let mut seen = self.seen.lock().unwrap();
        for one in last_seen {
            let stored = seen.entry(one.user_id).or_default();
            *stored = one.at_ms.max(*stored);
        }
        Ok(Response::new(wire::RecordLastSeenResponse {}))
    }

    async fn sign_up(&self, _: Request<wire::SignUpRequest>) -> Answer<wire::SignUpResponse> {
        not_asked()
    }

    async fn admit_external(
        &self,
        _: Request<wire::AdmitExternalRequest>,
    ) -> Answer<wire::AdmitExternalResponse> {
        not_asked()
    }

    async fn list_users(
        &self,
        _: Request<wire::ListUsersRequest>,
    ) -> Answer<wire::ListUsersResponse> {
        not_asked()
    }

    async fn log_in(&self, _: Request<wire::LogInRequest>) -> Answer<wire::LogInResponse> {
        not_asked()
    }

    async fn refresh(&self, _: Request<wire::RefreshRequest>) -> Answer<wire::RefreshResponse> {
        not_asked()
    }

    async fn log_out(&self, _: Request<wire::LogOutRequest>) -> Answer<wire::LogOutResponse> {
        not_asked()
    }

    async fn batch_get_users(
        &self,
        _: Request<wire::BatchGetUsersRequest>,
    ) -> Answer<wire::BatchGetUsersResponse> {
        not_asked()
    }

    async fn search_users(
        &self,
        _: Request<wire::SearchUsersRequest>,
    ) -> Answer<wire::SearchUsersResponse> {
        not_asked()
    }

    async fn update_profile(
        &self,
        _: Request<wire::UpdateProfileRequest>,
    ) -> Answer<wire::UpdateProfileResponse> {
        not_asked()
    }

    async fn list_signing_keys(
        &self,
        _: Request<wire::ListSigningKeysRequest>,
    ) -> Answer<wire::ListSigningKeysResponse> {
        not_asked()
    }

    async fn list_sessions(
        &self,
        _: Request<wire::ListSessionsRequest>,
    ) -> Answer<wire::ListSessionsResponse> {
        not_asked()
    }

    async fn revoke_session(
        &self,
        _: Request<wire::RevokeSessionRequest>,
    ) -> Answer<wire::RevokeSessionResponse> {
        not_asked()
    }

    async fn revoke_other_sessions(
        &self,
        _: Request<wire::RevokeOtherSessionsRequest>,
    ) -> Answer<wire::RevokeOtherSessionsResponse> {
        not_asked()
    }

    async fn check_sessions(
        &self,
        _: Request<wire::CheckSessionsRequest>,
    ) -> Answer<wire::CheckSessionsResponse> {
        not_asked()
    }

    async fn change_password(
        &self,
        _: Request<wire::ChangePasswordRequest>,
    ) -> Answer<wire::ChangePasswordResponse> {
        not_asked()
    }

    async fn get_users_by_username(
        &self,
        _: Request<wire::GetUsersByUsernameRequest>,
    ) -> Answer<wire::GetUsersByUsernameResponse> {
        not_asked()
    }

    async fn rotate_keys(
        &self,
        _: Request<wire::RotateKeysRequest>,
    ) -> Answer<wire::RotateKeysResponse> {
        not_asked()
    }

    async fn block_user(
        &self,
        _: Request<wire::BlockUserRequest>,
    ) -> Answer<wire::BlockUserResponse> {
        not_asked()
    }

    async fn unblock_user(
        &self,
        _: Request<wire::UnblockUserRequest>,
    ) -> Answer<wire::UnblockUserResponse> {
        not_asked()
    }

    async fn list_blocked(
        &self,
        _: Request<wire::ListBlockedRequest>,
    ) -> Answer<wire::ListBlockedResponse> {
        not_asked()
    }

    async fn list_blockers(
        &self,
        _: Request<wire::ListBlockersRequest>,
    ) -> Answer<wire::ListBlockersResponse> {
        not_asked()
    }
}
