//! The interpreter: one instruction after the other, on values that know what
//! they are.

use crate::gas::{self, Analysis, Gas};
use crate::value::{Reference, Root, Value, integer_max};
use crate::{
    Argument, Call, Failure, FailureKind, OutOfGas, Outcome, Place, Program, Returned, Type,
};
use heddle_bytecode::{Bytecode, FunctionDefinitionIndex, FunctionHandleIndex, U256};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Frames that may be open at once.
const CALL_DEPTH_MAX: usize = 1024;

type Step = Result<(), FailureKind>;
type AnalysisKey = (usize, FunctionDefinitionIndex, Vec<Type>);

struct Frame {
    module: usize,
    function: FunctionDefinitionIndex,
    arguments: Vec<Type>,
    analysis: Rc<Analysis>,
    /// What entering it still costs.
    unpaid: u64,
    /// The instruction to run next.
    pc: usize,
    locals: Vec<Option<Value>>,
    stack: Vec<Value>,
}

struct Machine<'p> {
    program: &'p Program,
    frames: Vec<Frame>,
    /// What the arguments passed by reference refer to.
    referents: Vec<Option<Value>>,
    /// Results of the outermost function.
    results: Vec<Value>,
    gas: Gas,
    analyses: BTreeMap<AnalysisKey, Rc<Analysis>>,
}

/// Runs a call.
pub(crate) fn run(program: &Program, call: &Call, budget: u64) -> Outcome {
    let mut machine = Machine {
        program,
        frames: Vec::new(),
        referents: Vec::new(),
        results: Vec::new(),
        gas: Gas {
            budget,
            left: budget,
        },
        analyses: BTreeMap::new(),
    };
    let result = machine.outermost(call);
    Outcome {
        result,
        gas_used: machine.gas.budget - machine.gas.left,
    }
}

impl From<OutOfGas> for FailureKind {
    fn from(_: OutOfGas) -> Self {
        Self::OutOfGas
    }
}

impl Machine<'_> {
    fn outermost(&mut self, call: &Call) -> Result<Returned, Failure> {
        let outside = |kind: FailureKind| Failure { kind, place: None };
        let module = &self.program.modules[call.module];
        let handle = &module[module[call.function].function];
        let types = self
            .program
            .signature(call.module, handle.parameters, &call.type_arguments);
        self.gas
            .charge(gas::ENTRY)
            .map_err(|error| outside(error.into()))?;
        let mut values = Vec::new();
        for (index, (ty, argument)) in types.iter().zip(&call.arguments).enumerate() {
            let Argument { bytes } = argument;
            let value = Value::decode(self.program, ty.target(), &mut &bytes[..]);
            self.gas
                .charge(gas::bcs(self.program, ty.target(), &value))
                .map_err(|error| outside(error.into()))?;
            if ty.is_reference() {
                self.referents.push(Some(value));
                values.push(Value::Reference(Reference {
                    root: Root::Argument(index),
                    path: Vec::new(),
                }));
            } else {
                self.referents.push(None);
                values.push(value);
            }
        }
        self.load(call.module, call.function, &call.type_arguments)
            .map_err(|error| outside(error.into()))?;
        self.enter(
            call.module,
            call.function,
            call.type_arguments.clone(),
            values,
        );
        while let Some(frame) = self.frames.last() {
            let offset = frame.pc;
            let (module, function) = (frame.module, frame.function);
            self.step().map_err(|kind| Failure {
                kind,
                place: Some(Place {
                    module,
                    function,
                    offset: offset as u16,
                }),
            })?;
        }
        let mut returned = Returned::default();
        let results = std::mem::take(&mut self.results);
        let result_types =
            self.program
                .signature(call.module, handle.return_, &call.type_arguments);
        for (ty, value) in result_types.iter().zip(results) {
            let bytes = self.leave(ty, &value).map_err(outside)?;
            returned.values.push(bytes);
        }
        for (index, ty) in types.iter().enumerate() {
            if let Type::MutableReference(_) = ty {
                let value = self.referents[index].clone().expect("passed in");
                let bytes = self.leave(ty.target(), &value).map_err(outside)?;
                returned.mutated.push((index, bytes));
            }
        }
        Ok(returned)
    }

    fn leave(&mut self, ty: &Type, value: &Value) -> Result<Vec<u8>, FailureKind> {
        let mut bytes = Vec::new();
        value.encode(&mut bytes);
        self.gas.charge(gas::bcs(self.program, ty, value))?;
        Ok(bytes)
    }

    fn analysis(
        &mut self,
        module: usize,
        function: FunctionDefinitionIndex,
        arguments: &[Type],
    ) -> Rc<Analysis> {
        let program = self.program;
        let key = (module, function, arguments.to_vec());
        self.analyses
            .entry(key)
            .or_insert_with(|| Rc::new(gas::analyse(program, module, function, arguments)))
            .clone()
    }

    /// Charges the first run of a function.
    fn load(
        &mut self,
        module: usize,
        function: FunctionDefinitionIndex,
        arguments: &[Type],
    ) -> Result<(), OutOfGas> {
        let key = (module, function, arguments.to_vec());
        let is_new = !self.analyses.contains_key(&key);
        let analysis = self.analysis(module, function, arguments);
        if is_new {
            self.gas.charge(analysis.load)?;
        }
        Ok(())
    }

    fn enter(
        &mut self,
        module: usize,
        function: FunctionDefinitionIndex,
        arguments: Vec<Type>,
        values: Vec<Value>,
    ) {
        let program = self.program;
        let code = program.modules[module][function].code.as_ref();
        let code = code.expect("programs have no natives");
        let others = program.modules[module][code.locals].len();
        let mut locals: Vec<_> = values.into_iter().map(Some).collect();
        locals.extend((0..others).map(|_| None));
        let analysis = self.analysis(module, function, &arguments);
        self.frames.push(Frame {
            unpaid: analysis.frame,
            module,
            function,
            arguments,
            analysis,
            pc: 0,
            locals,
            stack: Vec::new(),
        });
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("a frame runs")
    }

    fn push(&mut self, value: Value) {
        self.frame().stack.push(value);
    }

    fn pop(&mut self) -> Value {
        self.frame().stack.pop().expect("the stack is verified")
    }

    fn pop_many(&mut self, count: usize) -> Vec<Value> {
        let stack = &mut self.frame().stack;
        stack.split_off(stack.len() - count)
    }

    fn pop_bool(&mut self) -> bool {
        match self.pop() {
            Value::Bool(value) => value,
            other => unreachable!("{other:?} is no bool"),
        }
    }

    fn pop_integer(&mut self) -> (u32, U256) {
        match self.pop() {
            Value::Integer { bits, value } => (bits, value),
            other => unreachable!("{other:?} is no integer"),
        }
    }

    fn pop_u64(&mut self) -> u64 {
        self.pop_integer().1.to::<u64>()
    }

    fn pop_reference(&mut self) -> Reference {
        match self.pop() {
            Value::Reference(reference) => reference,
            other => unreachable!("{other:?} is no reference"),
        }
    }

    fn place(&mut self, reference: &Reference) -> &mut Value {
        let root = match reference.root {
            Root::Local { frame, local } => &mut self.frames[frame].locals[local],
            Root::Argument(index) => &mut self.referents[index],
        };
        let root = root.as_mut().expect("references are verified");
        reference
            .path
            .iter()
            .fold(root, |place, part| &mut place.parts_mut()[*part])
    }

    fn local(&mut self, index: u8) -> &mut Option<Value> {
        &mut self.frame().locals[usize::from(index)]
    }

    /// Runs the next instruction.
    fn step(&mut self) -> Step {
        let program = self.program;
        let (module, function, pc, analysis, arguments) = {
            let frame = self.frame();
            let analysis = frame.analysis.clone();
            (
                frame.module,
                frame.function,
                frame.pc,
                analysis,
                frame.arguments.clone(),
            )
        };
        let unpaid = std::mem::take(&mut self.frame().unpaid);
        self.gas.charge(unpaid)?;
        if let Some(cost) = analysis.blocks.get(&pc) {
            self.gas.charge(*cost)?;
        }
        let tables = &program.modules[module];
        let unit = tables[function].code.as_ref().expect("not a native");
        let instruction = &unit.code[pc];
        let subject = analysis.subjects.get(&pc);
        self.frame().pc += 1;
        use Bytecode as B;
        match instruction {
            B::Nop => {}
            B::Pop => drop(self.pop()),
            B::Ret => {
                let frame = self.frames.pop().expect("a frame runs");
                match self.frames.last_mut() {
                    Some(caller) => caller.stack.extend(frame.stack),
                    None => self.results = frame.stack,
                }
            }
            B::Abort => return Err(FailureKind::Abort(self.pop_u64())),
            B::Branch(target) => self.frame().pc = target.position(),
            B::BrTrue(target) => {
                if self.pop_bool() {
                    self.frame().pc = target.position();
                }
            }
            B::BrFalse(target) => {
                if !self.pop_bool() {
                    self.frame().pc = target.position();
                }
            }
            B::VariantSwitch(table) => {
                let reference = self.pop_reference();
                let Value::Variant(tag, _) = self.place(&reference) else {
                    unreachable!("a switch is on an enum");
                };
                let target = unit.jump_tables[table.position()].jump_table[usize::from(*tag)];
                self.frame().pc = target.position();
            }
            B::Call(handle) => self.call(module, *handle, Vec::new())?,
            B::CallGeneric(index) => {
                let entry = &tables[*index];
                let closed = program.signature(module, entry.type_parameters, &arguments);
                self.call(module, entry.handle, closed)?;
            }

            B::LdTrue => self.push(Value::Bool(true)),
            B::LdFalse => self.push(Value::Bool(false)),
            B::LdU8(value) => self.push(Value::integer(8, *value)),
            B::LdU16(value) => self.push(Value::integer(16, *value)),
            B::LdU32(value) => self.push(Value::integer(32, *value)),
            B::LdU64(value) => self.push(Value::integer(64, *value)),
            B::LdU128(value) => self.push(Value::integer(128, **value)),
            B::LdU256(value) => self.push(Value::Integer {
                bits: 256,
                value: **value,
            }),
            B::LdConst(index) => {
                let constant = &tables[*index];
                let ty = program.close(module, &constant.type_, &[]);
                self.push(Value::decode(program, &ty, &mut &constant.data[..]));
            }

            B::CopyLoc(local) => {
                let value = self.local(local.0).clone().expect("locals are verified");
                self.gas.copy(program, subject.expect("has one"), &value)?;
                self.push(value);
            }
            B::MoveLoc(local) => {
                let value = self.local(local.0).take().expect("locals are verified");
                self.push(value);
            }
            B::StLoc(local) => {
                let value = self.pop();
                *self.local(local.0) = Some(value);
            }
            B::MutBorrowLoc(local) | B::ImmBorrowLoc(local) => {
                let root = Root::Local {
                    frame: self.frames.len() - 1,
                    local: usize::from(local.0),
                };
                self.push(Value::Reference(Reference {
                    root,
                    path: Vec::new(),
                }));
            }
            B::FreezeRef => {}
            B::ReadRef => {
                let reference = self.pop_reference();
                let value = self.place(&reference).clone();
                self.gas.copy(program, subject.expect("has one"), &value)?;
                self.push(value);
            }
            B::WriteRef => {
                let reference = self.pop_reference();
                let value = self.pop();
                *self.place(&reference) = value;
            }
            B::MutBorrowField(index) | B::ImmBorrowField(index) => {
                let field = tables[*index].field.position();
                self.step_into(field);
            }
            B::MutBorrowFieldGeneric(index) | B::ImmBorrowFieldGeneric(index) => {
                let field = tables[tables[*index].handle].field.position();
                self.step_into(field);
            }

            B::Pack(def) => self.pack(tables[*def].fields().len()),
            B::PackGeneric(index) => self.pack(tables[tables[*index].def].fields().len()),
            B::Unpack(_) | B::UnpackGeneric(_) => {
                let Value::Struct(fields) = self.pop() else {
                    unreachable!("unpack is of a struct");
                };
                self.frame().stack.extend(fields);
            }
            B::PackVariant(index) => {
                let handle = tables[*index];
                let fields = &tables[handle.enum_def].variants[handle.variant.position()].fields;
                self.pack_variant(handle.variant.0, fields.len());
            }
            B::PackVariantGeneric(index) => {
                let handle = tables[*index];
                let def = tables[handle.enum_def].def;
                let fields = &tables[def].variants[handle.variant.position()].fields;
                self.pack_variant(handle.variant.0, fields.len());
            }
            B::UnpackVariant(index) => self.unpack_variant(tables[*index].variant.0)?,
            B::UnpackVariantGeneric(index) => self.unpack_variant(tables[*index].variant.0)?,
            B::UnpackVariantImmRef(index) | B::UnpackVariantMutRef(index) => {
                self.borrow_variant(tables[*index].variant.0)?;
            }
            B::UnpackVariantGenericImmRef(index) | B::UnpackVariantGenericMutRef(index) => {
                self.borrow_variant(tables[*index].variant.0)?;
            }

            B::Add | B::Sub | B::Mul | B::Div | B::Mod | B::BitOr | B::BitAnd | B::Xor => {
                self.arithmetic(instruction)?;
            }
            B::Shl | B::Shr => {
                let (_, shift) = self.pop_integer();
                let (bits, value) = self.pop_integer();
                if shift >= U256::from(bits) {
                    return Err(FailureKind::ShiftAmount);
                }
                let shift = shift.to::<usize>();
                let value = match instruction {
                    B::Shl => (value << shift) & integer_max(bits),
                    _ => value >> shift,
                };
                self.push(Value::Integer { bits, value });
            }
            B::Or | B::And => {
                let (right, left) = (self.pop_bool(), self.pop_bool());
                let result = match instruction {
                    B::Or => left || right,
                    _ => left && right,
                };
                self.push(Value::Bool(result));
            }
            B::Not => {
                let value = self.pop_bool();
                self.push(Value::Bool(!value));
            }
            B::Eq | B::Neq => {
                let (right, left) = (self.pop(), self.pop());
                let (left, right) = (self.referent(left), self.referent(right));
                let subject = subject.expect("has one");
                let is_equal = self.gas.equal(program, subject, &left, &right)?;
                self.push(Value::Bool(is_equal == matches!(instruction, B::Eq)));
            }
            B::Lt | B::Gt | B::Le | B::Ge => {
                let ((_, right), (_, left)) = (self.pop_integer(), self.pop_integer());
                self.push(Value::Bool(match instruction {
                    B::Lt => left < right,
                    B::Gt => left > right,
                    B::Le => left <= right,
                    _ => left >= right,
                }));
            }
            B::CastU8 => self.cast(8)?,
            B::CastU16 => self.cast(16)?,
            B::CastU32 => self.cast(32)?,
            B::CastU64 => self.cast(64)?,
            B::CastU128 => self.cast(128)?,
            B::CastU256 => self.cast(256)?,

            B::VecPack(_, count) => {
                let elements = self.pop_many(*count as usize);
                self.push(Value::Vector(elements));
            }
            B::VecUnpack(_, count) => {
                let Value::Vector(elements) = self.pop() else {
                    unreachable!("unpack is of a vector");
                };
                if elements.len() as u64 != *count {
                    return Err(FailureKind::UnpackLength {
                        expected: *count,
                        length: elements.len() as u64,
                    });
                }
                self.frame().stack.extend(elements);
            }
            B::VecLen(_) => {
                let reference = self.pop_reference();
                let length = self.place(&reference).parts().len() as u64;
                self.push(Value::integer(64, length));
            }
            B::VecImmBorrow(_) | B::VecMutBorrow(_) => {
                let index = self.pop_u64();
                let reference = self.pop_reference();
                let index = self.checked_index(&reference, index)?;
                self.push(Value::Reference(reference.part(index)));
            }
            B::VecPushBack(_) => {
                let value = self.pop();
                let reference = self.pop_reference();
                self.place(&reference).parts_mut().push(value);
            }
            B::VecPopBack(_) => {
                let reference = self.pop_reference();
                let value = self.place(&reference).parts_mut().pop();
                self.push(value.ok_or(FailureKind::PopEmpty)?);
            }
            B::VecSwap(_) => {
                let (j, i) = (self.pop_u64(), self.pop_u64());
                let reference = self.pop_reference();
                let i = self.checked_index(&reference, i)?;
                let j = self.checked_index(&reference, j)?;
                self.place(&reference).parts_mut().swap(i, j);
            }
            other => unreachable!("{other:?} is refused by the verifier"),
        }
        Ok(())
    }

    fn call(&mut self, from: usize, handle: FunctionHandleIndex, arguments: Vec<Type>) -> Step {
        if self.frames.len() >= CALL_DEPTH_MAX {
            return Err(FailureKind::CallDepth);
        }
        let (home, function) = self.program.function(from, handle);
        let module = &self.program.modules[home];
        let count = module[module[module[function].function].parameters].len();
        self.load(home, function, &arguments)?;
        let values = self.pop_many(count);
        self.enter(home, function, arguments, values);
        Ok(())
    }

    fn step_into(&mut self, field: usize) {
        let reference = self.pop_reference().part(field);
        self.push(Value::Reference(reference));
    }

    fn referent(&mut self, value: Value) -> Value {
        match value {
            Value::Reference(reference) => self.place(&reference).clone(),
            value => value,
        }
    }

    fn checked_index(&mut self, reference: &Reference, index: u64) -> Result<usize, FailureKind> {
        let length = self.place(reference).parts().len() as u64;
        if index < length {
            Ok(index as usize)
        } else {
            Err(FailureKind::VectorIndex { index, length })
        }
    }

    fn pack(&mut self, count: usize) {
        let fields = self.pop_many(count);
        self.push(Value::Struct(fields));
    }

    fn pack_variant(&mut self, tag: u16, count: usize) {
        let fields = self.pop_many(count);
        self.push(Value::Variant(tag, fields));
    }

    fn unpack_variant(&mut self, expected: u16) -> Step {
        let Value::Variant(actual, fields) = self.pop() else {
            unreachable!("unpack is of an enum");
        };
        if actual != expected {
            return Err(FailureKind::Variant { expected, actual });
        }
        self.frame().stack.extend(fields);
        Ok(())
    }

    fn borrow_variant(&mut self, expected: u16) -> Step {
        let reference = self.pop_reference();
        let Value::Variant(actual, fields) = self.place(&reference) else {
            unreachable!("unpack is of an enum");
        };
        let (actual, count) = (*actual, fields.len());
        if actual != expected {
            return Err(FailureKind::Variant { expected, actual });
        }
        for index in 0..count {
            self.push(Value::Reference(reference.clone().part(index)));
        }
        Ok(())
    }

    fn arithmetic(&mut self, instruction: &Bytecode) -> Step {
        use Bytecode as B;
        let ((_, right), (bits, left)) = (self.pop_integer(), self.pop_integer());
        let value = match instruction {
            B::Add => left.checked_add(right).ok_or(FailureKind::Overflow)?,
            B::Sub => left.checked_sub(right).ok_or(FailureKind::Overflow)?,
            B::Mul => left.checked_mul(right).ok_or(FailureKind::Overflow)?,
            B::Div => left.checked_div(right).ok_or(FailureKind::DivisionByZero)?,
            B::Mod => left.checked_rem(right).ok_or(FailureKind::DivisionByZero)?,
            B::BitOr => left | right,
            B::BitAnd => left & right,
            _ => left ^ right,
        };
        if value > integer_max(bits) {
            return Err(FailureKind::Overflow);
        }
        self.push(Value::Integer { bits, value });
        Ok(())
    }

    fn cast(&mut self, bits: u32) -> Step {
        let (_, value) = self.pop_integer();
        if value > integer_max(bits) {
            return Err(FailureKind::Cast);
        }
        self.push(Value::Integer { bits, value });
        Ok(())
    }
}
