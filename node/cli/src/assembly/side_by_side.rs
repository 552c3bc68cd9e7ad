//! Move bytecode beside its translation.

use super::disassemble::{ShownFunction, ShownInstruction, ShownModule, Translation};
use crate::output::{BOLD, FAINT, short_type};
use std::fmt::Write as _;

/// Widest Move instruction that has its translation on the same line.
const LEFT_CHARS_MAX: usize = 56;

/// The text of a module.
pub(super) fn text(module: &ShownModule) -> String {
    if let Some(assembly) = &module.assembly {
        return assembly.clone();
    }
    let (name, origin) = (&module.module, module.origin.display());
    let mut text = format!(
        "{BOLD}module {name}{BOLD:#} {FAINT}format version {}, from {origin}{FAINT:#}\n",
        module.version
    );
    for shown in &module.functions {
        text.push('\n');
        function(shown, &mut text);
    }
    text
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    text.write_fmt(line)
        .expect("invariant: writing to a string cannot fail");
    text.push('\n');
}

fn function(function: &ShownFunction, text: &mut String) {
    line(text, format_args!("{BOLD}{}{BOLD:#}", function.declaration));
    if !function.type_arguments.is_empty() {
        let types: Vec<String> = function
            .type_arguments
            .iter()
            .map(|it| short_type(it))
            .collect();
        let types = types.join(", ");
        line(text, format_args!("  {FAINT}for <{types}>{FAINT:#}"));
    }
    for local in &function.locals {
        line(text, format_args!("  {local}"));
    }
    match (&function.translation, &function.untranslated) {
        (Some(translation), _) => blocks(function, translation, text),
        (None, why) => {
            if let Some(why) = why {
                line(text, format_args!("  {FAINT}{why}{FAINT:#}"));
            }
            for (offset, instruction) in function.bytecode.iter().enumerate() {
                line(text, format_args!("  {offset:4} {instruction}"));
            }
        }
    }
}

fn blocks(function: &ShownFunction, translation: &Translation, text: &mut String) {
    let widths = function.bytecode.iter().map(|it| it.chars().count());
    let width = widths.filter(|it| *it <= LEFT_CHARS_MAX).max().unwrap_or(0);
    line(
        text,
        format_args!(
            "  {FAINT}first run in a call from outside, gas {}{FAINT:#}",
            translation.load_gas
        ),
    );
    let mut shown_to = 0;
    for block in &translation.blocks {
        let (first, end) = (usize::from(block.first), usize::from(block.end));
        unreached(function, shown_to, first, text);
        shown_to = shown_to.max(end);
        let gas = block.gas;
        if first == end {
            // A loop back to the first instruction does not come here.
            line(text, format_args!("  {FAINT}on entry, gas {gas}{FAINT:#}"));
        } else {
            let last = end - 1;
            line(
                text,
                format_args!("  {FAINT}block {first}–{last}, gas {gas}{FAINT:#}"),
            );
        }
        let mut rest = block.instructions.as_slice();
        for offset in first..end {
            let left = function.bytecode.get(offset).map_or("", String::as_str);
            let is_wide = left.chars().count() > width;
            let mut left = Some(left);
            if is_wide {
                line(
                    text,
                    format_args!("  {offset:4} {}", left.take().unwrap_or("")),
                );
            }
            // Instructions stand in the order in which they run; one that
            // stands for an earlier offset comes with the next line.
            while let Some((next, tail)) = rest.split_first() {
                if usize::from(next.offset) > offset {
                    break;
                }
                rest = tail;
                let right = right(next);
                match left.take() {
                    Some(left) => line(text, format_args!("  {offset:4} {left:width$} │ {right}")),
                    None => line(text, format_args!("  {:4} {:width$} │ {right}", "", "")),
                }
            }
            if let Some(left) = left {
                line(text, format_args!("  {offset:4} {left:width$} │"));
            }
        }
        for instruction in rest {
            let right = right(instruction);
            line(text, format_args!("  {:4} {:width$} │ {right}", "", ""));
        }
    }
    unreached(function, shown_to, function.bytecode.len(), text);
    let blocks = &translation.blocks;
    let code: usize = blocks.iter().map(|block| block.instructions.len()).sum();
    let gas: u64 = blocks.iter().map(|block| u64::from(block.gas)).sum();
    line(
        text,
        format_args!(
            "  {FAINT}Move instructions: {}, register code: {}, blocks: {}, gas if each runs \
             once: {gas}{FAINT:#}",
            function.bytecode.len(),
            code,
            blocks.len()
        ),
    );
}

/// Move code that no path leads to.
fn unreached(function: &ShownFunction, from: usize, to: usize, text: &mut String) {
    let code = function.bytecode.get(from..to).unwrap_or_default();
    if code.is_empty() {
        return;
    }
    line(
        text,
        format_args!("  {FAINT}never reached, not translated{FAINT:#}"),
    );
    for (offset, instruction) in (from..).zip(code) {
        line(text, format_args!("  {offset:4} {instruction}"));
    }
}

fn right(instruction: &ShownInstruction) -> String {
    let text = format!("{:4} {}", instruction.position, instruction.text);
    match &instruction.note {
        Some(note) => format!("{text}  {FAINT}{}{FAINT:#}", short_type(note)),
        None => text,
    }
}
