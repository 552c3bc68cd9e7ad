//! Types, type parameters, abilities and literals.

use super::{Parser, Result};
use crate::error::{AssemblyError, AssemblyErrorKind};
use crate::lexer::Token;
use crate::syntax::{At, Literal, Type, TypeParameter, Types};
use heddle_bytecode::format::TYPE_DEPTH_MAX;
use heddle_bytecode::{Ability, AbilitySet, SignatureToken, TypeParameterIndex};

/// The type that a word of the language names.
pub(crate) fn primitive(word: &str) -> Option<SignatureToken> {
    Some(match word {
        "bool" => SignatureToken::Bool,
        "u8" => SignatureToken::U8,
        "u16" => SignatureToken::U16,
        "u32" => SignatureToken::U32,
        "u64" => SignatureToken::U64,
        "u128" => SignatureToken::U128,
        "u256" => SignatureToken::U256,
        "address" => SignatureToken::Address,
        "signer" => SignatureToken::Signer,
        _ => return None,
    })
}

/// Whether a word in the place of a type is not the name of one.
pub(crate) fn is_reserved(word: &str) -> bool {
    primitive(word).is_some() || matches!(word, "vector" | "mut")
}

impl<'a> Parser<'a> {
    pub(super) fn type_(&mut self) -> Result<Type<'a>> {
        self.type_at(TYPE_DEPTH_MAX)
    }

    fn too_deep(&mut self) -> AssemblyError {
        match self.position() {
            Ok(at) => AssemblyError::new(at, AssemblyErrorKind::TooDeep),
            Err(error) => error,
        }
    }

    fn type_at(&mut self, depth: usize) -> Result<Type<'a>> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(self.too_deep());
        };
        if self.eat("&")? {
            let is_mutable = self.eat_word("mut")?;
            let target = Box::new(self.type_at(depth)?);
            return Ok(if is_mutable {
                Type::MutableReference(target)
            } else {
                Type::Reference(target)
            });
        }
        if self.eat("%")? {
            let index = TypeParameterIndex(self.index()?);
            return Ok(Type::Leaf(SignatureToken::TypeParameter(index)));
        }
        if let Token::Word(word) = *self.peek()? {
            if let Some(token) = primitive(word) {
                self.next()?;
                return Ok(Type::Leaf(token));
            }
            if word == "vector" {
                self.next()?;
                self.need("<")?;
                let element = Box::new(self.type_at(depth)?);
                self.need(">")?;
                return Ok(Type::Vector(element));
            }
        }
        let name = self.item_name("a type")?;
        let arguments = if self.eat("<")? {
            Some(self.list(">", |parser| parser.type_at(depth))?)
        } else {
            None
        };
        Ok(Type::Named(name, arguments))
    }

    /// `(types)` or `@N`.
    pub(super) fn types_in_parentheses(&mut self) -> Result<Types<'a>> {
        if self.eat("@")? {
            return Ok(Types::Index(self.index()?));
        }
        self.need("(")?;
        Ok(Types::List(self.list(")", Self::type_)?))
    }

    /// `<types>` or `@N`, if either is there.
    pub(super) fn type_arguments(&mut self) -> Result<Option<Types<'a>>> {
        if self.eat("@")? {
            return Ok(Some(Types::Index(self.index()?)));
        }
        if self.eat("<")? {
            return Ok(Some(Types::List(self.list(">", Self::type_)?)));
        }
        Ok(None)
    }

    fn ability(&mut self) -> Result<Ability> {
        let expected = "an ability (copy, drop, store, key)";
        let word = self.peek()?.clone();
        let ability = Ability::ALL
            .into_iter()
            .find(|ability| word == Token::Word(ability.name()));
        match ability {
            Some(ability) => {
                self.next()?;
                Ok(ability)
            }
            None => Err(self.expected(expected)),
        }
    }

    /// `has copy, drop`, if it is there.
    pub(super) fn has(&mut self) -> Result<AbilitySet> {
        let mut set = AbilitySet::EMPTY;
        if self.eat_word("has")? {
            set = set.with(self.ability()?);
            while self.eat(",")? {
                set = set.with(self.ability()?);
            }
        }
        Ok(set)
    }

    /// `<phantom T: copy + drop>`, if it is there.
    pub(super) fn type_parameters(&mut self) -> Result<Vec<TypeParameter<'a>>> {
        if !self.eat("<")? {
            return Ok(Vec::new());
        }
        self.list(">", |parser| {
            let mut name = parser.word("a type parameter")?.it;
            let is_phantom = name == "phantom" && matches!(parser.peek()?, Token::Word(_));
            if is_phantom {
                name = parser.word("a type parameter")?.it;
            }
            let mut constraints = AbilitySet::EMPTY;
            if parser.eat(":")? {
                constraints = constraints.with(parser.ability()?);
                while parser.eat("+")? {
                    constraints = constraints.with(parser.ability()?);
                }
            }
            Ok(TypeParameter {
                name,
                is_phantom,
                constraints,
            })
        })
    }

    pub(super) fn literal(&mut self) -> Result<At<Literal<'a>>> {
        self.literal_at(TYPE_DEPTH_MAX)
    }

    fn literal_at(&mut self, depth: usize) -> Result<At<Literal<'a>>> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(self.too_deep());
        };
        let at = self.position()?;
        if self.eat("[")? {
            let list = self.list("]", |parser| parser.literal_at(depth))?;
            let it = Literal::List(list);
            return Ok(At { at, it });
        }
        if self.eat("@")? {
            let it = Literal::Number(self.digits("an address")?.it);
            return Ok(At { at, it });
        }
        let expected = "a value: a number, true, false, b\"text\", x\"hex\", [..] or raw x\"hex\"";
        let it = match self.peek()? {
            Token::Number(digits) => Literal::Number(digits),
            Token::Word("true") => Literal::Bool(true),
            Token::Word("false") => Literal::Bool(false),
            Token::Bytes(bytes) => Literal::Bytes(bytes.clone()),
            Token::Word("raw") => {
                self.next()?;
                let it = Literal::Raw(self.bytes()?);
                return Ok(At { at, it });
            }
            _ => return Err(self.expected(expected)),
        };
        self.next()?;
        Ok(At { at, it })
    }

    pub(super) fn bytes(&mut self) -> Result<Vec<u8>> {
        match self.peek()? {
            Token::Bytes(bytes) => {
                let bytes = bytes.clone();
                self.next()?;
                Ok(bytes)
            }
            _ => Err(self.expected("bytes: b\"text\" or x\"hex\"")),
        }
    }
}
