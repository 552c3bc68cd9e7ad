/// Structs that are changed through `&mut`.
module bench::fields;

public struct Account has drop {
    balance: u64,
    open: bool,
    activity: Activity,
}

public struct Activity has drop {
    deposits: u64,
    volume: u128,
    last: u64,
}

fun account(): Account {
    Account {
        balance: 1_000,
        open: true,
        activity: Activity { deposits: 0, volume: 0, last: 0 },
    }
}

/// Fields of one struct, `n` times, in the loop itself.
public fun update(n: u64): u64 {
    let mut account = account();
    let reference = &mut account;
    let mut i = 0;
    while (i < n) {
        reference.balance = (reference.balance + i) & 0xffff_ffff;
        reference.activity.deposits = reference.activity.deposits + 1;
        reference.activity.last = i;
        i = i + 1;
    };
    account.balance + account.activity.deposits + account.activity.last
}

/// The same through functions that take `&mut`, nested ones included.
public fun update_by_calls(n: u64): u64 {
    let mut account = account();
    let mut i = 0;
    while (i < n) {
        deposit(&mut account, i);
        i = i + 1;
    };
    account.balance + account.activity.deposits + account.activity.last
        + ((account.activity.volume % 1_000_003) as u64)
}

fun deposit(account: &mut Account, amount: u64) {
    assert!(account.open, 1);
    account.balance = (account.balance + amount) & 0xffff_ffff;
    note(&mut account.activity, amount);
}

fun note(activity: &mut Activity, amount: u64) {
    activity.deposits = activity.deposits + 1;
    activity.volume = activity.volume + (amount as u128);
    activity.last = amount;
}

/// Structs in a vector, `n` updates over 64 of them.
public fun update_in_vector(n: u64): u64 {
    let mut accounts = vector[];
    let mut i = 0;
    while (i < 64) {
        accounts.push_back(account());
        i = i + 1;
    };
    i = 0;
    while (i < n) {
        let account = &mut accounts[i & 63];
        account.balance = account.balance + 1;
        account.activity.last = i;
        i = i + 1;
    };
    let mut sum = 0;
    i = 0;
    while (i < 64) {
        let account = &accounts[i];
        sum = sum + account.balance + account.activity.last;
        i = i + 1;
    };
    sum
}
