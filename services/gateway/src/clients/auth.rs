//! The auth service.

use confab_chassis::grpc::Peers;
use confab_proto::auth::auth_service_client::AuthServiceClient;
use confab_proto::auth::*;

use super::{PATIENT, QUICK, calls};

/// Accounts, sessions and keys.
#[derive(Clone)]
pub struct Auth(pub Peers);

impl Auth {
    calls! { AuthServiceClient:
        sign_up(SignUpRequest) -> SignUpResponse, PATIENT, once;
        // May be repeated: the second time finds what the first one made.
        admit_external(AdmitExternalRequest) -> AdmitExternalResponse, QUICK;
        list_users(ListUsersRequest) -> ListUsersResponse, QUICK;
        log_in(LogInRequest) -> LogInResponse, PATIENT;
        // May be repeated: within the grace a spent token gets the same successor.
        refresh(RefreshRequest) -> RefreshResponse, QUICK;
        log_out(LogOutRequest) -> LogOutResponse, QUICK;
        list_sessions(ListSessionsRequest) -> ListSessionsResponse, QUICK;
        revoke_session(RevokeSessionRequest) -> RevokeSessionResponse, QUICK, once;
        revoke_other_sessions(RevokeOtherSessionsRequest) -> RevokeOtherSessionsResponse, QUICK, once;
        check_sessions(CheckSessionsRequest) -> CheckSessionsResponse, QUICK;
        change_password(ChangePasswordRequest) -> ChangePasswordResponse, PATIENT, once;
        batch_get_users(BatchGetUsersRequest) -> BatchGetUsersResponse, QUICK;
        get_users_by_username(GetUsersByUsernameRequest) -> GetUsersByUsernameResponse, QUICK;
        search_users(SearchUsersRequest) -> SearchUsersResponse, QUICK;
        update_profile(UpdateProfileRequest) -> UpdateProfileResponse, QUICK;
        list_signing_keys(ListSigningKeysRequest) -> ListSigningKeysResponse, QUICK;
        block_user(BlockUserRequest) -> BlockUserResponse, QUICK;
        unblock_user(UnblockUserRequest) -> UnblockUserResponse, QUICK;
        list_blocked(ListBlockedRequest) -> ListBlockedResponse, QUICK;
        list_blockers(ListBlockersRequest) -> ListBlockersResponse, QUICK;
    }
}
