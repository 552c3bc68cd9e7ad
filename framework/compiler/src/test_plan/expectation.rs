//! What a test's attributes say it must do.
//!
//! ```text
//! #[test]
//! #[expected_failure]
//! #[expected_failure(abort_code = NUMBER | CONSTANT, location = MODULE)]
//! #[expected_failure(arithmetic_error | out_of_gas, location = MODULE)]
//! #[expected_failure(vector_error, minor_status = CODE, location = MODULE)]
//! #[expected_failure(major_status = NUMBER, minor_status = CODE, location = MODULE)]
//! ```
//! The location of a constant that is named as abort code is that constant's
//! module, unless another is given. A number without a location matches an
//! abort anywhere.

use super::constant::literal;
use super::lexer::Token;
use super::names::Names;
use super::outline::Attribute;
use super::{AbortCode, Expectation, ExpectedError, ModuleId};

/// The expectation in `attribute`, an `expected_failure`. The error says what
/// isn't understood.
pub(super) fn expected_failure(
    attribute: &Attribute<'_>,
    names: &Names<'_, '_>,
) -> Result<Expectation, String> {
    let arguments = arguments(&attribute.rest);
    if arguments.is_empty() {
        return Ok(Expectation::Failure);
    }
    let mut parts = Parts::default();
    for (name, value) in arguments {
        parts.add(name, value, names)?;
    }
    parts.expectation()
}

/// The arguments in parentheses: each a name, and the tokens after its `=`.
fn arguments<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<(&'a str, &'t [Token<'a>])> {
    let inner = match tokens {
        [Token::Mark('('), inner @ .., Token::Mark(')')] => inner,
        _ => return Vec::new(),
    };
    inner
        .split(|token| *token == Token::Mark(','))
        .filter_map(|argument| match argument {
            [Token::Word(name), Token::Mark('='), value @ ..] => Some((*name, value)),
            [Token::Word(name), ..] => Some((*name, &[][..])),
            _ => None,
        })
        .collect()
}

/// The arguments seen so far.
#[derive(Default)]
struct Parts {
    /// The abort code and, if it is a constant, that constant's module.
    abort: Option<(AbortCode, Option<ModuleId>)>,
    error: Option<ExpectedError>,
    minor: Option<AbortCode>,
    location: Option<ModuleId>,
}

impl Parts {
    fn add(
        &mut self,
        name: &str,
        value: &[Token<'_>],
        names: &Names<'_, '_>,
    ) -> Result<(), String> {
        match name {
            "abort_code" => self.abort = Some(code(value, names)?),
            "minor_status" => self.minor = Some(code(value, names)?.0),
            "location" => self.location = Some(names.module(&path(value)?)?),
            "arithmetic_error" => self.error = Some(ExpectedError::Arithmetic),
            "vector_error" => self.error = Some(ExpectedError::Vector),
            "out_of_gas" => self.error = Some(ExpectedError::OutOfGas),
            "major_status" => match code(value, names)? {
                (AbortCode::Value(status), _) => {
                    self.error = Some(ExpectedError::MajorStatus(status));
                }
                (AbortCode::Constant(_), _) => {
                    return Err("`major_status` takes a number".to_owned());
                }
            },
            other => return Err(format!("`{other}` in `expected_failure` is not known")),
        }
        Ok(())
    }

    fn expectation(self) -> Result<Expectation, String> {
        match (self.abort, self.error) {
            (Some((code, module)), None) => Ok(Expectation::Abort {
                code,
                location: self.location.or(module),
            }),
            (None, Some(error)) => Ok(Expectation::Error {
                error,
                minor: self.minor,
                location: self
                    .location
                    .ok_or("this kind of failure needs a `location`")?,
            }),
            _ => Err("`expected_failure` needs exactly one kind of failure".to_owned()),
        }
    }
}

/// A number or a constant, and for a constant its module.
fn code(
    value: &[Token<'_>],
    names: &Names<'_, '_>,
) -> Result<(AbortCode, Option<ModuleId>), String> {
    if let [Token::Number(text)] = value {
        let code = literal(text)
            .and_then(|value| u64::try_from(value).ok())
            .ok_or_else(|| format!("{text} is not a u64"))?;
        return Ok((AbortCode::Value(code), None));
    }
    let (code, module) = names.constant(&path(value)?)?;
    Ok((code, Some(module)))
}

fn path<'a>(value: &[Token<'a>]) -> Result<Vec<&'a str>, String> {
    value
        .iter()
        .filter_map(|token| match token {
            Token::PathSeparator => None,
            Token::Word(part) | Token::Number(part) => Some(Ok(*part)),
            _ => Some(Err("expected a path such as `package::module`".to_owned())),
        })
        .collect()
}
