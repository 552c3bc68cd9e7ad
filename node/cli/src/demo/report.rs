//! The table at the end.

use super::Findings;
use crate::output::{BAD, BOLD, FAINT, GOOD, Output};
use crate::start::Network;
use serde_json::json;
use std::fmt::Write;
use std::time::Duration;

/// Prints what was found.
pub(super) fn print(output: &Output, findings: &Findings) -> anyhow::Result<()> {
    output.print(&value(findings), || text(findings))
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1e3)
}

fn value(findings: &Findings) -> serde_json::Value {
    let phases: Vec<_> = [&findings.transfers, &findings.increments]
        .iter()
        .map(|phase| {
            json!({
                "name": phase.name,
                "path": phase.path,
                "transactions": phase.count,
                "elapsed_ms": phase.elapsed.as_secs_f64() * 1e3,
                "transactions_per_second": phase.throughput(),
                "latency_p50_ms": phase.percentile(50).as_secs_f64() * 1e3,
                "latency_p99_ms": phase.percentile(99).as_secs_f64() * 1e3,
                "cores_busy": phase.cores(),
            })
        })
        .collect();
    json!({
        "cores": findings.cores_allowed,
        "start_up_ms": findings.start_up_ms,
        "packages": findings.packages.iter().map(|package| json!({
            "name": package.name,
            "package": package.package,
            "modules": package.modules,
            "bytes": package.bytes,
            "compile_ms": package.compile_ms,
            "publish_ms": package.publish_ms,
        })).collect::<Vec<_>>(),
        "phases": phases,
        "conflicts": {
            "executed": findings.conflicts.executed,
            "refused": findings.conflicts.refused,
        },
        "checks": findings.checks.iter().map(|check| json!({
            "what": check.what,
            "expected": check.expected,
            "found": check.found,
            "holds": check.holds(),
        })).collect::<Vec<_>>(),
    })
}

fn text(findings: &Findings) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "\n{BOLD}Published from source{BOLD:#}");
    let mut packages = Output::table([
        "package",
        "id",
        "modules",
        "bytes",
        "compiled",
        "live after",
    ]);
    for package in &findings.packages {
        packages.add_row([
            package.name.clone(),
            package.package.to_string(),
            package.modules.to_string(),
            package.bytes.to_string(),
            format!("{} ms", package.compile_ms),
            format!("{} ms", package.publish_ms),
        ]);
    }
    let _ = writeln!(text, "{packages}");
    let _ = writeln!(
        text,
        "\n{BOLD}Transactions{BOLD:#} {FAINT}on {} cores, node and clients together{FAINT:#}",
        findings.cores_allowed
    );
    let mut phases = Output::table([
        "what",
        "path",
        "count",
        "per second",
        "p50",
        "p99",
        "cores busy",
    ]);
    for phase in [&findings.transfers, &findings.increments] {
        phases.add_row([
            phase.name.to_owned(),
            phase.path.to_owned(),
            phase.count.to_string(),
            format!("{:.0}", phase.throughput()),
            milliseconds(phase.percentile(50)),
            milliseconds(phase.percentile(99)),
            format!("{:.2}", phase.cores()),
        ]);
    }
    let _ = writeln!(text, "{phases}");
    let _ = writeln!(
        text,
        "{FAINT}Latency runs from submission to effects that survive a crash.{FAINT:#}"
    );
    let _ = writeln!(
        text,
        "Double spends: {} executed, {} refused",
        findings.conflicts.executed, findings.conflicts.refused
    );
    let _ = writeln!(text, "\n{BOLD}Checks{BOLD:#}");
    for check in &findings.checks {
        if check.holds() {
            let _ = writeln!(text, "  {GOOD}✓{GOOD:#} {}: {}", check.what, check.found);
        } else {
            let _ = writeln!(
                text,
                "  {BAD}✗{BAD:#} {}: {} instead of {}",
                check.what, check.found, check.expected
            );
        }
    }
    text
}

/// Says what to try on a network that stays up.
pub(super) fn what_next(output: &Output, network: &Network, findings: &Findings) {
    let package = findings
        .packages
        .first()
        .map(|package| package.package.to_string())
        .unwrap_or_default();
    let rpc = network.rpc_url();
    let faucet = network.faucet_url();
    output.note(format_args!(
        "\nThe network stays up until you press Ctrl-C. Try:\n  \
         heddle client use {rpc} {faucet}\n  \
         heddle keys new && heddle client faucet && heddle client gas\n  \
         heddle client object {package}\n  \
         heddle client publish examples/counter"
    ));
}
