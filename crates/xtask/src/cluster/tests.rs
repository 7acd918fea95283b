//! The shape of `cluster.json`, which others read.

use super::*;
use serde_json::json;

#[test]
fn the_file_has_the_documented_shape() {
    let shape = Shape {
        gateways: 1,
        message_stores: 2,
    };
    let stores = [
        Endpoint {
            url: "redis://r".to_owned(),
            pid: Some(7),
        },
        Endpoint {
            url: "mongodb://m".to_owned(),
            pid: None,
        },
    ];
    let pids = Pids {
        backends: &[1, 2, 3, 4],
        gateways: &[5],
    };
    let cluster = Cluster::describe(Ports::new(7400).unwrap(), shape, &pids, stores);
    let local = |port: u16| format!("http://127.0.0.1:{port}");
    let expected = json!({
        "gateways": [{"url": local(7400), "adminUrl": local(7420), "grpc": local(7410), "pid": 5}],
        "auth": [{"grpc": local(7430), "adminUrl": local(7435), "pid": 1}],
        "messageStore": [
            {"grpc": local(7440), "adminUrl": local(7445), "pid": 2},
            {"grpc": local(7441), "adminUrl": local(7446), "pid": 3},
        ],
        "presence": [{"grpc": local(7450), "adminUrl": local(7455), "pid": 4}],
        "redis": {"url": "redis://r", "pid": 7},
        "mongo": {"url": "mongodb://m", "pid": null},
        "web": "http://127.0.0.1:7400/",
    });
    assert_eq!(serde_json::to_value(cluster).unwrap(), expected);
}
