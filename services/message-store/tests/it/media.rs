//! Uploads: what messages and rooms may show of them, and to whom.

use confab_proto::message::media_service_client::MediaServiceClient;
use confab_proto::message::{
    Attachment, BeginMediaRequest, CompleteMediaRequest, DeleteFor, DiscardMediaRequest,
    GetMediaRequest, KeepAvatarRequest, Media, MediaState, ReleaseAvatarsRequest,
    RemoveMemberRequest, SendMessageRequest, SendMessageResponse, ShareUrlKeyRequest,
    TakeOrphansRequest, Thumbnail, UpdateRoomRequest,
};
use confab_testkit::Mongo;
use tonic::transport::Channel;
use tonic::{Code, Status};

use crate::actor::Actor;
use crate::service::{Service, create_group, new_user, refusal};

type Client = MediaServiceClient<Channel>;

pub async fn begin(client: &Client, user: &str) -> Result<Media, Status> {
    let request = BeginMediaRequest {
        user_id: user.to_owned(),
        media_id: new_user(),
        name: "../cat.png".to_owned(),
        ..BeginMediaRequest::default()
    };
    let answer = client.clone().begin_media(request).await?.into_inner();
    Ok(answer.media.unwrap())
}

pub async fn complete(
    client: &Client,
    user: &str,
    id: &str,
    mime_type: &str,
) -> Result<Media, Status> {
    let request = CompleteMediaRequest {
        user_id: user.to_owned(),
        media_id: id.to_owned(),
        mime_type: mime_type.to_owned(),
        size_bytes: 1_234,
        width: 640,
        height: 480,
        thumbnail: Some(Thumbnail {
            mime_type: "image/jpeg".to_owned(),
            size_bytes: 99,
            width: 480,
            height: 360,
        }),
    };
    let answer = client.clone().complete_media(request).await?.into_inner();
    Ok(answer.media.unwrap())
}

/// An upload that is ready.
pub async fn uploaded(client: &Client, user: &str, mime_type: &str) -> String {
    let id = begin(client, user).await.unwrap().id;
    complete(client, user, &id, mime_type).await.unwrap().id
}

pub async fn sees(client: &Client, user: &str, media: &str) -> bool {
    let request = GetMediaRequest {
        user_id: user.to_owned(),
        media_id: media.to_owned(),
    };
    match client.clone().get_media(request).await {
        Ok(_) => true,
        Err(status) => {
            let not_found = (Code::NotFound, "MEDIA_NOT_FOUND".to_owned());
            assert_eq!(refusal::<()>(Err(status)), not_found);
            false
        }
    }
}

/// Sends a message that carries uploads, under an id of its own.
pub async fn carries(
    service: &Service,
    (user, room): (&str, &str),
    client_message_id: &str,
    media: &[&str],
) -> Result<SendMessageResponse, Status> {
    let attachment = |id: &&str| Attachment {
        media_id: (*id).to_owned(),
        // Lies, of which none counts.
        mime_type: "video/mp4".to_owned(),
        size_bytes: 1,
        url: "https://example.org/else".to_owned(),
        ..Attachment::default()
    };
    let request = SendMessageRequest {
        user_id: user.to_owned(),
        room_id: room.to_owned(),
        client_message_id: client_message_id.to_owned(),
        attachments: media.iter().map(attachment).collect(),
        r#type: "video".to_owned(),
        ..SendMessageRequest::default()
    };
    let answer = service.client.clone().send_message(request).await?;
    Ok(answer.into_inner())
}

pub async fn orphans(client: &Client) -> Vec<String> {
    let request = TakeOrphansRequest { limit: 0 };
    let answer = client.clone().take_orphans(request).await.unwrap();
    answer.into_inner().media_ids
}

pub fn not_attachable() -> (Code, String) {
    (Code::InvalidArgument, "ATTACHMENT_INVALID".to_owned())
}

#[tokio::test]
async fn a_message_carries_an_upload_as_it_is_and_its_members_see_it_until_it_is_deleted() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let media = service.media();
    let users = [new_user(), new_user(), new_user()];
    let [ada, ben, eve] = users.each_ref();
    let room = create_group(&service.client, &[ada.clone(), ben.clone()])
        .await
        .id;
    let cat = uploaded(&media, ada, "image/png").await;
    assert!(sees(&media, ada, &cat).await);
    assert!(!sees(&media, ben, &cat).await, "nobody has shown it to ben");

    let sent = carries(&service, (ada, &room), "one", &[&cat])
        .await
        .unwrap();
    let message = sent.message.unwrap();
    let expected = Attachment {
        media_id: cat.clone(),
        mime_type: "image/png".to_owned(),
        name: "cat.png".to_owned(),
        size_bytes: 1_234,
        width: 640,
        height: 480,
        ..Attachment::default()
    };
    assert_eq!(message.attachments, [expected]);
    assert_eq!(message.r#type, "image");
    assert!(sees(&media, ben, &cat).await);
    assert!(!sees(&media, eve, &cat).await);

    let again = carries(&service, (ada, &room), "two", &[&cat])
        .await
        .unwrap();
    let actor = Actor::new(&service.client, ada);
    actor
        .deletes(&message.id, DeleteFor::Everyone)
        .await
        .unwrap();
    assert!(
        sees(&media, ben, &cat).await,
        "the other message carries it still"
    );
    let other = again.message.unwrap();
    actor.deletes(&other.id, DeleteFor::Everyone).await.unwrap();
    assert!(!sees(&media, ben, &cat).await);
    assert!(sees(&media, ada, &cat).await);
    service.stop().await;
}

#[tokio::test]
async fn who_was_taken_out_of_a_room_sees_its_uploads_no_more_on_any_replica() {
    let mongo = Mongo::fresh();
    let services = Service::start_two(&mongo).await;
    let users = [new_user(), new_user()];
    let [ada, ben] = users.each_ref();
    let room = create_group(&services[0].client, &users).await.id;
    let cat = uploaded(&services[0].media(), ada, "image/png").await;
    carries(&services[0], (ada, &room), "one", &[&cat])
        .await
        .unwrap();
    assert!(sees(&services[1].media(), ben, &cat).await);
    let request = RemoveMemberRequest {
        user_id: ada.clone(),
        room_id: room,
        member_id: ben.clone(),
    };
    services[0].rooms().remove_member(request).await.unwrap();
    assert!(!sees(&services[1].media(), ben, &cat).await);
    assert!(!sees(&services[0].media(), ben, &cat).await);
}

#[tokio::test]
async fn only_ones_own_complete_uploads_can_be_attached() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let media = service.media();
    let users = [new_user(), new_user()];
    let [ada, ben] = users.each_ref();
    let room = create_group(&service.client, &users).await.id;
    let bens = uploaded(&media, ben, "image/png").await;
    let pending = begin(&media, ada).await.unwrap().id;
    for id in [&bens, &pending, &new_user()] {
        let outcome = carries(&service, (ada, &room), "one", &[id]).await;
        assert_eq!(refusal(outcome), not_attachable());
    }
    assert!(!sees(&media, ben, &pending).await);
    let stranger = complete(&media, ben, &pending, "image/png").await;
    assert_eq!(refusal(stranger).1, "MEDIA_NOT_FOUND");
}

#[tokio::test]
async fn completing_again_answers_what_was_found_first_and_what_was_given_up_stays_so() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let media = service.media();
    let ada = new_user();
    let id = begin(&media, &ada).await.unwrap().id;
    let first = complete(&media, &ada, &id, "image/png").await.unwrap();
    assert_eq!(first.state(), MediaState::Ready);
    let again = complete(&media, &ada, &id, "text/plain").await.unwrap();
    assert_eq!(again, first);

    let other = begin(&media, &ada).await.unwrap().id;
    let request = DiscardMediaRequest {
        user_id: ada.clone(),
        media_id: other.clone(),
    };
    media.clone().discard_media(request.clone()).await.unwrap();
    assert_eq!(
        refusal(complete(&media, &ada, &other, "image/png").await).1,
        "MEDIA_NOT_FOUND"
    );
    let first = DiscardMediaRequest {
        media_id: id.clone(),
        ..request
    };
    media.clone().discard_media(first).await.unwrap();
    assert!(
        sees(&media, &ada, &id).await,
        "a complete one is not given up"
    );
    assert_eq!(orphans(&media).await, [other]);
}

#[tokio::test]
async fn a_user_has_twenty_uploads_under_way_at_most() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let media = service.media();
    let (ada, ben) = (new_user(), new_user());
    let mut last = String::new();
    for _ in 0..20 {
        last = begin(&media, &ada).await.unwrap().id;
    }
    let expected = (Code::ResourceExhausted, "TOO_MANY_UPLOADS".to_owned());
    assert_eq!(refusal(begin(&media, &ada).await), expected);
    begin(&media, &ben).await.unwrap();
    complete(&media, &ada, &last, "image/png").await.unwrap();
    begin(&media, &ada).await.unwrap();
}

pub async fn keep(client: &Client, user: &str, media: &str) -> Result<(), Status> {
    let request = KeepAvatarRequest {
        user_id: user.to_owned(),
        media_id: media.to_owned(),
    };
    client.clone().keep_avatar(request).await.map(drop)
}

pub async fn set_image(
    service: &Service,
    (user, room): (&str, &str),
    media: &str,
) -> Result<(), Status> {
    let request = UpdateRoomRequest {
        user_id: user.to_owned(),
        room_id: room.to_owned(),
        image_url: Some(format!("/api/media/{media}")),
        ..UpdateRoomRequest::default()
    };
    service.rooms().update_room(request).await.map(drop)
}

#[tokio::test]
async fn an_avatar_is_seen_by_everybody_until_it_is_replaced_and_is_ones_own_image() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let media = service.media();
    let (ada, eve) = (new_user(), new_user());
    let face = uploaded(&media, &ada, "image/png").await;
    assert!(!sees(&media, &eve, &face).await);
    assert_eq!(
        refusal(keep(&media, &eve, &face).await).1,
        "MEDIA_NOT_FOUND"
    );
    let song = uploaded(&media, &ada, "audio/mpeg").await;
    assert_eq!(
        refusal(keep(&media, &ada, &song).await).1,
        "IMAGE_URL_INVALID"
    );
    keep(&media, &ada, &face).await.unwrap();
    assert!(sees(&media, &eve, &face).await);
    let newer = uploaded(&media, &ada, "image/jpeg").await;
    keep(&media, &ada, &newer).await.unwrap();
    assert!(
        sees(&media, &eve, &face).await,
        "until the profile names the new one"
    );
    let request = ReleaseAvatarsRequest {
        user_id: ada.clone(),
        except_media_id: newer.clone(),
    };
    media.clone().release_avatars(request).await.unwrap();
    assert!(!sees(&media, &eve, &face).await);
    assert!(sees(&media, &eve, &newer).await);
}

#[tokio::test]
async fn a_rooms_image_is_seen_by_its_members_and_nobody_shows_what_is_not_theirs() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let media = service.media();
    let users = [new_user(), new_user(), new_user()];
    let [ada, ben, eve] = users.each_ref();
    let room = create_group(&service.client, &[ada.clone(), ben.clone()])
        .await
        .id;
    let elsewhere = create_group(&service.client, &[eve.clone(), new_user()])
        .await
        .id;
    let image = uploaded(&media, ada, "image/webp").await;
    set_image(&service, (ada, &room), &image).await.unwrap();
    assert!(sees(&media, ben, &image).await);
    assert!(!sees(&media, eve, &image).await);
    let theft = set_image(&service, (eve, &elsewhere), &image).await;
    assert_eq!(
        refusal(theft),
        (Code::InvalidArgument, "IMAGE_URL_INVALID".to_owned())
    );
    assert!(!sees(&media, eve, &image).await);
    let song = uploaded(&media, ada, "audio/mpeg").await;
    assert_eq!(
        refusal(set_image(&service, (ada, &room), &song).await).1,
        "IMAGE_URL_INVALID"
    );
    let newer = uploaded(&media, ada, "image/webp").await;
    set_image(&service, (ada, &room), &newer).await.unwrap();
    assert!(!sees(&media, ben, &image).await);
    assert!(sees(&media, ben, &newer).await);
}

#[tokio::test]
async fn all_who_propose_a_key_for_a_day_get_the_same() {
    let mongo = Mongo::fresh();
    let services = Service::start_two(&mongo).await;
    let today = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs()
        / 86_400;
    let today = i64::try_from(today).unwrap();
    let propose = |service: &Service, day: i64, byte: u8, length: usize| {
        let mut client = service.media();
        let request = ShareUrlKeyRequest {
            day,
            candidate: vec![byte; length],
        };
        async move { client.share_url_key(request).await }
    };
    let (one, other) = tokio::join!(
        propose(&services[0], today, 1, 32),
        propose(&services[1], today, 2, 32),
    );
    let key = one.unwrap().into_inner().key;
    assert_eq!(other.unwrap().into_inner().key, key);
    let later = propose(&services[0], today, 3, 32).await.unwrap();
    assert_eq!(later.into_inner().key, key);
    let tomorrow = propose(&services[0], today + 1, 4, 32).await.unwrap();
    assert_eq!(tomorrow.into_inner().key, [4; 32]);
    // Midnight may pass meanwhile.
    assert!(propose(&services[0], today + 3, 5, 32).await.is_ok());
    for (day, length) in [(today + 5, 32), (today - 2, 32), (today, 31)] {
        assert!(propose(&services[0], day, 5, length).await.is_err());
    }
}
