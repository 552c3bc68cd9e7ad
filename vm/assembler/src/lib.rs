//! Move modules as text that people read and write: an assembler and its
//! inverse.
//!
//! ```text
//! text ──assemble──▶ CompiledModule ──▶ bytes, verifier, VM
//!      ◀───print────
//! ```
//!
//! The text can say every module that the binary format can hold, valid or
//! not, so that a test can write what no compiler emits. Nothing is checked
//! here but that names exist: whether types fit, branches land or indexes
//! point anywhere is the verifier's question.
//!
//! ```
//! let module = heddle_assembler::assemble("
//!     module 0x42::sum {
//!         const STEP: u64 = 2;
//!
//!         // 0 + 2 + 4 + .. below n
//!         public fun even(n: u64): u64 {
//!             let i: u64;
//!             let sum: u64;
//!             LdU64 0
//!             StLoc i
//!             LdU64 0
//!             StLoc sum
//!         again:
//!             CopyLoc i
//!             CopyLoc n
//!             Lt
//!             BrFalse done
//!             MoveLoc sum
//!             CopyLoc i
//!             Add
//!             StLoc sum
//!             MoveLoc i
//!             LdConst STEP
//!             Add
//!             StLoc i
//!             Branch again
//!         done:
//!             MoveLoc sum
//!             Ret
//!         }
//!     }
//! ")?;
//! assert_eq!(module.self_id().to_string(), "0x42::sum");
//! let text = heddle_assembler::print(&module);
//! assert_eq!(heddle_assembler::assemble(&text)?, module);
//! # Ok::<(), heddle_assembler::AssemblyError>(())
//! ```
//!
//! # Grammar
//!
//! White space separates and means nothing else; `//` starts a comment that
//! ends with the line. `[x]` may be missing, `x*` repeats, `x,*` repeats with
//! commas between and one allowed at the end.
//!
//! ```text
//! text       = module*
//! module     = [`version` number `;`] [`unpublishable` `;`]
//!              `module` module-path `{` item* `}`
//! item       = `use` module-path `;`
//!            | `use` `type` item-name [type-params] [`has` ability,*] `;`
//!            | `use` `fun` item-name [type-params] signature `;`
//!            | `friend` module-path `;`
//!            | `metadata` bytes `=` bytes `;`
//!            | `const` word `:` type `=` literal `;`
//!            | [`public`] [`native`] `struct` name [type-params] [`has` ability,*] fields
//!            | [`public`] `enum` name [type-params] [`has` ability,*] `{` variant,* `}`
//!            | modifier* `fun` name [type-params] [signature] [`acquires` name,*] body
//!            | `table` table-name `{` (entry `;`)* `}`
//! fields     = `{` (name `:` type),* `}` | `(` type,* `)` [`;`] | `;`
//! variant    = name [`{` (name `:` type),* `}` | `(` type,* `)`]
//! modifier   = `public` | `public` `(` `friend` `)` | `entry` | `native`
//! type-params= `<` ([`phantom`] word [`:` ability+*]),* `>`      (joined by `+`)
//! signature  = (`(` ([word `:`] type),* `)` | `@`N) [`:` (type | `(` type,* `)` | `@`N)]
//! body       = `;` (native) | `{` local* jump-table* (label | instruction)* `}`
//! local      = `let` word `:` type `;` | `locals` (`(` type,* `)` | `@`N) `;`
//! jump-table = `jump_table` name `[` target,* `]` `;`
//! label      = word `:`
//! type       = `bool` | `u8` … `u256` | `address` | `signer` | `vector` `<` type `>`
//!            | `&` [`mut`] type | item-name [`<` type,* `>`] | word (a type parameter) | `%`N
//! literal    = number | `true` | `false` | [`@`] address | bytes | `[` literal,* `]`
//!            | `raw` bytes      (BCS, for any type)
//! bytes      = b"text, escapes \n \r \t \0 \\ \" \xHH" | x"hexadecimal digits"
//! module-path= address `::` name | `#`N
//! item-name  = word | alias `::` name | address `::` name `::` name | `#`module`::` name | `#`N
//! name       = word | `#`N
//! ```
//!
//! An alias is the last part of a `use`d path. An instruction is its name in
//! the table of instructions (`docs/instructions.md`) and its operands:
//!
//! ```text
//! a number     LdU64 7                 LdU256 0xff_ff
//! a target     Branch again            Branch #12 (offset 12)
//! a local      MoveLoc counter         MoveLoc #0
//! a constant   LdConst STEP            LdConst #3          LdConst (u64 = 7)
//! types        VecLen <u64>            VecPack <T> 2       VecLen @4
//! a struct     Pack Counter            PackGeneric Pair<u64, T>
//! a field      ImmBorrowField Counter.value                MutBorrowFieldGeneric Pair<u64, T>.a
//! a function   Call object::new        CallGeneric largest<u64>
//! a variant    PackVariant Shape::Circle                   UnpackVariantGeneric Tree<T>::Leaf
//! a jump table VariantSwitch Shape { Circle: l1, Point: l2 }
//!              VariantSwitch Shape [l1, l2]                VariantSwitch #0
//! ```
//!
//! # Indexes
//!
//! What has no name, or a name that means something else, is reached by
//! number. `#N` is entry N of the table that the place asks for: a datatype
//! handle in a type, an identifier for the name of a field, a struct
//! definition in `Pack #3` and so on. `@N` is entry N of the signatures, and
//! `%N` type parameter N. None of them needs to exist.
//!
//! `#` combines with the rest as the tables do: `#1.#2` is field 2 of struct
//! definition 1, `#1<u64>` is instance or field handle 1 with an argument,
//! `#1::#2` is variant 2 of enum definition 1, or, where an instance of a
//! generic enum is asked for, of enum instance 1. A `#N` alone is an entry
//! of the instruction's own table.
//!
//! # Tables
//!
//! Names are put into the tables of the module as they are met: in the order
//! that the Move compiler uses, so that what it wrote comes back byte for
//! byte. A `table` item sets the first entries of a table itself, in its own
//! order, used or not, twice or not:
//!
//! ```text
//! table identifiers { counter; Counter; unused; }
//! table addresses { 0x42; }
//! table modules { 0x42::counter; #0::#1; }
//! table types { Counter has key; #1::Strange<phantom T: copy>; }
//! table signatures { (); (u64, &%0); }
//! table functions { add<T: drop>(T): u64; #9::#8 @7: @6; }
//! table struct_instances, field_instances, enum_instances, variant_instances,
//!       function_instances, fields, variants: operands as instructions have them
//! ```
//!
//! # What is promised
//!
//! * `assemble(print(m)) == m` for every module that was read from bytes, and
//!   with it the same bytes: the printer looks what its text assembles to, and
//!   adds the tables that differ.
//! * Any text gives modules or an error that says where, what was expected and
//!   often what was meant, in memory and time in proportion to the text, with
//!   recursion as deep as the format lets types nest.

mod assemble;
mod error;
mod lexer;
mod literal;
mod parse;
mod print;
mod syntax;

pub use assemble::{assemble, assemble_all};
pub use error::{AssemblyError, AssemblyErrorKind, Position};
pub use print::{FunctionText, function_text, print};

/// Longest text that is read, in bytes.
pub const TEXT_BYTES_MAX: usize = 256 << 20;
