//! Random modules that the verifier accepts.
//!
//! 1. Structs and enums, generic ones among them, with fields of types made
//!    before, each with a public function that makes it and one that takes it
//!    apart.
//! 2. Functions with random signatures, each of which calls only earlier ones,
//!    and itself under a bound.
//! 3. Bodies: typed trees of statements and expressions, lowered on the way
//!    (`body`, `expression`, `place`, `statement`). What makes them hard on a
//!    translator is that a statement may run while operands wait on the stack,
//!    that values are moved, copied, borrowed and kept in temporaries at
//!    random, and that blocks are laid out in any order, with dead ones
//!    between them.
//! 4. What the generator gets wrong (it follows the borrow rules only roughly)
//!    the verifier finds: the function's body is replaced by an abort.
//!
//! Loops mostly count, but need not end: gas bounds them.

mod body;
mod calls;
mod expression;
mod layout;
mod place;
mod statement;
mod types;

pub use calls::call;

use crate::{Choices, Program};
use body::Body;
use heddle_bytecode::testing::{FunctionSignature, ModuleBuilder, address};
use heddle_bytecode::{
    AbilitySet, Bytecode, CompiledModule, DatatypeHandleIndex, FunctionDefinitionIndex,
    FunctionHandleIndex, Visibility,
};
use heddle_verifier::{VerificationError, VerifierLimits, WorkMeter, verify_module};
use types::{Data, Function, Kind, Passing, Ty};

/// How large programs become.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Modules, at least 1.
    pub modules: u64,
    /// Structs and enums, at most.
    pub datatypes: u64,
    /// Functions with random bodies, at most.
    pub functions: u64,
    /// Statements and expressions of a body, at most.
    pub steps: u64,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            modules: 2,
            datatypes: 6,
            functions: 7,
            steps: 150,
        }
    }
}

/// A program, and how the generator did.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The program.
    pub program: Program,
    /// Bodies made.
    pub bodies: usize,
    /// Bodies that the generator could not complete.
    pub stuck: usize,
    /// Bodies that the verifier refused, with its reason.
    pub refused: Vec<VerificationError>,
}

/// What is known while a program is made.
#[derive(Default)]
struct Items {
    datas: Vec<Data>,
    functions: Vec<Function>,
}

/// Makes a program whose modules are at the address that ends with `number`.
#[must_use]
pub fn generate(choices: &mut Choices, size: Size, number: u64) -> Generated {
    let mut home = *address(0).inner();
    home[0] = 0xD1;
    home[24..].copy_from_slice(&number.to_be_bytes());
    let home = heddle_bytecode::Address::new(home);
    let modules = 1 + choices.index(size.modules.max(1) as usize);
    let mut builders: Vec<ModuleBuilder> = (0..modules)
        .map(|module| ModuleBuilder::new(home, &format!("m{module}")))
        .collect();
    let mut items = Items::default();
    for _ in 0..choices.below(size.datatypes + 1) {
        items.add_data(choices, &mut builders);
    }
    let mut generated = Generated {
        program: Program::new(Vec::new()),
        bodies: 0,
        stuck: 0,
        refused: Vec::new(),
    };
    for _ in 0..1 + choices.below(size.functions) {
        let index = items.declare(choices, &mut builders);
        let steps = 1 + choices.below(size.steps);
        items.define(choices, &mut builders, index, steps, &mut generated);
    }
    let modules = builders.into_iter().map(ModuleBuilder::build).collect();
    generated.program = Program::new(modules);
    generated
}

/// The first rule that a module breaks by itself.
pub(crate) fn broken_rule(module: &CompiledModule) -> Option<VerificationError> {
    let mut meter = WorkMeter::default();
    verify_module(module, &VerifierLimits::default(), &mut meter).err()
}

impl Items {
    /// A struct or enum, its maker and its destroyer.
    fn add_data(&mut self, choices: &mut Choices, builders: &mut [ModuleBuilder]) {
        let module = choices.index(builders.len());
        let abilities = types::datatype_abilities(choices);
        let parameters: Vec<(bool, AbilitySet)> = (0..choices.below(3))
            .map(|_| (choices.chance(15), types::constraint(choices)))
            .collect();
        let is_enum = choices.chance(40);
        let variants = if is_enum { 1 + choices.below(4) } else { 1 };
        let inside: Vec<AbilitySet> = parameters.iter().map(|(_, it)| *it).collect();
        let usable: Vec<bool> = parameters
            .iter()
            .map(|(is_phantom, _)| !is_phantom)
            .collect();
        let variants: Vec<Vec<Ty>> = (0..variants)
            .map(|_| {
                let least = u64::from(!is_enum);
                let count = least + choices.below(4);
                let mut fields: Vec<Ty> = Vec::new();
                for _ in 0..count {
                    let ty = match fields.last() {
                        Some(last) if choices.chance(25) => last.clone(),
                        _ => self.any_ty(choices, 2, &inside, &usable),
                    };
                    // A field's type parameter may be taken to have all.
                    let all = vec![AbilitySet::ALL; parameters.len()];
                    let fits = abilities.requires().is_subset(self.abilities(&ty, &all));
                    fields.push(if fits { ty } else { Ty::Integer(64) });
                }
                fields
            })
            .collect();
        let position = self.datas.len();
        let name = format!("D{position}");
        let builder = &mut builders[module];
        let handle = builder.own_datatype(&name, abilities, &parameters);
        let mut data = Data {
            module,
            name,
            abilities,
            parameters,
            variants,
            is_enum,
            struct_def: None,
            enum_def: None,
        };
        data.define(self, builder, handle);
        self.datas.push(data);
        self.add_maker(position, builders);
        self.add_destroyer(position, builders);
    }

    /// A type for a field or a signature, made of what there is.
    fn ty_of(
        &self,
        choices: &mut Choices,
        depth: u32,
        needed: AbilitySet,
        parameters: &[AbilitySet],
        usable: &[bool],
    ) -> Ty {
        let ty = self.any_ty(choices, depth, parameters, usable);
        if needed.is_subset(self.abilities(&ty, parameters)) {
            ty
        } else {
            Ty::Integer(64)
        }
    }

    fn any_ty(
        &self,
        choices: &mut Choices,
        depth: u32,
        parameters: &[AbilitySet],
        usable: &[bool],
    ) -> Ty {
        match choices.below(if depth == 0 { 8 } else { 16 }) {
            0 | 1 => Ty::Integer(64),
            2 | 3 => Ty::Integer(8 << choices.below(6)),
            4 => Ty::Bool,
            5 => Ty::Address,
            6 | 7 => {
                let free: Vec<u16> = (0u16..)
                    .zip(usable)
                    .filter(|(_, usable)| **usable)
                    .map(|(index, _)| index)
                    .collect();
                if free.is_empty() {
                    Ty::Integer(64)
                } else {
                    Ty::Parameter(free[choices.index(free.len())])
                }
            }
            8..=11 => Ty::Vector(Box::new(self.any_ty(
                choices,
                depth - 1,
                parameters,
                usable,
            ))),
            _ if self.datas.is_empty() => Ty::Integer(8),
            _ => {
                let index = choices.index(self.datas.len());
                self.data_ty(choices, index, depth - 1, parameters, usable)
            }
        }
    }

    /// A datatype with type arguments that its constraints allow.
    fn data_ty(
        &self,
        choices: &mut Choices,
        index: usize,
        depth: u32,
        parameters: &[AbilitySet],
        usable: &[bool],
    ) -> Ty {
        let arguments = self.datas[index]
            .parameters
            .iter()
            .map(|(_, needed)| self.ty_of(choices, depth, *needed, parameters, usable))
            .collect();
        Ty::Data(index, arguments)
    }

    /// `public fun make_D<T..>(fields of the first variant): D<T..>`
    fn add_maker(&mut self, position: usize, builders: &mut [ModuleBuilder]) {
        let data = &self.datas[position];
        let constraints: Vec<AbilitySet> = data.parameters.iter().map(|(_, it)| *it).collect();
        let arguments = (0..constraints.len() as u16).map(Ty::Parameter).collect();
        let whole = Ty::Data(position, arguments);
        let parameters: Vec<Kind> = data.variants[0].iter().cloned().map(Kind::value).collect();
        let index = self.add_function(
            builders,
            data.module,
            format!("make_{}", data.name),
            constraints,
            parameters.clone(),
            vec![Kind::value(whole.clone())],
        );
        let mut code: Vec<Bytecode> = (0..parameters.len() as u8)
            .map(|local| Bytecode::MoveLoc(heddle_bytecode::LocalIndex(local)))
            .collect();
        let module = self.datas[position].module;
        code.push(self.pack(&mut builders[module], &whole, 0));
        code.push(Bytecode::Ret);
        builders[module].body(self.functions[index].definition, &[], code);
    }

    /// `public fun unmake_D<T..>(d: D<T..>): (fields of the first variant)`
    fn add_destroyer(&mut self, position: usize, builders: &mut [ModuleBuilder]) {
        let data = &self.datas[position];
        let constraints: Vec<AbilitySet> = data.parameters.iter().map(|(_, it)| *it).collect();
        let arguments = (0..constraints.len() as u16).map(Ty::Parameter).collect();
        let whole = Ty::Data(position, arguments);
        let returns: Vec<Kind> = data.variants[0].iter().cloned().map(Kind::value).collect();
        let index = self.add_function(
            builders,
            data.module,
            format!("unmake_{}", data.name),
            constraints,
            vec![Kind::value(whole.clone())],
            returns,
        );
        let module = self.datas[position].module;
        let code = vec![
            Bytecode::MoveLoc(heddle_bytecode::LocalIndex(0)),
            self.unpack(&mut builders[module], &whole, 0, None),
            Bytecode::Ret,
        ];
        builders[module].body(self.functions[index].definition, &[], code);
    }

    fn add_function(
        &mut self,
        builders: &mut [ModuleBuilder],
        module: usize,
        name: String,
        constraints: Vec<AbilitySet>,
        parameters: Vec<Kind>,
        returns: Vec<Kind>,
    ) -> usize {
        let builder = &mut builders[module];
        let mut tokens = |kinds: &[Kind]| {
            kinds
                .iter()
                .map(|kind| self.token_of_kind(builder, kind))
                .collect()
        };
        let signature = FunctionSignature {
            type_parameters: constraints.clone(),
            parameters: tokens(&parameters),
            returns: tokens(&returns),
        };
        let definition = builder.function(&name, Visibility::Public, &signature);
        self.functions.push(Function {
            module,
            name,
            constraints,
            parameters,
            returns,
            definition,
            is_recursive: false,
        });
        self.functions.len() - 1
    }

    /// A function with a random signature and no body yet.
    fn declare(&mut self, choices: &mut Choices, builders: &mut [ModuleBuilder]) -> usize {
        let module = choices.index(builders.len());
        let constraints: Vec<AbilitySet> = (0..choices.below(4).saturating_sub(1))
            .map(|_| types::constraint(choices))
            .collect();
        let usable = vec![true; constraints.len()];
        let is_recursive = choices.chance(20);
        let mut parameters = Vec::new();
        if is_recursive {
            parameters.push(Kind::value(Ty::Integer(64)));
        }
        for _ in 0..choices.below(5) {
            let ty = self.any_ty(choices, 2, &constraints, &usable);
            let passing = match choices.below(10) {
                0..=5 => Passing::Value,
                6 | 7 => Passing::Immutable,
                _ => Passing::Mutable,
            };
            parameters.push(Kind { passing, ty });
        }
        let mut returns = Vec::new();
        for _ in 0..choices.below(4) {
            let ty = self.any_ty(choices, 2, &constraints, &usable);
            let is_made = types::is_made_from_nothing(self, &ty);
            returns.push(Kind::value(if is_made { ty } else { Ty::Bool }));
        }
        // What cannot be dropped goes back to the caller.
        for kind in &parameters {
            let has_drop = self
                .abilities(&kind.ty, &constraints)
                .has(heddle_bytecode::Ability::Drop);
            if kind.passing == Passing::Value && !has_drop {
                returns.push(kind.clone());
            }
        }
        // Some functions lend out a part of what they borrow.
        let lends = parameters
            .iter()
            .position(|kind| kind.passing != Passing::Value);
        if let Some(lender) = lends
            && choices.chance(40)
        {
            let places = place::parts(self, module, &parameters[lender].ty, 2);
            let (_, ty) = places[choices.index(places.len())].clone();
            returns = vec![Kind {
                passing: parameters[lender].passing,
                ty,
            }];
            parameters.retain(|kind| {
                kind.passing != Passing::Value
                    || self
                        .abilities(&kind.ty, &constraints)
                        .has(heddle_bytecode::Ability::Drop)
            });
        }
        let name = format!("f{}", self.functions.len());
        let index = self.add_function(builders, module, name, constraints, parameters, returns);
        self.functions[index].is_recursive = is_recursive;
        index
    }

    /// Gives a function its body.
    fn define(
        &self,
        choices: &mut Choices,
        builders: &mut [ModuleBuilder],
        index: usize,
        steps: u64,
        generated: &mut Generated,
    ) {
        let function = &self.functions[index];
        let builder = &mut builders[function.module];
        let untouched = builder.clone();
        let abort = vec![Bytecode::LdU64(index as u64), Bytecode::Abort];
        generated.bodies += 1;
        let made = Body::new(self, builder, choices, index, steps).function();
        let Ok(lowered) = made else {
            generated.stuck += 1;
            *builder = untouched;
            builder.body(function.definition, &[], abort);
            return;
        };
        builder.body_with_jump_tables(
            function.definition,
            &lowered.locals,
            lowered.code,
            lowered.jump_tables,
        );
        if let Some(error) = broken_rule(&builder.module) {
            generated.refused.push(error);
            *builder = untouched;
            builder.body(function.definition, &[], abort);
        }
    }

    fn handle(
        &self,
        builder: &mut ModuleBuilder,
        module_of_code: usize,
        index: usize,
    ) -> FunctionHandleIndex {
        let function = &self.functions[index];
        if function.module == module_of_code {
            let definition: FunctionDefinitionIndex = function.definition;
            return builder.module[definition].function;
        }
        let mut tokens = |kinds: &[Kind]| {
            kinds
                .iter()
                .map(|kind| self.token_of_kind(builder, kind))
                .collect()
        };
        let signature = FunctionSignature {
            type_parameters: function.constraints.clone(),
            parameters: tokens(&function.parameters),
            returns: tokens(&function.returns),
        };
        let home = *builder.module.address();
        let module = builder.module_handle(home, &format!("m{}", function.module));
        builder.function_handle(module, &function.name, &signature)
    }

    fn datatype_handle(&self, builder: &mut ModuleBuilder, index: usize) -> DatatypeHandleIndex {
        let data = &self.datas[index];
        let home = *builder.module.address();
        let module = builder.module_handle(home, &format!("m{}", data.module));
        builder.datatype_handle(module, &data.name, data.abilities, &data.parameters)
    }
}
