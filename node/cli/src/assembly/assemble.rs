//! `heddle move assemble`: text to compiled modules.

use crate::local_move::program::id_of;
use crate::output::{BOLD, FAINT, Output};
use anyhow::{Context, bail};
use clap::Args;
use heddle_bytecode::CompiledModule;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Options of `heddle move assemble`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
A small module:

  module 0x42::m {
      public fun add(a: u64, b: u64): u64 {
          MoveLoc a
          MoveLoc b
          Add
          Ret
      }
  }

docs/assembly.md describes the language. `heddle move disassemble --assembly`
prints any compiled module in it. Nothing is checked but the language: what a
module may do is checked by `heddle move verify`.

Examples:
  heddle move assemble m.mvasm                 writes m.mv beside it
  heddle move assemble m.mvasm -o out/m.mv
  heddle move assemble both.mvasm -o out/      several modules, a file each")]
pub(crate) struct AssembleArgs {
    /// The text (.mvasm)
    file: PathBuf,
    /// Where to write: a file, or a folder for a file called NAME.mv for each module
    ///
    /// Without it one module is written beside the text with the ending .mv,
    /// several into the text's folder.
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
}

/// A module that was written.
#[derive(Debug, Serialize)]
struct Written {
    /// Its address and name, `null` if they are out of bounds.
    module: Option<String>,
    file: PathBuf,
    bytes: usize,
}

/// Runs `heddle move assemble`.
pub(crate) fn assemble(args: &AssembleArgs, output: &Output) -> anyhow::Result<()> {
    let modules = read(&args.file)?;
    let mut files = Vec::new();
    for module in &modules {
        let file = place(args, module, modules.len())?;
        if files.iter().any(|(known, _)| *known == file) {
            bail!(
                "two modules would be written to {}; put them in texts of their own",
                file.display()
            );
        }
        let bytes = module.serialize().with_context(|| {
            let name = id_of(module).map_or_else(|| "a module".to_owned(), |id| id.to_string());
            format!("{name} cannot be written in the binary format")
        })?;
        files.push((file, bytes));
    }
    let mut written = Vec::new();
    for ((file, bytes), module) in files.into_iter().zip(&modules) {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("make {}", folder.display()))?;
        }
        std::fs::write(&file, &bytes).with_context(|| format!("write {}", file.display()))?;
        written.push(Written {
            module: id_of(module).map(|id| id.to_string()),
            file,
            bytes: bytes.len(),
        });
    }
    output.print(&serde_json::json!({ "modules": written }), || {
        let mut text = String::new();
        for it in &written {
            let name = it.module.as_deref().unwrap_or("a module without a name");
            let file = it.file.display();
            text.push_str(&format!(
                "{BOLD}{name}{BOLD:#} {} bytes in {file}\n",
                it.bytes
            ));
        }
        if let Some(it) = written.first() {
            let file = it.file.display();
            text.push_str(&format!("{FAINT}Next: heddle move verify {file}{FAINT:#}"));
        }
        text
    })
}

fn read(file: &Path) -> anyhow::Result<Vec<CompiledModule>> {
    let shown = file.display();
    let length = std::fs::metadata(file)
        .with_context(|| format!("read {shown}"))?
        .len();
    let limit = heddle_assembler::TEXT_BYTES_MAX as u64;
    if length > limit {
        bail!("{shown} has {length} bytes; a text has at most {limit}");
    }
    let bytes = std::fs::read(file).with_context(|| format!("read {shown}"))?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) if file.extension().is_some_and(|it| it == "mv") => {
            bail!("{shown} is a compiled module; `heddle move disassemble` shows it")
        }
        Err(_) => bail!("{shown} is not text in UTF-8"),
    };
    let modules = heddle_assembler::assemble_all(&text)
        .map_err(|error| anyhow::anyhow!("{shown}:{}", error.render(&text)))?;
    if modules.is_empty() {
        bail!("{shown} has no module; write `module 0x42::name {{ .. }}`");
    }
    Ok(modules)
}

/// Where a module of a text with `count` of them is written.
fn place(args: &AssembleArgs, module: &CompiledModule, count: usize) -> anyhow::Result<PathBuf> {
    let in_folder = |folder: &Path| {
        let id = id_of(module).with_context(
            || "the module's own name is out of bounds: name the file with --output FILE",
        )?;
        Ok(folder.join(format!("{}.mv", id.name)))
    };
    match &args.output {
        Some(path) if path.is_dir() || path.as_os_str().to_string_lossy().ends_with('/') => {
            in_folder(path)
        }
        Some(path) if count > 1 => bail!(
            "the text has {count} modules: --output names a folder then, and {} is none (end it \
             with / to have it made)",
            path.display()
        ),
        Some(path) => Ok(path.clone()),
        None if count > 1 => in_folder(args.file.parent().unwrap_or(Path::new(""))),
        None => Ok(args.file.with_extension("mv")),
    }
}
