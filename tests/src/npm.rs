//! Packages that a registry hands out, fetched for one run.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Fetches `package` (with its version: `name@1.2.3`) by `npm pack` into
/// `folder` and unpacks it. Returns the folder of its files.
///
/// # Panics
/// If npm is missing or the registry can't be reached: what needs the package
/// can't be tested then, and must not count as passed.
pub fn fetch(package: &str, folder: &Path) -> PathBuf {
    let packed = Command::new("npm")
        .args(["pack", "--silent", "--ignore-scripts", package])
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| panic!("npm is needed to fetch {package}: {error}"));
    let printed = String::from_utf8_lossy(&packed.stdout).into_owned();
    let archive = printed.lines().last().unwrap_or_default().trim().to_owned();
    assert!(
        packed.status.success() && !archive.is_empty(),
        "npm could not fetch {package}; this test needs the package registry. It said: {printed}{}",
        String::from_utf8_lossy(&packed.stderr)
    );
    let unpacked = Command::new("tar")
        .args(["-xzf", &archive])
        .current_dir(folder)
        .status()
        .unwrap_or_else(|error| panic!("tar is needed to unpack {archive}: {error}"));
    assert!(unpacked.success(), "tar could not unpack {archive}");
    folder.join("package")
}
