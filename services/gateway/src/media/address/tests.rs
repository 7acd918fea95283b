use std::time::Duration;

use confab_ids::{MediaId, UserId};
use confab_proto::message::Attachment;

use crate::media::links::Links;

fn links(public_url: &str) -> Links {
    Links::new(Duration::from_secs(900), public_url.to_owned())
}

fn uploaded(id: MediaId) -> Attachment {
    Attachment {
        media_id: id.to_string(),
        ..Attachment::default()
    }
}

#[test]
fn what_is_elsewhere_stays_where_it_is() {
    let links = links("https://chat.example.com");
    let attachment = Attachment {
        url: "https://example.org/a.png".to_owned(),
        ..Attachment::default()
    };
    assert_eq!(links.behind("/social", &attachment), attachment.url);
    assert_eq!(
        links.shown_to(UserId::generate(), &attachment),
        attachment.url
    );
    let owner = UserId::generate().to_string();
    assert_eq!(links.face(&owner, &attachment.url), attachment.url);
    assert_eq!(links.face(&owner, ""), "");
    assert_eq!(links.named("/social", &attachment.url), None);
}

#[test]
fn an_upload_is_found_again_by_each_address_that_somebody_was_told() {
    let id = MediaId::generate();
    for public_url in ["", "https://chat.example.com"] {
        let links = links(public_url);
        let (viewer, attachment) = (UserId::generate(), uploaded(id));
        let owner = viewer.to_string();
        let whole = links.behind("/social", &attachment);
        assert_eq!(whole, format!("{public_url}/social{}", id.path()));
        for address in [
            links.behind("/social", &attachment),
            links.shown_to(viewer, &attachment),
            links.face(&owner, &id.path()),
            format!("{public_url}{}", id.path()),
            // As a page has it that left the origin out.
            format!("{}?user=a&expires=1&signature=b", id.path()),
        ] {
            assert_eq!(links.named("/social", &address), Some(id), "{address}");
        }
    }
}

#[test]
fn an_upload_of_another_host_is_none_of_ours() {
    let id = MediaId::generate();
    let links = links("https://chat.example.com");
    for address in [
        format!("https://elsewhere.example.com{}", id.path()),
        format!("https://chat.example.com.evil.example{}", id.path()),
        format!("/elsewhere{}", id.path()),
        format!("{}/thumbnail", id.path()),
    ] {
        assert_eq!(links.named("/social", &address), None, "{address}");
    }
}

#[test]
fn without_a_key_nothing_is_signed() {
    let (viewer, media) = (UserId::generate(), MediaId::generate());
    assert_eq!(links("").lasting((viewer, media)), None);
    let plain = links("").shown_to(viewer, &uploaded(media));
    assert_eq!(plain, format!("/native{}", media.path()));
}
