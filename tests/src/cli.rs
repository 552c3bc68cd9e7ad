//! One run of a `heddle` command.

use crate::heddle_binary;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A user: a configuration folder of their own, and the network they use.
pub struct User {
    folder: tempfile::TempDir,
    rpc_url: String,
    faucet_url: String,
}

impl User {
    /// A user without keys on the network at these addresses.
    pub fn new(rpc_url: &str, faucet_url: &str) -> Self {
        User {
            folder: tempfile::tempdir().expect("temporary folders can be made"),
            rpc_url: rpc_url.to_owned(),
            faucet_url: faucet_url.to_owned(),
        }
    }

    /// A user with no network, for commands that need none.
    pub fn offline() -> Self {
        Self::new("http://127.0.0.1:1", "http://127.0.0.1:1")
    }

    /// The configuration folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs `heddle ARGS`.
    pub fn run<I, S>(&self, args: I) -> Run
    where
        I: IntoIterator<Item = S>,
        S: AsRef<std::ffi::OsStr>,
    {
        Run(self.command(args).output().expect("the binary runs"))
    }

    /// `heddle ARGS`, to be started by the caller.
    pub fn command<I, S>(&self, args: I) -> Command
    where
        I: IntoIterator<Item = S>,
        S: AsRef<std::ffi::OsStr>,
    {
        let mut command = Command::new(heddle_binary());
        command
            .args(args)
            .env("HEDDLE_CONFIG_DIR", self.folder.path())
            .env("HEDDLE_RPC_URL", &self.rpc_url)
            .env("HEDDLE_FAUCET_URL", &self.faucet_url)
            .env_remove("HEDDLE_LOG")
            .stdin(std::process::Stdio::null());
        command
    }

    /// Runs `heddle --json ARGS`, which must succeed, and parses what it prints.
    pub fn json<I, S>(&self, args: I) -> Value
    where
        I: IntoIterator<Item = S>,
        S: AsRef<std::ffi::OsStr>,
    {
        let args: Vec<std::ffi::OsString> = std::iter::once("--json".into())
            .chain(args.into_iter().map(|it| it.as_ref().to_owned()))
            .collect();
        let run = self.run(&args);
        assert!(run.success(), "{args:?} failed: {}", run.stderr());
        serde_json::from_str(&run.stdout())
            .unwrap_or_else(|error| panic!("{args:?} printed no JSON ({error}): {}", run.stdout()))
    }

    /// Makes a key and asks the faucet for coins. Returns the address.
    pub fn with_coins(&self) -> String {
        let key = self.json(["keys", "new"]);
        self.json(["client", "faucet"]);
        key["address"]
            .as_str()
            .expect("a key has an address")
            .to_owned()
    }
}

/// What a command printed, and how it ended.
pub struct Run(Output);

impl Run {
    /// Whether the exit code is 0.
    pub fn success(&self) -> bool {
        self.0.status.success()
    }

    /// The exit code, `None` if a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.0.status.code()
    }

    /// Standard output.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    /// Standard error.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }
}

/// A copy of a package in a folder of its own, so that a test may change it.
pub fn copy_package(from: &Path, to: &Path) -> PathBuf {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).expect("folders can be made");
        for entry in std::fs::read_dir(from).expect("the package can be read") {
            let entry = entry.expect("the package can be read");
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &target);
            } else {
                std::fs::copy(entry.path(), target).expect("files can be copied");
            }
        }
    }
    copy(from, to);
    to.to_owned()
}
