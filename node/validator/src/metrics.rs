//! What a node tells about itself, in Prometheus' terms.
//!
//! Every name begins with `heddle_`; durations are in seconds. Labels have few
//! and known values, so the number of series is bounded.

use crate::StartError;
use heddle_objects::Path;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry,
};

/// A node's metrics. Cheap to update from any thread.
pub(crate) struct Metrics {
    pub(crate) registry: Registry,
    pub(crate) transactions: IntCounterVec,
    pub(crate) refusals: IntCounterVec,
    pub(crate) lock_conflicts: IntCounter,
    pub(crate) resubmissions: IntCounter,
    pub(crate) executed_latency: HistogramVec,
    pub(crate) durable_latency: HistogramVec,
    pub(crate) commit_transactions: Histogram,
    pub(crate) commit_duration: Histogram,
    pub(crate) ordered_commits: IntCounter,
    pub(crate) checkpoint_height: IntGauge,
    pub(crate) checkpoint_transactions: Histogram,
    pub(crate) checkpoint_duration: Histogram,
    pub(crate) queue_depth: IntGaugeVec,
    pub(crate) locks_held: IntGauge,
    pub(crate) store_bytes: IntGaugeVec,
}

impl Metrics {
    /// Metrics in a registry of their own.
    ///
    /// # Errors
    /// [`StartError::Config`] if two metrics have the same name, which a test
    /// rules out.
    pub(crate) fn new() -> Result<Self, StartError> {
        Self::register().map_err(|_| StartError::Config("two metrics have the same name"))
    }

    fn register() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let new = Registration {
            registry: &registry,
        };
        Ok(Metrics {
            transactions: new.counters(
                "transactions_total",
                "Transactions executed, by path and status (success, failure).",
                &["path", "status"],
            )?,
            refusals: new.counters(
                "refusals_total",
                "Transactions refused, by error code.",
                &["code"],
            )?,
            lock_conflicts: new.counter(
                "lock_conflicts_total",
                "Transactions refused because another one holds an input.",
            )?,
            resubmissions: new.counter(
                "resubmissions_total",
                "Submissions of transactions that were in flight or executed already.",
            )?,
            executed_latency: new.histograms(
                "executed_seconds",
                "From submission to executed effects, by path.",
                &LATENCY_BUCKETS,
                &["path"],
            )?,
            durable_latency: new.histograms(
                "durable_seconds",
                "From submission to durable effects, by path.",
                &LATENCY_BUCKETS,
                &["path"],
            )?,
            commit_transactions: new.histogram(
                "commit_transactions",
                "Transactions written to the store in one batch.",
                &SIZE_BUCKETS,
            )?,
            commit_duration: new.histogram(
                "commit_seconds",
                "Time to write one batch to the store.",
                &LATENCY_BUCKETS,
            )?,
            ordered_commits: new.counter(
                "ordered_commits_total",
                "Commits of the ordered path, heartbeats included.",
            )?,
            checkpoint_height: new.gauge("checkpoint_height", "Number of the last checkpoint.")?,
            checkpoint_transactions: new.histogram(
                "checkpoint_transactions",
                "Transactions in one checkpoint.",
                &SIZE_BUCKETS,
            )?,
            checkpoint_duration: new.histogram(
                "checkpoint_seconds",
                "Time to make and write one checkpoint.",
                &LATENCY_BUCKETS,
            )?,
            queue_depth: new.gauges(
                "queue_depth",
                "Transactions in a stage (in_flight, unordered, commit).",
                &["queue"],
            )?,
            locks_held: new.gauge("locks_held", "Owned object versions locked.")?,
            store_bytes: new.gauges("store_bytes", "Size of the store, by part.", &["part"])?,
            registry,
        })
    }

    /// Counts an executed transaction.
    pub(crate) fn count_executed(&self, path: Path, success: bool) {
        let status = if success { "success" } else { "failure" };
        self.transactions
            .with_label_values(&[path.as_str(), status])
            .inc();
    }
}

/// From 100 µs to 10 s.
const LATENCY_BUCKETS: [f64; 16] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
    5.0, 10.0,
];
/// From one to 10,000.
const SIZE_BUCKETS: [f64; 13] = [
    1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10000.0,
];

struct Registration<'a> {
    registry: &'a Registry,
}

impl Registration<'_> {
    fn add<C: prometheus::core::Collector + Clone + 'static>(
        &self,
        metric: C,
    ) -> Result<C, prometheus::Error> {
        self.registry.register(Box::new(metric.clone()))?;
        Ok(metric)
    }

    fn counter(&self, name: &str, help: &str) -> Result<IntCounter, prometheus::Error> {
        self.add(IntCounter::new(full(name), help)?)
    }

    fn counters(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> Result<IntCounterVec, prometheus::Error> {
        self.add(IntCounterVec::new(Opts::new(full(name), help), labels)?)
    }

    fn gauge(&self, name: &str, help: &str) -> Result<IntGauge, prometheus::Error> {
        self.add(IntGauge::new(full(name), help)?)
    }

    fn gauges(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> Result<IntGaugeVec, prometheus::Error> {
        self.add(IntGaugeVec::new(Opts::new(full(name), help), labels)?)
    }

    fn histogram(
        &self,
        name: &str,
        help: &str,
        buckets: &[f64],
    ) -> Result<Histogram, prometheus::Error> {
        let options = HistogramOpts::new(full(name), help).buckets(buckets.to_vec());
        self.add(Histogram::with_opts(options)?)
    }

    fn histograms(
        &self,
        name: &str,
        help: &str,
        buckets: &[f64],
        labels: &[&str],
    ) -> Result<HistogramVec, prometheus::Error> {
        let options = HistogramOpts::new(full(name), help).buckets(buckets.to_vec());
        self.add(HistogramVec::new(options, labels)?)
    }
}

fn full(name: &str) -> String {
    format!("heddle_{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_metrics_register_and_count() {
        let metrics = Metrics::new().expect("names are distinct");
        metrics.count_executed(Path::Ordered, false);
        let families = metrics.registry.gather();
        let family = families
            .iter()
            .find(|family| family.name() == "heddle_transactions_total")
            .expect("counted");
        assert_eq!(family.get_metric().len(), 1);
    }
}
