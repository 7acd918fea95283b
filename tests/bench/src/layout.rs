//! Who sits in which room, and who sends next: arithmetic, so that every run is the same.

#[cfg(test)]
mod tests;

use serde::Serialize;

#[derive(Debug, Clone, Copy, Serialize)]
pub struct Layout {
    pub rooms: u32,
    pub members: u32,
    pub users: u32,
    /// The last so many seats of each room are of those who stop reading, and never speak.
    pub stopped: u32,
}

impl Layout {
    /// The user in a seat of a room. A room's users are neighbours, so they differ.
    pub const fn user(&self, room: u32, seat: u32) -> u32 {
        (room * self.members + seat) % self.users
    }

    /// The users of a room.
    pub fn room(&self, room: u32) -> impl Iterator<Item = u32> + '_ {
        (0..self.members).map(move |seat| self.user(room, seat))
    }

    /// The rooms of each user.
    pub fn rooms_by_user(&self) -> Vec<Vec<u32>> {
        let mut rooms = vec![Vec::new(); self.users as usize];
        for room in 0..self.rooms {
            for user in self.room(room) {
                rooms[user as usize].push(room);
            }
        }
        rooms
    }

    /// The users who stop reading.
    pub fn stopped(&self) -> impl Iterator<Item = u32> + '_ {
        let seats = self.members - self.stopped..self.members;
        (0..self.rooms).flat_map(move |room| seats.clone().map(move |seat| self.user(room, seat)))
    }

    /// The room and the user of the n-th sender: room after room, and in each seat after seat.
    /// Shifted by the room, so that the first senders are not all on one gateway.
    pub fn sender(&self, n: u64) -> (u32, u32) {
        let (rooms, members) = (
            u64::from(self.rooms),
            u64::from(self.members - self.stopped),
        );
        let room = n % rooms;
        let seat = (n / rooms + room) % members;
        let narrow = |n: u64| u32::try_from(n).expect("a remainder of a 32-bit number");
        (narrow(room), self.user(narrow(room), narrow(seat)))
    }
}
