//! `heddle move verify`: whether modules may run, and which rule each breaks.

use super::check::{Checker, Finding, Verdict, circle};
use super::input::{self, Input};
use super::program;
use super::run::program_of;
use crate::output::{BAD, BOLD, FAINT, GOOD, Output};
use clap::Args;
use heddle_bytecode::{CompiledModule, ModuleId};
use serde::Serialize;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Options of `heddle move verify`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Checked is what publishing checks: the binary format, every pass of the bytecode
verifier, the rules of the object model, that natives exist, and that what a
module names in other modules is there and fits. Dependencies are looked for in
the paths given, in --dependency, and in the framework, which is built in. If one
is missing, the module is checked alone and the report says so.

Examples:
  heddle move verify .
  heddle move verify a.mv b.mv --dependency lib/
  heddle move verify build/ --json")]
pub(crate) struct VerifyArgs {
    /// Compiled modules (.mv), folders of packages, or folders of both
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Where modules are that they use and that need no verdict themselves
    #[arg(long, value_name = "PATH")]
    dependency: Vec<PathBuf>,
}

/// The verdict on one module.
#[derive(Debug, Serialize)]
struct Checked {
    /// Its address and name, if they can be read.
    module: Option<String>,
    /// The file or package that it comes from.
    origin: String,
    /// `ok` or `broken`.
    verdict: &'static str,
    /// Whether what it names in other modules was checked.
    links_checked: bool,
    /// Modules that it names and that are not here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<String>,
    /// Why it can't be published although it verifies.
    #[serde(skip_serializing_if = "Option::is_none")]
    unpublishable: Option<String>,
    /// The rule that it breaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<Finding>,
}

/// All verdicts.
#[derive(Debug, Serialize)]
struct Report {
    /// Modules that verify.
    ok: usize,
    /// Modules that don't.
    broken: usize,
    modules: Vec<Checked>,
}

/// Verifies every module at the paths. The exit code says whether all may run.
pub(crate) fn verify(args: &VerifyArgs, output: &Output) -> anyhow::Result<ExitCode> {
    let mut inputs = Vec::new();
    let mut loose: Option<Input> = None;
    for path in &args.paths {
        for mut input in input::read(path)? {
            match &mut loose {
                // Compiled modules of several paths belong together.
                Some(loose) if input.is_loose() => loose.modules.append(&mut input.modules),
                None if input.is_loose() => loose = Some(input),
                _ => inputs.push(input),
            }
        }
    }
    inputs.extend(loose);
    let mut dependencies = Vec::new();
    for path in &args.dependency {
        dependencies.extend(input::read(path)?);
    }
    let mut modules = Vec::new();
    for input in &inputs {
        check_input(input, &inputs, &dependencies, &mut modules)?;
    }
    let broken = modules.iter().filter(|it| it.finding.is_some()).count();
    let report = Report {
        ok: modules.len() - broken,
        broken,
        modules,
    };
    output.print(&report, || report.text())?;
    if broken == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    anstream::eprintln!(
        "{BAD}error:{BAD:#} {broken} of {} modules may not run",
        report.modules.len()
    );
    Ok(ExitCode::FAILURE)
}

fn check_input(
    input: &Input,
    inputs: &[Input],
    dependencies: &[Input],
    checked: &mut Vec<Checked>,
) -> anyhow::Result<()> {
    if let Some(error) = &input.build_error {
        checked.push(Checked {
            module: None,
            origin: input.path.display().to_string(),
            verdict: "broken",
            links_checked: false,
            missing: Vec::new(),
            unpublishable: None,
            finding: Some(Finding::of_build(error)),
        });
        return Ok(());
    }
    let program = program_of(input, inputs, dependencies)?;
    let checker = Checker::new(&program);
    let mut verdicts: Vec<Verdict> = input
        .modules
        .iter()
        .map(|module| checker.check(&module.bytes))
        .collect();
    let sound: Vec<CompiledModule> = input
        .modules
        .iter()
        .zip(&verdicts)
        .filter(|(_, verdict)| verdict.finding.is_none())
        .filter_map(|(module, _)| Some(program::read(&module.bytes).ok()??.1))
        .collect();
    if let Some((id, finding)) = circle(&sound)
        && let Some(verdict) = verdicts.iter_mut().find(|verdict| verdict.id == id)
    {
        verdict.finding = Some(finding);
    }
    for (module, verdict) in input.modules.iter().zip(verdicts) {
        checked.push(Checked {
            module: verdict.id.as_ref().map(ModuleId::to_string),
            origin: match &input.package {
                Some(package) => format!("package {package}"),
                None => module.origin.display().to_string(),
            },
            verdict: if verdict.finding.is_none() {
                "ok"
            } else {
                "broken"
            },
            links_checked: verdict.finding.is_none() && verdict.missing.is_empty(),
            missing: verdict.missing.iter().map(ModuleId::to_string).collect(),
            unpublishable: verdict.unpublishable,
            finding: verdict.finding,
        });
    }
    Ok(())
}

impl Report {
    fn text(&self) -> String {
        let mut text = String::new();
        for module in &self.modules {
            module.write(&mut text);
        }
        let _ = write!(text, "{} ok, {} broken", self.ok, self.broken);
        text
    }
}

impl Checked {
    fn write(&self, text: &mut String) {
        let name = self.module.as_deref().unwrap_or("(no name)");
        let (style, word) = if self.finding.is_none() {
            (GOOD, "ok")
        } else {
            (BAD, "broken")
        };
        let _ = writeln!(
            text,
            "{style}{word:>7}{style:#} {BOLD}{name}{BOLD:#} {FAINT}{}{FAINT:#}",
            self.origin
        );
        let mut line = |head: &str, words: &str| {
            let _ = writeln!(text, "        {FAINT}{head:<6}{FAINT:#} {words}");
        };
        if let Some(finding) = &self.finding {
            line("rule", &format!("{}: {}", finding.rule, finding.rule_text));
            if let Some(place) = finding.place() {
                let instruction = finding.instruction.as_ref();
                let instruction = instruction.map(|it| format!(", {it}")).unwrap_or_default();
                line("in", &format!("{place}{instruction}"));
            }
            line("found", &finding.message);
            line("next", &finding.advice);
        }
        if !self.missing.is_empty() {
            let names = self.missing.join(", ");
            line(
                "links",
                &format!("not checked: {names} not here; give the folder with --dependency"),
            );
        }
        if let Some(reason) = &self.unpublishable {
            line("note", &format!("can't be published: {reason}"));
        }
    }
}
