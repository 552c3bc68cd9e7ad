//! RocksDB behind typed reads and one write path.
//!
//! Directory layout:
//!
//! ```text
//! <data directory>/
//!   heddle-store.format   the format's number in decimal, one line
//!   heddle-store.lock     locked (flock) by the process that has it open
//!   db/                   RocksDB
//! ```
//!
//! The format file is written, synced and renamed into place before RocksDB
//! makes its first file: a directory with `db/` and without a format file does
//! not arise, whenever the process dies.
//!
//! A write that fails halts the store: RocksDB may hold part of it in memory,
//! and accepting more on top of it could acknowledge what a restart loses.

use crate::{
    Cursor, Durability, Page, StoreConfig, StoreError, column::Column, key, page::PAGE_ITEMS_MAX,
};
use rocksdb::{
    BlockBasedOptions, Cache, ColumnFamily, ColumnFamilyDescriptor, DB, DBCompressionType,
    DBPinnableSlice, DBRawIteratorWithThreadMode, DBRecoveryMode, LogLevel, Options, ReadOptions,
    SnapshotWithThreadMode, WriteBatch, WriteOptions,
};
use serde::de::DeserializeOwned;
use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// The format that this program reads and writes. Any change to a column's
/// name, key or value is another format.
pub const FORMAT_VERSION: u32 = 1;

const FORMAT_FILE: &str = "heddle-store.format";
const LOCK_FILE: &str = "heddle-store.lock";
pub(crate) const DATABASE_DIRECTORY: &str = "db";
/// Write-ahead log kept at most, in bytes, before the oldest memory is flushed.
const LOG_BYTES_MAX: u64 = 512 << 20;

/// An open database. Reads need no lock; writes are the caller's to serialise.
pub(crate) struct Database {
    // Declared first: RocksDB closes before the directory's lock is released.
    db: DB,
    cache: Cache,
    path: PathBuf,
    config: StoreConfig,
    /// Why a write failed, once one has.
    halted: OnceLock<String>,
    _lock: File,
}

impl Database {
    /// Stops flushes, compactions and the deletion of files that they leave
    /// behind, so that a test can copy the directory as it lies there.
    #[cfg(test)]
    pub(crate) fn stop_background_work(&self) {
        self.db.cancel_all_background_work(true);
    }

    pub(crate) fn open(path: &Path, config: StoreConfig) -> Result<Self, StoreError> {
        std::fs::create_dir_all(path).map_err(|error| io("create the data directory", error))?;
        let lock = lock_directory(path)?;
        check_format(path)?;
        let cache = Cache::new_lru_cache(config.block_cache_bytes);
        let options = database_options(&config);
        let columns = Column::ALL
            .iter()
            .map(|column| ColumnFamilyDescriptor::new(column.name(), column_options(&cache)));
        let db = DB::open_cf_descriptors(&options, path.join(DATABASE_DIRECTORY), columns)
            .map_err(|error| failed(path, &config, "open the database", error))?;
        Ok(Database {
            db,
            cache,
            path: path.to_owned(),
            config,
            halted: OnceLock::new(),
            _lock: lock,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn config(&self) -> &StoreConfig {
        &self.config
    }

    pub(crate) fn rocksdb(&self) -> &DB {
        &self.db
    }

    pub(crate) fn block_cache_usage_bytes(&self) -> usize {
        self.cache.get_usage()
    }

    pub(crate) fn column(&self, column: Column) -> &ColumnFamily {
        self.db
            .cf_handle(column.name())
            .expect("invariant: every column was opened with the database")
    }

    /// Reads of the newest state, each for itself.
    pub(crate) fn now(&self) -> View<'_> {
        View {
            database: self,
            snapshot: None,
        }
    }

    /// Reads of one moment's state.
    pub(crate) fn snapshot(&self) -> View<'_> {
        View {
            database: self,
            snapshot: Some(self.db.snapshot()),
        }
    }

    /// Writes a batch, whole or not at all.
    pub(crate) fn write(&self, batch: WriteBatch) -> Result<(), StoreError> {
        self.writable()?;
        let mut options = WriteOptions::default();
        options.set_sync(self.config.durability == Durability::Sync);
        self.db.write_opt(batch, &options).map_err(|error| {
            let error = failed(&self.path, &self.config, "write a batch", error);
            // A second failure keeps the first one's reason.
            let _ = self.halted.set(error.to_string());
            error
        })
    }

    /// Checks that a write may be tried: none has failed, and the disk has room.
    pub(crate) fn writable(&self) -> Result<(), StoreError> {
        if let Some(reason) = self.halted.get() {
            return Err(StoreError::Halted {
                reason: reason.clone(),
            });
        }
        let free_bytes = free_disk_bytes(&self.path)?;
        if free_bytes < self.config.free_disk_bytes_min {
            let error = StoreError::DiskFull {
                path: self.path.clone(),
                free_bytes,
                required_bytes: self.config.free_disk_bytes_min,
            };
            let _ = self.halted.set(error.to_string());
            return Err(error);
        }
        Ok(())
    }
}

/// The database as it is now, or as it was at one moment.
pub(crate) struct View<'a> {
    database: &'a Database,
    snapshot: Option<SnapshotWithThreadMode<'a, DB>>,
}

impl View<'_> {
    fn options(&self) -> ReadOptions {
        let mut options = ReadOptions::default();
        if let Some(snapshot) = &self.snapshot {
            options.set_snapshot(snapshot);
        }
        options
    }

    pub(crate) fn bytes(
        &self,
        column: Column,
        key: impl AsRef<[u8]>,
    ) -> Result<Option<DBPinnableSlice<'_>>, StoreError> {
        self.database
            .db
            .get_pinned_cf_opt(self.database.column(column), key, &self.options())
            .map_err(read_failed)
    }

    pub(crate) fn exists(&self, column: Column, key: impl AsRef<[u8]>) -> Result<bool, StoreError> {
        Ok(self.bytes(column, key)?.is_some())
    }

    pub(crate) fn get<T: DeserializeOwned>(
        &self,
        column: Column,
        key: impl AsRef<[u8]>,
    ) -> Result<Option<T>, StoreError> {
        let key = key.as_ref();
        match self.bytes(column, key)? {
            None => Ok(None),
            Some(bytes) => decode(column, key, &bytes).map(Some),
        }
    }

    /// The last entry of a column whose key is at most `bound` and starts with `prefix`.
    pub(crate) fn last_at_most<T: DeserializeOwned>(
        &self,
        column: Column,
        prefix: &[u8],
        bound: &[u8],
    ) -> Result<Option<(Vec<u8>, T)>, StoreError> {
        let mut options = self.options();
        options.set_iterate_lower_bound(prefix.to_vec());
        let mut iterator = self.raw_iterator(column, options);
        iterator.seek_for_prev(bound);
        let found = match iterator.item() {
            Some((key, value)) if key.starts_with(prefix) => {
                Some((key.to_vec(), decode(column, key, value)?))
            }
            _ => None,
        };
        iterator.status().map_err(read_failed)?;
        Ok(found)
    }

    /// Calls `visit` with every entry whose key starts with `prefix`, in key
    /// order, until it returns `false`.
    pub(crate) fn scan(
        &self,
        column: Column,
        prefix: &[u8],
        visit: impl FnMut(&[u8], &[u8]) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        self.scan_range(column, prefix.to_vec(), key::prefix_end(prefix), visit)
    }

    /// As [`View::scan`], over the keys from `start` to before `end`.
    pub(crate) fn scan_range(
        &self,
        column: Column,
        start: Vec<u8>,
        end: Option<Vec<u8>>,
        mut visit: impl FnMut(&[u8], &[u8]) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let mut options = self.options();
        if let Some(end) = end {
            options.set_iterate_upper_bound(end);
        }
        let mut iterator = self.raw_iterator(column, options);
        iterator.seek(start);
        while let Some((key, value)) = iterator.item() {
            if !visit(key, value)? {
                return Ok(());
            }
            iterator.next();
        }
        iterator.status().map_err(read_failed)
    }

    /// As [`View::scan_range`], from the last key to the first.
    pub(crate) fn scan_range_back(
        &self,
        column: Column,
        start: Vec<u8>,
        end: Vec<u8>,
        mut visit: impl FnMut(&[u8], &[u8]) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let mut options = self.options();
        options.set_iterate_lower_bound(start);
        options.set_iterate_upper_bound(end);
        let mut iterator = self.raw_iterator(column, options);
        iterator.seek_to_last();
        while let Some((key, value)) = iterator.item() {
            if !visit(key, value)? {
                return Ok(());
            }
            iterator.prev();
        }
        iterator.status().map_err(read_failed)
    }

    /// One page of the entries whose key starts with `prefix`. `item` may pass
    /// over an entry by returning `None`.
    pub(crate) fn page<T>(
        &self,
        column: Column,
        prefix: &[u8],
        after: Option<&Cursor>,
        limit: usize,
        mut item: impl FnMut(&[u8], &[u8]) -> Result<Option<T>, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        let limit = limit.clamp(1, PAGE_ITEMS_MAX);
        let mut start = prefix.to_vec();
        if let Some(cursor) = after {
            if cursor.as_bytes().len() > Cursor::BYTES_MAX {
                return Err(StoreError::InvalidCursor);
            }
            start.extend_from_slice(cursor.as_bytes());
            // The least key above the cursor's.
            start.push(0);
        }
        let mut page = Page {
            items: Vec::new(),
            next: None,
        };
        let mut last = Vec::new();
        let end = key::prefix_end(prefix);
        self.scan_range(column, start, end, |key, value| {
            if page.items.len() == limit {
                page.next = Some(Cursor::from_bytes(&last[prefix.len()..]));
                return Ok(false);
            }
            if let Some(item) = item(key, value)? {
                page.items.push(item);
                last.clear();
                last.extend_from_slice(key);
            }
            Ok(true)
        })?;
        Ok(page)
    }

    fn raw_iterator(
        &self,
        column: Column,
        options: ReadOptions,
    ) -> DBRawIteratorWithThreadMode<'_, DB> {
        self.database
            .db
            .raw_iterator_cf_opt(self.database.column(column), options)
    }
}

/// Decodes a stored value.
pub(crate) fn decode<T: DeserializeOwned>(
    column: Column,
    key: &[u8],
    bytes: &[u8],
) -> Result<T, StoreError> {
    bcs::from_bytes(bytes).map_err(|error| StoreError::Corrupt {
        column: column.name(),
        key: hex::encode(key),
        reason: error.to_string(),
    })
}

/// Free bytes on the disk that holds `path`, for this user.
pub(crate) fn free_disk_bytes(path: &Path) -> Result<u64, StoreError> {
    let statistics =
        rustix::fs::statvfs(path).map_err(|error| io("ask for free disk space", error.into()))?;
    Ok(statistics.f_bavail.saturating_mul(statistics.f_frsize))
}

pub(crate) fn read_failed(error: rocksdb::Error) -> StoreError {
    StoreError::Io {
        operation: "read from the database",
        reason: error.into_string(),
    }
}

/// Sorts an error of RocksDB: a full disk is told apart by its words, because
/// the binding does not hand out the status' subcode.
pub(crate) fn failed(
    path: &Path,
    config: &StoreConfig,
    operation: &'static str,
    error: rocksdb::Error,
) -> StoreError {
    let reason = error.into_string();
    if reason.contains("No space left on device") || reason.contains("NoSpace") {
        return StoreError::DiskFull {
            path: path.to_owned(),
            free_bytes: free_disk_bytes(path).unwrap_or(0),
            required_bytes: config.free_disk_bytes_min,
        };
    }
    StoreError::Io { operation, reason }
}

fn io(operation: &'static str, error: std::io::Error) -> StoreError {
    StoreError::Io {
        operation,
        reason: error.to_string(),
    }
}

fn lock_directory(path: &Path) -> Result<File, StoreError> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path.join(LOCK_FILE))
        .map_err(|error| io("create the lock file", error))?;
    match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(StoreError::Locked {
            path: path.to_owned(),
        }),
        Err(error) => Err(io("lock the data directory", error.into())),
    }
}

/// Checks the format of a directory, or makes it one of ours if it is empty.
fn check_format(path: &Path) -> Result<(), StoreError> {
    let file = path.join(FORMAT_FILE);
    match std::fs::read_to_string(&file) {
        Ok(text) => {
            let found = text.trim().parse().map_err(|_| StoreError::NotAStore {
                path: path.to_owned(),
            })?;
            if found == FORMAT_VERSION {
                return Ok(());
            }
            Err(StoreError::OtherVersion {
                path: path.to_owned(),
                found,
                expected: FORMAT_VERSION,
            })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if path.join(DATABASE_DIRECTORY).exists() {
                return Err(StoreError::NotAStore {
                    path: path.to_owned(),
                });
            }
            create_format(path).map_err(|error| io("write the format file", error))
        }
        Err(error) => Err(io("read the format file", error)),
    }
}

/// Makes a directory one of ours.
pub(crate) fn create_format(directory: &Path) -> std::io::Result<()> {
    let file = directory.join(FORMAT_FILE);
    let temporary = file.with_extension("new");
    let mut written = File::create(&temporary)?;
    writeln!(written, "{FORMAT_VERSION}")?;
    written.sync_all()?;
    std::fs::rename(&temporary, file)?;
    File::open(directory)?.sync_all()
}

fn database_options(config: &StoreConfig) -> Options {
    let mut options = Options::default();
    options.create_if_missing(true);
    options.create_missing_column_families(true);
    options.set_db_write_buffer_size(config.write_buffer_bytes);
    options.set_max_total_wal_size(LOG_BYTES_MAX.min(4 * config.write_buffer_bytes as u64));
    options.set_max_background_jobs(config.background_threads.max(2));
    // Commits wait for each other anyway, and a lone writer is faster without.
    options.set_allow_concurrent_memtable_write(false);
    options.set_bytes_per_sync(1 << 20);
    options.set_max_open_files(1024);
    options.set_keep_log_file_num(4);
    options.set_log_level(LogLevel::Warn);
    options.set_stats_dump_period_sec(0);
    // With a synced log, anything but a torn last record is damage, and must
    // not be mistaken for the log's end. Without sync, a power cut may lose
    // records in any order: then the state before the first gap is right.
    options.set_wal_recovery_mode(match config.durability {
        Durability::Sync => DBRecoveryMode::TolerateCorruptedTailRecords,
        Durability::Process => DBRecoveryMode::PointInTime,
    });
    options
}

fn column_options(cache: &Cache) -> Options {
    let mut blocks = BlockBasedOptions::default();
    blocks.set_block_cache(cache);
    // Counted in the cache, so that memory stays bounded as tables grow.
    blocks.set_cache_index_and_filter_blocks(true);
    blocks.set_pin_l0_filter_and_index_blocks_in_cache(true);
    blocks.set_bloom_filter(10.0, false);
    blocks.set_format_version(5);
    let mut options = Options::default();
    options.set_block_based_table_factory(&blocks);
    options.set_compression_type(DBCompressionType::Lz4);
    options.set_level_compaction_dynamic_level_bytes(true);
    options.set_write_buffer_size(32 << 20);
    options
}
