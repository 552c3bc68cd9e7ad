//! One call of the compiler: resolved files in, modules out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sui_sdk_types::Address;

use crate::error::CompileError;
use crate::host::{Fault, Session};
use crate::module_name::module_name;
use crate::package::{BuiltModule, Lint, Mode};
use crate::test_plan::{TEST_MODE, original_names, rewrite_tests};
use crate::wire::{CompileOptions, CompileOutput, Files, PackageGroup};

/// What the root package's own address becomes in its bytecode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Intent {
    /// Zero, as a transaction that publishes or upgrades has it.
    #[default]
    ZeroAddress,
    /// The one that the manifest resolved to.
    KeepAddress,
}

/// How to compile.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Settings<'a> {
    /// The root package's name, for messages.
    pub(crate) package: &'a str,
    pub(crate) intent: Intent,
    pub(crate) mode: Mode,
    pub(crate) lint: Lint,
    pub(crate) silence_warnings: bool,
    pub(crate) ansi_colors: bool,
}

/// What came out.
pub(crate) struct Compiled {
    pub(crate) modules: Vec<BuiltModule>,
    pub(crate) dependencies: Vec<Address>,
    pub(crate) digest: [u8; 32],
    pub(crate) warnings: String,
}

/// In test mode the compiler should read `tests/` and `examples/` too, but its
/// `compile` only looks below `sources/`. They are handed over under names that
/// lie there, and named rightly again in the diagnostics.
const TEST_FOLDERS: [(&str, &str); 2] = [
    ("tests/", "sources/../tests/"),
    ("examples/", "sources/../examples/"),
];

/// Compiles `root` against `dependencies`, all of them resolved.
pub(crate) fn compile(
    session: &mut Session,
    root: &Files,
    dependencies: &[PackageGroup],
    settings: &Settings<'_>,
) -> Result<Compiled, CompileError> {
    let root: Files = root
        .iter()
        .filter_map(|(path, text)| Some((compiler_path(path, settings.mode)?, text.clone())))
        .collect();
    match settings.mode {
        Mode::Publish => call(session, &root, dependencies, settings, &[]),
        Mode::Test => {
            let dependencies: Vec<_> = dependencies.iter().map(with_test_folders).collect();
            compile_tests(session, &root, &dependencies, settings)
        }
    }
}

/// The dependency with its own test folders where the compiler looks: test code
/// of one package may use that of another.
fn with_test_folders(group: &PackageGroup) -> PackageGroup {
    let prefix = format!("dependencies/{}/", group.name);
    let files = group.files.iter().filter_map(|(path, text)| {
        let path = match path.strip_prefix(&prefix) {
            Some(inner) => format!("{prefix}{}", compiler_path(inner, Mode::Test)?),
            None => path.clone(),
        };
        Some((path, text.clone()))
    });
    PackageGroup {
        files: files.collect(),
        ..group.clone()
    }
}

/// Compiles for tests, in a mode of our own (see [`crate::test_plan`]). If that
/// fails, the sources as they are get compiled in the compiler's own test mode:
/// its diagnostics are the ones to show, unless it gets past them.
fn compile_tests(
    session: &mut Session,
    root: &Files,
    dependencies: &[PackageGroup],
    settings: &Settings<'_>,
) -> Result<Compiled, CompileError> {
    let rewritten_root = rewrite_sources(root);
    let rewritten_dependencies: Vec<_> = dependencies
        .iter()
        .map(|group| PackageGroup {
            files: rewrite_sources(&group.files),
            ..group.clone()
        })
        .collect();
    let modes = [TEST_MODE];
    let result = call(
        session,
        &rewritten_root,
        &rewritten_dependencies,
        settings,
        &modes,
    );
    match result {
        Ok(mut compiled) => {
            compiled.warnings = original_names(&compiled.warnings);
            Ok(compiled)
        }
        Err(CompileError::Diagnostics {
            package,
            diagnostics,
        }) => match call(session, root, dependencies, settings, &["test"]) {
            Err(original @ CompileError::Diagnostics { .. }) if !is_of_bytecode(&original) => {
                Err(original)
            }
            _ => Err(CompileError::Diagnostics {
                package,
                diagnostics: original_names(&diagnostics),
            }),
        },
        Err(other) => Err(other),
    }
}

/// Whether the sources were fine, and their bytecode was refused.
fn is_of_bytecode(error: &CompileError) -> bool {
    matches!(error, CompileError::Diagnostics { diagnostics, .. }
        if diagnostics.starts_with("Bytecode Verification Failed"))
}

fn rewrite_sources(files: &Files) -> Files {
    files
        .iter()
        .map(|(path, text)| {
            let text = if path.ends_with(".move") {
                rewrite_tests(text)
            } else {
                text.clone()
            };
            (path.clone(), text)
        })
        .collect()
}

/// One call of the compiler.
fn call(
    session: &mut Session,
    root: &Files,
    dependencies: &[PackageGroup],
    settings: &Settings<'_>,
    modes: &[&str],
) -> Result<Compiled, CompileError> {
    let options = CompileOptions {
        silence_warnings: settings.silence_warnings,
        lint_flag: settings.lint.flag(),
        ansi_color: settings.ansi_colors,
        compile_intent: match settings.intent {
            Intent::ZeroAddress => "dump",
            Intent::KeepAddress => "publish",
        },
        modes,
    };
    let (success, output) = session
        .compile(&to_json(root), &to_json(&dependencies), &to_json(&options))
        .map_err(|fault| fault.of_package(settings.package))?;
    if !success {
        return Err(CompileError::Diagnostics {
            package: settings.package.to_owned(),
            diagnostics: diagnostics(&output),
        });
    }
    decode(&output).map_err(|message| {
        Fault::Failed(format!("compile: {message}")).of_package(settings.package)
    })
}

/// The name under which a file of a package goes to the compiler, or nothing if
/// it stays here.
fn compiler_path(path: &str, mode: Mode) -> Option<String> {
    for (folder, renamed) in TEST_FOLDERS {
        if let Some(rest) = path.strip_prefix(folder) {
            return (mode == Mode::Test).then(|| format!("{renamed}{rest}"));
        }
    }
    Some(path.to_owned())
}

/// The compiler's text, with the right names of test files and one line break
/// at its end.
fn diagnostics(text: &str) -> String {
    let mut text = text.trim_end().to_owned();
    for (folder, renamed) in TEST_FOLDERS {
        text = text.replace(renamed, folder);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn decode(output: &str) -> Result<Compiled, String> {
    let output: CompileOutput =
        serde_json::from_str(output).map_err(|error| format!("unexpected output: {error}"))?;
    let modules = output
        .modules
        .iter()
        .map(|text| {
            let bytes = BASE64
                .decode(text)
                .map_err(|error| format!("a module is not base64: {error}"))?;
            let (_, name) = module_name(&bytes).ok_or_else(|| "a module has no name".to_owned())?;
            Ok(BuiltModule { name, bytes })
        })
        .collect::<Result<_, String>>()?;
    let dependencies = output
        .dependencies
        .iter()
        .map(|text| text.parse().map_err(|_| format!("not an id: {text}")))
        .collect::<Result<_, String>>()?;
    let digest = output
        .digest
        .try_into()
        .map_err(|_| "the digest has another length".to_owned())?;
    Ok(Compiled {
        modules,
        dependencies,
        digest,
        warnings: diagnostics(output.warnings.as_deref().unwrap_or_default()),
    })
}

/// JSON of a value that always has one: string keys, no floats.
pub(crate) fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("invariant: every value here has a JSON form")
}
