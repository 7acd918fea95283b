//! What an operator decides about rate limits: how much of what, and whose word on addresses is taken.

use std::str::FromStr;
use std::time::Duration;

use clap::{Args, ValueEnum};
use confab_limit::{Quota, QuotaError};

use super::budget::Budget;
use super::client_address::{ProxyHeader, TrustedProxies, network};

/// Rate limits. A limit is `10/5s`, so many at once and as many again in each such time, evenly; or `off`.
#[derive(Clone, Debug, Args)]
pub struct RateLimitSettings {
    /// Whether there are rate limits: on, off
    // Off is for load tests and for gateways behind something that limits already.
    #[arg(long, env = "RATE_LIMITS", default_value = "on")]
    pub rate_limits: Switch,

    /// Messages of one user, by sockets and REST together: `10/5s`, or `off`
    // Faster than a person types, and a burst for what waited while offline.
    #[arg(long, env = "LIMIT_MESSAGES", default_value = "10/5s")]
    pub limit_messages: Limit,

    /// Messages of one user who speaks `social`, as LIMIT_MESSAGES
    // The number that its seed names.
    #[arg(long, env = "LIMIT_SOCIAL_MESSAGES", default_value = "20/1m")]
    pub limit_social_messages: Limit,

    /// Changes of one user's typing that are passed on, as LIMIT_MESSAGES
    // Each socket passes on one a second and room anyway; this is for who types in many rooms at once.
    #[arg(long, env = "LIMIT_TYPING", default_value = "20/10s")]
    pub limit_typing: Limit,

    /// Events and requests of one user, all devices together, as LIMIT_MESSAGES
    // A device may acknowledge each message of a busy room; only a broken or hostile one does this much.
    #[arg(long, env = "LIMIT_EVENTS", default_value = "1000/10s")]
    pub limit_events: Limit,

    /// New connections from one address, as LIMIT_MESSAGES
    // A large office behind one address comes back within a minute after its line was cut.
    #[arg(long, env = "LIMIT_HANDSHAKES", default_value = "600/1m")]
    pub limit_handshakes: Limit,

    /// Sign-ups from one address, as LIMIT_MESSAGES
    // A class of students may sign up at once; a robot makes one account in 36 s.
    #[arg(long, env = "LIMIT_SIGNUPS", default_value = "100/1h")]
    pub limit_signups: Limit,

    /// Logins from one address, good and bad, as LIMIT_MESSAGES
    // Each costs a quarter of a second of a core at BCRYPT_COST 12.
    #[arg(long, env = "LIMIT_LOGINS", default_value = "60/1m")]
    pub limit_logins: Limit,

    /// Wrong passwords for one account from one address, as LIMIT_MESSAGES
    // A person gives up sooner; a robot has a thousand guesses a day.
    #[arg(long, env = "LIMIT_LOGIN_FAILURES", default_value = "10/15m")]
    pub limit_login_failures: Limit,

    /// Wrong passwords for one account from all addresses that it was never logged in from, as LIMIT_MESSAGES
    // Ten addresses that guess together; whoever logs in from where they did before is not concerned.
    #[arg(long, env = "LIMIT_ACCOUNT_FAILURES", default_value = "100/1h")]
    pub limit_account_failures: Limit,

    /// Renewals of sessions from one address, as LIMIT_MESSAGES
    // One for each access token, some a minute for each page that is loaded again and again.
    #[arg(long, env = "LIMIT_REFRESHES", default_value = "300/1m")]
    pub limit_refreshes: Limit,

    /// REST requests from one address, as LIMIT_MESSAGES
    // Twenty a second for a whole office, after a burst of a minute's worth.
    #[arg(long, env = "LIMIT_REST", default_value = "1200/1m")]
    pub limit_rest: Limit,

    /// How long an event or a request may wait for Redis to be charged, below one second
    // A hundred times what it takes, and less than a person notices. After one that waited in vain this
    // gateway counts by itself until Redis answers again.
    #[arg(long, env = "LIMIT_DEADLINE", default_value = "100ms", value_parser = confab_chassis::duration::parse)]
    pub limit_deadline: Duration,

    /// Networks of proxies whose word is taken on where a request came from, with commas: `10.0.0.0/8,::1`
    // None by default: anybody could say that they are somebody else. Behind a proxy that is not in this
    // list, all clients are one address.
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<String>,

    /// The header in which these proxies say it: x-forwarded-for, forwarded
    // One and not the other: the one that a proxy does not write, a client may have written.
    #[arg(long, env = "PROXY_HEADER", default_value = "x-forwarded-for")]
    pub proxy_header: ProxyHeader,
}

/// Whether something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

/// A quota, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(Option<Quota>);

impl FromStr for Limit {
    type Err = QuotaError;

    fn from_str(text: &str) -> Result<Self, QuotaError> {
        match text {
            "off" => Ok(Self(None)),
            quota => Ok(Self(Some(quota.parse()?))),
        }
    }
}

impl RateLimitSettings {
    /// How much there is of something; none if it is not limited.
    pub fn quota(&self, budget: Budget) -> Option<Quota> {
        let limit = match budget {
            Budget::Messages => self.limit_messages,
            Budget::SocialMessages => self.limit_social_messages,
            Budget::Typing => self.limit_typing,
            Budget::Events => self.limit_events,
            Budget::Handshakes => self.limit_handshakes,
            Budget::SignUps => self.limit_signups,
            Budget::LogIns => self.limit_logins,
            Budget::LogInFailures => self.limit_login_failures,
            Budget::AccountFailures => self.limit_account_failures,
            Budget::Refreshes => self.limit_refreshes,
            Budget::Rest => self.limit_rest,
        };
        limit.0.filter(|_| self.rate_limits == Switch::On)
    }

    /// Whose word is taken on addresses.
    pub fn proxies(&self) -> TrustedProxies {
        TrustedProxies::new(&self.trusted_proxies, self.proxy_header)
    }

    /// What is wrong with them, by the variable's name.
    pub fn problems(&self) -> Vec<String> {
        // An empty one is what an empty list looks like.
        let wrong = self
            .trusted_proxies
            .iter()
            .filter(|text| !text.is_empty() && network(text).is_none());
        let mut problems: Vec<_> = wrong
            .map(|text| format!("TRUSTED_PROXIES: {text} is not a network like 10.0.0.0/8"))
            .collect();
        // A command of Redis has ended by then in any case.
        if self.limit_deadline.is_zero() || self.limit_deadline >= Duration::from_secs(1) {
            problems.push("LIMIT_DEADLINE: must be more than nothing and below 1s".to_owned());
        }
        problems
    }
}
