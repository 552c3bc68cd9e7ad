//! How results reach a person or a program: text on a terminal, JSON with
//! `--json`. Colours appear only on a terminal (anstream strips them).

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Table, modifiers, presets};
use serde::Serialize;
use std::io::Write as _;

/// A heading.
pub(crate) const BOLD: Style = Style::new().bold();
/// Something that went well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// Something that failed.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Words around the facts.
pub(crate) const FAINT: Style = Style::new().dimmed();

/// Exit code of a process that SIGPIPE ends, as a shell reports it: 128 + 13.
const BROKEN_PIPE: i32 = 141;

/// Where and how to print.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// Print JSON alone on standard output.
    pub(crate) json: bool,
}

impl Output {
    /// Prints `value` as JSON or what `text` says.
    pub(crate) fn print<T: Serialize + ?Sized>(
        &self,
        value: &T,
        text: impl FnOnce() -> String,
    ) -> anyhow::Result<()> {
        if self.json {
            line(serde_json::to_string_pretty(value)?);
        } else {
            let text = text();
            line(text.trim_end());
        }
        Ok(())
    }

    /// A line about what goes on, for a person: standard error, and never with `--json`.
    pub(crate) fn note(&self, text: impl std::fmt::Display) {
        if !self.json {
            anstream::eprintln!("{FAINT}{text}{FAINT:#}");
        }
    }

    /// A table with these column heads.
    pub(crate) fn table<const N: usize>(heads: [&str; N]) -> Table {
        let mut table = Table::new();
        table
            .load_preset(presets::UTF8_FULL_CONDENSED)
            .apply_modifier(modifiers::UTF8_ROUND_CORNERS)
            .set_content_arrangement(ContentArrangement::Disabled)
            .set_header(heads);
        table
    }
}

/// Writes a line of what a command is for to standard output.
///
/// A reader that has read enough and closed its end, as `head` does, ends the
/// process as the signal of a broken pipe ends other programs. Any other
/// failure is one, since the caller's result is lost.
pub(crate) fn line(text: impl std::fmt::Display) {
    let mut out = anstream::stdout().lock();
    let written = writeln!(out, "{text}").and_then(|()| out.flush());
    match written {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            std::process::exit(BROKEN_PIPE);
        }
        Err(error) => {
            anstream::eprintln!("{BAD}error:{BAD:#} can't write to standard output: {error}");
            std::process::exit(1);
        }
    }
}

/// Base units of the native coin as a person reads them: `1.5 HED`.
pub(crate) fn hed(base_units: u64) -> String {
    let whole = base_units / 1_000_000_000;
    let fraction = format!("{:09}", base_units % 1_000_000_000);
    match fraction.trim_end_matches('0') {
        "" => format!("{whole} HED"),
        digits => format!("{whole}.{digits} HED"),
    }
}

/// A type as a person reads it: addresses without leading zeros.
pub(crate) fn short_type(text: &str) -> String {
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("0x") {
        let (before, address) = rest.split_at(start + 2);
        let end = address
            .find(|letter: char| !letter.is_ascii_hexdigit())
            .unwrap_or(address.len());
        let digits = address[..end].trim_start_matches('0');
        short.push_str(before);
        short.push_str(if digits.is_empty() { "0" } else { digits });
        rest = &address[end..];
    }
    short.push_str(rest);
    short
}

/// A change of a balance as a person reads it: with its sign, and in HED if
/// it is the native coin's.
pub(crate) fn signed_amount(amount: &str, coin_type: &str) -> String {
    let (sign, digits) = match amount.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("+", amount),
    };
    match digits.parse() {
        Ok(units) if short_type(coin_type) == "0x2::sui::SUI" => format!("{sign}{}", hed(units)),
        _ => format!("{sign}{digits} {}", short_type(coin_type)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_well() {
        for (units, text) in [
            (0, "0 HED"),
            (1, "0.000000001 HED"),
            (1_500_000_000, "1.5 HED"),
            (u64::MAX, "18446744073.709551615 HED"),
        ] {
            assert_eq!(hed(units), text);
        }
        let native = format!("0x{}2::sui::SUI", "0".repeat(63));
        assert_eq!(signed_amount("-1500000000", &native), "-1.5 HED");
        assert_eq!(signed_amount("7", "0x7::a::A"), "+7 0x7::a::A");
    }

    #[test]
    fn types_read_well() {
        let zeros = "0".repeat(63);
        for (text, short) in [
            (
                format!("0x{zeros}2::coin::Coin<0x{zeros}2::sui::SUI>"),
                "0x2::coin::Coin<0x2::sui::SUI>",
            ),
            ("0x0::a::A".to_owned(), "0x0::a::A"),
            ("package".to_owned(), "package"),
            ("u64".to_owned(), "u64"),
        ] {
            assert_eq!(short_type(&text), short);
        }
    }
}
