//! `heddle move new`: a package to start from.

use std::fs;
use std::path::{Path, PathBuf};

/// Why a package was not made.
#[derive(Debug, thiserror::Error)]
pub enum NewPackageError {
    /// The name can't be a package's and a module's at once.
    #[error(
        "`{name}` can't name a package: use letters, digits and underscores, and begin with a \
         letter"
    )]
    Name {
        /// The name that was given.
        name: String,
    },
    /// Something is there already.
    #[error("{} exists already", folder.display())]
    Exists {
        /// The folder that would have been made.
        folder: PathBuf,
    },
    /// A file or folder could not be made.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Longest name, in bytes: that of an identifier in the binary format.
const NAME_BYTES_MAX: usize = 128;

/// Words that the language keeps for itself, in the last edition.
const KEYWORDS: [&str; 37] = [
    "abort",
    "acquires",
    "address",
    "as",
    "break",
    "const",
    "continue",
    "copy",
    "else",
    "enum",
    "entry",
    "false",
    "for",
    "friend",
    "fun",
    "has",
    "if",
    "invariant",
    "let",
    "loop",
    "macro",
    "match",
    "module",
    "move",
    "mut",
    "native",
    "package",
    "phantom",
    "public",
    "return",
    "script",
    "spec",
    "struct",
    "true",
    "type",
    "use",
    "while",
];

/// Makes the folder `name` below `parent`, with a manifest, a module and a
/// test, and returns its path. `std` and `sui` need no dependency.
///
/// # Errors
///
/// [`NewPackageError::Name`] unless the name is an identifier,
/// [`NewPackageError::Exists`] if anything lies at the path.
pub fn new_package(name: &str, parent: &Path) -> Result<PathBuf, NewPackageError> {
    let is_identifier = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|other| other.is_ascii_alphanumeric() || other == '_');
    let is_taken = KEYWORDS.contains(&name) || ["std", "sui", "sui_system"].contains(&name);
    if !is_identifier || is_taken || name.len() > NAME_BYTES_MAX {
        return Err(NewPackageError::Name {
            name: name.to_owned(),
        });
    }
    let folder = parent.join(name);
    if folder.exists() {
        return Err(NewPackageError::Exists { folder });
    }
    for (path, text) in [
        ("Move.toml".to_owned(), manifest(name)),
        (format!("sources/{name}.move"), module(name)),
        (format!("tests/{name}_tests.move"), tests(name)),
        (".gitignore".to_owned(), "build/\n".to_owned()),
    ] {
        write(&folder.join(path), &text)?;
    }
    Ok(folder)
}

fn write(path: &Path, text: &str) -> Result<(), NewPackageError> {
    let io = |source| NewPackageError::Io {
        path: path.to_owned(),
        source,
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io)?;
    }
    fs::write(path, text).map_err(io)
}

fn manifest(name: &str) -> String {
    format!(
        r#"[package]
name = "{name}"
edition = "2024"

# `std` and `sui` are there without being named. Another package:
# other = {{ local = "../other" }}
[dependencies]
"#
    )
}

fn module(name: &str) -> String {
    format!(
        r#"/// A note that belongs to whoever wrote it.
module {name}::{name};

use std::string::String;

/// A note.
public struct Note has key, store {{
    id: UID,
    text: String,
}}

#[error]
const EEmpty: vector<u8> = b"a note needs a text";

/// Write a note.
public fun write(text: String, ctx: &mut TxContext): Note {{
    assert!(!text.is_empty(), EEmpty);
    Note {{ id: object::new(ctx), text }}
}}

/// Write a note and keep it.
entry fun write_and_keep(text: String, ctx: &mut TxContext) {{
    transfer::transfer(write(text, ctx), ctx.sender());
}}

/// What it says.
public fun text(note: &Note): &String {{
    &note.text
}}

/// Throw it away.
public fun discard(note: Note) {{
    let Note {{ id, text: _ }} = note;
    id.delete();
}}
"#
    )
}

fn tests(name: &str) -> String {
    format!(
        r#"#[test_only]
module {name}::{name}_tests;

use {name}::{name};

#[test]
fun a_note_keeps_its_text() {{
    let ctx = &mut tx_context::dummy();
    let note = {name}::write(b"hello".to_string(), ctx);
    assert!(note.text() == b"hello".to_string());
    note.discard();
}}

#[test, expected_failure(abort_code = {name}::EEmpty)]
fun an_empty_note_is_refused() {{
    let ctx = &mut tx_context::dummy();
    {name}::write(b"".to_string(), ctx).discard();
}}
"#
    )
}

#[cfg(test)]
mod unit_tests {
    use super::*;
    use crate::sources::PackageFiles;

    #[test]
    fn a_new_package_is_a_package() {
        let parent = tempfile::tempdir().unwrap();
        let folder = new_package("notes_2", parent.path()).unwrap();
        let files = PackageFiles::read(&folder).unwrap();
        let names: Vec<_> = files.iter().map(|(path, _)| path).collect();
        assert_eq!(
            names,
            [
                "Move.toml",
                "sources/notes_2.move",
                "tests/notes_2_tests.move"
            ]
        );
        assert!(matches!(
            new_package("notes_2", parent.path()),
            Err(NewPackageError::Exists { .. })
        ));
    }

    #[test]
    fn names_must_be_identifiers() {
        let parent = tempfile::tempdir().unwrap();
        let long = "a".repeat(NAME_BYTES_MAX + 1);
        for name in ["", "2x", "a-b", "../x", "a b", "module", "sui", "é", &long] {
            assert!(
                matches!(
                    new_package(name, parent.path()),
                    Err(NewPackageError::Name { .. })
                ),
                "{name}"
            );
        }
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }
}
