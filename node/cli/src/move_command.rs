//! `heddle move`: make, build and test Move packages with the real compiler, and
//! run or verify what comes of it without a network.

use crate::assembly;
use crate::build;
use crate::local_move;
use crate::output::{self, BAD, BOLD, FAINT, GOOD, Output};
use anyhow::Context;
use clap::{Args, Subcommand};
use heddle_compiler::{BuildOptions, Mode, PackageFiles};
use heddle_move_test::TestOptions;
use std::path::PathBuf;
use std::process::ExitCode;

/// What `heddle move` can do.
#[derive(Debug, Subcommand)]
pub(crate) enum MoveCommand {
    /// Make a new package with a module and a test
    New {
        /// Name of the package; also the folder, which must not exist
        name: String,
    },
    /// Compile a package and write its bytecode to build/
    ///
    /// With --json, prints the modules and dependencies as SDKs take them to publish.
    Build(BuildArgs),
    /// Run a package's unit tests in Heddle's VM
    Test(TestArgs),
    /// Call a function, without a chain and without a node
    ///
    /// Prints what it returns, what it changes behind &mut, and the gas used; or
    /// where and why it failed, and then the exit code is 1.
    Run(local_move::RunArgs),
    /// Say which rule of the verifier each compiled module breaks, if any
    ///
    /// The exit code is 1 if a module may not run.
    Verify(local_move::VerifyArgs),
    /// Make compiled modules of Move bytecode written as text
    Assemble(assembly::AssembleArgs),
    /// Show Move bytecode beside the register code it is translated to, with gas
    Disassemble(assembly::DisassembleArgs),
}

#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// Folder of the package
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Put the modules of unpublished dependencies into the package
    #[arg(long)]
    with_unpublished_dependencies: bool,
    /// Leave out warnings
    #[arg(long)]
    silence_warnings: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Folder of the package
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Run only tests whose full name contains this
    filter: Option<String>,
    /// Most gas units that one test may use
    #[arg(long, value_name = "UNITS")]
    gas_limit: Option<u64>,
    /// Tests to run at the same time [default: one per core]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Times that each random test runs
    #[arg(long, default_value_t = heddle_move_test::RANDOM_RUNS_DEFAULT, value_name = "N")]
    random_runs: u64,
    /// Where the arguments of random tests begin; the same seed gives the same ones
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Name the tests without running them
    #[arg(long)]
    list: bool,
}

/// Runs `heddle move …`. The exit code says whether all tests passed.
pub(crate) fn run(command: MoveCommand, output: &Output) -> anyhow::Result<ExitCode> {
    match command {
        MoveCommand::New { name } => new(&name, output)?,
        MoveCommand::Build(args) => build_package(&args, output)?,
        MoveCommand::Test(args) => return test(&args, output),
        MoveCommand::Run(args) => return local_move::run(&args, output),
        MoveCommand::Verify(args) => return local_move::verify(&args, output),
        MoveCommand::Assemble(args) => assembly::assemble(&args, output)?,
        MoveCommand::Disassemble(args) => assembly::disassemble(&args, output)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn new(name: &str, output: &Output) -> anyhow::Result<()> {
    let path = PathBuf::from(name);
    let package = path
        .file_name()
        .and_then(|name| name.to_str())
        .with_context(|| format!("{name:?} names no package"))?;
    let parent = path.parent().unwrap_or_else(|| std::path::Path::new(""));
    let folder = heddle_compiler::new_package(package, parent)?;
    output.print(
        &serde_json::json!({ "package": package, "folder": folder }),
        || {
            format!(
                "Package {package} is in {0}. Next:\n  heddle move test {0}\n  heddle client publish {0}",
                folder.display()
            )
        },
    )
}

fn build_package(args: &BuildArgs, output: &Output) -> anyhow::Result<()> {
    let options = BuildOptions {
        with_unpublished_dependencies: args.with_unpublished_dependencies,
        silence_warnings: args.silence_warnings,
        ..build::options()
    };
    let package = build::compiler().build(&PackageFiles::read(&args.path)?, &options)?;
    if !output.json && !package.warnings.is_empty() {
        anstream::eprintln!("{}", package.warnings.trim_end());
    }
    let folder = args
        .path
        .join("build")
        .join(&package.name)
        .join("bytecode_modules");
    std::fs::create_dir_all(&folder).with_context(|| format!("make {}", folder.display()))?;
    for module in &package.modules {
        let file = folder.join(format!("{}.mv", module.name));
        std::fs::write(&file, &module.bytes)
            .with_context(|| format!("write {}", file.display()))?;
    }
    output.print(&package.dump(), || {
        let mut text = format!("{BOLD}Built{BOLD:#} {}\n", package.name);
        for module in &package.modules {
            text.push_str(&format!("  {} {} bytes\n", module.name, module.bytes.len()));
        }
        text.push_str(&format!("{FAINT}in {}{FAINT:#}", folder.display()));
        text
    })
}

fn test(args: &TestArgs, output: &Output) -> anyhow::Result<ExitCode> {
    let options = BuildOptions {
        mode: Mode::Test,
        ..build::options()
    };
    let package = build::compiler().build(&PackageFiles::read(&args.path)?, &options)?;
    if !output.json && !package.warnings.is_empty() {
        anstream::eprintln!("{}", package.warnings.trim_end());
    }
    let mut options = TestOptions {
        filter: args.filter.clone(),
        random_runs: args.random_runs,
        seed: args.seed,
        ..TestOptions::default()
    };
    if let Some(gas_limit) = args.gas_limit {
        options.gas_limit = gas_limit;
    }
    if let Some(threads) = args.threads {
        options.threads = threads;
    }
    if args.list {
        let names = heddle_move_test::list_tests(&package, &options);
        output.print(&names, || {
            names
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        })?;
        return Ok(ExitCode::SUCCESS);
    }
    let report = heddle_move_test::run_tests(&package, &options, &|result| {
        if !output.json {
            let style = if result.outcome.is_passed() {
                GOOD
            } else {
                BAD
            };
            output::line(format_args!(
                "{style}{:>7}{style:#} {} {FAINT}gas {}{FAINT:#}",
                result.outcome.word(),
                result.name,
                result.gas_used
            ));
            if !result.outcome.is_passed() {
                output::line(format_args!("        {}", result.outcome));
            }
        }
    })?;
    output.print(
        &serde_json::json!({
            "package": report.package,
            "passed": report.passed(),
            "failed": report.failed(),
            "filtered_out": report.filtered_out,
            "results": report.results,
        }),
        // The form in which test runners close, so that other tools can count.
        || {
            format!(
                "test result: {}. {} passed; {} failed; {} filtered out",
                if report.is_success() { "ok" } else { "FAILED" },
                report.passed(),
                report.failed(),
                report.filtered_out
            )
        },
    )?;
    Ok(if report.is_success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
