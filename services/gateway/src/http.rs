//! The public HTTP side: REST, keys, the web page, one file per route family.

mod auth;
mod authenticated;
mod body;
mod device;
mod docs;
mod documents;
mod here;
mod keys;
mod limit;
mod media;
mod message;
mod messages;
mod openapi;
mod origin;
mod own;
mod page;
mod problem;
mod receipts;
mod rooms;
mod router;
mod search;
mod span;
mod users;

pub use authenticated::{Authenticated, charged};
pub use body::{Body, Id, Query};
pub use device::Device;
pub use here::Here;
pub use media::{send_file, send_thumbnail, to_its_end, upload_form};
pub use origin::origin;
pub use problem::{Problem, Refused};
pub use router::{cors, native, router};
