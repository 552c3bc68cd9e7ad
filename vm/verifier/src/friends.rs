//! Friends are other modules of the same package.

use heddle_bytecode::CompiledModule;

use crate::{Rule, WorkMeter, error::Violation};

pub(crate) fn verify(module: &CompiledModule, meter: &mut WorkMeter) -> Result<(), Violation> {
    meter.charge_each(module.friend_decls.len())?;
    let own = module.self_handle();
    for friend in &module.friend_decls {
        let wrong = if friend == own {
            "is this module itself"
        } else if friend.address != own.address {
            "is at another address"
        } else {
            continue;
        };
        let message = format!("friend {} {wrong}", module.module_id(friend));
        return Err(Violation::new(Rule::Friend, message));
    }
    Ok(())
}
