/// One function for each rule of the adapter.
module probe::probe;

use std::string::String;
use sui::dynamic_field as df;
use sui::dynamic_object_field as dof;
use sui::event;
use sui::transfer::Receiving;
use sui::types;

public struct PROBE has drop {}

public struct Thing has key, store { id: UID, value: u64 }

public struct Pinned has key { id: UID, value: u64 }

public struct Box has key, store { id: UID, thing: Thing }

public struct Potato { value: u64 }

public struct Stamp has copy, store { value: u64 }

public struct Made has copy, drop { by: address, value: u64 }

fun init(witness: PROBE, ctx: &mut TxContext) {
    assert!(types::is_one_time_witness(&witness), 100);
    transfer::share_object(Thing { id: object::new(ctx), value: 0 });
}

public fun new(value: u64, ctx: &mut TxContext): Thing {
    event::emit(Made { by: ctx.sender(), value });
    Thing { id: object::new(ctx), value }
}

public fun new_pinned(value: u64, ctx: &mut TxContext) {
    transfer::transfer(Pinned { id: object::new(ctx), value }, ctx.sender())
}

public fun make_pinned(value: u64, ctx: &mut TxContext): Pinned {
    Pinned { id: object::new(ctx), value }
}

public fun value(thing: &Thing): u64 { thing.value }

public fun set(thing: &mut Thing, value: u64) { thing.value = value }

public fun swap(a: &mut Thing, b: &mut Thing) {
    let value = a.value;
    a.value = b.value;
    b.value = value;
}

entry fun entry_set(thing: &mut Thing, value: u64) { thing.value = value }

fun hidden(): u64 { 7 }

public fun reveal(): u64 { hidden() }

public fun destroy(thing: Thing): u64 {
    let Thing { id, value } = thing;
    id.delete();
    value
}

public fun share(thing: Thing) { transfer::public_share_object(thing) }

public fun freeze_thing(thing: Thing) { transfer::public_freeze_object(thing) }

public fun wrap(thing: Thing, ctx: &mut TxContext): Box { Box { id: object::new(ctx), thing } }

public fun unwrap(box: Box): Thing {
    let Box { id, thing } = box;
    id.delete();
    thing
}

public fun bake(value: u64): Potato { Potato { value } }

public fun eat(potato: Potato): u64 {
    let Potato { value } = potato;
    value
}

public fun stamp(value: u64): Stamp { Stamp { value } }

public fun use_stamp(stamp: Stamp): u64 {
    let Stamp { value } = stamp;
    value
}

public fun add_field(parent: &mut Thing, key: u64, value: u64) { df::add(&mut parent.id, key, value) }

public fun field(parent: &Thing, key: u64): u64 { *df::borrow(&parent.id, key) }

public fun bump_field(parent: &mut Thing, key: u64) {
    let value: &mut u64 = df::borrow_mut(&mut parent.id, key);
    *value = *value + 1;
}

public fun remove_field(parent: &mut Thing, key: u64): u64 { df::remove(&mut parent.id, key) }

public fun add_object(parent: &mut Thing, key: u64, child: Thing) {
    dof::add(&mut parent.id, key, child)
}

public fun child_value(parent: &Thing, key: u64): u64 {
    let child: &Thing = dof::borrow(&parent.id, key);
    child.value
}

public fun add_to_child(parent: &mut Thing, key: u64, inner: u64, value: u64) {
    let child: &mut Thing = dof::borrow_mut(&mut parent.id, key);
    df::add(&mut child.id, inner, value)
}

public fun remove_object(parent: &mut Thing, key: u64): Thing { dof::remove(&mut parent.id, key) }

public fun receive(parent: &mut Thing, ticket: Receiving<Thing>): Thing {
    transfer::public_receive(&mut parent.id, ticket)
}

public fun inspect(
    text: String,
    maybe: Option<u64>,
    nested: vector<vector<u8>>,
    owner: address,
    id: ID,
    flag: bool,
): u64 {
    assert!(owner == id.to_address() && flag, 1);
    text.length() + maybe.destroy_or!(0) + nested.length()
}

public fun two(): (u64, u64) { (1, 2) }

public fun reference(thing: &Thing): &u64 { &thing.value }

public fun fail(code: u64) { abort code }

public fun divide(by: u64): u64 { 1 / by }

public fun spin() { loop {} }

public fun keep<T: key + store>(object: T, ctx: &TxContext) {
    transfer::public_transfer(object, ctx.sender())
}

public fun total(values: vector<u64>): u64 {
    let mut sum = 0;
    values.do!(|value| sum = sum + value);
    sum
}

public fun destroy_all(things: vector<Thing>): u64 {
    let mut sum = 0;
    things.do!(|thing| sum = sum + destroy(thing));
    sum
}

public fun sender(ctx: &TxContext): address { ctx.sender() }

public fun check_context(ctx: &TxContext, sender: address, epoch: u64, price: u64) {
    assert!(ctx.sender() == sender, 0);
    assert!(ctx.epoch() == epoch, 1);
    assert!(ctx.gas_price() == price, 2);
    assert!(ctx.sponsor().is_none(), 3);
    assert!(ctx.digest().length() == 32, 4);
}

public struct Big has key, store { id: UID, bytes: vector<u8> }

public fun big(length: u64, ctx: &mut TxContext): Big {
    Big { id: object::new(ctx), bytes: vector::tabulate!(length, |_| 7) }
}

public fun emit_many(count: u64, ctx: &TxContext) {
    count.do!(|value| event::emit(Made { by: ctx.sender(), value }))
}

public fun add_fields(parent: &mut Thing, count: u64) {
    count.do!(|key| df::add(&mut parent.id, key, key))
}

public fun bump_fields(parent: &mut Thing, count: u64) {
    count.do!(|key| bump_field(parent, key))
}

public fun party(thing: Thing, owner: address) {
    transfer::public_party_transfer(thing, sui::party::single_owner(owner))
}
