/// A value whose type may change with the code that uses it.
///
/// The value is a dynamic field under its version number, so an object that holds a
/// `Versioned` keeps its type when a package upgrade brings a new type for the value.
module sui::versioned;

use sui::dynamic_field;

/// The upgrade has the wrong capability, or a version that is not greater.
const EInvalidUpgrade: u64 = 0;

/// A value and its version number.
public struct Versioned has key, store {
    id: UID,
    version: u64,
}

/// The promise to put a new value into the `Versioned` from which one was taken.
public struct VersionChangeCap {
    versioned_id: ID,
    old_version: u64,
}

/// A value under its first version number.
public fun create<T: store>(init_version: u64, init_value: T, ctx: &mut TxContext): Versioned {
    let mut self = Versioned { id: object::new(ctx), version: init_version };
    dynamic_field::add(&mut self.id, init_version, init_value);
    self
}

/// The version number.
public fun version(self: &Versioned): u64 {
    self.version
}

/// Borrows the value, whose type the version number tells. Aborts in
/// `sui::dynamic_field` when it is another.
public fun load_value<T: store>(self: &Versioned): &T {
    dynamic_field::borrow(&self.id, self.version)
}

/// Borrows the value for writing. Aborts like `load_value`.
public fun load_value_mut<T: store>(self: &mut Versioned): &mut T {
    dynamic_field::borrow_mut(&mut self.id, self.version)
}

/// Takes the value out; `upgrade` must put one in again.
public fun remove_value_for_upgrade<T: store>(self: &mut Versioned): (T, VersionChangeCap) {
    let value = dynamic_field::remove(&mut self.id, self.version);
    (value, VersionChangeCap { versioned_id: object::id(self), old_version: self.version })
}

/// Puts a value of a new version in. Aborts with `EInvalidUpgrade` when `cap` comes
/// from another `Versioned`, and when the version is not greater than before.
public fun upgrade<T: store>(
    self: &mut Versioned,
    new_version: u64,
    new_value: T,
    cap: VersionChangeCap,
) {
    let VersionChangeCap { versioned_id, old_version } = cap;
    assert!(versioned_id == object::id(self) && old_version < new_version, EInvalidUpgrade);
    dynamic_field::add(&mut self.id, new_version, new_value);
    self.version = new_version
}

/// The value; the `Versioned` ends.
public fun destroy<T: store>(self: Versioned): T {
    let Versioned { mut id, version } = self;
    let value = dynamic_field::remove(&mut id, version);
    id.delete();
    value
}
