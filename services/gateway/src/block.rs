//! Who does not want to hear of whom: remembered for a moment, because every message asks.

pub mod change;
pub mod check;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use confab_ids::{RoomId, UserId};
use confab_proto::auth::ListBlockersRequest;
use moka::sync::Cache;

use crate::clients::Auth;

/// How long what is known of a user counts as new: a replica that has no socket of theirs does not hear of
/// changes.
const FRESH: Duration = Duration::from_secs(30);
/// How long it is remembered for the time that auth is away.
const REMEMBER: Duration = Duration::from_secs(600);
/// Nearly all of them are empty.
const MOST: u64 = 50_000;

/// Who blocks whom. Clones share it.
#[derive(Clone)]
pub struct Blocks(Arc<Inner>);

struct Inner {
    auth: Auth,
    known: Cache<UserId, Known>,
    /// The two of a room of two; nobody for a group. It never changes.
    pairs: Cache<RoomId, Option<[UserId; 2]>>,
    /// How many changes were heard of: what was read before the last one is not remembered.
    changes: AtomicU64,
}

#[derive(Clone)]
struct Known {
    blockers: Arc<HashSet<UserId>>,
    at: Instant,
}

impl Blocks {
    /// Nothing known yet.
    pub fn new(auth: Auth) -> Self {
        let known = Cache::builder()
            .max_capacity(MOST)
            .time_to_live(REMEMBER)
            .build();
        Self(Arc::new(Inner {
            auth,
            known,
            pairs: Cache::new(MOST),
            changes: AtomicU64::new(0),
        }))
    }

    /// Those who block a user. While auth is away it is what was known last, or nobody: messages must not
    /// wait for it.
    pub async fn blockers(&self, user: UserId) -> Arc<HashSet<UserId>> {
        let known = self.0.known.get(&user);
        if let Some(known) = &known
            && known.at.elapsed() < FRESH
        {
            return known.blockers.clone();
        }
        let (changes, at) = (self.0.changes.load(Ordering::Acquire), Instant::now());
        let request = ListBlockersRequest {
            user_id: user.to_string(),
        };
        match self.0.auth.list_blockers(request).await {
            Ok(answer) => {
                let ids = answer.user_ids.iter().filter_map(|id| id.parse().ok());
                let blockers = Arc::new(ids.collect::<HashSet<_>>());
                if self.0.changes.load(Ordering::Acquire) == changes {
                    let blockers = blockers.clone();
                    self.0.known.insert(user, Known { blockers, at });
                }
                blockers
            }
            Err(fault) => {
                tracing::warn!(%fault, "cannot ask who blocks a user, going on with what is known");
                known.map(|known| known.blockers).unwrap_or_default()
            }
        }
    }

    /// Somebody blocks this user, or does so no longer.
    pub fn forget(&self, user: UserId) {
        self.0.changes.fetch_add(1, Ordering::AcqRel);
        self.0.known.invalidate(&user);
    }

    /// Anything may have changed.
    pub fn forget_all(&self) {
        self.0.changes.fetch_add(1, Ordering::AcqRel);
        self.0.known.invalidate_all();
    }
}
