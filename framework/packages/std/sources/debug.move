/// Printing while testing. On a network these functions do nothing.
module std::debug;

/// Prints `x`.
public native fun print<T>(x: &T);

/// Prints the functions that are being executed, the innermost first.
public native fun print_stack_trace();
