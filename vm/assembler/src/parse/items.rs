//! Modules and their items.

use super::{Parser, Result};
use crate::error::AssemblyErrorKind;
use crate::lexer::Token;
use crate::syntax::{
    At, ConstantItem, DatatypeDeclaration, EnumItem, Field, FunctionDeclaration, FunctionItem,
    ItemName, Module, Name, Signature, StructItem, Types, Variant,
};
use heddle_bytecode::{Visibility, format};

const ITEMS: [&str; 10] = [
    "use", "friend", "metadata", "const", "struct", "enum", "fun", "public", "native", "table",
];

/// The names of the fields of `struct S(u64, bool)`, as the compiler has them.
pub(crate) fn positional_name(position: usize) -> Option<&'static str> {
    static NAMES: std::sync::LazyLock<Vec<String>> =
        std::sync::LazyLock::new(|| (0..256).map(|position| format!("pos{position}")).collect());
    NAMES.get(position).map(String::as_str)
}

/// What may stand before `fun`, `struct` and `enum`.
#[derive(Default)]
struct Modifiers {
    visibility: Option<Visibility>,
    is_entry: bool,
    is_native: bool,
}

impl<'a> Parser<'a> {
    pub(super) fn module(&mut self) -> Result<Module<'a>> {
        let mut version = format::VERSION_MAX;
        let mut publishable = true;
        loop {
            if self.eat_word("version")? {
                version = self.small_number("a version of the format")?;
                self.need(";")?;
            } else if self.eat_word("unpublishable")? {
                publishable = false;
                self.need(";")?;
            } else {
                break;
            }
        }
        if !self.eat_word("module")? {
            return Err(self.expected("`module`"));
        }
        let mut module = Module {
            version,
            publishable,
            name: self.module_path()?,
            uses: Vec::new(),
            foreign_types: Vec::new(),
            foreign_functions: Vec::new(),
            friends: Vec::new(),
            metadata: Vec::new(),
            constants: Vec::new(),
            structs: Vec::new(),
            enums: Vec::new(),
            functions: Vec::new(),
            tables: Vec::new(),
        };
        self.need("{")?;
        while !self.eat("}")? {
            self.item(&mut module)?;
        }
        Ok(module)
    }

    fn item(&mut self, module: &mut Module<'a>) -> Result<()> {
        let at = self.position()?;
        if self.eat_word("use")? {
            if self.eat_word("type")? {
                let it = self.datatype_declaration()?;
                module.foreign_types.push(At { at, it });
            } else if self.eat_word("fun")? {
                let it = self.function_declaration()?;
                module.foreign_functions.push(At { at, it });
            } else {
                module.uses.push(self.module_path()?);
            }
            return self.need(";");
        }
        if self.eat_word("friend")? {
            module.friends.push(self.module_path()?);
            return self.need(";");
        }
        if self.eat_word("metadata")? {
            let key = self.bytes()?;
            self.need("=")?;
            module.metadata.push((key, self.bytes()?));
            return self.need(";");
        }
        if self.eat_word("const")? {
            let name = self.word("the name of a constant")?.it;
            self.need(":")?;
            let type_ = self.type_()?;
            self.need("=")?;
            let value = self.literal()?;
            let it = ConstantItem { name, type_, value };
            module.constants.push(At { at, it });
            return self.need(";");
        }
        if self.eat_word("table")? {
            module.tables.push(self.table()?);
            return Ok(());
        }
        let modifiers = self.modifiers()?;
        if self.eat_word("struct")? {
            let it = self.struct_(&modifiers)?;
            module.structs.push(At { at, it });
        } else if self.eat_word("enum")? {
            let it = self.enum_()?;
            module.enums.push(At { at, it });
        } else if self.eat_word("fun")? {
            let it = self.function(&modifiers)?;
            module.functions.push(At { at, it });
        } else {
            let error = self.expected("an item of a module or `}`");
            return Err(match *self.peek()? {
                Token::Word(word) => error.did_you_mean(word, ITEMS),
                _ => error,
            });
        }
        Ok(())
    }

    fn modifiers(&mut self) -> Result<Modifiers> {
        let mut modifiers = Modifiers::default();
        loop {
            if self.eat_word("public")? {
                modifiers.visibility = Some(Visibility::Public);
                if self.eat("(")? {
                    modifiers.visibility = Some(Visibility::Friend);
                    if !self.eat_word("friend")? && !self.eat_word("package")? {
                        return Err(self.expected("`friend`"));
                    }
                    self.need(")")?;
                }
            } else if self.eat_word("entry")? {
                modifiers.is_entry = true;
            } else if self.eat_word("native")? {
                modifiers.is_native = true;
            } else {
                return Ok(modifiers);
            }
        }
    }

    pub(super) fn datatype_declaration(&mut self) -> Result<DatatypeDeclaration<'a>> {
        Ok(DatatypeDeclaration {
            name: self.item_name("the name of a type")?.it,
            type_parameters: self.type_parameters()?,
            abilities: self.has()?,
        })
    }

    pub(super) fn function_declaration(&mut self) -> Result<FunctionDeclaration<'a>> {
        Ok(FunctionDeclaration {
            name: self.item_name("the name of a function")?.it,
            signature: self.signature(true)?,
        })
    }

    /// The type parameters, parameters and results of a function. Without
    /// parentheses there are no parameters, if `is_needed` does not ask for
    /// them.
    fn signature(&mut self, is_needed: bool) -> Result<Signature<'a>> {
        let type_parameters = self.type_parameters()?;
        let mut parameter_names = Vec::new();
        let parameters = if !is_needed && !self.is("(")? && !self.is("@")? {
            Types::List(Vec::new())
        } else if self.eat("@")? {
            Types::Index(self.index()?)
        } else {
            self.need("(")?;
            let names = &mut parameter_names;
            Types::List(self.list(")", |parser| {
                let is_named = matches!(parser.peek()?, Token::Word(_))
                    && *parser.peek_second()? == Token::Symbol(":");
                names.push(if is_named {
                    let name = parser.word("the name of a parameter")?;
                    parser.need(":")?;
                    Some(name)
                } else {
                    None
                });
                parser.type_()
            })?)
        };
        let returns = if !self.eat(":")? {
            Types::List(Vec::new())
        } else if self.is("(")? || self.is("@")? {
            self.types_in_parentheses()?
        } else {
            Types::List(vec![self.type_()?])
        };
        Ok(Signature {
            type_parameters,
            parameter_names,
            parameters,
            returns,
        })
    }

    fn field(&mut self) -> Result<Field<'a>> {
        let name = self.name("the name of a field")?;
        self.need(":")?;
        let type_ = self.type_()?;
        Ok(Field { name, type_ })
    }

    /// The fields behind a `(`.
    fn positional_fields(&mut self) -> Result<Vec<Field<'a>>> {
        let mut position = 0;
        self.list(")", |parser| {
            let at = parser.position()?;
            let Some(name) = positional_name(position) else {
                let what = "fields without names";
                return Err(crate::AssemblyError::new(
                    at,
                    AssemblyErrorKind::TooMany { what },
                ));
            };
            position += 1;
            let it = Name::Word(name);
            let name = At { at, it };
            let type_ = parser.type_()?;
            Ok(Field { name, type_ })
        })
    }

    fn struct_(&mut self, modifiers: &Modifiers) -> Result<StructItem<'a>> {
        let name = self.name("the name of a struct")?.it;
        let type_parameters = self.type_parameters()?;
        let mut abilities = self.has()?;
        let fields = if modifiers.is_native {
            self.need(";")?;
            None
        } else if self.eat("(")? {
            let fields = self.positional_fields()?;
            // Move writes the abilities of such a struct behind it.
            abilities = abilities.union(self.has()?);
            self.eat(";")?;
            Some(fields)
        } else {
            self.need("{")?;
            Some(self.list("}", Self::field)?)
        };
        Ok(StructItem {
            name,
            type_parameters,
            abilities,
            fields,
        })
    }

    fn enum_(&mut self) -> Result<EnumItem<'a>> {
        let name = self.name("the name of an enum")?.it;
        let type_parameters = self.type_parameters()?;
        let abilities = self.has()?;
        self.need("{")?;
        let variants = self.list("}", |parser| {
            let name = parser.name("the name of a variant")?;
            let fields = if parser.eat("{")? {
                parser.list("}", Self::field)?
            } else if parser.eat("(")? {
                parser.positional_fields()?
            } else {
                Vec::new()
            };
            Ok(Variant { name, fields })
        })?;
        Ok(EnumItem {
            name,
            type_parameters,
            abilities,
            variants,
        })
    }

    fn function(&mut self, modifiers: &Modifiers) -> Result<FunctionItem<'a>> {
        let name = self.name("the name of a function")?.it;
        let signature = self.signature(matches!(name, Name::Word(_)))?;
        let mut acquires = Vec::new();
        if self.eat_word("acquires")? {
            acquires.push(self.name("the name of a struct")?);
            while self.eat(",")? {
                acquires.push(self.name("the name of a struct")?);
            }
        }
        let body = if modifiers.is_native {
            self.need(";")?;
            None
        } else {
            Some(self.body()?)
        };
        Ok(FunctionItem {
            visibility: modifiers.visibility.unwrap_or_default(),
            is_entry: modifiers.is_entry,
            name,
            signature,
            acquires,
            body,
        })
    }
}

impl<'a> ItemName<'a> {
    /// The item of this module that is called `name`.
    pub(crate) fn own(name: Name<'a>) -> Self {
        match name {
            Name::Word(_) => Self::In(crate::syntax::ModuleName::Own, name),
            Name::Index(index) => Self::Index(index),
        }
    }
}
