//! The users and rooms of a run, new each time.

use crate::layout::Layout;
use crate::progress;
use crate::rest::Rest;
use crate::socket::Run;
use anyhow::{Context, Result};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};

/// How many requests are under way at once: enough to keep the password hasher busy.
const AT_ONCE: usize = 16;

pub struct Account {
    pub id: String,
    pub token: String,
    /// The gateway (by its number) to which this user connects.
    pub gateway: usize,
}

/// Signs up everybody of a layout, and makes its rooms; answers the rooms' ids.
pub async fn prepare(run: &Run, layout: Layout) -> Result<(Vec<Account>, Vec<String>)> {
    let rest = Rest::new();
    progress::say(&format!(
        "signing up {} users, making {} rooms",
        layout.users, layout.rooms
    ));
    let accounts = sign_up(&rest, &run.gateways, &run.name, layout.users).await?;
    let rooms = make_rooms(&rest, &run.gateways, layout, &accounts).await?;
    Ok((accounts, rooms))
}

/// Signs up so many users, at one gateway after the other.
pub async fn sign_up(
    rest: &Rest,
    gateways: &[String],
    run: &str,
    users: u32,
) -> Result<Vec<Account>> {
    stream::iter(0..users)
        .map(async |user| {
            let gateway = user as usize % gateways.len();
            let name = format!("b{run}-{user}");
            let body = json!({
                "username": name,
                "email": format!("{name}@bench.invalid"),
                "password": format!("password of {user}"),
            });
            let url = format!("http://{}/api/auth/signup", gateways[gateway]);
            let answer = rest.post(&url, None, &body).await?;
            anyhow::Ok(Account {
                id: text(&answer["user"]["id"])?,
                token: text(&answer["accessToken"])?,
                gateway,
            })
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await
        .context("cannot sign up users")
}

/// Makes the rooms and answers their ids.
pub async fn make_rooms(
    rest: &Rest,
    gateways: &[String],
    layout: Layout,
    accounts: &[Account],
) -> Result<Vec<String>> {
    stream::iter(0..layout.rooms)
        .map(async |room| {
            let mut members = layout.room(room).map(|user| &accounts[user as usize]);
            let creator = members.next().context("a room has members")?;
            let others: Vec<&str> = members.map(|member| member.id.as_str()).collect();
            let body =
                json!({"name": format!("bench {room}"), "isGroup": true, "memberIds": others});
            let url = format!("http://{}/api/rooms", gateways[creator.gateway]);
            text(&rest.post(&url, Some(&creator.token), &body).await?["id"])
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await
        .context("cannot make rooms")
}

fn text(value: &Value) -> Result<String> {
    value
        .as_str()
        .map(str::to_owned)
        .with_context(|| format!("expected a text in the answer, not {value}"))
}
