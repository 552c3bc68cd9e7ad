//! What is wrong with a text, and where.

use heddle_bytecode::format::TYPE_DEPTH_MAX;
use std::fmt;

/// A place in a text, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The character in the line.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A text is not a module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{position}: {kind}{}", .hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default())]
pub struct AssemblyError {
    /// Where.
    pub position: Position,
    /// What is wrong there.
    pub kind: AssemblyErrorKind,
    /// What may have been meant, or what to do.
    pub hint: Option<String>,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AssemblyErrorKind {
    /// The text is too long.
    #[error("the text has {bytes} bytes, at most {limit} are read")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A character that begins nothing.
    #[error("{found:?} has no meaning here")]
    Character {
        /// The character.
        found: char,
    },
    /// A string of bytes that is not as it should be.
    #[error("{detail} in a string of bytes")]
    Bytes {
        /// What is wrong.
        detail: &'static str,
    },
    /// Something else stands where something is expected.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What should stand here.
        expected: String,
        /// What does.
        found: String,
    },
    /// A name that nothing has.
    #[error("there is no {what} `{name}`")]
    Unknown {
        /// What it should name.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A name that two things have.
    #[error("two {what} are called `{name}`")]
    Ambiguous {
        /// What it names, plural.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A number does not fit.
    #[error("{found} is not {expected}")]
    Number {
        /// What it should be.
        expected: &'static str,
        /// The digits.
        found: String,
    },
    /// A constant's literal is not of its type.
    #[error("this is no value of type {expected}")]
    Literal {
        /// The type.
        expected: String,
    },
    /// Types or literals nest too deeply.
    #[error("nested more than {TYPE_DEPTH_MAX} levels deep")]
    TooDeep,
    /// A table has more entries than an index can reach.
    #[error("more than 65536 {what}")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
    },
    /// A text of one module was asked for.
    #[error("the text has {count} modules, not one")]
    ModuleCount {
        /// How many it has.
        count: usize,
    },
}

impl AssemblyError {
    pub(crate) fn new(position: Position, kind: AssemblyErrorKind) -> Self {
        Self {
            position,
            kind,
            hint: None,
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says which of `known` the unknown `name` is most like, if any.
    pub(crate) fn did_you_mean<'n>(
        self,
        name: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) -> Self {
        match closest(name, known) {
            Some(known) => self.hint(format!("did you mean `{known}`?")),
            None => self,
        }
    }

    /// The error with the line of `text` that it is about, for a person.
    #[must_use]
    pub fn render(&self, text: &str) -> String {
        let number = self.position.line;
        let line = text.lines().nth(number as usize - 1).unwrap_or_default();
        let (line, column) = window(line, self.position.column as usize - 1);
        let margin = number.to_string().len();
        let mut shown = format!("{}: {}\n", self.position, self.kind);
        shown.push_str(&format!("{number} | {line}\n"));
        shown.push_str(&format!("{:margin$} | {:column$}^", "", ""));
        if let Some(hint) = &self.hint {
            shown.push_str(&format!(" {hint}"));
        }
        shown
    }
}

/// Most characters shown of one line.
const LINE_CHARS_MAX: usize = 120;

/// The part of a line around a column, and the column in it.
fn window(line: &str, column: usize) -> (String, usize) {
    let start = column.saturating_sub(LINE_CHARS_MAX / 2);
    let shown = line.chars().skip(start).take(LINE_CHARS_MAX);
    let shown = shown.map(|letter| if letter == '\t' { ' ' } else { letter });
    (shown.collect(), column - start)
}

/// Names compared with a wrong one.
const CANDIDATES_MAX: usize = 4096;
/// Longest name that is compared.
const NAME_BYTES_MAX: usize = 64;

fn closest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    if name.len() > NAME_BYTES_MAX {
        return None;
    }
    let limit = 1 + name.len() / 4;
    known
        .into_iter()
        .take(CANDIDATES_MAX)
        .filter(|known| known.len() <= NAME_BYTES_MAX)
        .map(|known| (distance(name, known), known))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, known)| known)
}

/// How many letters to change, add or leave out; a letter in the other case
/// is free.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(!x.eq_ignore_ascii_case(y));
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_alike() {
        let known = ["MoveLoc", "CopyLoc", "StLoc", "Add"];
        for (name, expected) in [
            ("moveloc", Some("MoveLoc")),
            ("MovLoc", Some("MoveLoc")),
            ("add", Some("Add")),
            ("Subtract", None),
            ("", None),
        ] {
            assert_eq!(closest(name, known), expected, "{name}");
        }
    }

    #[test]
    fn an_error_shows_its_line() {
        let kind = AssemblyErrorKind::Unknown {
            what: "instruction",
            name: "Ad".into(),
        };
        let position = Position { line: 2, column: 4 };
        let error = AssemblyError::new(position, kind).did_you_mean("Ad", ["Add"]);
        assert_eq!(
            error.to_string(),
            "2:4: there is no instruction `Ad`; did you mean `Add`?"
        );
        assert_eq!(
            error.render("one\n\t  Ad\n"),
            "2:4: there is no instruction `Ad`\n2 |    Ad\n  |    ^ did you mean `Add`?"
        );
    }
}
