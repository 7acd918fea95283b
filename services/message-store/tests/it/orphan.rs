//! What becomes of uploads that nothing shows.

use confab_proto::message::{DeleteFor, RemoveMediaRequest};
use confab_testkit::{Mongo, eventually, eventually_within};

use crate::actor::Actor;
use crate::media::{begin, carries, keep, not_attachable, orphans, sees, set_image, uploaded};
use crate::service::{Service, create_group, new_user, refusal};

#[tokio::test]
async fn what_nothing_refers_to_is_handed_out_once_and_what_is_shown_stays() {
    let mongo = Mongo::fresh();
    let service = Service::start_with(&mongo, &["--media-orphan-after=1s"]).await;
    let media = service.media();
    let ada = new_user();
    let room = create_group(&service.client, &[ada.clone(), new_user()])
        .await
        .id;
    let carried = uploaded(&media, &ada, "image/png").await;
    carries(&service, (&ada, &room), "one", &[&carried])
        .await
        .unwrap();
    let avatar = uploaded(&media, &ada, "image/png").await;
    keep(&media, &ada, &avatar).await.unwrap();
    let picture = uploaded(&media, &ada, "image/png").await;
    set_image(&service, (&ada, &room), &picture).await.unwrap();
    let mut lost = vec![
        begin(&media, &ada).await.unwrap().id,
        uploaded(&media, &ada, "image/png").await,
    ];
    lost.sort();

    let mut taken = Vec::new();
    let all = eventually("the two that nothing refers to are taken", async || {
        let found = orphans(&media).await;
        (found.is_empty() && taken.len() >= 2)
            .then(|| taken.clone())
            .or_else(|| {
                taken.extend(found);
                None
            })
    });
    let mut all = all.await;
    all.sort();
    assert_eq!(all, lost);
    // Nobody can use them any more.
    for id in &lost {
        let outcome = carries(&service, (&ada, &room), "two", &[id]).await;
        assert_eq!(refusal(outcome), not_attachable());
    }
    let request = RemoveMediaRequest {
        media_ids: [lost, vec![carried.clone()]].concat(),
    };
    media.clone().remove_media(request).await.unwrap();
    for id in [&carried, &avatar, &picture] {
        assert!(sees(&media, &ada, id).await, "{id} is shown");
    }
    let records = mongo
        .open()
        .await
        .collection::<mongodb::bson::Document>("media");
    assert_eq!(
        records
            .count_documents(mongodb::bson::doc! {})
            .await
            .unwrap(),
        3
    );
}

#[tokio::test]
async fn what_only_deleted_messages_carried_is_an_orphan_and_a_repeat_of_them_is_answered_still() {
    let mongo = Mongo::fresh();
    let service = Service::start(&mongo).await;
    let media = service.media();
    let ada = new_user();
    let room = create_group(&service.client, &[ada.clone(), new_user()])
        .await
        .id;
    let cat = uploaded(&media, &ada, "image/png").await;
    let sent = carries(&service, (&ada, &room), "one", &[&cat])
        .await
        .unwrap();
    let message = sent.message.unwrap();
    let actor = Actor::new(&service.client, &ada);
    actor
        .deletes(&message.id, DeleteFor::Everyone)
        .await
        .unwrap();
    // A send may have been under way: so it is not taken at once.
    let within = std::time::Duration::from_secs(40);
    eventually_within(within, "it is taken", async || {
        (orphans(&media).await == [cat.clone()]).then_some(())
    })
    .await;
    let request = RemoveMediaRequest {
        media_ids: vec![cat.clone()],
    };
    media.clone().remove_media(request).await.unwrap();
    let again = carries(&service, (&ada, &room), "one", &[&cat])
        .await
        .unwrap();
    assert!(again.repeated);
    assert_eq!(again.message.unwrap().id, message.id);
    let other = carries(&service, (&ada, &room), "two", &[&cat]).await;
    assert_eq!(refusal(other), not_attachable());
}

#[tokio::test]
async fn what_only_messages_carried_that_are_kept_no_longer_is_an_orphan() {
    let mongo = Mongo::fresh();
    let settings = ["--retention-messages=1", "--retention-every=1s"];
    let service = Service::start_with(&mongo, &settings).await;
    let media = service.media();
    let ada = new_user();
    let room = create_group(&service.client, &[ada.clone(), new_user()])
        .await
        .id;
    let [old, new] = [
        uploaded(&media, &ada, "image/png").await,
        uploaded(&media, &ada, "image/png").await,
    ];
    for (number, id) in [("one", &old), ("two", &new)] {
        let sent = carries(&service, (&ada, &room), number, &[id]).await;
        sent.unwrap();
    }
    let within = std::time::Duration::from_secs(60);
    eventually_within(within, "the first upload is taken", async || {
        (orphans(&media).await == [old.clone()]).then_some(())
    })
    .await;
    assert!(sees(&media, &ada, &new).await);
}
