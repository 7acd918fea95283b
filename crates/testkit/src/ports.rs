//! Ports for processes that must be told theirs beforehand.

use std::fs::File;
use std::net::TcpListener;

/// How many ports a block has.
const SIZE: u16 = 40;
/// Below the ephemeral range of every system we run on, so that no outgoing connection takes one.
const FIRST: u16 = 20_000;
/// How many blocks there are.
const BLOCKS: u16 = 200;

/// A block of ports on 127.0.0.1 that no other test has, as long as this value lives.
pub struct PortBlock {
    base: u16,
    next: u16,
    _lock: File,
}

impl PortBlock {
    /// Takes a free block.
    ///
    /// # Panics
    /// If all blocks are taken.
    #[must_use]
    pub fn take() -> Self {
        let folder = std::env::temp_dir().join("confab-test-ports");
        std::fs::create_dir_all(&folder).unwrap();
        let start = u16::try_from(std::process::id() % u32::from(BLOCKS)).unwrap();
        for step in 0..BLOCKS {
            let block = (start + step) % BLOCKS;
            let base = FIRST + block * SIZE;
            let lock = File::create(folder.join(block.to_string())).unwrap();
            // The lock ends with the process, however that ends.
            if lock.try_lock().is_ok() && (base..base + SIZE).all(is_free) {
                return Self {
                    base,
                    next: 0,
                    _lock: lock,
                };
            }
        }
        panic!(
            "no block of {SIZE} free ports between {FIRST} and {}",
            FIRST + BLOCKS * SIZE
        );
    }

    /// The next port of the block.
    ///
    /// # Panics
    /// If the block is used up.
    pub fn port(&mut self) -> u16 {
        assert!(self.next < SIZE, "a block has only {SIZE} ports");
        self.next += 1;
        self.base + self.next - 1
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}
