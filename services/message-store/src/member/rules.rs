//! Who may do what to a group and its members: the one table.

use super::Role;

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Change its name or image.
    Update,
    /// Change what it keeps.
    Retain,
    Add,
    /// Take out a member with this role.
    Remove(Role),
    /// Give a member who has the first role the second.
    SetRole(Role, Role),
}

/// Whether a member with this role may.
#[must_use]
pub const fn may(role: Role, wish: Wish) -> bool {
    match (role, wish) {
        (Role::Owner | Role::Admin, Wish::Update | Wish::Add) => true,
        (Role::Owner, Wish::Retain | Wish::Remove(_) | Wish::SetRole(_, _)) => true,
        (Role::Admin, Wish::Remove(Role::Member)) => true,
        (Role::Admin, _) | (Role::Member, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, Wish, may};

    #[test]
    fn the_table_is_what_the_documentation_says() {
        use Role::{Admin, Member, Owner};
        let wishes = [
            (Wish::Update, [true, true, false]),
            (Wish::Add, [true, true, false]),
            (Wish::Retain, [true, false, false]),
            (Wish::Remove(Member), [true, true, false]),
            (Wish::Remove(Admin), [true, false, false]),
            (Wish::SetRole(Member, Admin), [true, false, false]),
            (Wish::SetRole(Admin, Owner), [true, false, false]),
        ];
        for (wish, expected) in wishes {
            assert_eq!(
                [Owner, Admin, Member].map(|role| may(role, wish)),
                expected,
                "{wish:?}"
            );
        }
    }
}
