//! The tiers of the VM, and how one runs a call of a program.

use heddle_bytecode::{DatatypeDefinition, FunctionDefinitionIndex, SignatureToken};
use heddle_reference::{
    Call, Datatype, Failure, FailureKind, Outcome, Place, Program, Returned, Type,
};
use heddle_vm::{
    ArithmeticError, CallArg, ExecutionError, ExecutionErrorKind, Extensions, GasMeter, NativeCode,
    NativeTable, Package, PackageSource, ResolveError, SourceError, VectorError, Vm, VmConfig,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier, StructTag, TypeTag};

/// One way to execute.
pub(crate) struct Tier {
    pub(crate) name: &'static str,
    pub(crate) config: fn() -> VmConfig,
}

/// All of them. The first is what the others are compared with.
pub(crate) const TIERS: &[Tier] = &[
    Tier {
        name: "interpreter",
        config: VmConfig::default,
    },
    // Interpreted as well in a build without the feature `native-code`.
    Tier {
        name: "native code",
        config: || VmConfig {
            native_code: NativeCode::ALWAYS,
            ..VmConfig::default()
        },
    },
    // Functions change tiers while a program runs.
    Tier {
        name: "native code later",
        config: || VmConfig {
            native_code: NativeCode::After(3),
            ..VmConfig::default()
        },
    },
];

/// Packages by id.
#[derive(Default)]
pub(crate) struct Store(BTreeMap<Address, Arc<Package>>);

impl PackageSource for Store {
    fn package(&self, storage_id: &Address) -> Result<Option<Arc<Package>>, SourceError> {
        Ok(self.0.get(storage_id).cloned())
    }
}

impl Store {
    pub(crate) fn add(&mut self, program: &Program) {
        let package = package(program);
        self.0.insert(package.storage_id, Arc::new(package));
    }
}

/// A VM that knows programs.
pub(crate) struct World {
    vm: Vm,
    store: Store,
}

fn identifier(text: &str) -> Identifier {
    Identifier::new(text).expect("generated names are identifiers")
}

fn package(program: &Program) -> Package {
    let id = *program.modules[0].address();
    let modules = program.modules.iter().map(|module| {
        let bytes = module
            .serialize()
            .expect("generated modules can be written");
        (identifier(module.name().as_str()), Arc::from(bytes))
    });
    Package {
        storage_id: id,
        original_id: id,
        version: 1,
        modules: modules.collect(),
        type_origins: BTreeMap::new(),
        linkage: BTreeMap::new(),
    }
}

/// How two outcomes differ.
pub(crate) enum Difference {
    /// The VM met a limit that the reference does not have.
    BeyondLimits,
    /// In words.
    Words(String),
}

/// What is seen of a call on the VM: the outcome in the reference's terms, or
/// an error that the reference has no word for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) outcome: Result<Outcome, ExecutionError>,
    pub(crate) gas_used: u64,
}

/// Compares with the reference.
pub(crate) fn differs(expected: &Outcome, seen: &Seen) -> Result<(), Difference> {
    let outcome = match &seen.outcome {
        Ok(outcome) => outcome,
        Err(error) => {
            return Err(match &error.kind {
                ExecutionErrorKind::MemoryLimit { .. }
                | ExecutionErrorKind::FrameTooLarge { .. }
                | ExecutionErrorKind::Resolve(ResolveError::TypeTooLarge { .. }) => {
                    Difference::BeyondLimits
                }
                _ => Difference::Words(format!("expected {expected:?}\nfound {error:?}")),
            });
        }
    };
    if expected == outcome {
        return Ok(());
    }
    Err(Difference::Words(format!(
        "expected {expected:?}\nfound    {outcome:?}"
    )))
}

impl World {
    pub(crate) fn new(tier: &Tier, program: &Program) -> Self {
        let mut store = Store::default();
        store.add(program);
        Self::of(tier, store)
    }

    pub(crate) fn of(tier: &Tier, store: Store) -> Self {
        Self {
            vm: Vm::new(NativeTable::with_std(), (tier.config)()),
            store,
        }
    }

    /// Runs a call.
    pub(crate) fn observe(&self, program: &Program, call: &Call, budget: u64) -> Seen {
        let module = &program.modules[call.module];
        let handle = &module[module[call.function].function];
        let parameters = &module[handle.parameters].0;
        let arguments = parameters.iter().zip(&call.arguments);
        let arguments = arguments
            .map(|(token, argument)| {
                let bytes = argument.bytes.clone();
                match token {
                    SignatureToken::Reference(_) => CallArg::ImmRef(bytes),
                    SignatureToken::MutableReference(_) => CallArg::MutRef(bytes),
                    _ => CallArg::Value(bytes),
                }
            })
            .collect();
        let tags: Vec<TypeTag> = call
            .type_arguments
            .iter()
            .map(|ty| type_tag(program, ty))
            .collect();
        let mut execution = self
            .vm
            .start(&self.store, GasMeter::new(budget), Extensions::new());
        let result = execution.call(
            *module.address(),
            &identifier(module.name().as_str()),
            &identifier(module.function_name(call.function).as_str()),
            &tags,
            arguments,
        );
        let gas_used = execution.finish().0.used();
        let result = match result {
            Ok(returned) => Ok(Returned {
                values: returned.values,
                mutated: returned.mutated,
            }),
            Err(error) => match kind(&error.kind) {
                Some(kind) => Err(Failure {
                    kind,
                    place: error.place.map(|place| in_program(program, &place)),
                }),
                None => {
                    return Seen {
                        outcome: Err(error),
                        gas_used,
                    };
                }
            },
        };
        Seen {
            outcome: Ok(Outcome { result, gas_used }),
            gas_used,
        }
    }
}

fn in_program(program: &Program, place: &heddle_vm::Place) -> Place {
    let module = program
        .modules
        .iter()
        .position(|module| module.name().as_str() == place.module.as_str());
    Place {
        module: module.expect("the place is in the program"),
        function: FunctionDefinitionIndex(place.function_index),
        offset: place.instruction,
    }
}

fn kind(kind: &ExecutionErrorKind) -> Option<FailureKind> {
    use ExecutionErrorKind as E;
    Some(match kind {
        E::Abort { code } => FailureKind::Abort(*code),
        E::OutOfGas => FailureKind::OutOfGas,
        E::CallDepth => FailureKind::CallDepth,
        E::Arithmetic(error) => match error {
            ArithmeticError::Overflow => FailureKind::Overflow,
            ArithmeticError::DivisionByZero => FailureKind::DivisionByZero,
            ArithmeticError::ShiftAmount => FailureKind::ShiftAmount,
            ArithmeticError::Cast => FailureKind::Cast,
        },
        E::Vector(error) => match *error {
            VectorError::Index { index, length } => FailureKind::VectorIndex { index, length },
            VectorError::PopEmpty => FailureKind::PopEmpty,
            VectorError::UnpackLength { expected, length } => {
                FailureKind::UnpackLength { expected, length }
            }
        },
        E::VariantMismatch { expected, actual } => FailureKind::Variant {
            expected: *expected,
            actual: u16::try_from(*actual).ok()?,
        },
        _ => return None,
    })
}

fn type_tag(program: &Program, ty: &Type) -> TypeTag {
    match ty {
        Type::Bool => TypeTag::Bool,
        Type::Integer(8) => TypeTag::U8,
        Type::Integer(16) => TypeTag::U16,
        Type::Integer(32) => TypeTag::U32,
        Type::Integer(64) => TypeTag::U64,
        Type::Integer(128) => TypeTag::U128,
        Type::Integer(_) => TypeTag::U256,
        Type::Address => TypeTag::Address,
        Type::Signer => TypeTag::Signer,
        Type::Vector(element) => TypeTag::Vector(Box::new(type_tag(program, element))),
        Type::Datatype(datatype) => {
            let Datatype {
                module,
                definition,
                arguments,
            } = &**datatype;
            let module = &program.modules[*module];
            let handle = match *definition {
                DatatypeDefinition::Struct(index) => module[index].struct_handle,
                DatatypeDefinition::Enum(index) => module[index].enum_handle,
            };
            TypeTag::Struct(Box::new(StructTag::new(
                *module.address(),
                identifier(module.name().as_str()),
                identifier(module[module[handle].name].as_str()),
                arguments.iter().map(|ty| type_tag(program, ty)).collect(),
            )))
        }
        Type::Reference(target) | Type::MutableReference(target) => type_tag(program, target),
    }
}
