//! Text into tokens, one at a time: nothing is kept but the place.

use crate::error::{AssemblyError, AssemblyErrorKind, Position};
use std::borrow::Cow;

/// The smallest parts of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// Letters, digits and underscores, not starting with a digit.
    Word(&'a str),
    /// A digit and what follows of letters, digits and underscores.
    Number(&'a str),
    /// `b"…"` or `x"…"`, decoded.
    Bytes(Vec<u8>),
    /// One of [`SYMBOLS`].
    Symbol(&'static str),
    /// The end of the text.
    End,
}

/// Longer symbols before those that they start with.
const SYMBOLS: [&str; 19] = [
    "::", "{", "}", "(", ")", "<", ">", "[", "]", ",", ";", ":", ".", "&", "=", "+", "#", "@", "%",
];

/// Most characters of a word shown in an error.
const SHOWN_MAX: usize = 40;

impl Token<'_> {
    /// The token as an error shows it.
    pub(crate) fn shown(&self) -> Cow<'static, str> {
        match self {
            Self::Word(text) | Self::Number(text) => {
                let shown: String = text.chars().take(SHOWN_MAX).collect();
                format!("`{shown}`").into()
            }
            Self::Bytes(_) => "a string of bytes".into(),
            Self::Symbol(symbol) => format!("`{symbol}`").into(),
            Self::End => "the end of the text".into(),
        }
    }
}

pub(crate) struct Lexer<'a> {
    rest: &'a str,
    position: Position,
}

type Result<T> = std::result::Result<T, AssemblyError>;

fn is_word_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            position: Position { line: 1, column: 1 },
        }
    }

    /// The next token and where it starts.
    pub(crate) fn next(&mut self) -> Result<(Position, Token<'a>)> {
        self.skip_space();
        let at = self.position;
        let Some(first) = self.rest.chars().next() else {
            return Ok((at, Token::End));
        };
        let prefix = self.rest.get(..2);
        if prefix == Some("b\"") || prefix == Some("x\"") {
            self.take(2);
            let bytes = if first == 'b' {
                self.text_bytes()?
            } else {
                self.hex_bytes()?
            };
            return Ok((at, Token::Bytes(bytes)));
        }
        if is_word_letter(first) {
            let length = self
                .rest
                .find(|letter| !is_word_letter(letter))
                .unwrap_or(self.rest.len());
            let word = self.take(length);
            let token = if first.is_ascii_digit() {
                Token::Number(word)
            } else {
                Token::Word(word)
            };
            return Ok((at, token));
        }
        for symbol in SYMBOLS {
            if self.rest.starts_with(symbol) {
                self.take(symbol.len());
                return Ok((at, Token::Symbol(symbol)));
            }
        }
        Err(self.error(AssemblyErrorKind::Character { found: first }))
    }

    fn error(&self, kind: AssemblyErrorKind) -> AssemblyError {
        AssemblyError::new(self.position, kind)
    }

    fn bytes_error(&self, detail: &'static str) -> AssemblyError {
        self.error(AssemblyErrorKind::Bytes { detail })
    }

    /// Takes `length` bytes that hold no line end.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        let letters = u32::try_from(taken.chars().count()).unwrap_or(u32::MAX);
        self.position.column = self.position.column.saturating_add(letters);
        taken
    }

    fn skip_space(&mut self) {
        loop {
            let mut letters = self.rest.chars();
            match letters.next() {
                Some('\n') => {
                    self.rest = letters.as_str();
                    self.position.line += 1;
                    self.position.column = 1;
                }
                Some(letter) if letter.is_whitespace() => {
                    self.rest = letters.as_str();
                    self.position.column += 1;
                }
                Some('/') if letters.next() == Some('/') => {
                    let end = self.rest.find('\n').unwrap_or(self.rest.len());
                    self.take(end);
                }
                _ => return,
            }
        }
    }

    /// The next character of a string, which must end on its line.
    fn string_letter(&mut self) -> Result<char> {
        match self.rest.chars().next() {
            None | Some('\n') => Err(self.bytes_error("the closing quote is missing")),
            Some(letter) => {
                self.take(letter.len_utf8());
                Ok(letter)
            }
        }
    }

    fn hex_digit(&mut self) -> Result<u8> {
        let letter = self.string_letter()?;
        let digit = letter.to_digit(16).and_then(|it| u8::try_from(it).ok());
        digit.ok_or_else(|| self.bytes_error("expected two hexadecimal digits for each byte"))
    }

    fn text_bytes(&mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        loop {
            bytes.push(match self.string_letter()? {
                '"' => return Ok(bytes),
                '\\' => match self.string_letter()? {
                    'n' => b'\n',
                    'r' => b'\r',
                    't' => b'\t',
                    '0' => 0,
                    '\\' => b'\\',
                    '"' => b'"',
                    'x' => self.hex_digit()? << 4 | self.hex_digit()?,
                    _ => {
                        return Err(self
                            .bytes_error("unknown escape")
                            .hint("known are \\n \\r \\t \\0 \\\\ \\\" \\xHH"));
                    }
                },
                letter if letter.is_ascii() => letter as u8,
                _ => {
                    return Err(self
                        .bytes_error("a character that is not ASCII")
                        .hint("write its UTF-8 bytes as \\xHH"));
                }
            });
        }
    }

    fn hex_bytes(&mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        while !self.rest.starts_with('"') {
            bytes.push(self.hex_digit()? << 4 | self.hex_digit()?);
        }
        self.take(1);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Result<Vec<Token<'_>>> {
        let mut lexer = Lexer::new(text);
        let mut tokens = Vec::new();
        loop {
            match lexer.next()?.1 {
                Token::End => return Ok(tokens),
                token => tokens.push(token),
            }
        }
    }

    #[test]
    fn a_text_becomes_tokens() {
        let text = "a::b #1 // c\n 0x1_f b\"a\\x00\\\"\" x\"00fF\" %2 bx";
        let expected = vec![
            Token::Word("a"),
            Token::Symbol("::"),
            Token::Word("b"),
            Token::Symbol("#"),
            Token::Number("1"),
            Token::Number("0x1_f"),
            Token::Bytes(b"a\0\"".to_vec()),
            Token::Bytes(vec![0, 255]),
            Token::Symbol("%"),
            Token::Number("2"),
            Token::Word("bx"),
        ];
        assert_eq!(tokens(text), Ok(expected));
    }

    #[test]
    fn errors_have_places() {
        for (text, line, column) in [
            ("a\n  ?", 2, 3),
            ("é", 1, 1),
            ("b\"abc", 1, 6),
            ("b\"\\q\"", 1, 5),
            ("x\"0\"", 1, 5),
            ("b\"é\"", 1, 4),
            ("x\"\n\"", 1, 3),
        ] {
            let error = tokens(text).unwrap_err();
            assert_eq!(error.position, Position { line, column }, "{text:?}");
        }
    }
}
