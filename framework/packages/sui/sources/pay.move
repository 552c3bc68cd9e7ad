/// Dividing, joining and sending coins in one call each.
#[allow(lint(public_entry))]
module sui::pay;

use sui::coin::Coin;

/// There are no coins.
const ENoCoins: u64 = 0;

/// Gives the coin to the sender.
#[allow(lint(self_transfer))]
public fun keep<T>(c: Coin<T>, ctx: &TxContext) {
    transfer::public_transfer(c, ctx.sender())
}

/// Takes `split_amount` out of the coin into a new one, which the sender gets.
public entry fun split<T>(coin: &mut Coin<T>, split_amount: u64, ctx: &mut TxContext) {
    keep(coin.split(split_amount, ctx), ctx)
}

/// Takes each of the amounts out of the coin into a new one; the sender gets all.
public entry fun split_vec<T>(
    self: &mut Coin<T>,
    split_amounts: vector<u64>,
    ctx: &mut TxContext,
) {
    split_amounts.do!(|amount| split(self, amount, ctx))
}

/// Takes `amount` out of the coin into a new one, which `recipient` gets.
public entry fun split_and_transfer<T>(
    c: &mut Coin<T>,
    amount: u64,
    recipient: address,
    ctx: &mut TxContext,
) {
    transfer::public_transfer(c.split(amount, ctx), recipient)
}

/// Divides the coin into `n` equal parts; the sender gets `n - 1` new coins, and the
/// rest stays.
public entry fun divide_and_keep<T>(self: &mut Coin<T>, n: u64, ctx: &mut TxContext) {
    self.divide_into_n(n, ctx).do!(|part| keep(part, ctx))
}

/// Adds `coin` to `self`.
public entry fun join<T>(self: &mut Coin<T>, coin: Coin<T>) {
    self.join(coin)
}

/// Adds all of the coins to `self`.
public entry fun join_vec<T>(self: &mut Coin<T>, coins: vector<Coin<T>>) {
    coins.destroy!(|coin| self.join(coin))
}

/// Joins the coins into one, which `receiver` gets. Aborts with `ENoCoins` when there
/// are none.
public entry fun join_vec_and_transfer<T>(mut coins: vector<Coin<T>>, receiver: address) {
    assert!(!coins.is_empty(), ENoCoins);
    let mut whole = coins.pop_back();
    join_vec(&mut whole, coins);
    transfer::public_transfer(whole, receiver)
}
