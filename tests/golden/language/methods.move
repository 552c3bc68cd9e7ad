// Methods: receivers by value and reference, aliases, chains.
module golden::methods;

public struct Counter has copy, drop { value: u64 }

fun new(): Counter { Counter { value: 0 } }

fun add(self: &mut Counter, by: u64): &mut Counter { self.value = self.value + by; self }

fun value(self: &Counter): u64 { self.value }

fun into(self: Counter): u64 { self.value }

use fun add as Counter.plus;

//> chained(1, 2) = 5
fun chained(a: u64, b: u64): u64 {
    let mut counter = new();
    counter.add(a).plus(b).add(b);
    counter.value()
}

//> consumed(4) = 4, 4
fun consumed(x: u64): (u64, u64) {
    let mut counter = new();
    counter.add(x);
    (counter.value(), counter.into())
}
