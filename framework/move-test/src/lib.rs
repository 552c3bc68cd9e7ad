//! Move unit tests.
