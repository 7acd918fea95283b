//! The REST side of one gateway, as a test speaks it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

/// Whether a URL answers with success, now.
pub async fn answers(url: &str) -> bool {
    let answer = Client::new()
        .get(url)
        .timeout(Duration::from_secs(2))
        .send()
        .await;
    answer.is_ok_and(|answer| answer.status().is_success())
}

/// A gateway's REST side.
#[derive(Clone)]
pub struct Rest {
    url: String,
    client: Client,
}

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct Account {
    /// The user's id.
    pub id: String,
    /// The user's name.
    pub username: String,
    /// Speaks for them.
    pub token: String,
}

impl Rest {
    /// The REST side of the gateway at `url`.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            client: Client::new(),
        }
    }

    /// Creates an account whose name begins with `name`.
    ///
    /// # Panics
    /// If that fails.
    pub async fn sign_up(&self, name: &str) -> Account {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let username = format!("{name}{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let body = json!({
            "username": username, "email": format!("{username}@example.com"), "password": "correct horse",
        });
        let answer = self
            .ask(Method::POST, "/api/auth/signup", None, Some(body))
            .await;
        assert_eq!(answer.status(), 201, "signing up");
        let answer: Value = answer.json().await.unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Account {
            id: text(&answer["user"]["id"]),
            username,
            token: text(&answer["accessToken"]),
        }
    }

    /// Makes a group.
    ///
    /// # Panics
    /// If that fails.
    pub async fn group(&self, creator: &Account, members: &[&Account]) -> String {
        let members: Vec<_> = members.iter().map(|member| &member.id).collect();
        let body = json!({ "isGroup": true, "name": "a group", "memberIds": members });
        let answer = self
            .ask(Method::POST, "/api/rooms", Some(creator), Some(body))
            .await;
        assert_eq!(answer.status(), 201, "making a group");
        answer.json::<Value>().await.unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Sends a message; answers it if it was acknowledged.
    pub async fn send(&self, sender: &Account, room: &str, id: &str) -> Option<Value> {
        let body = json!({ "content": format!("message {id}"), "clientMessageId": id });
        let path = format!("/api/rooms/{room}/messages");
        let answer = self
            .try_ask(Method::POST, &path, Some(sender), Some(body))
            .await?;
        match answer.status().is_success() {
            true => answer.json().await.ok(),
            false => None,
        }
    }

    /// All of a room's messages, ascending.
    ///
    /// # Panics
    /// If they cannot be read.
    pub async fn history(&self, reader: &Account, room: &str) -> Vec<Value> {
        let (mut all, mut after) = (Vec::new(), "0".to_owned());
        loop {
            let path = format!("/api/rooms/{room}/messages?limit=200&after={after}");
            let answer = self.ask(Method::GET, &path, Some(reader), None).await;
            assert_eq!(answer.status(), 200, "reading the history");
            let mut page: Value = answer.json().await.unwrap();
            all.append(page["messages"].as_array_mut().unwrap());
            match page["nextCursor"].as_str() {
                Some(next) => after = next.to_owned(),
                None => return all,
            }
        }
    }

    /// Any request.
    ///
    /// # Panics
    /// If the gateway does not answer.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        account: Option<&Account>,
        body: Option<Value>,
    ) -> Response {
        let answer = self.try_ask(method, path, account, body).await;
        answer.unwrap_or_else(|| panic!("{}{path} does not answer", self.url))
    }

    async fn try_ask(
        &self,
        method: Method,
        path: &str,
        account: Option<&Account>,
        body: Option<Value>,
    ) -> Option<Response> {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if let Some(account) = account {
            request = request.bearer_auth(&account.token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.ok()
    }
}
