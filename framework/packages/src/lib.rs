//! Framework packages.
