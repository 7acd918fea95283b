//! What happened to a room, told as a message in its log.

use confab_ids::UserId;

/// A change of the room itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub kind: NoteKind,
    /// Whom it is about, if about members.
    pub users: Vec<UserId>,
    /// The new name, image, role or retention.
    pub value: String,
}

/// Which change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    Created,
    Renamed,
    ImageChanged,
    MembersAdded,
    MemberRemoved,
    MemberLeft,
    RoleChanged,
    OwnerChanged,
    RetentionChanged,
}

impl NoteKind {
    const WORDS: [(Self, &'static str); 9] = [
        (Self::Created, "created"),
        (Self::Renamed, "renamed"),
        (Self::ImageChanged, "image_changed"),
        (Self::MembersAdded, "members_added"),
        (Self::MemberRemoved, "member_removed"),
        (Self::MemberLeft, "member_left"),
        (Self::RoleChanged, "role_changed"),
        (Self::OwnerChanged, "owner_changed"),
        (Self::RetentionChanged, "retention_changed"),
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        let pair = Self::WORDS.iter().find(|(kind, _)| *kind == self);
        pair.expect("every kind has a word").1
    }

    /// The kind that a document names.
    #[must_use]
    pub fn stored(word: &str) -> Option<Self> {
        let pair = Self::WORDS.iter().find(|(_, known)| *known == word);
        pair.map(|(kind, _)| *kind)
    }
}
