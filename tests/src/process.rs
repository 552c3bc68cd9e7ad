//! A `heddle start` process: started, killed, restarted.

use crate::heddle_binary;
use serde_json::Value;
use std::ffi::OsString;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

/// A running network. Dropping it kills the process.
pub struct Network {
    child: Child,
    data_dir: PathBuf,
    extra: Vec<OsString>,
    /// What `heddle start --json` printed.
    pub info: Value,
}

impl Network {
    /// Starts a network on free ports and waits until it answers.
    ///
    /// # Panics
    /// If it does not start; the message holds its log.
    pub fn start(data_dir: &Path, extra: &[&str]) -> Self {
        let extra: Vec<OsString> = extra.iter().map(OsString::from).collect();
        Self::launch(data_dir, extra)
            .unwrap_or_else(|log| panic!("the network did not start: {log}"))
    }

    /// Tries to start a network; `Err` holds what it wrote to standard error.
    ///
    /// # Errors
    /// The process ended before it was ready.
    pub fn launch(data_dir: &Path, extra: Vec<OsString>) -> Result<Self, String> {
        let log_path = data_dir.with_extension("log");
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&log_path)
            .expect("the log can be opened");
        let log_start = log.metadata().expect("the log has a length").len();
        let mut child = Command::new(heddle_binary())
            .args(["--json", "start", "--rpc-port", "0", "--faucet-port", "0"])
            .args(["--metrics-port", "0", "--data-dir"])
            .arg(data_dir)
            .args(&extra)
            .env_remove("HEDDLE_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the binary runs");
        let stdout = BufReader::new(child.stdout.take().expect("standard output is piped"));
        let first = serde_json::Deserializer::from_reader(stdout)
            .into_iter::<Value>()
            .next();
        match first {
            Some(Ok(info)) if info.get("rpc").is_some() => Ok(Network {
                child,
                data_dir: data_dir.to_owned(),
                extra,
                info,
            }),
            _ => {
                let status = child.wait().expect("the process can be waited for");
                let mut text = String::new();
                let mut file = std::fs::File::open(&log_path).expect("the log can be read");
                std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(log_start))
                    .expect("the log can be read");
                file.read_to_string(&mut text).expect("the log is text");
                Err(format!("{status}: {text}"))
            }
        }
    }

    /// Address of the RPC server.
    pub fn rpc_url(&self) -> &str {
        self.info["rpc"].as_str().expect("the RPC has an address")
    }

    /// Address of the faucet.
    pub fn faucet_url(&self) -> &str {
        self.info["faucet"]
            .as_str()
            .expect("the faucet has an address")
    }

    /// Address of the metrics.
    pub fn metrics_url(&self) -> &str {
        self.info["metrics"]
            .as_str()
            .expect("the metrics have an address")
    }

    /// A user of this network, without keys.
    pub fn user(&self) -> crate::cli::User {
        crate::cli::User::new(self.rpc_url(), self.faucet_url())
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().expect("the process can be killed");
        self.child.wait().expect("the process can be waited for");
    }

    /// Sends a signal and waits for the end.
    pub fn signal(&mut self, signal: rustix::process::Signal) -> ExitStatus {
        let id = i32::try_from(self.child.id()).expect("process ids are small");
        let id = rustix::process::Pid::from_raw(id).expect("process ids are positive");
        rustix::process::kill_process(id, signal).expect("the process can be signalled");
        self.child.wait().expect("the process can be waited for")
    }

    /// Starts the process again on the same data (and other ports).
    pub fn restart(&mut self) {
        let next = Self::launch(&self.data_dir, self.extra.clone())
            .unwrap_or_else(|log| panic!("the network did not start again: {log}"));
        *self = next;
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // Errors here mean that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
