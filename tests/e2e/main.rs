//! What a newcomer, a front-end developer and an operator would try, on a whole cluster.
#![allow(clippy::unwrap_used)]

mod browse;
mod chaos;
mod contract;
mod debug;
mod deliver;
mod deploy;
mod dialects;
mod hostile;
mod limits;
mod media;
mod moving;
mod partition;
mod session;
mod slow;
mod stop;
mod store;
mod talk;
mod trace;
