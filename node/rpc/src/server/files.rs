//! The process's limit on open files, which bounds its connections.

use crate::config::RpcLimits;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the soft limit on open files as far as the system lets it, up to
/// what `connections_max` connections and the reserve need. Returns how many
/// connections fit.
pub(crate) fn connections_that_fit(connections_max: usize) -> usize {
    let wanted = (connections_max as u64).saturating_add(RpcLimits::RESERVED_FILES);
    let limit = getrlimit(Resource::Nofile);
    let current = limit.current.unwrap_or(u64::MAX);
    let available = if current >= wanted {
        current
    } else {
        let raised = limit.maximum.map_or(wanted, |maximum| maximum.min(wanted));
        let request = Rlimit {
            current: Some(raised),
            maximum: limit.maximum,
        };
        match setrlimit(Resource::Nofile, request) {
            Ok(()) => raised,
            Err(error) => {
                tracing::warn!(%error, current, wanted, "could not raise the limit on open files");
                current
            }
        }
    };
    let fitting = available.saturating_sub(RpcLimits::RESERVED_FILES).max(64);
    connections_max.min(usize::try_from(fitting).unwrap_or(usize::MAX))
}
