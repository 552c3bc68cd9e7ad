//! The `heddle` binary: a node, a Move tool chain, keys and a client in one.
//!
//! * [`cli`]: the tree of commands, with the help that each prints.
//! * [`start`]: `heddle start`, a network of one validator in this process.
//! * [`move_command`]: `heddle move`: new, build, test, over the real compiler.
//! * [`local_move`]: `heddle move run` and `verify`, without a network.
//! * [`assembly`]: `heddle move assemble` and `disassemble`.
//! * [`build`]: compiling a package and remembering where it was published.
//! * [`keys`]: `heddle keys`: private keys in the public formats.
//! * [`client`]: `heddle client`: everything a person does to a network.
//! * [`demo`]: `heddle demo`: the main job, from Move source to a report.
//! * [`config`] and [`output`]: what is remembered, and how results are shown.
//!
//! Exit codes: 0 success, 1 failure (one line on standard error says what
//! happened and what to do next), 2 wrong use of the command line.

mod assembly;
mod build;
mod cli;
mod client;
mod config;
mod demo;
mod keys;
mod local_move;
mod move_command;
mod output;
mod start;

use std::process::ExitCode;

/// Transactions allocate many small buffers on many threads, where the
/// system's allocator serialises; this one does not.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
