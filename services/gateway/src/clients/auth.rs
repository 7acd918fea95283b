//! The auth service.

use confab_chassis::grpc::Peers;
use confab_proto::auth::auth_service_client::AuthServiceClient;
use confab_proto::auth::{
    BatchGetUsersRequest, BatchGetUsersResponse, GetUsersByUsernameRequest,
    GetUsersByUsernameResponse, ListSigningKeysRequest, ListSigningKeysResponse, LogInRequest,
    LogInResponse, LogOutRequest, LogOutResponse, RefreshRequest, RefreshResponse,
    SearchUsersRequest, SearchUsersResponse, SignUpRequest, SignUpResponse, UpdateProfileRequest,
    UpdateProfileResponse,
};

use super::{PATIENT, QUICK, calls};

/// Accounts, sessions and keys.
#[derive(Clone)]
pub struct Auth(pub Peers);

impl Auth {
    calls! { AuthServiceClient:
        sign_up(SignUpRequest) -> SignUpResponse, PATIENT, once;
        log_in(LogInRequest) -> LogInResponse, PATIENT;
        refresh(RefreshRequest) -> RefreshResponse, QUICK, once;
        log_out(LogOutRequest) -> LogOutResponse, QUICK;
        batch_get_users(BatchGetUsersRequest) -> BatchGetUsersResponse, QUICK;
        get_users_by_username(GetUsersByUsernameRequest) -> GetUsersByUsernameResponse, QUICK;
        search_users(SearchUsersRequest) -> SearchUsersResponse, QUICK;
        update_profile(UpdateProfileRequest) -> UpdateProfileResponse, QUICK;
        list_signing_keys(ListSigningKeysRequest) -> ListSigningKeysResponse, QUICK;
    }
}
