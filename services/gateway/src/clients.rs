//! The other services, as the gateway asks them: one call each, with a deadline, faults as answers.

mod auth;
mod line;
mod message_store;
mod presence;
mod search;
mod window;

use std::time::Duration;

use confab_chassis::grpc::Deadline;
use confab_fault::{Fault, Kind};

pub use auth::Auth;
pub use line::Line;
pub use message_store::MessageStore;
pub use presence::Presence;
pub use search::Search;
pub use window::Window;

/// For what is read or written at once. Twice what a store's slowest election takes would be too long
/// for a person; a retry by the client is better.
const QUICK: Deadline = Deadline(Duration::from_secs(5));
/// For what hashes a password, perhaps behind others.
const PATIENT: Deadline = Deadline(Duration::from_secs(15));

/// All of them.
#[derive(Clone)]
pub struct Clients {
    /// Accounts and keys.
    pub auth: Auth,
    /// Rooms and messages.
    pub message_store: MessageStore,
    /// What was said.
    pub search: Search,
    /// Who is online.
    pub presence: Presence,
}

/// The largest answer that is read: a thousand rooms with a last message each.
const LARGEST_ANSWER: usize = 32 << 20;

/// When to repeat what had no answer in time.
const AGAIN: Duration = Duration::from_secs(1);

/// The fault of a call that may be repeated: where nobody knows whether it happened, it says when.
fn to_be_repeated(fault: Fault) -> Fault {
    match (fault.kind(), fault.wait()) {
        (Kind::Timeout, None) => fault.retry_after(AGAIN),
        _ => fault,
    }
}

/// Writes a method per call, named after the call or before a `=`: the request goes to any replica, or to the
/// one that `by` names a key for; `once` is for what must not happen twice.
macro_rules! calls {
    ($client:ident: $($name:ident $(= $rpc:ident)? ($request:ident $(by $key:ident)?) -> $response:ident, $deadline:ident $(, $once:ident)?;)+) => {
        $(
            pub async fn $name(
                &self,
                request: $request,
            ) -> Result<$response, confab_fault::Fault> {
                let call = |caller| {
                    let mut client = $client::new(caller)
                        .max_decoding_message_size($crate::clients::LARGEST_ANSWER);
                    let request = request.clone();
                    async move { $crate::clients::calls!(@ask client, request, $name $($rpc)?).await }
                };
                let answer =
                    $crate::clients::calls!(@send self, $deadline, call $(, by request.$key)? $(, $once)?);
                let fault = $crate::clients::calls!(@fault $($once)?);
                answer.await.map(tonic::Response::into_inner).map_err(|status| fault(status.into()))
            }
        )+
    };
    (@ask $client:ident, $request:ident, $name:ident) => { $client.$name($request) };
    (@ask $client:ident, $request:ident, $name:ident $rpc:ident) => { $client.$rpc($request) };
    (@fault) => { $crate::clients::to_be_repeated };
    (@fault once) => { std::convert::identity };
    (@send $self:ident, $deadline:ident, $call:ident) => {
        $self.0.call($deadline, $call)
    };
    (@send $self:ident, $deadline:ident, $call:ident, once) => {
        $self.0.call_once($deadline, $call)
    };
    (@send $self:ident, $deadline:ident, $call:ident, by $request:ident.$key:ident) => {
        $self.0.call_for(&$request.$key, $deadline, $call)
    };
}
use calls;

#[cfg(test)]
mod tests {
    use super::{Fault, Kind, to_be_repeated};

    #[test]
    fn who_may_repeat_what_had_no_answer_is_told_when() {
        let fault = |kind| Fault::new(kind, "R", "d");
        assert!(fault(Kind::Timeout).wait().is_none());
        assert!(to_be_repeated(fault(Kind::Timeout)).wait().is_some());
        assert!(to_be_repeated(fault(Kind::NotFound)).wait().is_none());
    }
}
