//! The budgets in Redis: one key each, charged by one script. Nothing else here knows fred.
//!
//! All keys of one call carry the subject as their hash tag, so they lie in one slot of a Redis Cluster,
//! and subjects spread over the slots. A prefix with a hash tag of its own puts all into one.

use std::sync::Arc;
use std::time::Duration;

use confab_redis::{Health, Link};
use fred::error::{Error, ErrorKind};
use fred::interfaces::LuaInterface as _;
use fred::util::sha1_hash;
use tokio::time::timeout;

use crate::gcra::Standing;
use crate::{Charge, LimitError, Verdict};

const SCRIPT: &str = include_str!("charge.lua");

/// The budgets in one Redis.
pub struct Budgets {
    link: Link,
    prefix: Arc<str>,
    deadline: Duration,
    /// What Redis calls the script.
    hash: String,
}

impl Budgets {
    /// Connects, or says why not; later outages are waited out by the link.
    pub async fn connect(url: &str, prefix: &str, deadline: Duration) -> Result<Self, LimitError> {
        Ok(Self {
            link: Link::connect(url).await?,
            prefix: prefix.into(),
            deadline,
            hash: sha1_hash(SCRIPT),
        })
    }

    /// Charges, all or none, or says within the deadline that nobody knows.
    pub async fn charge(
        &self,
        subject: &str,
        charges: &[Charge<'_>],
    ) -> Result<Verdict, LimitError> {
        // The library would keep the command for when there is a connection.
        if self.link.health() == Health::Away {
            return Err(Error::new(ErrorKind::IO, "there is no connection").into());
        }
        let late = |_| {
            Error::new(
                ErrorKind::Timeout,
                format!("no answer within {:?}", self.deadline),
            )
        };
        let answer = timeout(self.deadline, self.run(subject, charges)).await;
        let answer = answer.map_err(late)??;
        let [now, allowed, tats @ ..] = answer.as_slice() else {
            return Err(Error::new(ErrorKind::Parse, "the script answers too little").into());
        };
        let allowed = *allowed == 1;
        let standings = tats.iter().zip(charges);
        let standings = standings.map(|(tat, charge)| Standing::of(*now, *tat, charge, allowed));
        Ok(Verdict {
            allowed,
            standings: standings.collect(),
            at: *now,
            local: false,
        })
    }

    async fn run(&self, subject: &str, charges: &[Charge<'_>]) -> Result<Vec<i64>, Error> {
        let key =
            |charge: &Charge<'_>| format!("{}limit:{{{subject}}}:{}", self.prefix, charge.budget);
        let keys: Vec<String> = charges.iter().map(key).collect();
        let arguments = charges.iter().flat_map(|charge| {
            let quota = charge.quota;
            [quota.interval(), quota.count().into(), charge.cost.into()]
        });
        let arguments: Vec<i64> = arguments.collect();
        let client = self.link.client()?;
        let (hash, again) = (self.hash.as_str(), (keys.clone(), arguments.clone()));
        match client.evalsha(hash, keys, arguments).await {
            // A Redis that has not seen the script, or forgot it; in a cluster the one that holds the keys.
            Err(error) if error.details().starts_with("NOSCRIPT") => {
                client.eval(SCRIPT, again.0, again.1).await
            }
            answer => answer,
        }
    }

    /// Closes the connection.
    pub async fn close(&self) {
        self.link.close().await;
    }
}
