//! Move bytecode to register code, once per function instance.
//!
//! 1. Find the basic blocks that can be reached and what each costs.
//! 2. Give every local its slots at the start of the frame.
//! 3. Run each block on an abstract operand stack whose entries say *where* a
//!    value is: in a slot, an immediate, an address in the frame, a field
//!    behind a reference. Pushing a local or a constant emits nothing; the
//!    instruction that uses it reads it where it lies.
//! 4. Every entry also owns its *home*: slots above the locals, at the sum of
//!    the sizes below it. Arguments of a call and fields of a struct end up in
//!    their homes side by side, so a call passes its frame and a pack does
//!    nothing.
//! 5. Look back at the instruction emitted last: comparisons melt into
//!    branches, element borrows into loads and stores, and results go straight
//!    to the local they are stored in.
//! 6. Patch branches.
//!
//! Types are checked on the way as far as memory layout depends on them: code
//! that no verifier has seen is refused or runs within its own memory.

mod arithmetic;
mod blocks;
mod calls;
mod datatypes;
mod emit;
mod locals;
mod operand;
mod vectors;

use crate::ResolveError;
use crate::code::{Body, Code, ConstantValue, JumpTable, Ops, Passed};
use crate::cost_table;
use crate::interpreter::assemble;
use crate::layout::Layout;
use crate::linkage::{Instance, LinkContext};
use crate::memory::FRAME_WORDS;
use crate::module::{LoadedModule, entry};
use crate::op::{Op, Slot};
use crate::runtime_type::RuntimeType;
use crate::signature::Passing;
#[cfg(feature = "native-code")]
use crate::tier::Tier;
use blocks::Blocks;
use heddle_bytecode::{
    Bytecode, CodeUnit, ConstantPoolIndex, FunctionHandle, SignatureIndex, SignatureToken,
};
use operand::Operand;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use sui_sdk_types::Identifier;

/// The type of a local or operand: a value, or a reference to one.
#[derive(Clone, Debug)]
pub(crate) struct OperandType {
    pub(crate) passing: Passing,
    pub(crate) ty: RuntimeType,
}

impl OperandType {
    fn value(ty: RuntimeType) -> Self {
        Self {
            passing: Passing::Value,
            ty,
        }
    }

    fn is_reference(&self) -> bool {
        self.passing != Passing::Value
    }

    fn words(&self) -> u32 {
        match self.passing {
            Passing::Value => self.ty.layout.words,
            _ => 1,
        }
    }

    fn owns_heap(&self) -> bool {
        !self.is_reference() && self.ty.layout.owns_heap
    }

    /// Whether a value of this type may stand where `other` is expected.
    fn fits(&self, other: &Self) -> bool {
        let passing = match (self.passing, other.passing) {
            (Passing::MutableReference, Passing::ImmutableReference) => true,
            (own, other) => own == other,
        };
        passing && (self.ty == other.ty || self.same_type_and_layout(other))
    }

    fn same_type_and_layout(&self, other: &Self) -> bool {
        self.ty.is_same_type_as(&other.ty) && self.ty.layout == other.ty.layout
    }
}

/// Why code can't be translated.
enum Error {
    /// At the current instruction.
    Code(&'static str),
    Resolve(ResolveError),
}

impl From<&'static str> for Error {
    fn from(detail: &'static str) -> Self {
        Self::Code(detail)
    }
}

impl From<ResolveError> for Error {
    fn from(error: ResolveError) -> Self {
        Self::Resolve(error)
    }
}

type Result<T> = std::result::Result<T, Error>;

/// A local with its place in the frame.
struct Local {
    ty: OperandType,
    slot: Slot,
    /// Whether some instruction borrows it mutably, so that it may change
    /// while a copy of it waits on the operand stack.
    is_mutably_borrowed: bool,
}

struct Translator<'c> {
    context: &'c LinkContext,
    module: &'c Arc<LoadedModule>,
    type_arguments: &'c [RuntimeType],
    unit: &'c CodeUnit,
    returns: &'c [Passed],
    blocks: Blocks,
    locals: Vec<Local>,
    stack: Vec<Operand>,
    /// First slot above the operand stack.
    top: u32,
    ops: Vec<Op>,
    offsets: Vec<u16>,
    /// Position in `ops` of the current block's first instruction: peepholes
    /// don't look back beyond it.
    barrier: usize,
    constants: Vec<ConstantValue>,
    layouts: Vec<Arc<Layout>>,
    /// Places in `layouts`, by address.
    layout_places: FxHashMap<*const Layout, u16>,
    jump_tables: Vec<JumpTable>,
    /// Locals that may own buffers.
    owning_locals: Vec<(Slot, u16)>,
    /// What a return adds to its block's cost to drop them.
    drop_cost: u64,
    /// Instructions and nodes of the types named so far.
    load: u64,
    /// Types that instructions give, by their signature.
    signatures: FxHashMap<SignatureIndex, Arc<[RuntimeType]>>,
    /// Constants that own buffers: their place in `constants` and their cost.
    owning_constants: FxHashMap<ConstantPoolIndex, (u16, u64)>,
    /// What the types in the current block add to its cost.
    cost: u64,
    offset: u16,
}

/// The offsets of the blocks that are translated, `None` if `unit` has none
/// that make sense.
pub(crate) fn reachable_blocks(unit: &CodeUnit) -> Option<Vec<std::ops::Range<usize>>> {
    let blocks = Blocks::find(unit).ok()?;
    Some(
        blocks
            .reachable()
            .map(|block| blocks.range(block))
            .collect(),
    )
}

/// Translates an instance, or binds its native.
pub(crate) fn translate(
    context: &LinkContext,
    instance: &Instance,
) -> std::result::Result<Code, ResolveError> {
    let module = &instance.module.0;
    let malformed = |detail| module.malformed(detail);
    let definition = entry(&module.module, instance.function).map_err(malformed)?;
    let handle = entry(&module.module, definition.function).map_err(malformed)?;
    let name = entry(&module.module, handle.name).map_err(malformed)?;
    let name = Identifier::new(name.as_str())
        .map_err(|_| ResolveError::BadIdentifier(name.to_string()))?;
    let arguments = &instance.type_arguments;
    if handle.type_parameters.len() != arguments.len() {
        return Err(ResolveError::TypeArgumentCount {
            expected: handle.type_parameters.len(),
            given: arguments.len(),
        });
    }
    let (parameters, parameter_words) = signature(context, module, handle.parameters, arguments)?;
    let (returns, return_words) = signature(context, module, handle.return_, arguments)?;
    let mut load_cost = 0;
    let body = match &definition.code {
        None => Body::Native {
            function: context
                .natives()
                .get(&module.package.original_id, &module.name, &name)
                .ok_or_else(|| ResolveError::NativeNotFound {
                    package: module.package.storage_id,
                    module: module.name.clone(),
                    function: name.clone(),
                })?,
            type_arguments: arguments.clone(),
        },
        Some(unit) => {
            let mut translator = Translator {
                context,
                module,
                type_arguments: arguments,
                unit,
                returns: &returns,
                blocks: Blocks::default(),
                locals: Vec::new(),
                stack: Vec::new(),
                top: 0,
                ops: Vec::new(),
                offsets: Vec::new(),
                barrier: 0,
                constants: Vec::new(),
                layouts: Vec::new(),
                layout_places: FxHashMap::default(),
                jump_tables: Vec::new(),
                owning_locals: Vec::new(),
                drop_cost: 0,
                load: unit.code.len() as u64,
                signatures: FxHashMap::default(),
                owning_constants: FxHashMap::default(),
                cost: 0,
                offset: 0,
            };
            match translator.function(handle) {
                Ok(()) => {
                    load_cost = cost_table::load(translator.load);
                    translator.finish()
                }
                Err(Error::Resolve(error)) => return Err(error),
                Err(Error::Code(detail)) => {
                    return Err(ResolveError::MalformedCode {
                        module: module.name.clone(),
                        function: name,
                        instruction: translator.offset,
                        detail,
                    });
                }
            }
        }
    };
    Ok(Code {
        #[cfg(feature = "native-code")]
        tier: Tier::new(&body),
        body,
        module: module.clone(),
        function: instance.function,
        name,
        parameters,
        returns,
        load_cost,
        parameter_words,
        return_words,
    })
}

/// The closed type of a parameter, result, local or operand.
pub(crate) fn operand_type(
    context: &LinkContext,
    module: &Arc<LoadedModule>,
    token: &SignatureToken,
    arguments: &[RuntimeType],
) -> std::result::Result<OperandType, ResolveError> {
    let (passing, inner) = match token {
        SignatureToken::Reference(inner) => (Passing::ImmutableReference, &**inner),
        SignatureToken::MutableReference(inner) => (Passing::MutableReference, &**inner),
        token => (Passing::Value, token),
    };
    Ok(OperandType {
        passing,
        ty: context.resolve(module, inner, arguments)?,
    })
}

/// A signature laid out in slots from 0, and its size in words.
fn signature(
    context: &LinkContext,
    module: &Arc<LoadedModule>,
    index: SignatureIndex,
    arguments: &[RuntimeType],
) -> std::result::Result<(Box<[Passed]>, u32), ResolveError> {
    let tokens = entry(&module.module, index).map_err(|detail| module.malformed(detail))?;
    let mut words = 0u32;
    let passed = tokens
        .0
        .iter()
        .map(|token| {
            let OperandType { passing, ty } = operand_type(context, module, token, arguments)?;
            let passed = Passed {
                passing,
                ty,
                slot: words as Slot,
            };
            words = words.saturating_add(passed.words());
            if words as usize >= FRAME_WORDS {
                return Err(ResolveError::TypeTooLarge {
                    limit: "size of a signature",
                });
            }
            Ok(passed)
        })
        .collect::<std::result::Result<_, _>>()?;
    Ok((passed, words))
}

impl<'c> Translator<'c> {
    fn finish(self) -> Body {
        let entry_cost = match self.ops.first() {
            Some(Op::Gas { cost }) => *cost,
            _ => 0,
        };
        Body::Ops(Ops {
            instructions: assemble(&self.ops, &self.layouts),
            entry_cost,
            ops: self.ops.into(),
            offsets: self.offsets.into(),
            constants: self.constants.into(),
            layouts: self.layouts.into(),
            jump_tables: self.jump_tables.into(),
            owning_locals: self.owning_locals.into(),
            #[cfg(feature = "native-code")]
            locals: self
                .locals
                .iter()
                .map(|local| (local.slot, local.ty.words()))
                .collect(),
        })
    }

    fn function(&mut self, handle: &FunctionHandle) -> Result<()> {
        self.blocks = Blocks::find(self.unit)?;
        self.place_locals(handle)?;
        for index in 0..self.locals.len() {
            if self.locals[index].ty.owns_heap() {
                let layout = self.locals[index].ty.ty.layout.clone();
                self.drop_cost += cost_table::walk(&layout);
                let place = self.layout_index(&layout);
                self.owning_locals.push((self.locals[index].slot, place));
            }
        }
        for passed in self.returns {
            self.name_type(&passed.ty)?;
        }
        let order: Vec<usize> = self.blocks.reachable().collect();
        for block in order {
            self.block(block)?;
        }
        self.patch_branches()
    }

    fn block(&mut self, block: usize) -> Result<()> {
        let range = self.blocks.range(block);
        self.offset = range.start as u16;
        self.cost = 0;
        self.blocks.set_position(block, self.ops.len());
        let mut gas_at = self.ops.len();
        self.emit(Op::Gas { cost: 0 });
        if block == 0 {
            gas_at = self.prologue()?;
        }
        self.barrier = self.ops.len();
        let unit = self.unit;
        for offset in range {
            self.offset = offset as u16;
            let instruction = &unit.code[offset];
            self.cost += cost_table::instruction(instruction);
            self.instruction(instruction)?;
        }
        if !self.stack.is_empty() {
            return Err("operand stack is not empty at the end of a block".into());
        }
        let cost = u32::try_from(self.cost.max(1)).map_err(|_| "block costs too much")?;
        self.ops[gas_at] = Op::Gas { cost };
        self.blocks.set_cost(block, cost);
        Ok(())
    }

    // One arm for each instruction; families are in the sibling modules.
    fn instruction(&mut self, instruction: &Bytecode) -> Result<()> {
        use Bytecode::*;
        match instruction {
            Nop => Ok(()),
            Pop => self.pop_and_drop(),
            Ret => self.ret(),
            Abort => self.abort(),
            Branch(target) => self.jump(*target),
            BrTrue(target) => self.branch_if(true, *target),
            BrFalse(target) => self.branch_if(false, *target),
            VariantSwitch(table) => self.variant_switch(*table),
            Call(function) => self.call(*function),
            CallGeneric(instantiation) => self.call_generic(*instantiation),

            LdTrue => self.push_immediate(&self.primitives().bool, 1),
            LdFalse => self.push_immediate(&self.primitives().bool, 0),
            LdU8(value) => self.push_immediate(&self.primitives().u8, u64::from(*value)),
            LdU16(value) => self.push_immediate(&self.primitives().u16, u64::from(*value)),
            LdU32(value) => self.push_immediate(&self.primitives().u32, u64::from(*value)),
            LdU64(value) => self.push_immediate(&self.primitives().u64, *value),
            LdU128(value) => {
                let words = [**value as u64, (**value >> 64) as u64];
                self.push_words(&self.primitives().u128, &words)
            }
            LdU256(value) => self.push_words(&self.primitives().u256, value.as_limbs()),
            LdConst(index) => self.load_constant(*index),

            CopyLoc(local) => self.copy_local(*local),
            MoveLoc(local) => self.move_local(*local),
            StLoc(local) => self.store_local(*local),
            MutBorrowLoc(local) => self.borrow_local(*local, Passing::MutableReference),
            ImmBorrowLoc(local) => self.borrow_local(*local, Passing::ImmutableReference),
            FreezeRef => self.freeze_ref(),
            ReadRef => self.read_ref(),
            WriteRef => self.write_ref(),

            MutBorrowField(field) => self.borrow_field(*field, Passing::MutableReference),
            ImmBorrowField(field) => self.borrow_field(*field, Passing::ImmutableReference),
            MutBorrowFieldGeneric(field) => {
                self.borrow_field_generic(*field, Passing::MutableReference)
            }
            ImmBorrowFieldGeneric(field) => {
                self.borrow_field_generic(*field, Passing::ImmutableReference)
            }
            Pack(def) => self.pack(*def, None),
            PackGeneric(def) => self.pack_generic(*def),
            Unpack(def) => self.unpack(*def),
            UnpackGeneric(def) => self.unpack_generic(*def),
            PackVariant(variant) => self.pack_variant(*variant),
            PackVariantGeneric(variant) => self.pack_variant_generic(*variant),
            UnpackVariant(variant) => self.unpack_variant(*variant),
            UnpackVariantGeneric(variant) => self.unpack_variant_generic(*variant),
            UnpackVariantImmRef(variant) | UnpackVariantMutRef(variant) => {
                self.unpack_variant_reference(*variant)
            }
            UnpackVariantGenericImmRef(variant) | UnpackVariantGenericMutRef(variant) => {
                self.unpack_variant_reference_generic(*variant)
            }

            Add | Sub | Mul | Div | Mod | BitOr | BitAnd | Xor | Shl | Shr => {
                self.arithmetic(instruction)
            }
            Or | And => self.logic(instruction),
            Not => self.not(),
            Lt | Gt | Le | Ge => self.order(instruction),
            Eq => self.equality(false),
            Neq => self.equality(true),
            CastU8 | CastU16 | CastU32 | CastU64 | CastU128 | CastU256 => self.cast(instruction),

            VecPack(element, count) => self.vector_pack(*element, *count),
            VecUnpack(element, count) => self.vector_unpack(*element, *count),
            VecLen(element) => self.vector_length(*element),
            VecImmBorrow(element) => self.vector_borrow(*element, Passing::ImmutableReference),
            VecMutBorrow(element) => self.vector_borrow(*element, Passing::MutableReference),
            VecPushBack(element) => self.vector_push(*element),
            VecPopBack(element) => self.vector_pop(*element),
            VecSwap(element) => self.vector_swap(*element),

            ExistsDeprecated(_)
            | ExistsGenericDeprecated(_)
            | MoveFromDeprecated(_)
            | MoveFromGenericDeprecated(_)
            | MoveToDeprecated(_)
            | MoveToGenericDeprecated(_)
            | MutBorrowGlobalDeprecated(_)
            | MutBorrowGlobalGenericDeprecated(_)
            | ImmBorrowGlobalDeprecated(_)
            | ImmBorrowGlobalGenericDeprecated(_) => {
                Err("instructions of global storage can't run here".into())
            }
        }
    }

    /// The types of a signature that an instruction gives, closed.
    fn resolve_signature(&mut self, index: SignatureIndex) -> Result<Arc<[RuntimeType]>> {
        let known = self.signatures.get(&index).cloned();
        let types = match known {
            Some(types) => types,
            None => entry(&self.module.module, index)?
                .0
                .iter()
                .map(|token| {
                    let arguments = self.type_arguments;
                    Ok(self.context.resolve(self.module, token, arguments)?)
                })
                .collect::<Result<Arc<[_]>>>()?,
        };
        self.signatures.insert(index, types.clone());
        for ty in types.iter() {
            self.name_type(ty)?;
        }
        Ok(types)
    }

    /// Counts a type that the function names.
    fn name_type(&mut self, ty: &RuntimeType) -> Result<()> {
        self.name(u64::from(ty.size))
    }

    fn name(&mut self, units: u64) -> Result<()> {
        self.load += units;
        if self.load > u64::from(self.context.config().function_load_max) {
            return Err(Error::Resolve(ResolveError::TypeTooLarge {
                limit: "size of all types that one function names",
            }));
        }
        Ok(())
    }

    fn primitives(&self) -> &'static crate::linkage::Primitives {
        crate::linkage::primitives()
    }
}
