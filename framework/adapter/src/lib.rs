//! Transaction adapter.
