//! The value of a constant, from its tokens.
//!
//! A test may expect the value of another module's constant, and bytecode
//! doesn't have the names of constants. So the few forms in which abort codes
//! are written are evaluated here: literals, operators, casts, parentheses, and
//! other constants of the same module.

use super::lexer::Token;
use super::outline::ModuleOutline;

/// How deep constants may refer to each other, and parentheses nest.
const DEPTH_MAX: usize = 32;

/// The value of a number literal, with or without a type at its end.
pub(super) fn literal(text: &str) -> Option<u128> {
    let text = text.replace('_', "");
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None => (&*text, 10),
    };
    let digits = ["u8", "u16", "u32", "u64", "u128", "u256"]
        .iter()
        .find_map(|suffix| digits.strip_suffix(suffix))
        .unwrap_or(digits);
    u128::from_str_radix(digits, radix).ok()
}

/// The value of the constant `name` in `module`, if it is a number in one of
/// the forms understood.
pub(super) fn value_of(module: &ModuleOutline<'_>, name: &str) -> Option<u64> {
    let value = constant(module, name, DEPTH_MAX)?;
    u64::try_from(value).ok()
}

fn constant(module: &ModuleOutline<'_>, name: &str, depth: usize) -> Option<u128> {
    let constant = module
        .constants
        .iter()
        .find(|constant| constant.name == name)?;
    let mut expression = Expression {
        tokens: &constant.value,
        module,
        depth: depth.checked_sub(1)?,
    };
    let value = expression.binary(0)?;
    expression.tokens.is_empty().then_some(value)
}

struct Expression<'t, 'a> {
    tokens: &'t [Token<'a>],
    module: &'t ModuleOutline<'a>,
    /// What is left of [`DEPTH_MAX`].
    depth: usize,
}

/// Binary operators, those that bind less first.
const OPERATORS: [&[Token<'static>]; 6] = [
    &[Token::Mark('|')],
    &[Token::Mark('^')],
    &[Token::Mark('&')],
    &[Token::Shift('<'), Token::Shift('>')],
    &[Token::Mark('+'), Token::Mark('-')],
    &[Token::Mark('*'), Token::Mark('/'), Token::Mark('%')],
];

impl<'a> Expression<'_, 'a> {
    fn take(&mut self) -> Option<Token<'a>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(*first)
    }

    fn binary(&mut self, level: usize) -> Option<u128> {
        let Some(operators) = OPERATORS.get(level) else {
            return self.cast();
        };
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = self.tokens.first().copied()
            && operators.contains(&operator)
        {
            self.take();
            let right = self.binary(level + 1)?;
            left = apply(operator, left, right)?;
        }
        Some(left)
    }

    /// A cast changes no value that the compiler let pass.
    fn cast(&mut self) -> Option<u128> {
        let value = self.atom()?;
        while self.tokens.first() == Some(&Token::Word("as")) {
            self.take();
            self.take();
        }
        Some(value)
    }

    fn atom(&mut self) -> Option<u128> {
        match self.take()? {
            Token::Number(text) => literal(text),
            Token::Word(name) => constant(self.module, name, self.depth),
            Token::Mark(open @ ('(' | '{')) => {
                self.depth = self.depth.checked_sub(1)?;
                let value = self.binary(0)?;
                self.depth += 1;
                let close = if open == '(' { ')' } else { '}' };
                (self.take()? == Token::Mark(close)).then_some(value)
            }
            _ => None,
        }
    }
}

fn apply(operator: Token<'_>, left: u128, right: u128) -> Option<u128> {
    let shift = || u32::try_from(right).ok();
    match operator {
        Token::Mark('|') => Some(left | right),
        Token::Mark('^') => Some(left ^ right),
        Token::Mark('&') => Some(left & right),
        Token::Shift('<') => left.checked_shl(shift()?),
        Token::Shift(_) => left.checked_shr(shift()?),
        Token::Mark('+') => left.checked_add(right),
        Token::Mark('-') => left.checked_sub(right),
        Token::Mark('*') => left.checked_mul(right),
        Token::Mark('/') => left.checked_div(right),
        Token::Mark('%') => left.checked_rem(right),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::outline::outline;
    use super::*;

    #[test]
    fn values() {
        for (expression, expected) in [
            ("42", Some(42)),
            ("0xff_u64", Some(255)),
            ("1_000u64", Some(1000)),
            ("1 + 2 * 3", Some(7)),
            ("(1 + 2) * 3", Some(9)),
            ("1 << 4 | 3", Some(19)),
            ("10 - 2 - 3", Some(5)),
            ("(7u8 as u64) % 4", Some(3)),
            ("{ 5 }", Some(5)),
            ("OTHER + 1", Some(12)),
            ("0xffff_ffff_ffff_ffff", Some(u64::MAX)),
            ("1 - 2", None),
            ("0x1_0000_0000_0000_0000", None),
            ("b\"text\"", None),
            ("LOOP", None),
            ("X", None),
        ] {
            let source = format!(
                "module a::m; const OTHER: u64 = 11; const LOOP: u64 = LOOP; const X: u64 = {expression};"
            );
            let modules = outline(&source);
            assert_eq!(value_of(&modules[0], "X"), expected, "{expression}");
        }
    }

    #[test]
    fn deep_nesting_is_refused() {
        let source = format!(
            "module a::m; const X: u64 = {}1{};",
            "(".repeat(100_000),
            ")".repeat(100_000)
        );
        assert_eq!(value_of(&outline(&source)[0], "X"), None);
    }
}
