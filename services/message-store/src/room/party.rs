//! Who is to be in a new room.

use confab_ids::UserId;

use crate::invalid::Invalid;

/// Of a group, its creator not counted.
const MAX_OTHERS: usize = 999;

/// The members of a new room: its creator, then the others, nobody twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party(Vec<UserId>);

impl Party {
    /// The two of a room of two.
    ///
    /// # Errors
    /// If there is not exactly one other.
    pub fn pair(creator: UserId, others: &[UserId]) -> Result<Self, Invalid> {
        let party = Self::gather(creator, others);
        if party.0.len() == 2 {
            Ok(party)
        } else {
            Err(Invalid::Members(
                "a room of two has exactly one other member",
            ))
        }
    }

    /// A group.
    ///
    /// # Errors
    /// If there are too many.
    pub fn group(creator: UserId, others: &[UserId]) -> Result<Self, Invalid> {
        let party = Self::gather(creator, others);
        if party.0.len() <= MAX_OTHERS + 1 {
            Ok(party)
        } else {
            Err(Invalid::Members("a group has at most 999 others"))
        }
    }

    #[must_use]
    pub fn creator(&self) -> UserId {
        self.0[0]
    }

    #[must_use]
    pub fn users(&self) -> &[UserId] {
        &self.0
    }

    fn gather(creator: UserId, others: &[UserId]) -> Self {
        let mut seen = std::collections::HashSet::from([creator]);
        let mut users = vec![creator];
        users.extend(others.iter().copied().filter(|user| seen.insert(*user)));
        Self(users)
    }
}
