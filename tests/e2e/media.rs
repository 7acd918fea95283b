//! Files that people send each other: kept in a folder, and in something that speaks S3.

mod object_server;

use std::path::{Path, PathBuf};

use confab_e2e::{Balancer, Cluster, Plan, node, scratch};
use confab_testkit::eventually_within;

use object_server::ObjectServer;

/// Above two parts of S3.
const MOST: &str = "12000000";

fn plan(place: &str) -> Plan {
    Plan {
        env: vec![
            ("MEDIA_STORE", place.to_owned()),
            ("MEDIA_MAX_BYTES", MOST.to_owned()),
            ("MEDIA_STALL_TIMEOUT", "10s".to_owned()),
            ("AWS_ACCESS_KEY_ID", ObjectServer::KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", ObjectServer::SECRET.to_owned()),
        ],
        ..Plan::default()
    }
}

/// A plan in which nothing stays for long that nobody shows.
fn sweeping(place: &str) -> Plan {
    let mut plan = plan(place);
    plan.env.push(("MEDIA_ORPHAN_AFTER", "10s".to_owned()));
    plan.env.push(("MEDIA_SWEEP_INTERVAL", "1s".to_owned()));
    plan
}

async fn shares(place: &str, direct: &str) {
    let mut cluster = Cluster::planned(plan(place)).await;
    let balancer = Balancer::before(&mut cluster).await;
    let urls = cluster.urls();
    let arguments = [
        "--url",
        &urls,
        "--balancer",
        &balancer.url,
        "--most",
        MOST,
        "--direct",
        direct,
    ];
    node("clients/media.mjs", &arguments).await.succeeds();
}

#[tokio::test]
async fn files_in_a_folder_are_seen_by_those_who_may_and_are_what_they_say() {
    let folder = scratch("media");
    shares(folder.to_str().unwrap(), "gateway").await;
}

#[tokio::test]
async fn files_in_s3_are_seen_by_those_who_may_and_are_what_they_say() {
    let server = ObjectServer::start().await;
    shares(&server.place("some/prefix", &server.url), "s3").await;
}

#[tokio::test]
async fn of_what_nobody_shows_no_byte_stays_in_a_folder() {
    let folder = scratch("orphans");
    let cluster = Cluster::planned(sweeping(folder.to_str().unwrap())).await;
    node("clients/orphans.mjs", &["--url", &cluster.urls()])
        .await
        .succeeds();
    only_the_shown_one_stays(&folder).await;
}

#[tokio::test]
async fn of_what_nobody_shows_no_byte_stays_in_s3() {
    let server = ObjectServer::start().await;
    let cluster = Cluster::planned(sweeping(&server.place("", ""))).await;
    node("clients/orphans.mjs", &["--url", &cluster.urls()])
        .await
        .succeeds();
    only_the_shown_one_stays(&server.folder).await;
}

/// The file, and its thumbnail.
async fn only_the_shown_one_stays(folder: &Path) {
    let within = std::time::Duration::from_secs(60);
    eventually_within(within, "only what is shown stays", async || {
        let files = files(folder);
        let is = |name: &str| files.iter().filter(|file| file.contains(name)).count() > 0;
        let uploads: std::collections::HashSet<_> =
            files.iter().filter_map(|file| id_in(file)).collect();
        (uploads.len() == 1 && is("file") && is("thumbnail") && !is("incoming")).then_some(())
    })
    .await;
}

/// The id of the upload that a file belongs to.
fn id_in(path: &str) -> Option<&str> {
    let is_id = |part: &&str| part.len() == 24 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    path.split('/').find(is_id)
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path().to_string_lossy().into_owned());
            }
        }
    }
    found
}

#[tokio::test]
async fn uploads_that_are_switched_off_are_refused_and_all_else_works() {
    let folder = scratch("off");
    let mut switched_off = plan(folder.to_str().unwrap());
    switched_off.env.push(("MEDIA", "off".to_owned()));
    for plan in [switched_off, Plan::default()] {
        let cluster = Cluster::planned(Plan {
            gateways: 1,
            ..plan
        })
        .await;
        node("clients/uploads-off.mjs", &["--url", &cluster.urls()])
            .await
            .succeeds();
    }
}
