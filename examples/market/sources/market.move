/// A market on which anybody sells any object for a coin `C`.
///
/// One shared object holds everything: what is for sale, and the sellers' takings
/// until they fetch them. Buyer and seller never meet in one transaction, so neither
/// has to trust the other. The collections inside may grow without limit, since a
/// transaction loads only the entries that it touches.
module market::market;

use sui::balance::{Self, Balance};
use sui::coin::{Self, Coin};
use sui::event;
use sui::object_bag::{Self, ObjectBag};
use sui::table::{Self, Table};

/// The payment is not the price.
const EWrongPayment: u64 = 0;

/// The sender did not list the item.
const ENotSeller: u64 = 1;

/// Nothing is listed under this identifier.
const ENotListed: u64 = 2;

/// The market owes the sender nothing.
const ENoProfits: u64 = 3;

/// The market. `C` is what prices are in.
public struct Market<phantom C> has key {
    id: UID,
    /// What is for sale, by its own identifier: objects of any type.
    items: ObjectBag,
    /// Seller and price of each item.
    listings: Table<ID, Listing>,
    /// What the market owes to sellers.
    profits: Table<address, Balance<C>>,
}

/// Who sells an item, and for how much.
public struct Listing has drop, store {
    seller: address,
    price: u64,
}

/// An item was put up for sale.
public struct Listed has copy, drop {
    item: ID,
    seller: address,
    price: u64,
}

/// An item was sold.
public struct Sold has copy, drop {
    item: ID,
    seller: address,
    buyer: address,
    price: u64,
}

/// Makes an empty market and shares it.
public fun create<C>(ctx: &mut TxContext) {
    transfer::share_object(Market<C> {
        id: object::new(ctx),
        items: object_bag::new(ctx),
        listings: table::new(ctx),
        profits: table::new(ctx),
    });
}

/// Puts `item` up for sale at `price` base units of `C`. The market holds it until
/// it is sold or taken back.
public fun list<C, T: key + store>(
    market: &mut Market<C>,
    item: T,
    price: u64,
    ctx: &TxContext,
) {
    let id = object::id(&item);
    let seller = ctx.sender();
    market.items.add(id, item);
    market.listings.add(id, Listing { seller, price });
    event::emit(Listed { item: id, seller, price });
}

/// Takes an item back. Aborts with `ENotListed` when it is not for sale, and with
/// `ENotSeller` unless the sender listed it.
public fun delist<C, T: key + store>(market: &mut Market<C>, item: ID, ctx: &TxContext): T {
    let (item, seller, _) = market.take<C, T>(item);
    assert!(seller == ctx.sender(), ENotSeller);
    item
}

/// Buys an item. Aborts with `ENotListed` when it is not for sale, and with
/// `EWrongPayment` unless the payment is the price.
public fun buy<C, T: key + store>(
    market: &mut Market<C>,
    item_id: ID,
    payment: Coin<C>,
    ctx: &TxContext,
): T {
    let (item, seller, price) = market.take<C, T>(item_id);
    assert!(payment.value() == price, EWrongPayment);
    if (!market.profits.contains(seller)) market.profits.add(seller, balance::zero());
    market.profits[seller].join(payment.into_balance());
    event::emit(Sold { item: item_id, seller, buyer: ctx.sender(), price });
    item
}

/// Pays out what the market owes the sender. Aborts with `ENoProfits` when that is
/// nothing.
public fun take_profits<C>(market: &mut Market<C>, ctx: &mut TxContext): Coin<C> {
    let seller = ctx.sender();
    assert!(market.profits.contains(seller), ENoProfits);
    coin::from_balance(market.profits.remove(seller), ctx)
}

/// What an item costs. Aborts with `ENotListed` when it is not for sale.
public fun price<C>(market: &Market<C>, item: ID): u64 {
    assert!(market.listings.contains(item), ENotListed);
    market.listings[item].price
}

/// How many items are for sale.
public fun listed<C>(market: &Market<C>): u64 {
    market.listings.length()
}

// Takes an item out with its seller and price.
fun take<C, T: key + store>(market: &mut Market<C>, item: ID): (T, address, u64) {
    assert!(market.listings.contains(item), ENotListed);
    let Listing { seller, price } = market.listings.remove(item);
    (market.items.remove(item), seller, price)
}

#[test_only]
/// A market that is not shared yet.
public fun new_for_testing<C>(ctx: &mut TxContext): Market<C> {
    Market {
        id: object::new(ctx),
        items: object_bag::new(ctx),
        listings: table::new(ctx),
        profits: table::new(ctx),
    }
}
