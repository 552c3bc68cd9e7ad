//! Machine code in memory: written once, then executable and never writable
//! again.
//!
//! Each piece of code has pages of its own, so that no page is ever writable
//! and executable, not even while another thread runs what lies beside it.

use rustix::mm::{MapFlags, MprotectFlags, ProtFlags, mmap_anonymous, mprotect, munmap};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicUsize, Ordering};

const PAGE_BYTES: usize = 4096;
/// Distance between the places at which the code of two functions starts in
/// its page: if all began at the same offset, they would share a few sets of
/// the processor's instruction cache.
const SKEW_BYTES: usize = 320;
/// All machine code of the process, beyond which functions stay interpreted.
const TOTAL_BYTES_MAX: usize = 256 << 20;

/// Bytes that all code memory of the process takes.
static TOTAL_BYTES: AtomicUsize = AtomicUsize::new(0);
static PIECES: AtomicUsize = AtomicUsize::new(0);

/// Machine code that can be called, until it is dropped.
#[derive(Debug)]
pub(super) struct CodeMemory {
    mapping: NonNull<u8>,
    bytes: usize,
    entry: NonNull<u8>,
}

// SAFETY: nothing changes the pages after `new`, so any thread may read and
// execute them, and unmapping them is no thread's privilege.
unsafe impl Send for CodeMemory {}
// SAFETY: as above; there are no methods that write.
unsafe impl Sync for CodeMemory {}

impl CodeMemory {
    /// Copies `code`, position-independent, to executable memory. `None` if
    /// the system gives none, or the process has enough.
    pub(super) fn new(code: &[u8]) -> Option<Self> {
        let skew = PIECES.fetch_add(1, Ordering::Relaxed) % 12 * SKEW_BYTES;
        let skew = skew & !63;
        let bytes = (skew + code.len()).checked_next_multiple_of(PAGE_BYTES)?;
        if TOTAL_BYTES.fetch_add(bytes, Ordering::Relaxed) + bytes > TOTAL_BYTES_MAX {
            TOTAL_BYTES.fetch_sub(bytes, Ordering::Relaxed);
            return None;
        }
        let protection = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: a new anonymous mapping at an address of the system's choice
        // touches no memory that exists.
        let mapped =
            unsafe { mmap_anonymous(ptr::null_mut(), bytes, protection, MapFlags::PRIVATE) };
        let Some(mapping) = mapped
            .ok()
            .and_then(|pointer| NonNull::new(pointer.cast::<u8>()))
        else {
            TOTAL_BYTES.fetch_sub(bytes, Ordering::Relaxed);
            return None;
        };
        // SAFETY: the mapping is `bytes` long, `skew + code.len()` is not more,
        // and nobody else knows of it yet.
        let entry = unsafe {
            let entry = mapping.as_ptr().add(skew);
            ptr::copy_nonoverlapping(code.as_ptr(), entry, code.len());
            NonNull::new_unchecked(entry)
        };
        let memory = Self {
            mapping,
            bytes,
            entry,
        };
        // SAFETY: the range is the mapping made above; no reference into it
        // exists. x86-64, the only target of this tier, keeps instruction
        // caches coherent.
        let protected = unsafe {
            mprotect(
                mapping.as_ptr().cast(),
                bytes,
                MprotectFlags::READ | MprotectFlags::EXEC,
            )
        };
        protected.ok().map(|()| memory)
    }

    /// Its first instruction.
    pub(super) fn entry(&self) -> NonNull<u8> {
        self.entry
    }
}

impl Drop for CodeMemory {
    fn drop(&mut self) {
        // SAFETY: the range is the mapping that `new` made. What drops this
        // value guarantees that no thread executes it: see `Cell` and the
        // table of entries, which is never dropped.
        let unmapped = unsafe { munmap(self.mapping.as_ptr().cast(), self.bytes) };
        if unmapped.is_ok() {
            TOTAL_BYTES.fetch_sub(self.bytes, Ordering::Relaxed);
        }
    }
}
