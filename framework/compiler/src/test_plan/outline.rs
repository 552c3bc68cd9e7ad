//! The outline of a source file: its modules, and of each the constants, the
//! imports and the functions that have attributes.
//!
//! Bodies are passed over by counting braces. The file has been compiled, so
//! its braces match and its keywords are where they belong.

use super::lexer::{Token, tokens};

/// A path such as `a::b::c`, in parts. The first may be a numerical address.
pub(super) type Path<'a> = Vec<&'a str>;

/// A module as the source has it.
#[derive(Debug, Default)]
pub(super) struct ModuleOutline<'a> {
    /// The address, by name or number.
    pub(super) address: &'a str,
    pub(super) name: &'a str,
    pub(super) constants: Vec<ConstantOutline<'a>>,
    /// What each import binds: the name in this module, and the full path.
    pub(super) imports: Vec<(&'a str, Path<'a>)>,
    pub(super) functions: Vec<FunctionOutline<'a>>,
}

/// A constant.
#[derive(Debug)]
pub(super) struct ConstantOutline<'a> {
    pub(super) name: &'a str,
    /// Marked `#[error]`.
    pub(super) is_error: bool,
    /// The tokens of its value.
    pub(super) value: Vec<Token<'a>>,
}

/// A function with at least one attribute.
#[derive(Debug)]
pub(super) struct FunctionOutline<'a> {
    pub(super) name: &'a str,
    pub(super) attributes: Vec<Attribute<'a>>,
}

/// One attribute of possibly several within `#[...]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    /// What follows the name: `= value` or `(arguments)`, with its marks.
    pub(super) rest: Vec<Token<'a>>,
}

/// The modules in `source`, in their order.
pub(super) fn outline(source: &str) -> Vec<ModuleOutline<'_>> {
    let tokens = tokens(source);
    let mut parser = Parser {
        tokens: &tokens,
        attributes: Vec::new(),
    };
    let mut modules = Vec::new();
    parser.file("", &mut modules);
    modules
}

struct Parser<'t, 'a> {
    tokens: &'t [Token<'a>],
    /// Attributes since the last item.
    attributes: Vec<Attribute<'a>>,
}

impl<'a> Parser<'_, 'a> {
    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.first().copied()
    }

    fn take(&mut self) -> Option<Token<'a>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(*first)
    }

    fn take_if(&mut self, token: Token<'_>) -> bool {
        let found = self.peek() == Some(token);
        if found {
            self.take();
        }
        found
    }

    /// A whole file, or the inside of an `address` block up to its brace.
    fn file(&mut self, address: &'a str, modules: &mut Vec<ModuleOutline<'a>>) {
        while let Some(token) = self.take() {
            match token {
                Token::Mark('#') => self.attribute_list(),
                Token::Word("module") => self.module(address, modules),
                Token::Word("address") => {
                    let path = self.path();
                    if self.take_if(Token::Mark('{')) {
                        self.file(path.first().copied().unwrap_or_default(), modules);
                    }
                }
                Token::Mark('{') => self.skip_block(),
                Token::Mark('}') => return,
                _ => {}
            }
        }
    }

    /// A module, after its keyword.
    fn module(&mut self, address: &'a str, modules: &mut Vec<ModuleOutline<'a>>) {
        let path = self.path();
        let (address, name) = match path[..] {
            [address, name] => (address, name),
            [name] => (address, name),
            _ => return,
        };
        let mut module = ModuleOutline {
            address,
            name,
            ..ModuleOutline::default()
        };
        self.attributes.clear();
        let is_block = self.take() == Some(Token::Mark('{'));
        while let Some(token) = self.peek() {
            // A module without braces ends where the next begins.
            if !is_block && token == Token::Word("module") {
                break;
            }
            self.take();
            match token {
                Token::Mark('#') => self.attribute_list(),
                Token::Mark('}') => break,
                _ => self.module_item(token, &mut module),
            }
        }
        modules.push(module);
    }

    /// A token within a module; most just belong to an item's head.
    fn module_item(&mut self, token: Token<'a>, module: &mut ModuleOutline<'a>) {
        match token {
            Token::Word("use") => {
                if self.peek() != Some(Token::Word("fun")) {
                    self.import(Path::new(), &mut module.imports);
                }
                self.attributes.clear();
            }
            Token::Word("const") => self.constant(module),
            Token::Word("fun") => {
                if let Some(Token::Word(name)) = self.peek()
                    && !self.attributes.is_empty()
                {
                    module.functions.push(FunctionOutline {
                        name,
                        attributes: std::mem::take(&mut self.attributes),
                    });
                }
            }
            Token::Mark('{') => {
                self.skip_block();
                self.attributes.clear();
            }
            Token::Mark(';') => self.attributes.clear(),
            _ => {}
        }
    }

    /// A constant, after its keyword.
    fn constant(&mut self, module: &mut ModuleOutline<'a>) {
        let is_error = self
            .attributes
            .iter()
            .any(|attribute| attribute.name == "error");
        self.attributes.clear();
        let Some(Token::Word(name)) = self.take() else {
            return;
        };
        while let Some(token) = self.take() {
            if token == Token::Mark('=') {
                break;
            }
        }
        let mut value = Vec::new();
        let mut depth = 0_usize;
        while let Some(token) = self.take() {
            match token {
                Token::Mark(';') if depth == 0 => break,
                Token::Mark('{' | '(' | '[') => depth += 1,
                Token::Mark('}' | ')' | ']') => depth = depth.saturating_sub(1),
                _ => {}
            }
            value.push(token);
        }
        module.constants.push(ConstantOutline {
            name,
            is_error,
            value,
        });
    }

    /// One tree of an import, below `prefix`: `a::b`, `a::b as c`, `a::{b, c}`.
    fn import(&mut self, prefix: Path<'a>, imports: &mut Vec<(&'a str, Path<'a>)>) {
        let mut path = prefix;
        loop {
            match self.take() {
                Some(Token::Word(part) | Token::Number(part)) => path.push(part),
                Some(Token::Mark('{')) => {
                    while !matches!(self.peek(), None | Some(Token::Mark('}'))) {
                        self.import(path.clone(), imports);
                        self.take_if(Token::Mark(','));
                    }
                    self.take();
                    return;
                }
                _ => return,
            }
            if !self.take_if(Token::PathSeparator) {
                break;
            }
        }
        if path.last() == Some(&"Self") {
            path.pop();
        }
        let mut name = path.last().copied();
        if self.take_if(Token::Word("as"))
            && let Some(Token::Word(alias)) = self.take()
        {
            name = Some(alias);
        }
        if let Some(name) = name {
            imports.push((name, path));
        }
    }

    fn path(&mut self) -> Path<'a> {
        let mut path = Path::new();
        while let Some(Token::Word(part) | Token::Number(part)) = self.peek() {
            self.take();
            path.push(part);
            if !self.take_if(Token::PathSeparator) {
                break;
            }
        }
        path
    }

    /// Attributes, after their `#`.
    fn attribute_list(&mut self) {
        if !self.take_if(Token::Mark('[')) {
            return;
        }
        let mut depth = 0_usize;
        let mut current: Option<Attribute<'a>> = None;
        while let Some(token) = self.take() {
            match token {
                Token::Mark(']') if depth == 0 => break,
                Token::Mark(',') if depth == 0 => {
                    self.attributes.extend(current.take());
                    continue;
                }
                Token::Mark('(' | '[') => depth += 1,
                Token::Mark(')' | ']') => depth = depth.saturating_sub(1),
                _ => {}
            }
            match (&mut current, token) {
                (Some(attribute), token) => attribute.rest.push(token),
                (None, Token::Word(name)) => {
                    current = Some(Attribute {
                        name,
                        rest: Vec::new(),
                    });
                }
                (None, _) => {}
            }
        }
        self.attributes.extend(current);
    }

    /// The rest of a block whose opening brace was just passed.
    fn skip_block(&mut self) {
        let mut depth = 1_usize;
        while let Some(token) = self.take() {
            match token {
                Token::Mark('{') => depth += 1,
                Token::Mark('}') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(source: &str) -> Vec<String> {
        outline(source)
            .iter()
            .flat_map(|module| {
                module.functions.iter().map(move |function| {
                    let attributes: Vec<_> = function
                        .attributes
                        .iter()
                        .map(|attribute| attribute.name)
                        .collect();
                    format!(
                        "{}::{}::{} {}",
                        module.address,
                        module.name,
                        function.name,
                        attributes.join(" ")
                    )
                })
            })
            .collect()
    }

    #[test]
    fn finds_functions_with_attributes() {
        for (source, expected) in [
            (
                "module a::b; fun f() {} #[test] fun g() { if (x) { } } fun h() {}",
                vec!["a::b::g test"],
            ),
            (
                "module a::b { #[test_only] use c::d; #[test, expected_failure(x = y::z)] #[allow(q)] \
                 public entry fun g() {} }\nmodule 0x1::c { #[test] fun t() {} }",
                vec!["a::b::g test expected_failure allow", "0x1::c::t test"],
            ),
            (
                "#[test_only] module a::b; #[test] fun f() {} module a::c; #[test] fun g() {}",
                vec!["a::b::f test", "a::c::g test"],
            ),
            (
                "address 0x2 { module b { #[test] fun f() {} } }",
                vec!["0x2::b::f test"],
            ),
            (
                "module a::b; #[test_only] struct S has drop { x: u64 } fun plain() {} \
                 #[allow(x)] const C: u64 = 1; fun also_plain() {}",
                vec![],
            ),
        ] {
            assert_eq!(names(source), expected, "{source}");
        }
    }

    #[test]
    fn imports_bind_names() {
        let source = "module a::m; use b::c; use b::d as e; use b::f::{Self, g, h as i}; \
                      use b::{j, k::{Self as l}}; use fun b::c::x as Y.z; use 0x1::n;";
        let modules = outline(source);
        let bound: Vec<_> = modules[0]
            .imports
            .iter()
            .map(|(name, path)| format!("{name}={}", path.join("::")))
            .collect();
        assert_eq!(
            bound,
            [
                "c=b::c",
                "e=b::d",
                "f=b::f",
                "g=b::f::g",
                "i=b::f::h",
                "j=b::j",
                "l=b::k",
                "n=0x1::n"
            ]
        );
    }

    #[test]
    fn constants_keep_their_value() {
        let modules = outline(
            "module a::m; const A: u64 = 1 << 2; #[error] const B: vector<u8> = b\"x\"; \
             #[error(code = 3)] const C: vector<u8> = { b\"y\" };",
        );
        let found: Vec<_> = modules[0]
            .constants
            .iter()
            .map(|constant| (constant.name, constant.is_error, constant.value.len()))
            .collect();
        assert_eq!(found, [("A", false, 3), ("B", true, 1), ("C", true, 3)]);
    }

    proptest! {
        #[test]
        fn any_text_ends(source in "(module|fun|use|const|#\\[|\\]|\\{|\\}|;|::|a|1|,|=|\\(|\\)| ){0,60}") {
            outline(&source);
        }
    }
}
