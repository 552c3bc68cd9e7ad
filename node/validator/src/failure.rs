//! The latch that a failed node trips.
//!
//! The first fatal error wins and stays. Everything that accepts or writes
//! looks at it; whoever runs the node waits for it and exits.

use crate::FatalError;
use std::sync::OnceLock;
use tokio::sync::watch;

/// Whether, and why, the node has failed.
pub(crate) struct Failure {
    error: OnceLock<FatalError>,
    raised: watch::Sender<bool>,
}

impl Failure {
    pub(crate) fn new() -> Self {
        Failure {
            error: OnceLock::new(),
            raised: watch::Sender::new(false),
        }
    }

    /// Fails the node. Returns the error that it failed with first.
    pub(crate) fn raise(&self, error: FatalError) -> &FatalError {
        let mut first = false;
        let kept = self.error.get_or_init(|| {
            first = true;
            error
        });
        if first {
            tracing::error!(error = %kept, "the node stops");
            self.raised.send_replace(true);
        }
        kept
    }

    /// The error, if the node has failed.
    pub(crate) fn get(&self) -> Option<&FatalError> {
        self.error.get()
    }

    /// Resolves once the node has failed.
    pub(crate) async fn wait(&self) -> FatalError {
        let mut raised = self.raised.subscribe();
        loop {
            if let Some(error) = self.error.get() {
                return error.clone();
            }
            if raised.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(reason: &str) -> FatalError {
        FatalError::Invariant {
            reason: reason.to_owned(),
        }
    }

    #[tokio::test]
    async fn the_first_error_is_the_one() {
        let failure = Failure::new();
        assert_eq!(failure.get(), None);
        assert_eq!(failure.raise(broken("first")), &broken("first"));
        assert_eq!(failure.raise(broken("second")), &broken("first"));
        assert_eq!(failure.wait().await, broken("first"));
    }
}
