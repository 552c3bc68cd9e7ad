/// Telling the world outside what happened. Events are part of a transaction's
/// effects: clients find them by their type, modules can't read them.
module sui::event;

/// Adds `event` to the transaction's events. Only the module that defines `T` may
/// do so; others are refused when they are published.
public native fun emit<T: copy + drop>(event: T);

// === Tests ===

#[test_only]
/// How many events the transaction has emitted.
public native fun num_events(): u32;

#[test_only]
/// The events of type `T` that the transaction has emitted.
public native fun events_by_type<T: copy + drop>(): vector<T>;
