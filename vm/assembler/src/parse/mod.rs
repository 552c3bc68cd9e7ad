//! Text into syntax, by recursive descent with two tokens of lookahead.
//!
//! Only types and literals recurse, as deep as the format lets types nest.

mod code;
mod items;
mod tables;
mod types;

pub(crate) use items::positional_name;
pub(crate) use tables::TABLES;
pub(crate) use types::{is_reserved, primitive};

use crate::error::{AssemblyError, AssemblyErrorKind, Position};
use crate::lexer::{Lexer, Token};
use crate::syntax::{AddressName, At, ItemName, Module, ModuleName, Name};
use heddle_bytecode::{Address, U256};

pub(crate) type Result<T> = std::result::Result<T, AssemblyError>;

/// The modules of a text.
pub(crate) fn parse(text: &str) -> Result<Vec<Module<'_>>> {
    let mut parser = Parser {
        lexer: Lexer::new(text),
        ahead: [None, None],
    };
    let mut modules = Vec::new();
    while *parser.peek()? != Token::End {
        modules.push(parser.module()?);
    }
    Ok(modules)
}

/// The number that digits stand for, in decimal or hexadecimal, with
/// underscores anywhere behind the first digit.
pub(crate) fn number(digits: &str) -> Option<U256> {
    let (base, digits) = match digits.strip_prefix("0x") {
        Some(digits) => (16, digits),
        None => (10, digits),
    };
    let digits: String = digits.chars().filter(|digit| *digit != '_').collect();
    if digits.is_empty() {
        return None;
    }
    U256::from_str_radix(&digits, base).ok()
}

pub(crate) struct Parser<'a> {
    lexer: Lexer<'a>,
    ahead: [Option<(Position, Token<'a>)>; 2],
}

impl<'a> Parser<'a> {
    fn fill(&mut self, count: usize) -> Result<()> {
        for slot in &mut self.ahead[..count] {
            if slot.is_none() {
                *slot = Some(self.lexer.next()?);
            }
        }
        Ok(())
    }

    fn peek(&mut self) -> Result<&Token<'a>> {
        self.fill(1)?;
        Ok(self.ahead[0].as_ref().map_or(&Token::End, |(_, it)| it))
    }

    /// The token behind the next.
    fn peek_second(&mut self) -> Result<&Token<'a>> {
        self.fill(2)?;
        Ok(self.ahead[1].as_ref().map_or(&Token::End, |(_, it)| it))
    }

    /// Where the next token starts.
    fn position(&mut self) -> Result<Position> {
        self.fill(1)?;
        let start = Position { line: 1, column: 1 };
        Ok(self.ahead[0].as_ref().map_or(start, |(at, _)| *at))
    }

    fn next(&mut self) -> Result<Token<'a>> {
        self.fill(1)?;
        let token = self.ahead[0].take();
        self.ahead[0] = self.ahead[1].take();
        Ok(token.map_or(Token::End, |(_, it)| it))
    }

    /// The error that something else than the next token should stand here.
    fn expected(&mut self, expected: impl Into<String>) -> AssemblyError {
        let found = match self.peek() {
            Ok(token) => token.shown().into_owned(),
            Err(error) => return error,
        };
        match self.position() {
            Ok(at) => AssemblyError::new(
                at,
                AssemblyErrorKind::Expected {
                    expected: expected.into(),
                    found,
                },
            ),
            Err(error) => error,
        }
    }

    fn is(&mut self, symbol: &'static str) -> Result<bool> {
        Ok(*self.peek()? == Token::Symbol(symbol))
    }

    fn eat(&mut self, symbol: &'static str) -> Result<bool> {
        let is = self.is(symbol)?;
        if is {
            self.next()?;
        }
        Ok(is)
    }

    fn need(&mut self, symbol: &'static str) -> Result<()> {
        if self.eat(symbol)? {
            Ok(())
        } else {
            Err(self.expected(format!("`{symbol}`")))
        }
    }

    fn is_word(&mut self, word: &str) -> Result<bool> {
        Ok(*self.peek()? == Token::Word(word))
    }

    fn eat_word(&mut self, word: &str) -> Result<bool> {
        let is = self.is_word(word)?;
        if is {
            self.next()?;
        }
        Ok(is)
    }

    fn word(&mut self, expected: &str) -> Result<At<&'a str>> {
        let at = self.position()?;
        match *self.peek()? {
            Token::Word(it) => {
                self.next()?;
                // The one word that is not a name in Move.
                if it == "_" {
                    let found = "`_`".into();
                    let expected = expected.into();
                    let kind = AssemblyErrorKind::Expected { expected, found };
                    return Err(AssemblyError::new(at, kind));
                }
                Ok(At { at, it })
            }
            _ => Err(self.expected(expected)),
        }
    }

    /// What `each` reads, with commas between, up to the symbol `end`.
    fn list<T>(
        &mut self,
        end: &'static str,
        mut each: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut list = Vec::new();
        while !self.eat(end)? {
            list.push(each(self)?);
            if !self.is(end)? && !self.eat(",")? {
                return Err(self.expected(format!("`,` or `{end}`")));
            }
        }
        Ok(list)
    }

    /// The digits of a number.
    fn digits(&mut self, expected: &str) -> Result<At<&'a str>> {
        let at = self.position()?;
        match *self.peek()? {
            Token::Number(it) => {
                self.next()?;
                Ok(At { at, it })
            }
            _ => Err(self.expected(expected)),
        }
    }

    fn small_number<T: TryFrom<U256>>(&mut self, expected: &'static str) -> Result<T> {
        let digits = self.digits(expected)?;
        number(digits.it)
            .and_then(|value| T::try_from(value).ok())
            .ok_or_else(|| {
                let found = digits.it.chars().take(80).collect();
                AssemblyError::new(digits.at, AssemblyErrorKind::Number { expected, found })
            })
    }

    /// The number behind `#`, `@` or `%`.
    fn index(&mut self) -> Result<u16> {
        self.small_number("an index from 0 to 65535")
    }

    /// A word or `#N`.
    fn name(&mut self, expected: &str) -> Result<At<Name<'a>>> {
        let at = self.position()?;
        let it = if self.eat("#")? {
            Name::Index(self.index()?)
        } else {
            Name::Word(self.word(&format!("{expected} or `#` and an index"))?.it)
        };
        Ok(At { at, it })
    }

    fn address(&mut self) -> Result<Address> {
        self.small_number::<U256>("an address of up to 64 hexadecimal digits")
            .map(|value| Address::new(value.to_be_bytes()))
    }

    /// A module as `use` names it.
    fn module_path(&mut self) -> Result<At<ModuleName<'a>>> {
        let at = self.position()?;
        let address = if self.eat("#")? {
            let index = self.index()?;
            if !self.is("::")? {
                let it = ModuleName::Index(index);
                return Ok(At { at, it });
            }
            AddressName::Index(index)
        } else if matches!(self.peek()?, Token::Number(_)) {
            AddressName::Literal(self.address()?)
        } else {
            return Err(self
                .expected("the address of a module")
                .hint("write it as 0x2::name"));
        };
        self.need("::")?;
        let name = self.name("the name of a module")?;
        let it = ModuleName::Path(address, name.it);
        Ok(At { at, it })
    }

    /// A datatype or function as its users name it.
    fn item_name(&mut self, expected: &str) -> Result<At<ItemName<'a>>> {
        let at = self.position()?;
        let module = if self.eat("#")? {
            let index = self.index()?;
            if !self.eat("::")? {
                let it = ItemName::Index(index);
                return Ok(At { at, it });
            }
            ModuleName::Index(index)
        } else if matches!(self.peek()?, Token::Number(_)) {
            let address = AddressName::Literal(self.address()?);
            self.need("::")?;
            let module = self.name("the name of a module")?;
            self.need("::")?;
            ModuleName::Path(address, module.it)
        } else {
            let word = self.word(expected)?.it;
            if !self.eat("::")? {
                let it = ItemName::In(ModuleName::Own, Name::Word(word));
                return Ok(At { at, it });
            }
            ModuleName::Alias(word)
        };
        let name = self.name(expected)?;
        let it = ItemName::In(module, name.it);
        Ok(At { at, it })
    }
}
