//! What genesis runs in Move: the framework's own functions make the native
//! coin, the system state, the clock and the randomness.

use crate::changes::{Changes, Draft};
use crate::failure::{Step, Stop};
use crate::genesis::GenesisConfig;
use crate::host::Host;
use crate::object_runtime::{ObjectRuntime, TransactionContext};
use crate::ptb::finish::collect_children;
use crate::ptb::machine::Machine;
use crate::ptb::tx_context;
use heddle_objects::{FRAMEWORK_PACKAGE_ID, GENESIS_VERSION, SYSTEM_PACKAGE_ID};
use heddle_vm::{CallArg, GasMeter, Vm};
use std::collections::BTreeMap;
use sui_sdk_types::{Address, Digest, Identifier};

/// Ids of genesis objects are derived from this in place of the transaction's
/// digest, which depends on them.
const ID_SEED: Digest = Digest::new(*b"heddle genesis object ids seed 1");

/// Runs the framework's genesis functions and gives the objects that they make.
pub(crate) fn run(
    vm: &Vm,
    host: &Host<'_>,
    config: &GenesisConfig,
) -> Step<BTreeMap<Address, Draft>> {
    let mut calls = Calls::new(vm, host, config)?;
    let supply = calls.one_result(FRAMEWORK_PACKAGE_ID, "sui", "new", vec![calls.mutable()])?;
    let system_state = calls.one_result(
        FRAMEWORK_PACKAGE_ID,
        "object",
        "sui_system_state",
        vec![calls.immutable()],
    )?;
    let arguments = create_arguments(&calls, config, system_state, supply)?;
    calls.call(SYSTEM_PACKAGE_ID, "genesis", "create", arguments)?;
    calls.call(
        FRAMEWORK_PACKAGE_ID,
        "clock",
        "create",
        vec![calls.immutable()],
    )?;
    calls.call(
        FRAMEWORK_PACKAGE_ID,
        "random",
        "create",
        vec![calls.mutable()],
    )?;
    calls.objects()
}

/// Arguments of `0x3::genesis::create`.
fn create_arguments(
    calls: &Calls<'_>,
    config: &GenesisConfig,
    system_state: Vec<u8>,
    supply: Vec<u8>,
) -> Step<Vec<CallArg>> {
    let recipients: Vec<(Address, u64)> = config
        .accounts
        .iter()
        .flat_map(|account| {
            account
                .coins
                .iter()
                .map(|balance| (account.address, *balance))
        })
        .collect();
    let addresses: Vec<Address> = recipients.iter().map(|(address, _)| *address).collect();
    let amounts: Vec<u64> = recipients.iter().map(|(_, amount)| *amount).collect();
    Ok(vec![
        CallArg::Value(system_state),
        CallArg::Value(supply),
        value(&config.protocol_version)?,
        value(&config.reference_gas_price)?,
        value(&config.timestamp_ms)?,
        // No validator holds a stake: who validates is the node's configuration.
        value(&Vec::<Address>::new())?,
        value(&Vec::<String>::new())?,
        value(&Vec::<Vec<u8>>::new())?,
        value(&Vec::<String>::new())?,
        value(&Vec::<u64>::new())?,
        value(&addresses)?,
        value(&amounts)?,
        calls.mutable(),
    ])
}

fn value<T: serde::Serialize>(value: &T) -> Step<CallArg> {
    bcs::to_bytes(value)
        .map(CallArg::Value)
        .map_err(|error| Stop::invariant(format!("a genesis argument can't be encoded: {error}")))
}

/// Calls into the framework with the system as sender.
struct Calls<'a> {
    machine: Machine<'a>,
    context: Vec<u8>,
}

impl<'a> Calls<'a> {
    fn new(vm: &'a Vm, host: &'a Host<'a>, config: &GenesisConfig) -> Step<Self> {
        let facts = TransactionContext {
            sender: Address::ZERO,
            sponsor: None,
            digest: ID_SEED,
            epoch: 0,
            epoch_timestamp_ms: config.timestamp_ms,
            reference_gas_price: config.reference_gas_price,
            gas_price: config.reference_gas_price,
            gas_budget: 0,
            ids_created: 0,
        };
        let context = tx_context::encode(vm, host, &facts)?;
        let runtime = ObjectRuntime::new(facts, GENESIS_VERSION).for_genesis();
        Ok(Calls {
            machine: Machine::new(vm, host, GasMeter::unlimited(), runtime),
            context,
        })
    }

    fn mutable(&self) -> CallArg {
        CallArg::MutRef(self.context.clone())
    }

    fn immutable(&self) -> CallArg {
        CallArg::ImmRef(self.context.clone())
    }

    fn call(
        &mut self,
        package: Address,
        module: &'static str,
        function: &'static str,
        arguments: Vec<CallArg>,
    ) -> Step<Vec<Vec<u8>>> {
        let module = Identifier::from_static(module);
        let function = Identifier::from_static(function);
        self.machine
            .call(package, &module, &function, &[], arguments, &[])
            .map(|returned| returned.values)
    }

    fn one_result(
        &mut self,
        package: Address,
        module: &'static str,
        function: &'static str,
        arguments: Vec<CallArg>,
    ) -> Step<Vec<u8>> {
        self.call(package, module, function, arguments)?
            .pop()
            .ok_or_else(|| Stop::invariant(format!("{module}::{function} returned nothing")))
    }

    /// The objects that exist now.
    fn objects(mut self) -> Step<BTreeMap<Address, Draft>> {
        let mut changes = Changes::default();
        collect_children(&mut self.machine, &mut changes)?;
        changes
            .written
            .append(&mut self.machine.runtime()?.transfers);
        Ok(changes.written)
    }
}
