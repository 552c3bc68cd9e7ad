/// Collectible figures that change while they live.
///
/// A struct's fields are fixed when its package is published. *Dynamic* fields are
/// added to one object at a time, under names of any type. This module shows both
/// kinds: a **trait** is a plain value that lives inside the figure, and an
/// **accessory** is an object of its own, which keeps its address while the figure
/// wears it, so that an explorer still finds it.
module collectible::collectible;

use std::string::String;
use sui::dynamic_field as field;
use sui::dynamic_object_field as object_field;

/// Something is in that slot already.
const ESlotTaken: u64 = 0;

/// Nothing is in that slot.
const ESlotFree: u64 = 1;

/// A collectible figure.
public struct Figure has key, store {
    id: UID,
    name: String,
    /// How many accessories it wears.
    worn: u64,
}

/// Something for a figure to wear.
public struct Accessory has key, store {
    id: UID,
    name: String,
}

// The names of dynamic fields are types of this module, not bare strings: so a trait
// and a slot of the same name never meet, and no other module can make one.

/// The name of a dynamic field that holds a trait.
public struct TraitKey(String) has copy, drop, store;

/// The name of a dynamic field that holds an accessory.
public struct SlotKey(String) has copy, drop, store;

/// A new figure. The caller decides where it goes.
public fun new_figure(name: String, ctx: &mut TxContext): Figure {
    Figure { id: object::new(ctx), name, worn: 0 }
}

/// A new accessory.
public fun new_accessory(name: String, ctx: &mut TxContext): Accessory {
    Accessory { id: object::new(ctx), name }
}

/// Makes a figure and gives it to the sender: `new_figure` for a single call.
#[allow(lint(self_transfer))]
public fun mint(name: String, ctx: &mut TxContext) {
    transfer::public_transfer(new_figure(name, ctx), ctx.sender());
}

// === Traits: dynamic fields ===

/// Gives the figure a trait, or changes it.
public fun set_trait(figure: &mut Figure, name: String, value: String) {
    let key = TraitKey(name);
    if (field::exists_(&figure.id, key)) {
        *field::borrow_mut(&mut figure.id, key) = value;
    } else {
        field::add(&mut figure.id, key, value);
    }
}

/// The figure's trait, if it has it.
public fun get_trait(figure: &Figure, name: String): Option<String> {
    let key = TraitKey(name);
    if (field::exists_(&figure.id, key)) {
        option::some(*field::borrow(&figure.id, key))
    } else {
        option::none()
    }
}

/// Takes a trait away; returns it, if the figure had it.
public fun remove_trait(figure: &mut Figure, name: String): Option<String> {
    field::remove_if_exists(&mut figure.id, TraitKey(name))
}

// === Accessories: dynamic object fields ===

/// Puts an accessory into a slot. Aborts with `ESlotTaken` when something is there.
public fun wear(figure: &mut Figure, slot: String, accessory: Accessory) {
    let key = SlotKey(slot);
    assert!(!object_field::exists_(&figure.id, key), ESlotTaken);
    object_field::add(&mut figure.id, key, accessory);
    figure.worn = figure.worn + 1;
}

/// Takes an accessory out of a slot. Aborts with `ESlotFree` when nothing is there.
public fun take_off(figure: &mut Figure, slot: String): Accessory {
    let key = SlotKey(slot);
    assert!(object_field::exists_(&figure.id, key), ESlotFree);
    figure.worn = figure.worn - 1;
    object_field::remove(&mut figure.id, key)
}

/// The accessory in a slot. Aborts with `ESlotFree` when nothing is there.
public fun accessory(figure: &Figure, slot: String): &Accessory {
    let key = SlotKey(slot);
    assert!(object_field::exists_(&figure.id, key), ESlotFree);
    object_field::borrow(&figure.id, key)
}

// === Reading ===

/// The figure's name.
public fun name(figure: &Figure): String {
    figure.name
}

/// How many accessories the figure wears.
public fun worn(figure: &Figure): u64 {
    figure.worn
}

/// The accessory's name.
public fun accessory_name(accessory: &Accessory): String {
    accessory.name
}
