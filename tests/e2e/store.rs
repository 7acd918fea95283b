//! MongoDB goes away: nobody waits in vain, nobody is thrown out, nothing is lost.

use confab_e2e::{Cluster, Control, Plan, node};
use confab_testkit::{Mongo, Proxy};
use reqwest::Url;

#[tokio::test]
async fn while_the_store_is_gone_everybody_is_told_when_to_come_back_and_then_it_goes_on() {
    let mut uri = Url::parse(&Mongo::fresh().uri).unwrap();
    let store = format!("{}:{}", uri.host_str().unwrap(), uri.port().unwrap());
    let line = Proxy::to(&store).await;
    uri.set_port(Some(line.address.port())).unwrap();
    let cluster = Cluster::planned(Plan {
        env: vec![("MONGODB_URI", uri.to_string())],
        ..Plan::default()
    })
    .await;
    let control = Control::serve(move |command| {
        match command.as_str() {
            "cut" => line.cut(),
            "mend" => line.mend(),
            other => panic!("unknown command {other:?}"),
        }
        std::future::ready(())
    })
    .await;
    let arguments = ["--url", &cluster.urls(), "--control", &control.url];
    node("clients/away.mjs", &arguments).await.succeeds();
}
