//! The message-store service. All calls about a room go to the same replica while it lives: its cache
//! of the room's head is warm then, and no other replica appends at the same time.

use confab_proto::message::media_service_client::MediaServiceClient;
use confab_proto::message::message_service_client::MessageServiceClient;
use confab_proto::message::room_service_client::RoomServiceClient;
use confab_proto::message::{
    AddMembersRequest, AdvanceCursorRequest, AdvanceCursorResponse, BeginMediaRequest,
    BeginMediaResponse, ChangeMessageResponse, ChangeRoomResponse, CompleteMediaRequest,
    CompleteMediaResponse, CreateRoomRequest, CreateRoomResponse, DeleteMessageRequest,
    DiscardMediaRequest, DiscardMediaResponse, EditMessageRequest, GetMediaRequest,
    GetMediaResponse, GetMessageRequest, GetMessageResponse, GetRoomRequest, GetRoomResponse,
    KeepAvatarRequest, KeepAvatarResponse, ListChangesRequest, ListChangesResponse,
    ListEditsRequest, ListEditsResponse, ListHeadsRequest, ListHeadsResponse, ListMembersRequest,
    ListMembersResponse, ListMessagesRequest, ListMessagesResponse, ListPinsRequest,
    ListPinsResponse, ListReadersRequest, ListReadersResponse, ListReceiptsRequest,
    ListReceiptsResponse, ListRepliesRequest, ListRepliesResponse, ListRoomsRequest,
    ListRoomsResponse, MuteRoomRequest, MuteRoomResponse, PinMessageRequest, ReactToMessageRequest,
    ReleaseAvatarsRequest, ReleaseAvatarsResponse, RemoveMediaRequest, RemoveMediaResponse,
    RemoveMemberRequest, SendMessageRequest, SendMessageResponse, SetMemberRoleRequest,
    ShareUrlKeyRequest, ShareUrlKeyResponse, TakeOrphansRequest, TakeOrphansResponse,
    UpdateRoomRequest,
};

use super::{Line, QUICK, calls};

/// Rooms, members and messages.
#[derive(Clone)]
pub struct MessageStore(pub Line);

impl MessageStore {
    calls! { MessageServiceClient:
        create_group = create_room(CreateRoomRequest) -> CreateRoomResponse, QUICK, once;
        open_pair = create_room(CreateRoomRequest) -> CreateRoomResponse, QUICK;
        get_room(GetRoomRequest by room_id) -> GetRoomResponse, QUICK;
        list_rooms(ListRoomsRequest) -> ListRoomsResponse, QUICK;
        list_members(ListMembersRequest by room_id) -> ListMembersResponse, QUICK;
        send_message(SendMessageRequest by room_id) -> SendMessageResponse, QUICK;
        list_messages(ListMessagesRequest by room_id) -> ListMessagesResponse, QUICK;
        list_changes(ListChangesRequest by room_id) -> ListChangesResponse, QUICK;
        list_heads(ListHeadsRequest) -> ListHeadsResponse, QUICK;
        advance_cursor(AdvanceCursorRequest by room_id) -> AdvanceCursorResponse, QUICK;
        get_message(GetMessageRequest) -> GetMessageResponse, QUICK;
        list_replies(ListRepliesRequest) -> ListRepliesResponse, QUICK;
        list_readers(ListReadersRequest) -> ListReadersResponse, QUICK;
        list_receipts(ListReceiptsRequest by room_id) -> ListReceiptsResponse, QUICK;
        list_edits(ListEditsRequest) -> ListEditsResponse, QUICK;
        list_pins(ListPinsRequest by room_id) -> ListPinsResponse, QUICK;
        edit_message(EditMessageRequest) -> ChangeMessageResponse, QUICK;
        delete_message(DeleteMessageRequest) -> ChangeMessageResponse, QUICK;
        react_to_message(ReactToMessageRequest) -> ChangeMessageResponse, QUICK;
        pin_message(PinMessageRequest) -> ChangeMessageResponse, QUICK;
    }

    calls! { MediaServiceClient:
        begin_media(BeginMediaRequest) -> BeginMediaResponse, QUICK;
        complete_media(CompleteMediaRequest) -> CompleteMediaResponse, QUICK;
        discard_media(DiscardMediaRequest) -> DiscardMediaResponse, QUICK;
        get_media(GetMediaRequest) -> GetMediaResponse, QUICK;
        keep_avatar(KeepAvatarRequest) -> KeepAvatarResponse, QUICK;
        release_avatars(ReleaseAvatarsRequest) -> ReleaseAvatarsResponse, QUICK;
        take_orphans(TakeOrphansRequest) -> TakeOrphansResponse, QUICK;
        remove_media(RemoveMediaRequest) -> RemoveMediaResponse, QUICK;
        share_url_key(ShareUrlKeyRequest) -> ShareUrlKeyResponse, QUICK;
    }

    calls! { RoomServiceClient:
        update_room(UpdateRoomRequest by room_id) -> ChangeRoomResponse, QUICK;
        add_members(AddMembersRequest by room_id) -> ChangeRoomResponse, QUICK;
        remove_member(RemoveMemberRequest by room_id) -> ChangeRoomResponse, QUICK;
        set_member_role(SetMemberRoleRequest by room_id) -> ChangeRoomResponse, QUICK;
        mute_room(MuteRoomRequest by room_id) -> MuteRoomResponse, QUICK;
    }
}
