//! The tree of commands.

use crate::output::{self, BAD, Output};
use crate::{client, config, demo, keys, move_command, start};
use anyhow::Context;
use clap::{CommandFactory, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Object-level parallel Move VM and the node around it.
#[derive(Debug, Parser)]
#[command(
    name = "heddle",
    version,
    about = "Heddle: an object-level parallel Move VM and the node around it",
    after_help = "A first tour:\n  \
        heddle start                         a network on this machine\n  \
        heddle keys new                      a key of your own\n  \
        heddle client faucet                 coins for it\n  \
        heddle move new hello                a Move package\n  \
        heddle move test hello               its unit tests\n  \
        heddle client publish hello          live\n\n\
        `heddle COMMAND --help` tells more about each."
)]
struct Cli {
    /// Print results as JSON
    #[arg(long, global = true)]
    json: bool,
    /// Folder of keys and client settings [default: ~/.heddle]
    #[arg(long, global = true, env = "HEDDLE_CONFIG_DIR", value_name = "FOLDER")]
    config_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a network of one validator on this machine, for development
    Start(start::StartArgs),
    /// Make, build, test, run, verify and disassemble Move packages
    #[command(subcommand)]
    Move(move_command::MoveCommand),
    /// Make and show keys
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Use a network: publish, call, transfer, look
    Client(client::ClientArgs),
    /// Run the whole show: a network, packages, thousands of transactions, a report
    Demo(demo::DemoArgs),
    /// Print a script that completes commands in your shell
    ///
    /// Example: heddle completions bash > ~/.local/share/bash-completion/completions/heddle
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Parses the command line and runs it.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    let output = Output { json: cli.json };
    match dispatch(cli, output) {
        Ok(code) => code,
        Err(error) => {
            if output.json {
                let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
                output::line(serde_json::json!({ "error": causes.join(": ") }));
            }
            anstream::eprintln!("{BAD}error:{BAD:#} {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(cli: Cli, output: Output) -> anyhow::Result<ExitCode> {
    let folder = cli.config_dir.unwrap_or_else(config::default_folder);
    match cli.command {
        Command::Start(args) => start::run(args, &output)?,
        Command::Move(command) => return move_command::run(command, &output),
        Command::Keys(command) => keys::run(command, &folder, &output)?,
        Command::Client(args) => runtime(1)?.block_on(client::run(args, &folder, output))?,
        Command::Demo(args) => demo::run(args, &output)?,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "heddle", &mut script);
            output::line(String::from_utf8_lossy(&script).trim_end());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// An asynchronous runtime with this many worker threads.
pub(crate) fn runtime(threads: usize) -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.max(1))
        .enable_all()
        .build()
        .context("start the asynchronous runtime")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_tree_is_consistent() {
        Cli::command().debug_assert();
    }

    /// Every command and every option says what it is for.
    #[test]
    fn everything_has_help() {
        fn check(command: &clap::Command, path: &str) {
            let path = format!("{path} {}", command.get_name());
            assert!(command.get_about().is_some(), "{path} has no help");
            for argument in command.get_arguments() {
                assert!(
                    argument.get_help().is_some(),
                    "{path} {} has no help",
                    argument.get_id()
                );
            }
            for child in command.get_subcommands() {
                check(child, &path);
            }
        }
        check(&Cli::command(), "");
    }
}
