/// A shop that its owner can't cheat with.
///
/// A kiosk is a shared object that holds items of any type. The holder of its
/// `KioskOwnerCap` places, lists and takes them; anybody buys what is listed. Whoever buys
/// gets the item together with a `TransferRequest`, so the type's `TransferPolicy` has its
/// way. An item that was *locked* leaves the kiosk by a sale only.
module sui::kiosk;

use sui::balance::{Self, Balance};
use sui::coin::{Self, Coin};
use sui::dynamic_field as field;
use sui::dynamic_object_field as object_field;
use sui::event;
use sui::sui::SUI;
use sui::transfer_policy::{Self, TransferPolicy, TransferRequest};

/// `cap.kiosk()`: see `kiosk_owner_cap_for`.
public use fun kiosk_owner_cap_for as KioskOwnerCap.kiosk;

/// `cap.kiosk()`: see `purchase_cap_kiosk`.
public use fun purchase_cap_kiosk as PurchaseCap.kiosk;

/// `cap.item()`: see `purchase_cap_item`.
public use fun purchase_cap_item as PurchaseCap.item;

/// `cap.min_price()`: see `purchase_cap_min_price`.
public use fun purchase_cap_min_price as PurchaseCap.min_price;

/// The cap belongs to another kiosk.
const ENotOwner: u64 = 0;

/// The payment is not the price, or is less than the least price.
const EIncorrectAmount: u64 = 1;

/// There is less than what is to be withdrawn.
const ENotEnough: u64 = 2;

/// The kiosk holds items.
const ENotEmpty: u64 = 3;

/// A `PurchaseCap` exists for the item.
const EListedExclusively: u64 = 4;

/// The cap or the promise belongs to another kiosk.
const EWrongKiosk: u64 = 5;

/// The item is listed already.
const EAlreadyListed: u64 = 6;

/// The owner does not allow others to use the kiosk's identity.
const EUidAccessNotAllowed: u64 = 7;

/// The item is locked.
const EItemLocked: u64 = 8;

/// The item is listed.
const EItemIsListed: u64 = 9;

/// The item is not the one that was lent.
const EItemMismatch: u64 = 10;

/// The kiosk does not hold the item.
const EItemNotFound: u64 = 11;

/// The item is not listed.
const ENotListed: u64 = 12;

/// A kiosk.
public struct Kiosk has key, store {
    id: UID,
    /// What sales have brought.
    profits: Balance<SUI>,
    /// Whom clients should show as the owner. It gives no rights.
    owner: address,
    /// How many items the kiosk holds.
    item_count: u32,
    /// Whether anybody may write dynamic fields. Kept for older code.
    allow_extensions: bool,
}

/// The right of the kiosk's owner.
public struct KioskOwnerCap has key, store {
    id: UID,
    `for`: ID,
}

/// The right to buy one item for `min_price` or more. While it exists nobody else can buy
/// or take the item.
public struct PurchaseCap<phantom T: key + store> has key, store {
    id: UID,
    kiosk_id: ID,
    item_id: ID,
    min_price: u64,
}

/// The promise to put an item back.
public struct Borrow { kiosk_id: ID, item_id: ID }

/// The name of the dynamic object field with an item.
public struct Item has copy, drop, store { id: ID }

/// The name of the dynamic field with an item's price, or with the least price if the
/// listing is exclusive.
public struct Listing has copy, drop, store { id: ID, is_exclusive: bool }

/// The name of the dynamic field that says an item is locked.
public struct Lock has copy, drop, store { id: ID }

/// An item can be bought.
public struct ItemListed<phantom T: key + store> has copy, drop { kiosk: ID, id: ID, price: u64 }

/// An item was bought.
public struct ItemPurchased<phantom T: key + store> has copy, drop {
    kiosk: ID,
    id: ID,
    price: u64,
}

/// An item can no longer be bought.
public struct ItemDelisted<phantom T: key + store> has copy, drop { kiosk: ID, id: ID }

// === Kiosks ===

#[allow(lint(self_transfer, share_owned))]
// A kiosk, shared; the sender gets the cap.
entry fun default(ctx: &mut TxContext) {
    let (kiosk, cap) = new(ctx);
    transfer::share_object(kiosk);
    transfer::transfer(cap, ctx.sender())
}

/// An empty kiosk and its owner's right.
public fun new(ctx: &mut TxContext): (Kiosk, KioskOwnerCap) {
    let kiosk = Kiosk {
        id: object::new(ctx),
        profits: balance::zero(),
        owner: ctx.sender(),
        item_count: 0,
        allow_extensions: false,
    };
    let cap = KioskOwnerCap { id: object::new(ctx), `for`: object::id(&kiosk) };
    (kiosk, cap)
}

/// Ends an empty kiosk and returns its profits. Aborts with `ENotOwner` when the cap
/// belongs to another kiosk, and with `ENotEmpty` when the kiosk holds items.
public fun close_and_withdraw(self: Kiosk, cap: KioskOwnerCap, ctx: &mut TxContext): Coin<SUI> {
    self.assert_owner(&cap);
    let Kiosk { id, profits, owner: _, item_count, allow_extensions: _ } = self;
    let KioskOwnerCap { id: cap_id, `for`: _ } = cap;
    assert!(item_count == 0, ENotEmpty);
    cap_id.delete();
    id.delete();
    coin::from_balance(profits, ctx)
}

/// Lets clients show the sender as the owner. Aborts with `ENotOwner` when the cap
/// belongs to another kiosk.
public fun set_owner(self: &mut Kiosk, cap: &KioskOwnerCap, ctx: &TxContext) {
    self.set_owner_custom(cap, ctx.sender())
}

/// Lets clients show `owner` as the owner. Aborts with `ENotOwner` when the cap belongs to
/// another kiosk.
public fun set_owner_custom(self: &mut Kiosk, cap: &KioskOwnerCap, owner: address) {
    self.assert_owner(cap);
    self.owner = owner
}

// === Items ===

/// Puts an item in. Aborts with `ENotOwner` when the cap belongs to another kiosk.
public fun place<T: key + store>(self: &mut Kiosk, cap: &KioskOwnerCap, item: T) {
    self.assert_owner(cap);
    self.place_internal(item)
}

/// Puts an item in, which leaves by a sale only. That its type has a policy is the proof
/// that it can be sold. Aborts with `ENotOwner` when the cap belongs to another kiosk.
public fun lock<T: key + store>(
    self: &mut Kiosk,
    cap: &KioskOwnerCap,
    _policy: &TransferPolicy<T>,
    item: T,
) {
    self.assert_owner(cap);
    self.lock_internal(item)
}

/// Takes an item out. A listing for all ends with it. Aborts with `ENotOwner` when the cap
/// belongs to another kiosk, with `EItemLocked`, `EListedExclusively` or `EItemNotFound`.
public fun take<T: key + store>(self: &mut Kiosk, cap: &KioskOwnerCap, id: ID): T {
    self.assert_owner(cap);
    assert!(!self.is_locked(id), EItemLocked);
    assert!(!self.is_listed_exclusively(id), EListedExclusively);
    assert!(self.has_item(id), EItemNotFound);
    field::remove_if_exists<Listing, u64>(&mut self.id, Listing { id, is_exclusive: false });
    self.remove_item(id)
}

/// Lists an item for all at `price`; a second time changes the price. Aborts with
/// `ENotOwner` when the cap belongs to another kiosk, with `EItemNotFound` or
/// `EListedExclusively`.
public fun list<T: key + store>(self: &mut Kiosk, cap: &KioskOwnerCap, id: ID, price: u64) {
    self.assert_owner(cap);
    assert!(self.has_item_with_type<T>(id), EItemNotFound);
    assert!(!self.is_listed_exclusively(id), EListedExclusively);
    let key = Listing { id, is_exclusive: false };
    field::remove_if_exists<Listing, u64>(&mut self.id, key);
    field::add(&mut self.id, key, price);
    event::emit(ItemListed<T> { kiosk: object::id(self), id, price })
}

/// `place` and `list`.
public fun place_and_list<T: key + store>(
    self: &mut Kiosk,
    cap: &KioskOwnerCap,
    item: T,
    price: u64,
) {
    let id = object::id(&item);
    self.place(cap, item);
    self.list<T>(cap, id, price)
}

/// Ends a listing for all. Aborts with `ENotOwner` when the cap belongs to another kiosk,
/// with `EItemNotFound`, `EListedExclusively` or `ENotListed`.
public fun delist<T: key + store>(self: &mut Kiosk, cap: &KioskOwnerCap, id: ID) {
    self.assert_owner(cap);
    assert!(self.has_item_with_type<T>(id), EItemNotFound);
    assert!(!self.is_listed_exclusively(id), EListedExclusively);
    assert!(self.is_listed(id), ENotListed);
    let _: u64 = field::remove(&mut self.id, Listing { id, is_exclusive: false });
    event::emit(ItemDelisted<T> { kiosk: object::id(self), id })
}

/// Buys a listed item. The request must be confirmed by the type's policy. Aborts with
/// `ENotListed` or `EItemNotFound`, and with `EIncorrectAmount` unless the payment is the
/// price.
public fun purchase<T: key + store>(
    self: &mut Kiosk,
    id: ID,
    payment: Coin<SUI>,
): (T, TransferRequest<T>) {
    let key = Listing { id, is_exclusive: false };
    assert!(field::exists_(&self.id, key), ENotListed);
    let price: u64 = field::remove(&mut self.id, key);
    assert!(payment.value() == price, EIncorrectAmount);
    self.sell(id, payment)
}

/// Gives the right to buy an item for `min_price` or more. Aborts with `ENotOwner` when the
/// cap belongs to another kiosk, with `EItemNotFound`, and with `EAlreadyListed` when the
/// item is listed in either way.
public fun list_with_purchase_cap<T: key + store>(
    self: &mut Kiosk,
    cap: &KioskOwnerCap,
    id: ID,
    min_price: u64,
    ctx: &mut TxContext,
): PurchaseCap<T> {
    self.assert_owner(cap);
    assert!(self.has_item_with_type<T>(id), EItemNotFound);
    assert!(!self.is_listed(id), EAlreadyListed);
    field::add(&mut self.id, Listing { id, is_exclusive: true }, min_price);
    PurchaseCap { id: object::new(ctx), kiosk_id: object::id(self), item_id: id, min_price }
}

/// Buys the item of a purchase cap, which ends. Aborts with `EWrongKiosk` when the item is
/// elsewhere, and with `EIncorrectAmount` when the payment is less than the least price.
public fun purchase_with_cap<T: key + store>(
    self: &mut Kiosk,
    purchase_cap: PurchaseCap<T>,
    payment: Coin<SUI>,
): (T, TransferRequest<T>) {
    let PurchaseCap { id: cap_id, item_id, kiosk_id, min_price } = purchase_cap;
    cap_id.delete();
    assert!(kiosk_id == object::id(self), EWrongKiosk);
    assert!(payment.value() >= min_price, EIncorrectAmount);
    let _: u64 = field::remove(&mut self.id, Listing { id: item_id, is_exclusive: true });
    self.sell(item_id, payment)
}

/// Gives a purchase cap back, so that the owner disposes of the item again. Aborts with
/// `EWrongKiosk` when the item is elsewhere.
public fun return_purchase_cap<T: key + store>(self: &mut Kiosk, purchase_cap: PurchaseCap<T>) {
    let PurchaseCap { id: cap_id, item_id, kiosk_id, min_price: _ } = purchase_cap;
    cap_id.delete();
    assert!(kiosk_id == object::id(self), EWrongKiosk);
    let _: u64 = field::remove(&mut self.id, Listing { id: item_id, is_exclusive: true });
}

/// Takes `amount`, or else all, of the profits. Aborts with `ENotOwner` when the cap belongs
/// to another kiosk, and with `ENotEnough` when there is less.
public fun withdraw(
    self: &mut Kiosk,
    cap: &KioskOwnerCap,
    amount: Option<u64>,
    ctx: &mut TxContext,
): Coin<SUI> {
    self.assert_owner(cap);
    let profits = self.profits.value();
    let amount = amount.destroy_with_default(profits);
    assert!(amount <= profits, ENotEnough);
    coin::take(&mut self.profits, amount, ctx)
}

// === Borrowing items ===

/// Borrows an item. Aborts with `ENotOwner` when the cap belongs to another kiosk, and with
/// `EItemNotFound`.
public fun borrow<T: key + store>(self: &Kiosk, cap: &KioskOwnerCap, id: ID): &T {
    self.assert_owner(cap);
    assert!(self.has_item(id), EItemNotFound);
    object_field::borrow(&self.id, Item { id })
}

/// Borrows an item for writing. Aborts with `ENotOwner` when the cap belongs to another
/// kiosk, with `EItemNotFound` or `EItemIsListed`.
public fun borrow_mut<T: key + store>(self: &mut Kiosk, cap: &KioskOwnerCap, id: ID): &mut T {
    self.assert_owner(cap);
    assert!(self.has_item(id), EItemNotFound);
    assert!(!self.is_listed(id), EItemIsListed);
    object_field::borrow_mut(&mut self.id, Item { id })
}

/// Lends an item out for the time of the transaction. Aborts with `ENotOwner` when the cap
/// belongs to another kiosk, with `EItemNotFound` or `EItemIsListed`.
public fun borrow_val<T: key + store>(self: &mut Kiosk, cap: &KioskOwnerCap, id: ID): (T, Borrow) {
    self.assert_owner(cap);
    assert!(self.has_item(id), EItemNotFound);
    assert!(!self.is_listed(id), EItemIsListed);
    (object_field::remove(&mut self.id, Item { id }), Borrow { kiosk_id: object::id(self), item_id: id })
}

/// Puts a lent item back. Aborts with `EWrongKiosk` when it was lent elsewhere, and with
/// `EItemMismatch` when it is another one.
public fun return_val<T: key + store>(self: &mut Kiosk, item: T, borrow: Borrow) {
    let Borrow { kiosk_id, item_id } = borrow;
    assert!(object::id(self) == kiosk_id, EWrongKiosk);
    assert!(object::id(&item) == item_id, EItemMismatch);
    object_field::add(&mut self.id, Item { id: item_id }, item)
}

// === Asking ===

/// Whether the kiosk holds the item.
public fun has_item(self: &Kiosk, id: ID): bool {
    object_field::exists_(&self.id, Item { id })
}

/// Whether the kiosk holds the item and it is a `T`.
public fun has_item_with_type<T: key + store>(self: &Kiosk, id: ID): bool {
    object_field::exists_with_type<Item, T>(&self.id, Item { id })
}

/// Whether the item leaves by a sale only.
public fun is_locked(self: &Kiosk, id: ID): bool {
    field::exists_(&self.id, Lock { id })
}

/// Whether the item is listed, for all or exclusively.
public fun is_listed(self: &Kiosk, id: ID): bool {
    field::exists_(&self.id, Listing { id, is_exclusive: false }) || self.is_listed_exclusively(id)
}

/// Whether a purchase cap exists for the item.
public fun is_listed_exclusively(self: &Kiosk, id: ID): bool {
    field::exists_(&self.id, Listing { id, is_exclusive: true })
}

/// Whether the cap is that of this kiosk.
public fun has_access(self: &mut Kiosk, cap: &KioskOwnerCap): bool {
    object::id(self) == cap.`for`
}

/// Whom clients show as the owner.
public fun owner(self: &Kiosk): address {
    self.owner
}

/// How many items the kiosk holds.
public fun item_count(self: &Kiosk): u32 {
    self.item_count
}

/// What sales have brought.
public fun profits_amount(self: &Kiosk): u64 {
    self.profits.value()
}

/// Borrows the profits for writing. Aborts with `ENotOwner` when the cap belongs to another
/// kiosk.
public fun profits_mut(self: &mut Kiosk, cap: &KioskOwnerCap): &mut Balance<SUI> {
    self.assert_owner(cap);
    &mut self.profits
}

/// The kiosk of an owner's cap.
public fun kiosk_owner_cap_for(cap: &KioskOwnerCap): ID {
    cap.`for`
}

/// The kiosk of a purchase cap.
public fun purchase_cap_kiosk<T: key + store>(self: &PurchaseCap<T>): ID {
    self.kiosk_id
}

/// The item of a purchase cap.
public fun purchase_cap_item<T: key + store>(self: &PurchaseCap<T>): ID {
    self.item_id
}

/// The least price of a purchase cap.
public fun purchase_cap_min_price<T: key + store>(self: &PurchaseCap<T>): u64 {
    self.min_price
}

// === For extensions ===

/// Borrows the kiosk's identity.
public fun uid(self: &Kiosk): &UID {
    &self.id
}

/// Borrows the kiosk's identity for writing. Aborts with `ENotOwner` when the cap belongs to
/// another kiosk.
public fun uid_mut_as_owner(self: &mut Kiosk, cap: &KioskOwnerCap): &mut UID {
    self.assert_owner(cap);
    &mut self.id
}

/// Says whether anybody may borrow the kiosk's identity for writing. Aborts with `ENotOwner`
/// when the cap belongs to another kiosk.
public fun set_allow_extensions(self: &mut Kiosk, cap: &KioskOwnerCap, allow_extensions: bool) {
    self.assert_owner(cap);
    self.allow_extensions = allow_extensions
}

/// Borrows the kiosk's identity for writing. Aborts with `EUidAccessNotAllowed` unless the
/// owner allows that.
public fun uid_mut(self: &mut Kiosk): &mut UID {
    assert!(self.allow_extensions, EUidAccessNotAllowed);
    &mut self.id
}

public(package) fun lock_internal<T: key + store>(self: &mut Kiosk, item: T) {
    field::add(&mut self.id, Lock { id: object::id(&item) }, true);
    self.place_internal(item)
}

public(package) fun place_internal<T: key + store>(self: &mut Kiosk, item: T) {
    self.item_count = self.item_count + 1;
    object_field::add(&mut self.id, Item { id: object::id(&item) }, item)
}

public(package) fun uid_mut_internal(self: &mut Kiosk): &mut UID {
    &mut self.id
}

// Takes an item out and says so to its policy.
fun sell<T: key + store>(self: &mut Kiosk, id: ID, payment: Coin<SUI>): (T, TransferRequest<T>) {
    let price = payment.value();
    let item = self.remove_item(id);
    coin::put(&mut self.profits, payment);
    field::remove_if_exists<Lock, bool>(&mut self.id, Lock { id });
    event::emit(ItemPurchased<T> { kiosk: object::id(self), id, price });
    (item, transfer_policy::new_request(id, price, object::id(self)))
}

fun remove_item<T: key + store>(self: &mut Kiosk, id: ID): T {
    self.item_count = self.item_count - 1;
    object_field::remove(&mut self.id, Item { id })
}

fun assert_owner(self: &Kiosk, cap: &KioskOwnerCap) {
    assert!(object::id(self) == cap.`for`, ENotOwner)
}
