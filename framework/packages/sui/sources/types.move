/// Questions about types.
module sui::types;

/// Whether `_` is the one-time witness of its module: a struct named like the
/// module in capitals, with no field but one `bool` or none, and no ability but
/// `drop`. The system makes one, when the module is published, for its `init`.
public native fun is_one_time_witness<T: drop>(_: &T): bool;
