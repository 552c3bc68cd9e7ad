//! Calls in comments, with what they must give.
//!
//! ```text
//! //> function<type, …>(argument, …) = result, … -> changed, …
//! //> [gas 100] function(argument) ! how it fails
//! ```

/// A call, and what it must give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case<'t> {
    /// The call as written.
    pub(crate) text: &'t str,
    /// The gas budget, if one is given.
    pub(crate) gas: Option<u64>,
    pub(crate) function: &'t str,
    pub(crate) type_arguments: Vec<&'t str>,
    pub(crate) arguments: Vec<&'t str>,
    pub(crate) expected: Expected<'t>,
}

/// What a call must give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expected<'t> {
    /// These results, and these values behind `&mut` parameters.
    Return {
        results: Vec<&'t str>,
        changed: Vec<&'t str>,
    },
    /// A failure with these words.
    Failure(&'t str),
}

/// The calls in `source`, or what is wrong with their form.
pub(crate) fn cases(source: &str) -> Vec<Result<Case<'_>, String>> {
    source
        .lines()
        .filter_map(|line| line.strip_prefix("//>"))
        .map(|line| parse(line.trim()).ok_or_else(|| format!("{line:?} is no call")))
        .collect()
}

fn parse(line: &str) -> Option<Case<'_>> {
    let (gas, line) = match line.strip_prefix("[gas ") {
        Some(rest) => {
            let (gas, rest) = rest.split_once(']')?;
            (Some(gas.parse().ok()?), rest.trim())
        }
        None => (None, line),
    };
    let open = line.find('(')?;
    let close = open + matching(&line[open..])?;
    let (head, arguments) = (&line[..open], &line[open + 1..close]);
    let (function, type_arguments) = match head.split_once('<') {
        Some((function, rest)) => (function, split(rest.strip_suffix('>')?)),
        None => (head, Vec::new()),
    };
    let rest = line[close + 1..].trim();
    let expected = if let Some(words) = rest.strip_prefix('!') {
        Expected::Failure(words.trim())
    } else {
        let (results, changed) = match find_outside(rest, "->") {
            Some(at) => (&rest[..at], &rest[at + 2..]),
            None => (rest, ""),
        };
        let results = results.trim();
        // Without `=` there must at least be something changed.
        let results = match results.strip_prefix('=') {
            Some(results) => results,
            None if results.is_empty() && !changed.is_empty() => "",
            None => return None,
        };
        Expected::Return {
            results: split(results),
            changed: split(changed),
        }
    };
    Some(Case {
        text: line[..=close].trim(),
        gas,
        function,
        type_arguments,
        arguments: split(arguments),
        expected,
    })
}

/// Letters of `text` with their depth of brackets, without what is in quotes.
fn outside(text: &str) -> impl Iterator<Item = (usize, char, i32)> {
    let (mut depth, mut is_quoted, mut is_escaped) = (0, false, false);
    text.char_indices().filter_map(move |(at, letter)| {
        if is_quoted {
            match letter {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '"' => is_quoted = false,
                _ => {}
            }
            return None;
        }
        match letter {
            '"' => is_quoted = true,
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' => depth -= 1,
            _ => {}
        }
        Some((at, letter, depth))
    })
}

/// Where the bracket closes with which `text` begins.
fn matching(text: &str) -> Option<usize> {
    outside(text)
        .find(|(_, _, depth)| *depth == 0)
        .map(|(at, ..)| at)
}

fn find_outside(text: &str, wanted: &str) -> Option<usize> {
    outside(text)
        .find(|(at, ..)| text[*at..].starts_with(wanted))
        .map(|(at, ..)| at)
}

/// The parts between commas that lie in no brackets or quotes.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, letter, depth) in outside(text) {
        if letter == ',' && depth == 0 {
            parts.push(text[start..at].trim());
            start = at + 1;
        }
    }
    let last = text[start..].trim();
    if !last.is_empty() {
        parts.push(last);
    }
    parts
}
