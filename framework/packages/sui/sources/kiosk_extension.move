/// Modules that work in a kiosk with its owner's consent.
///
/// An extension is a witness type. The owner adds it with a set of permissions; from then
/// on its module keeps data in the kiosk, and places or locks items if it may. The owner
/// can disable it, which ends its permissions but not its data.
module sui::kiosk_extension;

use sui::bag::{Self, Bag};
use sui::dynamic_field as field;
use sui::kiosk::{Kiosk, KioskOwnerCap};
use sui::transfer_policy::TransferPolicy;

/// The cap belongs to another kiosk.
const ENotOwner: u64 = 0;

/// The owner did not permit this, or disabled the extension.
const EExtensionNotAllowed: u64 = 2;

/// The kiosk does not have the extension.
const EExtensionNotInstalled: u64 = 3;

// What an extension may do, one bit each. Who may lock may also place.
const PLACE: u128 = 1;
const LOCK: u128 = 2;

/// An extension's data and permissions.
public struct Extension has store {
    storage: Bag,
    permissions: u128,
    is_enabled: bool,
}

/// The name of the dynamic field with an extension.
public struct ExtensionKey<phantom Ext> has copy, drop, store {}

/// Adds an extension. Aborts with `ENotOwner` when the cap belongs to another kiosk.
public fun add<Ext: drop>(
    _ext: Ext,
    self: &mut Kiosk,
    cap: &KioskOwnerCap,
    permissions: u128,
    ctx: &mut TxContext,
) {
    assert!(self.has_access(cap), ENotOwner);
    let extension = Extension { storage: bag::new(ctx), permissions, is_enabled: true };
    field::add(self.uid_mut_as_owner(cap), ExtensionKey<Ext> {}, extension)
}

/// Ends an extension's permissions for now. Aborts with `ENotOwner` when the cap belongs to
/// another kiosk, and with `EExtensionNotInstalled`.
public fun disable<Ext: drop>(self: &mut Kiosk, cap: &KioskOwnerCap) {
    assert!(self.has_access(cap), ENotOwner);
    extension_mut<Ext>(self).is_enabled = false
}

/// Gives a disabled extension its permissions again. Aborts with `ENotOwner` when the cap
/// belongs to another kiosk, and with `EExtensionNotInstalled`.
public fun enable<Ext: drop>(self: &mut Kiosk, cap: &KioskOwnerCap) {
    assert!(self.has_access(cap), ENotOwner);
    extension_mut<Ext>(self).is_enabled = true
}

/// Takes an extension away. Aborts with `ENotOwner` when the cap belongs to another kiosk,
/// with `EExtensionNotInstalled`, and in `sui::bag` when it still has data.
public fun remove<Ext: drop>(self: &mut Kiosk, cap: &KioskOwnerCap) {
    assert!(self.has_access(cap), ENotOwner);
    assert!(is_installed<Ext>(self), EExtensionNotInstalled);
    let Extension { storage, permissions: _, is_enabled: _ } = field::remove(
        self.uid_mut_as_owner(cap),
        ExtensionKey<Ext> {},
    );
    storage.destroy_empty()
}

/// Borrows the extension's data. Aborts with `EExtensionNotInstalled`.
public fun storage<Ext: drop>(_ext: Ext, self: &Kiosk): &Bag {
    &extension<Ext>(self).storage
}

/// Borrows the extension's data for writing, even while it is disabled, so that others'
/// property is not caught. Aborts with `EExtensionNotInstalled`.
public fun storage_mut<Ext: drop>(_ext: Ext, self: &mut Kiosk): &mut Bag {
    &mut extension_mut<Ext>(self).storage
}

/// Puts an item into the kiosk. Aborts with `EExtensionNotInstalled`, and with
/// `EExtensionNotAllowed` unless the extension may place or lock.
public fun place<Ext: drop, T: key + store>(
    _ext: Ext,
    self: &mut Kiosk,
    item: T,
    _policy: &TransferPolicy<T>,
) {
    assert!(is_installed<Ext>(self), EExtensionNotInstalled);
    assert!(can_place<Ext>(self), EExtensionNotAllowed);
    self.place_internal(item)
}

/// Locks an item into the kiosk. Aborts with `EExtensionNotInstalled`, and with
/// `EExtensionNotAllowed` unless the extension may lock.
public fun lock<Ext: drop, T: key + store>(
    _ext: Ext,
    self: &mut Kiosk,
    item: T,
    _policy: &TransferPolicy<T>,
) {
    assert!(is_installed<Ext>(self), EExtensionNotInstalled);
    assert!(can_lock<Ext>(self), EExtensionNotAllowed);
    self.lock_internal(item)
}

/// Whether the kiosk has the extension.
public fun is_installed<Ext: drop>(self: &Kiosk): bool {
    field::exists_(self.uid(), ExtensionKey<Ext> {})
}

/// Whether the extension has its permissions. Aborts with `EExtensionNotInstalled`.
public fun is_enabled<Ext: drop>(self: &Kiosk): bool {
    extension<Ext>(self).is_enabled
}

/// Whether the extension may place items. Aborts with `EExtensionNotInstalled`.
public fun can_place<Ext: drop>(self: &Kiosk): bool {
    let extension = extension<Ext>(self);
    extension.is_enabled && extension.permissions & (PLACE | LOCK) != 0
}

/// Whether the extension may lock items. Aborts with `EExtensionNotInstalled`.
public fun can_lock<Ext: drop>(self: &Kiosk): bool {
    let extension = extension<Ext>(self);
    extension.is_enabled && extension.permissions & LOCK != 0
}

fun extension<Ext: drop>(self: &Kiosk): &Extension {
    assert!(is_installed<Ext>(self), EExtensionNotInstalled);
    field::borrow(self.uid(), ExtensionKey<Ext> {})
}

fun extension_mut<Ext: drop>(self: &mut Kiosk): &mut Extension {
    assert!(is_installed<Ext>(self), EExtensionNotInstalled);
    field::borrow_mut(self.uid_mut_internal(), ExtensionKey<Ext> {})
}
