//! What names stand for, and the handles that they bring in.

use super::{Assembler, Result};
use crate::error::{AssemblyError, AssemblyErrorKind, Position};
use crate::parse::primitive;
use crate::syntax::{
    AddressName, At, DatatypeDeclaration, FunctionDeclaration, ItemName, ModuleName, Name,
    Signature as SignatureSyntax, Type, TypeParameter, Types,
};
use heddle_bytecode::{
    Address, DatatypeHandle, DatatypeHandleIndex, DatatypeTyParameter, FunctionHandle,
    FunctionHandleIndex, IdentifierIndex, ModuleHandle, ModuleHandleIndex, Signature,
    SignatureIndex, SignatureToken, TypeParameterIndex,
};

/// A module by what a text can call it, so that two ways to name it are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ModuleKey<'a> {
    Own,
    Path(Address, &'a str),
    Index(u16),
}

/// The type parameters that names may mean.
pub(super) type Scope<'s, 'a> = &'s [TypeParameter<'a>];

pub(super) fn unknown(what: &'static str, name: &str, at: Position) -> AssemblyError {
    let name = name.chars().take(80).collect();
    AssemblyError::new(at, AssemblyErrorKind::Unknown { what, name })
}

impl<'a> Assembler<'a> {
    /// Learns what the text calls modules and items of others.
    pub(super) fn collect_names(&mut self) -> Result<()> {
        let syntax = self.syntax;
        if let ModuleName::Path(AddressName::Literal(address), Name::Word(name)) = syntax.name.it {
            self.own_path = Some((address, name));
        }
        for module in &syntax.uses {
            let ModuleName::Path(_, Name::Word(name)) = module.it else {
                continue;
            };
            let key = self.module_key(&module.it, module.at)?;
            self.aliases
                .entry(name)
                .and_modify(|known| {
                    if *known != Some(key) {
                        *known = None;
                    }
                })
                .or_insert(Some(key));
        }
        for declaration in &syntax.foreign_types {
            let at = declaration.at;
            let key = self.declared_name(&declaration.it.name, at)?;
            let it = &declaration.it;
            self.foreign_types.entry(key).or_insert(At { at, it });
        }
        for declaration in &syntax.foreign_functions {
            let at = declaration.at;
            let key = self.declared_name(&declaration.it.name, at)?;
            let it = &declaration.it;
            self.foreign_functions.entry(key).or_insert(At { at, it });
        }
        Ok(())
    }

    fn declared_name(
        &mut self,
        name: &ItemName<'a>,
        at: Position,
    ) -> Result<(ModuleKey<'a>, &'a str)> {
        match name {
            ItemName::In(module, Name::Word(word)) => Ok((self.module_key(module, at)?, word)),
            _ => {
                let (expected, found) = ("a name".into(), "an index".into());
                let kind = AssemblyErrorKind::Expected { expected, found };
                Err(AssemblyError::new(at, kind)
                    .hint("handles with indexes are written in a `table`"))
            }
        }
    }

    fn module_key(&self, name: &ModuleName<'a>, at: Position) -> Result<ModuleKey<'a>> {
        Ok(match name {
            ModuleName::Own => ModuleKey::Own,
            ModuleName::Index(index) => ModuleKey::Index(*index),
            ModuleName::Alias(alias) => match self.aliases.get(alias) {
                Some(Some(key)) => *key,
                Some(None) => {
                    let (what, name) = ("modules", (*alias).to_owned());
                    let kind = AssemblyErrorKind::Ambiguous { what, name };
                    return Err(AssemblyError::new(at, kind).hint("write its address before it"));
                }
                None => {
                    let error = unknown("module", alias, at);
                    let known = self.aliases.keys().copied();
                    let hint = error.clone().did_you_mean(alias, sorted(known));
                    return Err(if hint.hint.is_some() {
                        hint
                    } else {
                        error.hint("name it first: `use 0x2::name;`")
                    });
                }
            },
            ModuleName::Path(AddressName::Literal(address), Name::Word(word)) => {
                if self.own_path == Some((*address, word)) {
                    ModuleKey::Own
                } else {
                    ModuleKey::Path(*address, word)
                }
            }
            // A path with an index in it is the handle that has these parts.
            ModuleName::Path(address, name) => {
                let address = match address {
                    AddressName::Literal(address) => self.addresses.find(address),
                    AddressName::Index(index) => {
                        Some(heddle_bytecode::AddressIdentifierIndex(*index))
                    }
                };
                let name = match name {
                    Name::Word(word) => self.known_identifier(word),
                    Name::Index(index) => Some(IdentifierIndex(*index)),
                };
                let handle = address
                    .zip(name)
                    .and_then(|(address, name)| self.modules.find(&ModuleHandle { address, name }));
                match handle {
                    Some(index) => ModuleKey::Index(index.0),
                    None => return Err(unknown("module", "#", at)),
                }
            }
        })
    }

    /// The handle of a module, added if it is new.
    pub(super) fn module_handle_of(
        &mut self,
        name: &ModuleName<'a>,
        at: Position,
    ) -> Result<ModuleHandleIndex> {
        if let Some(handle) = self.path(name, at)? {
            return self.modules.intern(handle, at);
        }
        let key = self.module_key(name, at)?;
        self.module_handle(key, at)
    }

    fn module_handle(&mut self, key: ModuleKey<'a>, at: Position) -> Result<ModuleHandleIndex> {
        match key {
            ModuleKey::Own => Ok(self.own),
            ModuleKey::Index(index) => Ok(ModuleHandleIndex(index)),
            ModuleKey::Path(address, name) => {
                let path = ModuleName::Path(AddressName::Literal(address), Name::Word(name));
                self.module_handle_of(&path, at)
            }
        }
    }

    fn known_identifier(&self, word: &str) -> Option<IdentifierIndex> {
        let name = heddle_bytecode::Identifier::new(word).ok()?;
        self.identifiers.find(&name)
    }

    /// The handles of a module and a name, if both are known.
    fn known_item(
        &self,
        key: ModuleKey<'a>,
        name: Name<'a>,
    ) -> Option<(ModuleHandleIndex, IdentifierIndex)> {
        let module = match key {
            ModuleKey::Own => self.own,
            ModuleKey::Index(index) => ModuleHandleIndex(index),
            ModuleKey::Path(address, name) => {
                let address = self.addresses.find(&address)?;
                let name = self.known_identifier(name)?;
                self.modules.find(&ModuleHandle { address, name })?
            }
        };
        let name = match name {
            Name::Word(word) => self.known_identifier(word)?,
            Name::Index(index) => IdentifierIndex(index),
        };
        Some((module, name))
    }

    /// The datatype of a name, whose handle is added if it is another
    /// module's and new.
    pub(super) fn datatype(
        &mut self,
        name: &ItemName<'a>,
        at: Position,
    ) -> Result<DatatypeHandleIndex> {
        let (module, name) = match name {
            ItemName::Index(index) => return Ok(DatatypeHandleIndex(*index)),
            ItemName::In(module, name) => (self.module_key(module, at)?, *name),
        };
        let known = self.known_item(module, name);
        if let Some(index) = known.and_then(|key| self.datatype_named.get(&key)) {
            return Ok(*index);
        }
        let Name::Word(word) = name else {
            return Err(unknown("type", "#", at));
        };
        match self.foreign_types.get(&(module, word)).copied() {
            Some(declaration) => self.foreign_datatype(declaration.it, declaration.at),
            None => Err(self.unknown_type(module, word, at)),
        }
    }

    fn unknown_type(&self, module: ModuleKey<'a>, word: &str, at: Position) -> AssemblyError {
        let error = unknown("type", word, at);
        let structs = self.struct_named.keys().chain(self.enum_named.keys());
        let foreign = self.foreign_types.keys().filter(|key| key.0 == module);
        let foreign = foreign.map(|key| key.1);
        let error = if module == ModuleKey::Own {
            error.did_you_mean(word, sorted(structs.copied().chain(foreign)))
        } else {
            error.did_you_mean(word, sorted(foreign))
        };
        if error.hint.is_some() {
            error
        } else {
            error.hint(
                "a type of another module is named first: `use type 0x2::module::Name has store;`",
            )
        }
    }

    pub(super) fn foreign_datatype(
        &mut self,
        declaration: &'a DatatypeDeclaration<'a>,
        at: Position,
    ) -> Result<DatatypeHandleIndex> {
        let handle = self.datatype_handle(declaration, at)?;
        let key = (handle.module, handle.name);
        let index = self.datatypes.intern(handle, at)?;
        self.datatype_named.entry(key).or_insert(index);
        Ok(index)
    }

    pub(super) fn datatype_handle(
        &mut self,
        declaration: &DatatypeDeclaration<'a>,
        at: Position,
    ) -> Result<DatatypeHandle> {
        let (module, name) = self.item_parts(&declaration.name, at)?;
        Ok(DatatypeHandle {
            module,
            name,
            abilities: declaration.abilities,
            type_parameters: datatype_parameters(&declaration.type_parameters),
        })
    }

    /// The handle of the module and the name of an item.
    fn item_parts(
        &mut self,
        name: &ItemName<'a>,
        at: Position,
    ) -> Result<(ModuleHandleIndex, IdentifierIndex)> {
        let ItemName::In(module, name) = name else {
            let (expected, found) = ("a module and a name".into(), "an index".into());
            let kind = AssemblyErrorKind::Expected { expected, found };
            return Err(AssemblyError::new(at, kind).hint("write both: #1::#2"));
        };
        let key = self.module_key(module, at)?;
        let module = self.module_handle(key, at)?;
        Ok((module, self.identifier(*name, at)?))
    }

    /// The function of a name, whose handle is added if it is another
    /// module's and new.
    pub(super) fn function(
        &mut self,
        name: &ItemName<'a>,
        at: Position,
    ) -> Result<FunctionHandleIndex> {
        let (module, name) = match name {
            ItemName::Index(index) => return Ok(FunctionHandleIndex(*index)),
            ItemName::In(module, name) => (self.module_key(module, at)?, *name),
        };
        let known = self.known_item(module, name);
        if let Some(index) = known.and_then(|key| self.function_named.get(&key)) {
            return Ok(*index);
        }
        let Name::Word(word) = name else {
            return Err(unknown("function", "#", at));
        };
        if let Some(declaration) = self.foreign_functions.get(&(module, word)).copied() {
            return self.foreign_function(declaration.it, declaration.at);
        }
        let own = self
            .syntax
            .functions
            .iter()
            .filter_map(|item| match item.it.name {
                Name::Word(name) if module == ModuleKey::Own => Some(name),
                _ => None,
            });
        let foreign = self.foreign_functions.keys().filter(|key| key.0 == module);
        let known = sorted(own.chain(foreign.map(|key| key.1)));
        let error = unknown("function", word, at).did_you_mean(word, known);
        Err(if error.hint.is_some() {
            error
        } else {
            error.hint("a function of another module is named first: `use fun 0x2::module::name(u64): bool;`")
        })
    }

    pub(super) fn foreign_function(
        &mut self,
        declaration: &'a FunctionDeclaration<'a>,
        at: Position,
    ) -> Result<FunctionHandleIndex> {
        let handle = self.function_handle(&declaration.name, &declaration.signature, at)?;
        let key = (handle.module, handle.name);
        let index = self.functions.intern(handle, at)?;
        self.function_named.entry(key).or_insert(index);
        Ok(index)
    }

    pub(super) fn function_handle(
        &mut self,
        name: &ItemName<'a>,
        signature: &SignatureSyntax<'a>,
        at: Position,
    ) -> Result<FunctionHandle> {
        let scope = &signature.type_parameters;
        let returns = self.tokens(&signature.returns, scope)?;
        let parameters = self.tokens(&signature.parameters, scope)?;
        let (module, name) = self.item_parts(name, at)?;
        let parameters = self.signature_of(parameters, at)?;
        let return_ = self.signature_of(returns, at)?;
        let type_parameters = scope.iter().map(|parameter| parameter.constraints);
        Ok(FunctionHandle {
            module,
            name,
            parameters,
            return_,
            type_parameters: type_parameters.collect(),
        })
    }

    /// A list of types, or the index that stands for one.
    fn tokens(
        &mut self,
        types: &Types<'a>,
        scope: Scope<'_, 'a>,
    ) -> Result<std::result::Result<Signature, SignatureIndex>> {
        Ok(match types {
            Types::Index(index) => Err(SignatureIndex(*index)),
            Types::List(types) => Ok(Signature(self.token_list(types, scope)?)),
        })
    }

    fn signature_of(
        &mut self,
        types: std::result::Result<Signature, SignatureIndex>,
        at: Position,
    ) -> Result<SignatureIndex> {
        match types {
            Ok(signature) => self.signatures.intern(signature, at),
            Err(index) => Ok(index),
        }
    }

    /// The index of a list of types.
    pub(super) fn signature(
        &mut self,
        types: &Types<'a>,
        scope: Scope<'_, 'a>,
        at: Position,
    ) -> Result<SignatureIndex> {
        let types = self.tokens(types, scope)?;
        self.signature_of(types, at)
    }

    pub(super) fn token_list(
        &mut self,
        types: &[Type<'a>],
        scope: Scope<'_, 'a>,
    ) -> Result<Vec<SignatureToken>> {
        types.iter().map(|type_| self.token(type_, scope)).collect()
    }

    pub(super) fn token(
        &mut self,
        type_: &Type<'a>,
        scope: Scope<'_, 'a>,
    ) -> Result<SignatureToken> {
        let boxed = |assembler: &mut Self, inner| assembler.token(inner, scope).map(Box::new);
        Ok(match type_ {
            Type::Leaf(token) => token.clone(),
            Type::Vector(element) => SignatureToken::Vector(boxed(self, element)?),
            Type::Reference(target) => SignatureToken::Reference(boxed(self, target)?),
            Type::MutableReference(target) => {
                SignatureToken::MutableReference(boxed(self, target)?)
            }
            Type::Named(name, None) => match type_parameter(&name.it, scope) {
                Some(index) => SignatureToken::TypeParameter(index),
                None => SignatureToken::Datatype(self.datatype(&name.it, name.at)?),
            },
            Type::Named(name, Some(arguments)) => {
                let handle = self.datatype(&name.it, name.at)?;
                let arguments = self.token_list(arguments, scope)?;
                SignatureToken::DatatypeInstantiation(Box::new((handle, arguments)))
            }
        })
    }
}

/// The type parameter that a name means.
fn type_parameter(name: &ItemName<'_>, scope: Scope<'_, '_>) -> Option<TypeParameterIndex> {
    let ItemName::In(ModuleName::Own, Name::Word(word)) = name else {
        return None;
    };
    debug_assert!(primitive(word).is_none());
    let position = scope.iter().position(|parameter| parameter.name == *word)?;
    u16::try_from(position).ok().map(TypeParameterIndex)
}

pub(super) fn datatype_parameters(parameters: &[TypeParameter<'_>]) -> Vec<DatatypeTyParameter> {
    let parameters = parameters.iter().map(|parameter| DatatypeTyParameter {
        constraints: parameter.constraints,
        is_phantom: parameter.is_phantom,
    });
    parameters.collect()
}

/// Names in an order that does not depend on a hash.
fn sorted<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names
}
