//! Redis goes away and comes back: sends are acknowledged meanwhile, and nobody misses anything.

use confab_e2e::{Cluster, Plan, Proxy, node};
use confab_testkit::Redis;

#[tokio::test]
async fn messages_sent_while_redis_is_gone_arrive_when_it_is_back() {
    let redis = Redis::fresh();
    let address = redis.url.trim_start_matches("redis://").to_owned();
    let proxy = Proxy::to(&address).await;
    let gateways_redis = Some(format!("redis://{}", proxy.address));
    let cluster = Cluster::planned(Plan {
        gateways_redis,
        ..Plan::default()
    })
    .await;

    let control = Control::serve(proxy).await;
    let arguments = ["--url", &cluster.urls(), "--control", &control.url];
    node("clients/partition.mjs", &arguments).await.succeeds();
}

/// Lets the script cut and mend the line, over HTTP: `POST /cut`, `POST /mend`.
struct Control {
    url: String,
}

impl Control {
    async fn serve(proxy: Proxy) -> Self {
        use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mut stream = BufReader::new(stream);
                let mut request = String::new();
                stream.read_line(&mut request).await.unwrap();
                match request.split(' ').nth(1) {
                    Some("/cut") => proxy.cut(),
                    Some("/mend") => proxy.mend(),
                    other => panic!("unknown command {other:?}"),
                }
                let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
                stream.write_all(answer).await.unwrap();
            }
        });
        Self { url }
    }
}
