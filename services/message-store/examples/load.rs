//! throwaway load generator
#![allow(clippy::print_stdout, clippy::unwrap_used)]
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use confab_ids::UserId;
use confab_proto::message::message_service_client::MessageServiceClient;
use confab_proto::message::{CreateRoomRequest, SendMessageRequest};
use tonic::transport::Endpoint;
fn cpu(pid: &str) -> f64 {
    let s = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let f: Vec<&str> = s.rsplit(')').next().unwrap().split_whitespace().collect();
    (f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap()) / 100.0
}
#[tokio::main]
async fn main() {
    let a: Vec<String> = std::env::args().collect();
    let (url, pid, rooms, inflight, secs): (String, String, usize, usize, u64) =
        (a[1].clone(), a[2].clone(), a[3].parse().unwrap(), a[4].parse().unwrap(), a[5].parse().unwrap());
    let mut clients = vec![];
    for _ in 0..3 {
        clients.push(MessageServiceClient::new(Endpoint::from_shared(url.clone()).unwrap().tcp_nodelay(true).connect().await.unwrap()));
    }
    let mut rs = vec![];
    for i in 0..rooms {
        let users: Vec<String> = (0..5).map(|_| UserId::generate().to_string()).collect();
        let r = clients[i % 3].create_room(CreateRoomRequest { creator_id: users[0].clone(), name: "x".into(), is_group: true, member_ids: users.clone() }).await.unwrap().into_inner().room.unwrap().id;
        rs.push((r, users));
    }
    let n = Arc::new(AtomicUsize::new(0));
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let lat = Arc::new(std::sync::Mutex::new(Vec::<u32>::new()));
    let mut js = tokio::task::JoinSet::new();
    let measuring = Arc::new(std::sync::atomic::AtomicBool::new(false));
    for k in 0..inflight {
        let mut c = clients[k % 3].clone();
        let (r, us) = rs[k % rooms].clone();
        let u = us[k / rooms % 5].clone();
        let (n, stop, lat, measuring) = (n.clone(), stop.clone(), lat.clone(), measuring.clone());
        js.spawn(async move {
            let mut i = 0;
            let mut mine = vec![];
            while !stop.load(Ordering::Relaxed) {
                i += 1;
                let t = Instant::now();
                c.send_message(SendMessageRequest { user_id: u.clone(), room_id: r.clone(), content: "hello there, this is a message of a usual length, more or less".into(), r#type: "text".into(), client_message_id: format!("7b0c7f0e-6a7e-4b2f-8f3e-{k:06}{i:06}") }).await.unwrap();
                if measuring.load(Ordering::Relaxed) { mine.push(t.elapsed().as_micros() as u32); n.fetch_add(1, Ordering::Relaxed); }
            }
            lat.lock().unwrap().extend(mine);
        });
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (c0, t0) = (cpu(&pid), Instant::now());
    measuring.store(true, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_secs(secs)).await;
    measuring.store(false, Ordering::Relaxed);
    let (c1, dt) = (cpu(&pid), t0.elapsed().as_secs_f64());
    stop.store(true, Ordering::Relaxed);
    js.join_all().await;
    let mut l = lat.lock().unwrap().clone();
    l.sort_unstable();
    let m = n.load(Ordering::Relaxed);
    println!("{m} messages, {:.0}/s, {:.1} cpu-us/message, p50 {} p99 {} us", m as f64 / dt, (c1 - c0) * 1e6 / m as f64, l[l.len() / 2], l[l.len() * 99 / 100]);
}
