//! Programmable transactions: a list of commands over inputs and the results
//! of earlier commands.
//!
//! Values travel between commands as bytes with a type ([`values`]); a command
//! takes them, copies them or borrows them ([`arguments`]). What is left over at
//! the end must be allowed to be ([`finish`]). Each command has its own file:
//! [`move_call`], [`coins`], [`transfer`], [`make_vector`], [`publish`],
//! [`upgrade`].
//!
//! Nothing here writes state: the outcome is a [`Changes`], or the reason why
//! there is none.

mod arguments;
mod coins;
pub(crate) mod finish;
mod linkage;
pub(crate) mod machine;
mod make_vector;
mod move_call;
mod publish;
mod pure;
mod transfer;
pub(crate) mod tx_context;
mod upgrade;
mod values;

use crate::changes::{Changes, Draft};
use crate::failure::{Step, Stop};
use crate::gas::Payment;
use crate::host::Host;
use crate::inputs::{Access, Inputs};
use crate::object_runtime::{ObjectRuntime, TransactionContext};
use crate::simulation::{Checks, CommandOutputs, TypedValue};
use heddle_objects::object::COIN_CONTENTS_BYTES;
use heddle_vm::{GasMeter, Vm};
use machine::Machine;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use sui_sdk_types::{
    Address, Argument, Command, ExecutionError, Input, Object, ProgrammableTransaction,
};
use values::{InputObjectFacts, Location, ObjectValue, Slot, Value};

/// VM gas units for each command, whatever it does.
const COMMAND_COST: u64 = 100;

/// What a programmable transaction runs on.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    /// The VM.
    pub(crate) vm: &'a Vm,
    /// Stored state.
    pub(crate) host: &'a Host<'a>,
    /// The inputs.
    pub(crate) inputs: &'a Inputs,
    /// How strict to be.
    pub(crate) checks: Checks,
    /// Whether to keep what each command returned.
    pub(crate) keep_outputs: bool,
}

/// How a programmable transaction ended.
pub(crate) struct Outcome {
    /// What it changes, or why it stopped.
    pub(crate) result: Step<Changes>,
    /// VM gas units used.
    pub(crate) vm_units: u64,
    /// What each finished command returned, if asked for.
    pub(crate) outputs: Vec<CommandOutputs>,
}

/// Runs a programmable transaction.
pub(crate) fn run(
    setting: Setting<'_>,
    transaction: &ProgrammableTransaction,
    context: TransactionContext,
    payment: Option<&Payment>,
    gas: GasMeter,
) -> Outcome {
    let runtime = ObjectRuntime::new(context, setting.inputs.lamport_version);
    let machine = Machine::new(setting.vm, setting.host, gas, runtime);
    let mut engine = Engine::new(setting, machine);
    let result = engine.execute(transaction, payment);
    Outcome {
        vm_units: engine.machine.units_used(),
        result,
        outputs: engine.outputs,
    }
}

/// One programmable transaction while it runs.
struct Engine<'a> {
    setting: Setting<'a>,
    machine: Machine<'a>,
    /// The gas coin, while nobody has taken it.
    gas_coin: Option<Slot>,
    /// Inputs in order.
    input_slots: Vec<Slot>,
    /// Results of finished commands.
    results: Vec<Vec<Slot>>,
    /// Borrows of the running command: place, and whether mutable.
    borrows: Vec<(Location, bool)>,
    /// Whether the running command may take the gas coin.
    may_take_gas_coin: bool,
    /// Shared inputs that were taken by value.
    shared_taken: BTreeSet<Address>,
    /// Packages published, by id.
    packages: BTreeMap<Address, Draft>,
    /// Kept outputs.
    outputs: Vec<CommandOutputs>,
}

impl<'a> Engine<'a> {
    fn new(setting: Setting<'a>, machine: Machine<'a>) -> Self {
        Engine {
            setting,
            machine,
            gas_coin: None,
            input_slots: Vec::new(),
            results: Vec::new(),
            borrows: Vec::new(),
            may_take_gas_coin: false,
            shared_taken: BTreeSet::new(),
            packages: BTreeMap::new(),
            outputs: Vec::new(),
        }
    }

    fn execute(
        &mut self,
        transaction: &ProgrammableTransaction,
        payment: Option<&Payment>,
    ) -> Step<Changes> {
        self.prepare(transaction, payment)?;
        for (index, command) in transaction.commands.iter().enumerate() {
            let values = self
                .command(command)
                .map_err(|stop| stop.at_command(index))?;
            self.results
                .push(values.into_iter().map(Slot::of).collect());
        }
        self.finish(payment)
    }

    /// Fills the input slots, merges the gas coins, and tells natives of the
    /// inputs.
    fn prepare(
        &mut self,
        transaction: &ProgrammableTransaction,
        payment: Option<&Payment>,
    ) -> Step<()> {
        let inputs = self.setting.inputs;
        let runtime = self.machine.runtime()?;
        for (id, entry) in &inputs.objects {
            runtime.input_owners.insert(*id, *entry.object.owner());
            self.setting.host.add_root(&entry.object);
        }
        for (id, reference) in &inputs.receiving {
            runtime.receivable.insert(*id, reference.version());
        }
        for input in &transaction.inputs {
            let slot = self.input_slot(input)?;
            self.input_slots.push(slot);
        }
        if let Some(payment) = payment {
            let object = self.input_object(&payment.coin)?;
            let mut slot = object_slot(&object, Access::Owned)
                .ok_or_else(|| Stop::invariant("the gas coin is no Move object"))?;
            if let Some(Value::Object(coin)) = &mut slot.value {
                set_balance(&mut coin.contents, payment.spendable())?;
            }
            self.gas_coin = Some(slot);
        }
        Ok(())
    }

    fn input_slot(&self, input: &Input) -> Step<Slot> {
        let id = match input {
            Input::Pure(bytes) => return Ok(Slot::of(Value::Pure(bytes.clone()))),
            Input::Receiving(reference) => {
                return Ok(Slot::of(Value::Receiving {
                    id: *reference.object_id(),
                    version: reference.version(),
                }));
            }
            Input::ImmutableOrOwned(reference) => *reference.object_id(),
            Input::Shared(shared) => shared.object_id(),
            _ => {
                return Err(Stop::failed(
                    ExecutionError::FeatureNotYetSupported,
                    "an input of a kind that is not built yet",
                ));
            }
        };
        let entry = self
            .setting
            .inputs
            .objects
            .get(&id)
            .ok_or_else(|| Stop::invariant(format!("input {id} was not loaded")))?;
        object_slot(&entry.object, entry.access).ok_or_else(|| {
            Stop::failed(
                ExecutionError::VmVerificationOrDeserializationError,
                format!("input {id} is a package"),
            )
        })
    }

    fn input_object(&self, id: &Address) -> Step<Arc<Object>> {
        self.setting
            .inputs
            .objects
            .get(id)
            .map(|entry| Arc::clone(&entry.object))
            .ok_or_else(|| Stop::invariant(format!("input {id} was not loaded")))
    }

    fn command(&mut self, command: &Command) -> Step<Vec<Value>> {
        self.machine.charge(COMMAND_COST)?;
        self.borrows.clear();
        self.may_take_gas_coin = matches!(command, Command::TransferObjects(_));
        let (values, mutated) = match command {
            Command::MoveCall(call) => self.move_call(call)?,
            Command::TransferObjects(command) => (self.transfer_objects(command)?, Vec::new()),
            Command::SplitCoins(command) => {
                (self.split_coins(command)?, self.location_of(command.coin)?)
            }
            Command::MergeCoins(command) => {
                (self.merge_coins(command)?, self.location_of(command.coin)?)
            }
            Command::MakeMoveVector(command) => (self.make_vector(command)?, Vec::new()),
            Command::Publish(command) => (self.publish(command)?, Vec::new()),
            Command::Upgrade(command) => (self.upgrade(command)?, Vec::new()),
            _ => {
                return Err(Stop::failed(
                    ExecutionError::FeatureNotYetSupported,
                    "a command that is not built yet",
                ));
            }
        };
        if self.setting.keep_outputs {
            self.keep_outputs(&values, &mutated);
        }
        Ok(values)
    }

    fn location_of(&self, argument: Argument) -> Step<Vec<Location>> {
        Ok(vec![self.locate(0, argument)?])
    }

    fn keep_outputs(&mut self, values: &[Value], mutated: &[Location]) {
        let typed = |value: &Value| TypedValue {
            type_: value
                .type_tag()
                .unwrap_or(sui_sdk_types::TypeTag::Vector(Box::new(
                    sui_sdk_types::TypeTag::U8,
                ))),
            bytes: value.clone().into_bytes(),
        };
        let mutated_by_ref = mutated
            .iter()
            .filter_map(|location| {
                let value = self.slot(*location)?.value.as_ref()?;
                Some(crate::simulation::MutatedArgument {
                    argument: location.as_argument(),
                    value: typed(value),
                })
            })
            .collect();
        self.outputs.push(CommandOutputs {
            return_values: values.iter().map(typed).collect(),
            mutated_by_ref,
        });
    }

    /// A new id, or the failure that there are too many.
    fn fresh_id(&mut self) -> Step<Address> {
        self.machine.runtime()?.fresh_id().ok_or_else(|| {
            Stop::failed(
                ExecutionError::MovePrimitiveRuntimeError { location: None },
                "limit reached: objects created by one transaction",
            )
        })
    }
}

/// A slot for an input object; `None` for a package.
fn object_slot(object: &Object, access: Access) -> Option<Slot> {
    let value = object.as_struct()?;
    Some(Slot {
        value: Some(Value::Object(ObjectValue {
            type_: value.object_type().clone(),
            has_public_transfer: value.has_public_transfer(),
            tainted: false,
            contents: value.contents().to_vec(),
        })),
        object: Some(InputObjectFacts {
            id: object.object_id(),
            mutable: access.is_mutable(),
            shared: matches!(access, Access::SharedRead | Access::SharedWrite),
        }),
        last_used_by_value: false,
    })
}

/// Writes the balance into the contents of a coin.
fn set_balance(contents: &mut [u8], balance: u64) -> Step<()> {
    if contents.len() != COIN_CONTENTS_BYTES {
        return Err(Stop::invariant("a coin has not the layout of one"));
    }
    contents[Address::LENGTH..].copy_from_slice(&balance.to_le_bytes());
    Ok(())
}
