// A small ledger: structs, vectors, references, errors together.
module golden::ledger;

#[error]
const EUnknown: vector<u8> = b"no such account";
#[error]
const EPoor: vector<u8> = b"not enough";

public struct Account has copy, drop, store { owner: address, balance: u64 }
public struct Ledger has copy, drop { accounts: vector<Account>, transfers: u64 }

fun account(ledger: &mut Ledger, owner: address): &mut Account {
    let mut i = 0;
    while (i < ledger.accounts.length()) {
        if (ledger.accounts[i].owner == owner) return &mut ledger.accounts[i];
        i = i + 1;
    };
    abort EUnknown
}

//> transfer({ accounts: [{ owner: 0x1, balance: 10 }, { owner: 0x2, balance: 0 }], transfers: 0 }, 0x1, 0x2, 4) -> { accounts: [{ owner: 0x1, balance: 6 }, { owner: 0x2, balance: 4 }], transfers: 1 }
//> transfer({ accounts: [{ owner: 0x1, balance: 10 }], transfers: 0 }, 0x1, 0x1, 10) -> { accounts: [{ owner: 0x1, balance: 10 }], transfers: 1 }
//> transfer({ accounts: [{ owner: 0x1, balance: 10 }], transfers: 0 }, 0x1, 0x2, 4) ! abort EUnknown: "no such account"
//> transfer({ accounts: [{ owner: 0x1, balance: 10 }], transfers: 0 }, 0x1, 0x1, 11) ! abort EPoor: "not enough"
//> transfer({ accounts: [{ owner: 0x1, balance: 10 }, { owner: 0x2, balance: 18446744073709551615 }], transfers: 0 }, 0x1, 0x2, 1) ! overflow
fun transfer(ledger: &mut Ledger, from: address, to: address, amount: u64) {
    let sender = account(ledger, from);
    assert!(sender.balance >= amount, EPoor);
    sender.balance = sender.balance - amount;
    let receiver = account(ledger, to);
    receiver.balance = receiver.balance + amount;
    ledger.transfers = ledger.transfers + 1;
}

//> total({ accounts: [{ owner: 0x1, balance: 10 }, { owner: 0x2, balance: 5 }], transfers: 0 }) = 15
fun total(ledger: &Ledger): u64 {
    let mut sum = 0;
    let mut i = 0;
    while (i < ledger.accounts.length()) {
        sum = sum + ledger.accounts[i].balance;
        i = i + 1;
    };
    sum
}
