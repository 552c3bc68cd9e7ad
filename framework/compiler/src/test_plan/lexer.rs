//! Splits Move source into tokens, as far as the test plan needs them.
//!
//! Comments and white space vanish; a string is one token whatever is in it.
//! The source has been compiled before, so nothing here reports errors: what
//! could only be one is passed over.

use std::ops::Range;

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// An identifier or keyword.
    Word(&'a str),
    /// A number literal with its suffix, if any.
    Number(&'a str),
    /// `::`.
    PathSeparator,
    /// `<<` or `>>`, where they stand together.
    Shift(char),
    /// A string or byte string literal.
    Text,
    /// Any other character.
    Mark(char),
}

/// All tokens of `source`.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { rest: source };
    std::iter::from_fn(|| lexer.next()).collect()
}

/// All tokens of `source`, each with the bytes that it covers.
pub(super) fn spanned_tokens(source: &str) -> Vec<(Range<usize>, Token<'_>)> {
    let mut lexer = Lexer { rest: source };
    std::iter::from_fn(|| {
        lexer.skip_blank();
        let start = source.len() - lexer.rest.len();
        let token = lexer.next()?;
        Some((start..source.len() - lexer.rest.len(), token))
    })
    .collect()
}

struct Lexer<'a> {
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    fn next(&mut self) -> Option<Token<'a>> {
        self.skip_blank();
        let first = self.rest.chars().next()?;
        if let Some(text) = ["b\"", "x\"", "\""]
            .iter()
            .find_map(|start| self.rest.strip_prefix(start))
        {
            self.rest = after_string(text);
            return Some(Token::Text);
        }
        if first.is_ascii_digit() {
            return Some(Token::Number(self.take_word()));
        }
        if is_word(first) {
            return Some(Token::Word(self.take_word()));
        }
        for (text, token) in [
            ("::", Token::PathSeparator),
            ("<<", Token::Shift('<')),
            (">>", Token::Shift('>')),
        ] {
            if let Some(rest) = self.rest.strip_prefix(text) {
                self.rest = rest;
                return Some(token);
            }
        }
        self.rest = &self.rest[first.len_utf8()..];
        Some(Token::Mark(first))
    }

    fn take_word(&mut self) -> &'a str {
        let end = self
            .rest
            .find(|character| !is_word(character))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn skip_blank(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with("//") {
                self.rest = self.rest.split_once('\n').map_or("", |(_, rest)| rest);
            } else if let Some(comment) = self.rest.strip_prefix("/*") {
                self.rest = after_comment(comment);
            } else {
                return;
            }
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// What follows the string whose opening quote was just passed.
fn after_string(text: &str) -> &str {
    let mut escaped = false;
    for (index, character) in text.char_indices() {
        match character {
            '"' if !escaped => return &text[index + 1..],
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    ""
}

/// What follows the block comment whose opening was just passed. They nest.
fn after_comment(text: &str) -> &str {
    let mut depth = 1_usize;
    let mut rest = text;
    while depth > 0 {
        let Some(index) = rest.find(['*', '/']) else {
            return "";
        };
        rest = &rest[index..];
        if let Some(after) = rest.strip_prefix("*/") {
            depth -= 1;
            rest = after;
        } else if let Some(after) = rest.strip_prefix("/*") {
            depth += 1;
            rest = after;
        } else {
            rest = &rest[1..];
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(source: &str) -> Vec<&str> {
        tokens(source)
            .into_iter()
            .filter_map(|token| match token {
                Token::Word(word) => Some(word),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn comments_and_strings_hide_their_contents() {
        for (source, expected) in [
            ("a // b\nc", vec!["a", "c"]),
            ("a /* b /* c */ d */ e", vec!["a", "e"]),
            ("a b\"c \\\" d\" e", vec!["a", "e"]),
            ("a x\"00\" e", vec!["a", "e"]),
            ("a \"\\\\\" e", vec!["a", "e"]),
            ("bx x b", vec!["bx", "x", "b"]),
            ("a /* never closed", vec!["a"]),
            ("a \"never closed", vec!["a"]),
        ] {
            assert_eq!(words(source), expected, "{source}");
        }
    }

    #[test]
    fn marks() {
        use Token::{Mark, Number, PathSeparator, Shift, Word};
        assert_eq!(
            tokens("a::b<<0x1F_u64>>=é"),
            [
                Word("a"),
                PathSeparator,
                Word("b"),
                Shift('<'),
                Number("0x1F_u64"),
                Shift('>'),
                Mark('='),
                Mark('é')
            ]
        );
    }

    proptest! {
        #[test]
        fn any_text_ends(source in "\\PC{0,200}") {
            tokens(&source);
        }
    }
}
