//! The account of one client: what it got of each room, and what it was promised.

use std::collections::BTreeMap;

use confab_bench::frame::Delivery;
use confab_bench::ledger::{Mistakes, Seen};

use super::{Heads, User};

/// A message's room and number.
type Place = (String, u64);

/// What one client has got, and what it sent.
#[derive(Default)]
pub struct Book {
    rooms: BTreeMap<String, Room>,
    /// Its own messages by their ids: where they were acknowledged, and where they came.
    acked: BTreeMap<String, Place>,
    came: BTreeMap<String, Place>,
    delivered: u64,
    pub retries: u64,
    /// How often it became ready.
    pub readied: u64,
    /// What should not have been, in words.
    pub mistakes: Vec<String>,
}

#[derive(Default)]
struct Room {
    seen: Seen,
    last: u64,
    rev: u64,
}

/// What a client sent and got, and what went wrong.
#[derive(Default)]
pub struct Account {
    pub acked: u64,
    pub delivered: u64,
    pub retries: u64,
    pub reconnects: u64,
    pub lost: u64,
    pub doubled: u64,
    pub out_of_order: u64,
    pub mistakes: Vec<String>,
}

impl Book {
    /// A message came.
    pub fn deliver(&mut self, user: &User, delivery: &Delivery<'_>) {
        self.delivered += 1;
        let room = self.rooms.entry(delivery.room.to_owned()).or_default();
        room.seen.take(delivery.seq);
        room.last = room.last.max(delivery.seq);
        room.rev = room.rev.max(delivery.rev);
        if delivery.from == user.id {
            let place = (delivery.room.to_owned(), delivery.seq);
            self.came.insert(delivery.id.to_owned(), place);
        }
    }

    /// A message was acknowledged.
    pub fn acked(&mut self, id: String, room: String, seq: u64) {
        self.acked.insert(id, (room, seq));
    }

    /// The last revision of each of the user's rooms, as the handshake names them. Others talk before this
    /// client connects for the first time; that everything up to then comes, too, is what the zero is for.
    pub fn cursors(&self, user: &User) -> String {
        let rev = |id| self.rooms.get(id).map_or(0, |room: &Room| room.rev);
        let rooms = user.rooms.iter();
        let cursors: BTreeMap<&String, u64> = rooms.map(|id| (id, rev(id))).collect();
        serde_json::to_string(&cursors).expect("a map of numbers is JSON")
    }

    /// Whether the last of each of the user's rooms has come, or something later.
    pub fn has(&self, user: &User, heads: &Heads) -> bool {
        user.rooms.iter().all(|id| {
            let head = heads.get(id).copied().unwrap_or_default();
            self.rooms.get(id).map_or(0, |room| room.last) >= head
        })
    }

    /// The final account.
    pub fn account(&self, user: &User, heads: &Heads) -> Account {
        let mut account = Account {
            acked: self.acked.len() as u64,
            delivered: self.delivered,
            retries: self.retries,
            reconnects: self.readied.saturating_sub(1),
            mistakes: self.mistakes.clone(),
            ..Account::default()
        };
        let nothing = Room::default();
        for id in &user.rooms {
            let head = heads.get(id).copied().unwrap_or_default();
            let room = self.rooms.get(id).unwrap_or(&nothing);
            let mistakes = room.seen.mistakes(head);
            if mistakes.any() {
                let last = room.last;
                account.mistakes.push(format!(
                    "Rust user {} has {last} of {head} messages of {id}: {mistakes:?}",
                    user.id
                ));
            }
            account.add(mistakes);
        }
        for (id, place) in &self.acked {
            let came = self.came.get(id);
            if came != Some(place) {
                account.lost += 1;
                account.mistakes.push(format!(
                    "{id} was acknowledged as {place:?} and came as {came:?}"
                ));
            }
        }
        account
    }
}

impl Account {
    const fn add(&mut self, mistakes: Mistakes) {
        self.lost += mistakes.lost;
        self.doubled += mistakes.doubled;
        self.out_of_order += mistakes.out_of_order;
    }
}

#[cfg(test)]
mod tests {
    use super::{Book, Heads, User};
    use confab_bench::frame::Delivery;

    fn user() -> User {
        User {
            id: "ann".to_owned(),
            token: String::new(),
            rooms: vec!["r".to_owned()],
        }
    }

    fn delivery(seq: u64, id: &'static str) -> Delivery<'static> {
        Delivery {
            room: "r",
            from: "ann",
            seq,
            rev: seq + 10,
            id,
            due: None,
        }
    }

    fn book(deliveries: &[(u64, &'static str)]) -> Book {
        let mut book = Book::default();
        for (seq, id) in deliveries {
            book.deliver(&user(), &delivery(*seq, id));
        }
        book
    }

    fn wrong(book: &Book, head: u64) -> (u64, u64, u64, usize) {
        let account = book.account(&user(), &Heads::from([("r".to_owned(), head)]));
        let sentences = account.mistakes.len();
        (
            account.lost,
            account.doubled,
            account.out_of_order,
            sentences,
        )
    }

    #[test]
    fn what_comes_once_and_where_it_was_promised_is_right() {
        let mut book = book(&[(1, "a"), (2, "b")]);
        book.acked("b".to_owned(), "r".to_owned(), 2);
        assert_eq!(wrong(&book, 2), (0, 0, 0, 0));
        assert_eq!(book.cursors(&user()), r#"{"r":12}"#);
    }

    #[test]
    fn what_is_missing_at_the_end_or_altogether_is_lost() {
        assert_eq!(wrong(&book(&[(1, "a")]), 3), (2, 0, 0, 1));
        assert_eq!(wrong(&Book::default(), 3), (3, 0, 0, 1));
        assert_eq!(Book::default().cursors(&user()), r#"{"r":0}"#);
    }

    #[test]
    fn what_comes_again_or_late_is_counted() {
        assert_eq!(wrong(&book(&[(1, "a"), (1, "a")]), 1), (0, 1, 0, 1));
        assert_eq!(wrong(&book(&[(2, "b"), (1, "a")]), 2), (0, 0, 1, 1));
    }

    #[test]
    fn a_message_that_comes_elsewhere_than_promised_is_lost() {
        let mut book = book(&[(1, "a")]);
        book.acked("b".to_owned(), "r".to_owned(), 1);
        assert_eq!(wrong(&book, 1), (1, 0, 0, 1));
    }
}
