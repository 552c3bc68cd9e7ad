//! End-to-end tests: the real `heddle` binary, driven by real clients.
//!
//! * [`process`]: a `heddle start` process: started, killed, restarted.
//! * [`crash`]: `kill -9` under load, and what must hold afterwards.
//! * [`cli`]: one run of a `heddle` command.
//! * [`npm`]: packages that a registry hands out.
//! * [`every_function`]: each function of a package, verified, translated, called.
//! * [`wallet`]: keys with coins that build, sign and send transactions through
//!   the public RPC.
//!
//! The tests themselves are in `tests/`, one file per promise. They need the
//! binary: `make test` builds it first; `HEDDLE_BIN` names another one.

pub mod cli;
pub mod crash;
pub mod every_function;
pub mod npm;
pub mod process;
pub mod wallet;

use std::path::PathBuf;

/// The root of the repository.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests lie one folder below the root")
        .to_owned()
}

/// The `heddle` binary under test.
///
/// # Panics
/// If it is not built.
pub fn heddle_binary() -> PathBuf {
    let path = match std::env::var_os("HEDDLE_BIN") {
        Some(path) => PathBuf::from(path),
        None => {
            // A test program lies in target/PROFILE/deps.
            let mut path = std::env::current_exe().expect("a process knows its program");
            path.pop();
            path.pop();
            path.join("heddle")
        }
    };
    assert!(
        path.is_file(),
        "{} is not built; run `make build` first",
        path.display()
    );
    path
}
