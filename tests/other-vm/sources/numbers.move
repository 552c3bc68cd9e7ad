/// Integers of every width. The tests themselves are written by the test
/// program, one for each operation and pair of operands.
module other_vm::numbers;

/// Abort code for a result: all its bits matter, and it is below 2^61.
public fun show(value: u256) { abort (value % 2305843009213693951) as u64 }
