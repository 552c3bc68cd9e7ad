//! The gas rule, written down a second time.
//!
//! 1. A basic block starts at offset 0, at every target of a branch or jump
//!    table (of reachable code or not), and behind every branch, `ret` and
//!    `abort`.
//! 2. On the way into a block its whole cost is charged: the sum over its
//!    instructions of a fixed figure and of what the operands' types add.
//! 3. Copies and comparisons of values that hold vectors charge, when they
//!    happen, for each vector that they meet.
//! 4. A call from outside charges for its entry, and for each argument and
//!    result by its walk and the vectors in it.
//! 5. A function that runs for the first time in a call from outside charges
//!    for its instructions and for the types that it names. A function that is
//!    entered charges for locals that may hold vectors and are no parameters.
//!
//! What types add follows from the types on the operand stack, so the cost of
//! a block is found by running it on types alone.

use crate::closed_type::{Datatype, Type};
use crate::value::Value;
use crate::{OutOfGas, Program};
use heddle_bytecode::{
    Bytecode, CodeUnit, DatatypeDefinition, FunctionDefinitionIndex, FunctionHandleIndex,
    SignatureIndex,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Charged for a call from outside.
pub(crate) const ENTRY: u64 = 100;
const VECTOR: u64 = 8;

/// Charged for a value that crosses the border in BCS.
pub(crate) fn bcs(program: &Program, ty: &Type, value: &Value) -> u64 {
    4 + ty.walk(program) + bcs_vectors(program, ty, value)
}

fn bcs_vectors(program: &Program, ty: &Type, value: &Value) -> u64 {
    match (ty, value) {
        (Type::Vector(element), Value::Vector(items)) => {
            let count = items.len() as u64;
            let elements = match &**element {
                Type::Vector(_) | Type::Datatype(_) => count * element.walk(program),
                primitive => count * primitive.element_bytes(program) / 16,
            };
            let inner = items.iter().map(|item| bcs_vectors(program, element, item));
            VECTOR + elements + inner.sum::<u64>()
        }
        (Type::Datatype(datatype), Value::Struct(fields) | Value::Variant(_, fields)) => {
            let types = program.fields(datatype, tag_of(value));
            let parts = types.iter().zip(fields);
            parts
                .map(|(ty, field)| bcs_vectors(program, ty, field))
                .sum()
        }
        _ => 0,
    }
}

/// Charged for the elements of a vector that is copied or compared.
fn elements(program: &Program, element: &Type, count: usize) -> u64 {
    let count = count as u64;
    count * element.element_bytes(program) / 16 + count * element.owning_walk(program)
}

fn moved(words: u64) -> u64 {
    words / 4
}

/// What is left of a budget.
pub(crate) struct Gas {
    pub(crate) budget: u64,
    pub(crate) left: u64,
}

impl Gas {
    /// Takes `units`, or all that is left.
    pub(crate) fn charge(&mut self, units: u64) -> Result<(), OutOfGas> {
        if self.left < units {
            self.left = 0;
            return Err(OutOfGas);
        }
        self.left -= units;
        Ok(())
    }

    /// Charges the copy of a value.
    pub(crate) fn copy(
        &mut self,
        program: &Program,
        ty: &Type,
        value: &Value,
    ) -> Result<(), OutOfGas> {
        match (ty, value) {
            (Type::Vector(element), Value::Vector(items)) => {
                self.charge(VECTOR + elements(program, element, items.len()))?;
                if element.holds_vectors(program) {
                    for item in items {
                        self.copy(program, element, item)?;
                    }
                }
                Ok(())
            }
            (Type::Datatype(datatype), Value::Struct(fields) | Value::Variant(_, fields)) => {
                let types = program.fields(datatype, tag_of(value));
                for (ty, field) in types.iter().zip(fields) {
                    self.copy(program, ty, field)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Charges the comparison of two values, which ends at the first
    /// difference, and gives its result.
    pub(crate) fn equal(
        &mut self,
        program: &Program,
        ty: &Type,
        left: &Value,
        right: &Value,
    ) -> Result<bool, OutOfGas> {
        if !ty.holds_vectors(program) {
            return Ok(left == right);
        }
        let types = match ty {
            Type::Vector(element) => {
                self.charge(VECTOR)?;
                let length = left.parts().len();
                if length != right.parts().len() {
                    return Ok(false);
                }
                self.charge(elements(program, element, length))?;
                vec![(**element).clone(); length]
            }
            Type::Datatype(datatype) => {
                if tag_of(left) != tag_of(right) {
                    return Ok(false);
                }
                program.fields(datatype, tag_of(left))
            }
            _ => unreachable!("nothing else holds vectors"),
        };
        for (ty, (left, right)) in types.iter().zip(left.parts().iter().zip(right.parts())) {
            if !self.equal(program, ty, left, right)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn tag_of(value: &Value) -> usize {
    match value {
        Value::Variant(tag, _) => usize::from(*tag),
        _ => 0,
    }
}

/// What the rule says of one function instance.
pub(crate) struct Analysis {
    /// Cost of each block, by its first instruction.
    pub(crate) blocks: BTreeMap<usize, u64>,
    /// The type that an instruction copies or compares.
    pub(crate) subjects: BTreeMap<usize, Type>,
    /// Charged when the function is entered.
    pub(crate) frame: u64,
    /// Charged when the function runs for the first time.
    pub(crate) load: u64,
}

/// Runs the blocks of a function on types.
pub(crate) fn analyse(
    program: &Program,
    module: usize,
    function: FunctionDefinitionIndex,
    arguments: &[Type],
) -> Analysis {
    let definition = &program.modules[module][function];
    let unit = definition.code.as_ref().expect("natives are not analysed");
    let handle = &program.modules[module][definition.function];
    let mut locals = program.signature(module, handle.parameters, arguments);
    let parameters = locals.len();
    locals.extend(program.signature(module, unit.locals, arguments));
    let returns = program.signature(module, handle.return_, arguments);
    let starts = block_starts(unit);
    let mut analysis = Analysis {
        blocks: BTreeMap::new(),
        subjects: BTreeMap::new(),
        frame: moved(
            locals[parameters..]
                .iter()
                .filter(|ty| ty.holds_vectors(program))
                .map(|ty| ty.words(program))
                .sum(),
        ),
        load: 0,
    };
    let reachable = reachable(unit);
    let types = locals.iter().chain(&returns);
    let mut named = types.map(|ty| ty.size(program)).sum::<u64>();
    let ends = starts.iter().skip(1).copied().chain([unit.code.len()]);
    for (start, end) in starts.iter().copied().zip(ends) {
        let mut run = TypeRun {
            program,
            module,
            arguments,
            locals: &locals,
            returns: &returns,
            named: 0,
            stack: Vec::new(),
            cost: 0,
            subject: None,
        };
        for offset in start..end {
            run.instruction(&unit.code[offset]);
            let sizes = std::mem::take(&mut run.named);
            if reachable.contains(&offset) {
                named += sizes;
            }
            if let Some(subject) = run.subject.take() {
                analysis.subjects.insert(offset, subject);
            }
        }
        analysis.blocks.insert(start, run.cost.max(1));
    }
    analysis.load = 20 + 2 * (unit.code.len() as u64 + named);
    analysis
}

/// Which instructions control can reach.
fn reachable(unit: &CodeUnit) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut work = vec![0];
    while let Some(offset) = work.pop() {
        if !reached.insert(offset) {
            continue;
        }
        let instruction = &unit.code[offset];
        if let Bytecode::VariantSwitch(table) = instruction {
            let targets = &unit.jump_tables[table.position()].jump_table;
            work.extend(targets.iter().map(|target| target.position()));
        }
        work.extend(instruction.branch_target().map(|target| target.position()));
        if !instruction.is_unconditional_branch() {
            work.push(offset + 1);
        }
    }
    reached
}

fn block_starts(unit: &CodeUnit) -> BTreeSet<usize> {
    let mut starts = BTreeSet::from([0]);
    for (offset, instruction) in unit.code.iter().enumerate() {
        if let Bytecode::VariantSwitch(table) = instruction {
            let targets = &unit.jump_tables[table.position()].jump_table;
            starts.extend(targets.iter().map(|target| target.position()));
        }
        if let Some(target) = instruction.branch_target() {
            starts.insert(target.position());
        }
        let ends = instruction.is_unconditional_branch() || instruction.branch_target().is_some();
        if ends && offset + 1 < unit.code.len() {
            starts.insert(offset + 1);
        }
    }
    starts
}

struct TypeRun<'a> {
    program: &'a Program,
    module: usize,
    arguments: &'a [Type],
    locals: &'a [Type],
    returns: &'a [Type],
    stack: Vec<Type>,
    /// Sizes of the types that the last instruction names.
    named: u64,
    cost: u64,
    subject: Option<Type>,
}

impl TypeRun<'_> {
    fn pop(&mut self) -> Type {
        self.stack.pop().expect("the stack is verified")
    }

    fn pop_many(&mut self, count: usize) {
        self.stack.truncate(self.stack.len() - count);
    }

    fn push(&mut self, cost: u64, ty: Type) {
        self.cost += cost;
        self.stack.push(ty);
    }

    fn words(&self, ty: &Type) -> u64 {
        ty.words(self.program)
    }

    fn walk(&self, ty: &Type) -> u64 {
        ty.owning_walk(self.program)
    }

    /// The types that an instruction gives.
    fn closed(&mut self, index: SignatureIndex) -> Vec<Type> {
        let types = self.program.signature(self.module, index, self.arguments);
        self.name(&types);
        types
    }

    fn name(&mut self, types: &[Type]) {
        let sizes = types.iter().map(|ty| ty.size(self.program));
        self.named += sizes.sum::<u64>();
    }

    fn datatype(
        &mut self,
        definition: DatatypeDefinition,
        arguments: Option<SignatureIndex>,
    ) -> Arc<Datatype> {
        Arc::new(Datatype {
            module: self.module,
            definition,
            arguments: arguments.map_or_else(Vec::new, |index| self.closed(index)),
        })
    }

    fn pack(&mut self, base: u64, datatype: Arc<Datatype>, tag: usize) {
        let fields = self.program.fields(&datatype, tag).len();
        self.pop_many(fields);
        let ty = Type::Datatype(datatype);
        self.cost += base + fields as u64 + moved(self.words(&ty));
        self.stack.push(ty);
    }

    fn unpack(&mut self, base: u64, datatype: &Datatype, tag: usize) {
        let ty = self.pop();
        let fields = self.program.fields(datatype, tag);
        self.cost += base + fields.len() as u64 + moved(self.words(&ty));
        self.stack.extend(fields);
    }

    fn borrow_variant(&mut self, datatype: &Datatype, tag: usize, is_mutable: bool) {
        self.pop();
        let fields = self.program.fields(datatype, tag);
        self.cost += 4 + fields.len() as u64;
        self.stack
            .extend(fields.into_iter().map(|field| reference(field, is_mutable)));
    }

    fn call(&mut self, handle: FunctionHandleIndex, arguments: &[Type]) {
        let (home, function) = self.program.function(self.module, handle);
        let module = &self.program.modules[home];
        let handle = &module[module[function].function];
        let parameters = self.program.signature(home, handle.parameters, arguments);
        let words: u64 = parameters.iter().map(|ty| self.words(ty)).sum();
        self.cost += 10 + words / 4;
        self.pop_many(parameters.len());
        let returns = self.program.signature(home, handle.return_, arguments);
        self.name(&parameters);
        self.name(&returns);
        self.stack.extend(returns);
    }

    fn binary(&mut self, base: u64, wide: [u64; 2], result: Option<Type>) {
        self.pop();
        let left = self.pop();
        self.cost += base
            + match left {
                Type::Integer(128) => wide[0],
                Type::Integer(256) => wide[1],
                _ => 0,
            };
        self.stack.push(result.unwrap_or(left));
    }

    fn instruction(&mut self, instruction: &Bytecode) {
        use Bytecode as B;
        let module = &self.program.modules[self.module];
        let integer = Type::Integer;
        match instruction {
            B::Nop | B::Branch(_) => self.cost += 1,
            B::Pop | B::BrTrue(_) | B::BrFalse(_) | B::Abort => {
                let ty = self.pop();
                self.cost += 1 + self.walk(&ty);
            }
            B::Ret => {
                self.pop_many(self.returns.len());
                let words = self.returns.iter().map(|ty| self.words(ty)).sum();
                let walks = self.locals.iter().map(|ty| self.walk(ty));
                self.cost += 2 + moved(words) + walks.sum::<u64>();
            }
            B::VariantSwitch(_) => {
                self.pop();
                self.cost += 3;
            }
            B::LdTrue | B::LdFalse => self.push(1, Type::Bool),
            B::LdU8(_) => self.push(1, integer(8)),
            B::LdU16(_) => self.push(1, integer(16)),
            B::LdU32(_) => self.push(1, integer(32)),
            B::LdU64(_) => self.push(1, integer(64)),
            B::LdU128(_) => self.push(2, integer(128)),
            B::LdU256(_) => self.push(2, integer(256)),
            B::LdConst(index) => {
                let constant = &module[*index];
                let ty = self.program.close(self.module, &constant.type_, &[]);
                let size = match ty {
                    Type::Vector(_) => {
                        let value = Value::decode(self.program, &ty, &mut &constant.data[..]);
                        bcs(self.program, &ty, &value)
                    }
                    _ => 0,
                };
                self.named += constant.data.len() as u64 / 8;
                self.push(4 + moved(self.words(&ty)) + size, ty);
            }
            B::CopyLoc(local) | B::MoveLoc(local) => {
                let ty = self.locals[usize::from(local.0)].clone();
                self.subject = Some(ty.clone());
                let walk = match instruction {
                    B::CopyLoc(_) => self.walk(&ty),
                    _ => 0,
                };
                self.push(1 + moved(self.words(&ty)) + walk, ty);
            }
            B::StLoc(local) => {
                self.pop();
                let ty = &self.locals[usize::from(local.0)];
                self.cost += 1 + moved(self.words(ty)) + self.walk(ty);
            }
            B::MutBorrowLoc(local) | B::ImmBorrowLoc(local) => {
                let ty = self.locals[usize::from(local.0)].clone();
                let is_mutable = matches!(instruction, B::MutBorrowLoc(_));
                self.push(1, reference(ty, is_mutable));
            }
            B::FreezeRef => {
                let ty = self.pop();
                self.push(1, reference(ty.target().clone(), false));
            }
            B::ReadRef => {
                let ty = self.pop().target().clone();
                self.subject = Some(ty.clone());
                self.push(2 + moved(self.words(&ty)) + self.walk(&ty), ty);
            }
            B::WriteRef => {
                let ty = self.pop();
                self.pop();
                let ty = ty.target();
                self.cost += 2 + moved(self.words(ty)) + self.walk(ty);
            }
            B::MutBorrowField(index) | B::ImmBorrowField(index) => {
                let is_mutable = matches!(instruction, B::MutBorrowField(_));
                self.borrow_field(module[*index].field.position(), is_mutable);
            }
            B::MutBorrowFieldGeneric(index) | B::ImmBorrowFieldGeneric(index) => {
                let is_mutable = matches!(instruction, B::MutBorrowFieldGeneric(_));
                let handle = &module[module[*index].handle];
                self.borrow_field(handle.field.position(), is_mutable);
            }
            B::Call(handle) => self.call(*handle, &[]),
            B::CallGeneric(index) => {
                let instantiation = &module[*index];
                let arguments = self.closed(instantiation.type_parameters);
                self.call(instantiation.handle, &arguments);
            }
            B::Pack(def) => {
                let datatype = self.datatype(DatatypeDefinition::Struct(*def), None);
                self.pack(2, datatype, 0);
            }
            B::PackGeneric(index) => {
                let entry = &module[*index];
                let definition = DatatypeDefinition::Struct(entry.def);
                let datatype = self.datatype(definition, Some(entry.type_parameters));
                self.pack(2, datatype, 0);
            }
            B::Unpack(def) => {
                let datatype = self.datatype(DatatypeDefinition::Struct(*def), None);
                self.unpack(2, &datatype, 0);
            }
            B::UnpackGeneric(index) => {
                let entry = &module[*index];
                let definition = DatatypeDefinition::Struct(entry.def);
                let datatype = self.datatype(definition, Some(entry.type_parameters));
                self.unpack(2, &datatype, 0);
            }
            B::PackVariant(index)
            | B::UnpackVariant(index)
            | B::UnpackVariantImmRef(index)
            | B::UnpackVariantMutRef(index) => {
                let handle = module[*index];
                let datatype = self.datatype(DatatypeDefinition::Enum(handle.enum_def), None);
                self.variant(instruction, datatype, handle.variant.position());
            }
            B::PackVariantGeneric(index)
            | B::UnpackVariantGeneric(index)
            | B::UnpackVariantGenericImmRef(index)
            | B::UnpackVariantGenericMutRef(index) => {
                let handle = module[*index];
                let entry = &module[handle.enum_def];
                let definition = DatatypeDefinition::Enum(entry.def);
                let datatype = self.datatype(definition, Some(entry.type_parameters));
                self.variant(instruction, datatype, handle.variant.position());
            }
            B::Add | B::Sub | B::BitOr | B::BitAnd | B::Xor | B::Shl | B::Shr => {
                self.binary(1, [1, 3], None);
            }
            B::Mul => self.binary(2, [1, 3], None),
            B::Div | B::Mod => self.binary(6, [8, 24], None),
            B::Or | B::And => self.binary(1, [0, 0], None),
            B::Lt | B::Gt | B::Le | B::Ge => self.binary(1, [1, 1], Some(Type::Bool)),
            B::Not => self.cost += 1,
            B::Eq | B::Neq => {
                self.pop();
                let operand = self.pop();
                let ty = operand.target().clone();
                self.subject = Some(ty.clone());
                let walks = if operand.is_reference() { 1 } else { 3 };
                let cost = 1 + moved(self.words(&ty)) + walks * self.walk(&ty);
                self.push(cost, Type::Bool);
            }
            B::CastU8 => self.cast(1, 8),
            B::CastU16 => self.cast(1, 16),
            B::CastU32 => self.cast(1, 32),
            B::CastU64 => self.cast(1, 64),
            B::CastU128 => self.cast(2, 128),
            B::CastU256 => self.cast(2, 256),
            B::VecPack(index, count) => {
                let element = self.closed(*index).remove(0);
                self.pop_many(*count as usize);
                self.cost += 4 + (*count).min(1 << 20) + count * moved(self.words(&element));
                self.stack.push(Type::Vector(Arc::new(element)));
            }
            B::VecUnpack(index, count) => {
                let element = self.closed(*index).remove(0);
                self.pop();
                self.cost += 4 + (*count).min(1 << 20) + count * moved(self.words(&element));
                let elements = std::iter::repeat_n(element, *count as usize);
                self.stack.extend(elements);
            }
            B::VecLen(index) => {
                self.closed(*index);
                self.pop();
                self.push(2, integer(64));
            }
            B::VecImmBorrow(index) | B::VecMutBorrow(index) => {
                self.pop_many(2);
                let element = self.closed(*index).remove(0);
                let is_mutable = matches!(instruction, B::VecMutBorrow(_));
                self.push(3, reference(element, is_mutable));
            }
            B::VecPushBack(index) => {
                let element = self.closed(*index).remove(0);
                self.pop_many(2);
                self.cost += 4 + moved(self.words(&element));
            }
            B::VecPopBack(index) => {
                let element = self.closed(*index).remove(0);
                self.pop();
                self.push(4 + moved(self.words(&element)), element);
            }
            B::VecSwap(index) => {
                let element = self.closed(*index).remove(0);
                self.pop_many(3);
                self.cost += 5 + moved(self.words(&element));
            }
            other => unreachable!("{other:?} is refused by the verifier"),
        }
    }

    fn variant(&mut self, instruction: &Bytecode, datatype: Arc<Datatype>, tag: usize) {
        use Bytecode as B;
        match instruction {
            B::PackVariant(_) | B::PackVariantGeneric(_) => self.pack(4, datatype, tag),
            B::UnpackVariant(_) | B::UnpackVariantGeneric(_) => self.unpack(4, &datatype, tag),
            B::UnpackVariantMutRef(_) | B::UnpackVariantGenericMutRef(_) => {
                self.borrow_variant(&datatype, tag, true);
            }
            _ => self.borrow_variant(&datatype, tag, false),
        }
    }

    fn borrow_field(&mut self, field: usize, is_mutable: bool) {
        let Type::Datatype(datatype) = self.pop().target().clone() else {
            unreachable!("only structs have fields");
        };
        let field = self.program.fields(&datatype, 0).remove(field);
        self.push(1, reference(field, is_mutable));
    }

    fn cast(&mut self, cost: u64, bits: u32) {
        self.pop();
        self.push(cost, Type::Integer(bits));
    }
}

fn reference(target: Type, is_mutable: bool) -> Type {
    if is_mutable {
        Type::MutableReference(Arc::new(target))
    } else {
        Type::Reference(Arc::new(target))
    }
}
