//! Makes the compiler build test code without its own test mode.
//!
//! In the mode called `test` the compiler adds to each module a function that
//! keeps it from being published, and the object rules, which this build of the
//! compiler applies to test code too, refuse a function that they don't know in
//! `sui::transfer`. So tests are built in a mode of Heddle's own. It is switched
//! on besides `test` by the attributes, which are rewritten in memory:
//!
//! ```text
//! #[test_only]   becomes  #[mode(test, heddle_test)]
//! #[test]        becomes  #[mode(test, heddle_test), allow(unused_function)]
//! ```
//! An item in the mode `test` still is test code to the compiler, whatever mode
//! it builds in: it may call `init` and make one-time witnesses.
//!
//! Lines keep their numbers. What follows an attribute on its line moves to the
//! right; [`original_names`] restores the text of such lines in warnings. Errors
//! don't show any of this: the compiler is asked again with the sources as they
//! were (see `compilation`).

use std::ops::Range;

use super::lexer::{Token, spanned_tokens};

/// The mode in which tests are built.
pub(crate) const TEST_MODE: &str = "heddle_test";

/// The entry that switches it on.
const MODE_ENTRY: &str = "mode(test,heddle_test)";

/// A test is never called, and should not be warned about for that.
const ALLOW_ENTRY: &str = "allow(unused_function)";

/// `source` with its test attributes rewritten.
pub(crate) fn rewrite_tests(source: &str) -> String {
    let tokens = spanned_tokens(source);
    let mut rewritten = String::with_capacity(source.len() + 256);
    let mut copied = 0;
    let mut index = 0;
    while index < tokens.len() {
        let Some((run, next)) = attribute_run(source, &tokens, index) else {
            index += 1;
            continue;
        };
        index = next;
        if !run.iter().any(AttributeList::is_of_test) {
            continue;
        }
        let (mut has_mode, mut has_allow) = (false, false);
        let allows = run.iter().any(|list| list.has("allow"));
        let is_test = run
            .iter()
            .any(|list| list.has("test") || list.has("random_test") || list.has("rand_test"));
        for list in &run {
            rewritten.push_str(&source[copied..list.span.start]);
            copied = list.span.end;
            let entries = list.entries.iter().filter_map(|(name, text)| {
                let text = match *name {
                    "test_only" | "test" | "random_test" | "rand_test" => {
                        first_time(&mut has_mode).then(|| MODE_ENTRY.to_owned())
                    }
                    "mode" if list.is_of_test() => {
                        has_mode = true;
                        Some(text.replacen('(', &format!("({TEST_MODE},"), 1))
                    }
                    "allow" if is_test && !text.contains("unused_function") => {
                        Some(text.replacen('(', "(unused_function,", 1))
                    }
                    _ => Some((*text).to_owned()),
                }?;
                Some(text)
            });
            let mut entries: Vec<_> = entries.collect();
            if is_test && !allows && first_time(&mut has_allow) {
                entries.push(ALLOW_ENTRY.to_owned());
            }
            push_list(&mut rewritten, &entries, &source[list.span.clone()]);
        }
    }
    rewritten.push_str(&source[copied..]);
    rewritten
}

/// True once.
fn first_time(flag: &mut bool) -> bool {
    !std::mem::replace(flag, true)
}

/// Appends a list of `entries`, on as many lines as `original` has.
fn push_list(rewritten: &mut String, entries: &[String], original: &str) {
    let text = entries.join(",");
    let lines = |text: &str| text.matches('\n').count();
    let missing = lines(original).saturating_sub(lines(&text));
    if entries.is_empty() {
        rewritten.push_str(&"\n".repeat(missing));
        return;
    }
    rewritten.push_str("#[");
    rewritten.push_str(&text);
    rewritten.push_str(&"\n".repeat(missing));
    rewritten.push(']');
}

/// The compiler's text about rewritten sources, in the words of the original
/// ones. What is shorter is filled up, so that marks stay below their place.
pub(crate) fn original_names(text: &str) -> String {
    let test = format!("{MODE_ENTRY},{ALLOW_ENTRY}");
    let filled = |name: &str, rewritten: &str| format!("{name:width$}", width = rewritten.len());
    text.replace(&test, &filled("test", &test))
        .replace(MODE_ENTRY, &filled("test_only", MODE_ENTRY))
}

/// One `#[...]`.
struct AttributeList<'a> {
    /// From `#` to `]`.
    span: Range<usize>,
    /// Name and text of each entry.
    entries: Vec<(&'a str, &'a str)>,
}

impl AttributeList<'_> {
    fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|(other, _)| *other == name)
    }

    /// Whether it makes its item part of tests.
    fn is_of_test(&self) -> bool {
        self.entries.iter().any(|(name, text)| match *name {
            "test" | "test_only" | "random_test" | "rand_test" => true,
            "mode" => text
                .split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
                .any(|word| word == "test"),
            _ => false,
        })
    }
}

/// The attribute lists that begin at `index` and belong to one item, and the
/// index of the token after them.
fn attribute_run<'a>(
    source: &'a str,
    tokens: &[(Range<usize>, Token<'a>)],
    index: usize,
) -> Option<(Vec<AttributeList<'a>>, usize)> {
    let mut run = Vec::new();
    let mut next = index;
    while let Some((list, after)) = attribute_list(source, tokens, next) {
        run.push(list);
        next = after;
    }
    (!run.is_empty()).then_some((run, next))
}

fn attribute_list<'a>(
    source: &'a str,
    tokens: &[(Range<usize>, Token<'a>)],
    index: usize,
) -> Option<(AttributeList<'a>, usize)> {
    let [(hash, Token::Mark('#')), (_, Token::Mark('[')), inner @ ..] = tokens.get(index..)? else {
        return None;
    };
    let mut entries = Vec::new();
    let mut depth = 0_usize;
    let mut entry: Option<(&'a str, Range<usize>)> = None;
    for (count, (span, token)) in inner.iter().enumerate() {
        match token {
            Token::Mark(']' | ',') if depth == 0 => {
                entries.extend(entry.take().map(|(name, span)| (name, &source[span])));
                if *token == Token::Mark(']') {
                    let list = AttributeList {
                        span: hash.start..span.end,
                        entries,
                    };
                    return Some((list, index + 2 + count + 1));
                }
                continue;
            }
            Token::Mark('(' | '[') => depth += 1,
            Token::Mark(')' | ']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        match (&mut entry, token) {
            (Some((_, covered)), _) => covered.end = span.end,
            (None, Token::Word(name)) => entry = Some((name, span.clone())),
            (None, _) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn test_attributes_become_modes() {
        let allowed = "#[mode(test,heddle_test),allow(unused_function)]";
        for (source, expected) in [
            (
                "#[test_only] use a;",
                "#[mode(test,heddle_test)] use a;".to_owned(),
            ),
            ("#[test] fun f() {}", format!("{allowed} fun f() {{}}")),
            (
                "#[random_test]\nfun f() {}",
                format!("{allowed}\nfun f() {{}}"),
            ),
            (
                "#[test, expected_failure(abort_code = a::B)] fun f() {}",
                "#[mode(test,heddle_test),expected_failure(abort_code = a::B),\
                 allow(unused_function)] fun f() {}"
                    .to_owned(),
            ),
            (
                "#[test]\n#[expected_failure]\nfun f() {}",
                format!("{allowed}\n#[expected_failure]\nfun f() {{}}"),
            ),
            (
                "#[test]\n#[allow(dead_code)]\nfun f() {}",
                "#[mode(test,heddle_test)]\n#[allow(unused_function,dead_code)]\nfun f() {}"
                    .to_owned(),
            ),
            (
                "#[test_only]\n#[test]\nfun f() {}",
                "#[mode(test,heddle_test),allow(unused_function)]\n\nfun f() {}".to_owned(),
            ),
            (
                "#[mode(test, spec)] fun f() {}",
                "#[mode(heddle_test,test, spec)] fun f() {}".to_owned(),
            ),
            (
                "#[test,\n  expected_failure\n] fun f() {}",
                "#[mode(test,heddle_test),expected_failure,allow(unused_function)\n\n] fun f() {}"
                    .to_owned(),
            ),
        ] {
            assert_eq!(rewrite_tests(source), expected, "{source}");
        }
    }

    #[test]
    fn everything_else_stays() {
        for source in [
            "// #[test]\n/* #[test_only] */ fun f() { b\"#[test]\"; }",
            "#[allow(unused)] #[error] const E: u64 = 1;",
            "#[mode(spec)] fun f() {}",
            "#[test",
            "é #[ext(test)] ü",
        ] {
            assert_eq!(rewrite_tests(source), source);
        }
    }

    #[test]
    fn warnings_show_the_original_attribute() {
        let text = rewrite_tests("#[test] fun f() {}\n#[test_only] use a;");
        let shown = original_names(&text);
        assert!(shown.starts_with("#[test      "), "{shown}");
        assert!(shown.contains("\n#[test_only   "), "{shown}");
        assert_eq!(shown.len(), text.len());
    }

    proptest! {
        #[test]
        fn lines_keep_their_numbers(
            source in "(#\\[|\\]|test|test_only|allow|mode|\\(|\\)|,|\n|fun f\\(\\) \\{\\}|é| ){0,60}"
        ) {
            let rewritten = rewrite_tests(&source);
            prop_assert_eq!(rewritten.lines().count(), source.lines().count());
        }
    }
}
