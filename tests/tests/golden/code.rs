//! Code as text: the module's bytecode, and what each called function became.

use heddle_vm::{FunctionListing, ListedInstruction};
use std::fmt::Write;

/// The translated code of `head`, a function with its type arguments.
pub(crate) fn write_listing(text: &mut String, head: &str, listing: &FunctionListing) {
    let _ = writeln!(text, "\n== {head}");
    if listing.is_native {
        text.push_str("native\n");
    }
    let _ = writeln!(text, "load, gas {}", listing.load_cost);
    for block in &listing.blocks {
        let (start, end) = (block.offsets.start, block.offsets.end);
        let _ = writeln!(text, "-- {start}..{end}, gas {}", block.cost);
        block
            .instructions
            .iter()
            .for_each(|it| write_instruction(text, it));
    }
}

fn write_instruction(text: &mut String, instruction: &ListedInstruction) {
    let ListedInstruction {
        position,
        offset,
        text: words,
        note,
    } = instruction;
    let _ = write!(text, "{position:4} {offset:4}  {words}");
    match note {
        Some(note) => {
            let _ = writeln!(text, "  ; {note}");
        }
        None => text.push('\n'),
    }
}
