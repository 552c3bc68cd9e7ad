//! How a store is opened.

/// When a commit counts as done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// When the disk has it (`fsync` of the log). Survives a power cut. One
    /// sync serves a whole batch, so its cost per transaction falls with load.
    #[default]
    Sync,
    /// When the operating system has it. Survives the end of the process at
    /// any moment (`kill -9`), not a power cut.
    Process,
}

/// How a store is opened. The defaults suit a node with a few GiB of memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreConfig {
    /// When a commit counts as done.
    pub durability: Durability,
    /// Memory for blocks read from disk, index and filter blocks included, in bytes.
    pub block_cache_bytes: usize,
    /// Memory for writes not yet in table files, of all column families together, in bytes.
    pub write_buffer_bytes: usize,
    /// Free disk space below which the store refuses to write, in bytes. What
    /// is in memory can then still be brought to disk.
    pub free_disk_bytes_min: u64,
    /// Threads that flush and compact in the background.
    pub background_threads: i32,
    /// Whether checkpoints also write the indexes by which clients list
    /// transactions and events. They cost about as much as the rest of a
    /// checkpoint; a validator that serves no clients can do without.
    pub ledger_index: bool,
}

impl Default for StoreConfig {
    fn default() -> Self {
        StoreConfig {
            durability: Durability::Sync,
            block_cache_bytes: 256 << 20,
            write_buffer_bytes: 128 << 20,
            free_disk_bytes_min: 64 << 20,
            background_threads: 2,
            ledger_index: true,
        }
    }
}
