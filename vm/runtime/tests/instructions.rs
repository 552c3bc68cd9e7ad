//! `docs/instructions.md` says what the tables of instructions say.

use heddle_bytecode::Opcode;
use heddle_vm::instruction_set;
use std::fmt::Write as _;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/instructions.md");

const TOP: &str = "\
# Instructions

Two instruction sets meet in the VM: the bytecode that a module holds, and the
register code that it is translated to when it is first run. `heddle move
disassemble` shows them side by side.

This document is made from the tables that define the instructions
(`vm/bytecode/src/instruction.rs`, `vm/runtime/src/op.rs`); a test keeps it
equal to them. After a change there:

```
BLESS=1 cargo test --release --workspace --test instructions
```

## Move bytecode

The stack before and after an instruction stands behind it, its top on the
right. An instruction of a later version than 5 cannot stand in a module of an
earlier one.

| opcode | instruction | operands | since | meaning |
|---|---|---|---|---|
";

const MIDDLE: &str = "
## Register code

Operands are slots, words of the current frame, unless their type says
otherwise. Every basic block begins with `Gas`, which charges all of it.

| instruction | operands | meaning |
|---|---|---|
";

/// A cell of a table: a bar would end it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn document() -> String {
    let mut text = TOP.to_owned();
    for opcode in Opcode::ALL {
        let operands: Vec<String> = opcode
            .operands()
            .iter()
            .map(|(name, kind)| format!("`{name}`: {}", kind.words()))
            .collect();
        writeln!(
            text,
            "| `{:#04x}` | `{}` | {} | {} | {} |",
            *opcode as u8,
            opcode.name(),
            operands.join(", "),
            opcode.since(),
            cell(opcode.doc()),
        )
        .unwrap();
    }
    text.push_str(MIDDLE);
    for instruction in instruction_set() {
        let operands: Vec<String> = instruction
            .operands
            .iter()
            .map(|(name, ty)| format!("`{name}: {ty}`"))
            .collect();
        let (name, doc) = (instruction.name, cell(instruction.doc));
        writeln!(text, "| `{name}` | {} | {doc} |", operands.join(", ")).unwrap();
    }
    text
}

/// Run with `BLESS=1` in the environment to write the document anew.
#[test]
fn the_document_is_what_the_tables_say() {
    let expected = document();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PATH, &expected).unwrap();
    }
    let found = std::fs::read_to_string(PATH).unwrap_or_default();
    assert!(
        found == expected,
        "docs/instructions.md is not what the tables of instructions say: \
         run `BLESS=1 cargo test --release --workspace --test instructions`"
    );
}

#[test]
fn every_instruction_says_what_it_does() {
    for instruction in instruction_set() {
        assert!(!instruction.doc.is_empty(), "{}", instruction.name);
    }
}
