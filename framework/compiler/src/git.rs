//! Packages in git repositories, fetched by the `git` program.
//!
//! The user's own git does it, with their configuration: credentials, proxies
//! and `url.<base>.insteadOf` work as they do elsewhere. A revision is fetched
//! once, without history, into a folder of its own:
//!
//! ```text
//! FOLDER/NAME-DIGEST/…    NAME: the repository's last part
//!                         DIGEST: of address and revision
//! ```
//!
//! A repository is fetched beside that place and moved there when it is whole,
//! so a folder that is there is complete, whatever was interrupted. It is never
//! looked at for news: a revision that is a branch stays where it was. Removing
//! the folder fetches it anew.

use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use blake2::{Blake2s256, Digest as _};

/// The folder of `subdir` in repository `git` at revision `rev`, fetched if it
/// isn't in `folder` yet.
///
/// # Errors
///
/// In words, if git is missing or fails, or the address, revision or
/// subdirectory can't be such.
pub(crate) fn fetch(folder: &Path, git: &str, rev: &str, subdir: &str) -> Result<PathBuf, String> {
    for (what, text) in [("address", git), ("revision", rev)] {
        if text.is_empty() || text.starts_with('-') || text.contains(char::is_whitespace) {
            return Err(format!("{text:?} is no {what}"));
        }
    }
    let subdir = Path::new(subdir);
    let stays_inside = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    if !subdir.components().all(stays_inside) {
        return Err(format!("{} leaves the repository", subdir.display()));
    }
    let repository = folder.join(folder_name(git, rev));
    if !repository.is_dir() {
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("make {}: {error}", folder.display()))?;
        let unfinished = folder.join(format!(
            "{}.{}.unfinished",
            folder_name(git, rev),
            std::process::id()
        ));
        let fetched = fetch_into(&unfinished, git, rev).and_then(|()| {
            match std::fs::rename(&unfinished, &repository) {
                // Another process was faster: theirs is as good.
                Err(_) if repository.is_dir() => Ok(()),
                result => result.map_err(|error| format!("{}: {error}", repository.display())),
            }
        });
        // What is left of an attempt that failed, or lost the race.
        let _ = std::fs::remove_dir_all(&unfinished);
        fetched?;
    }
    Ok(repository.join(subdir))
}

fn fetch_into(folder: &Path, git: &str, rev: &str) -> Result<(), String> {
    let _ = std::fs::remove_dir_all(folder);
    let place = folder.display().to_string();
    for arguments in [
        &["init", "--quiet", &place][..],
        &["-C", &place, "fetch", "--quiet", "--depth", "1", git, rev],
        &["-C", &place, "checkout", "--quiet", "FETCH_HEAD"],
    ] {
        let output = Command::new("git")
            .args(arguments)
            .env("GIT_TERMINAL_PROMPT", "0")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("git is needed to fetch it: {error}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(format!("git says: {}", said.trim()));
        }
    }
    Ok(())
}

/// `sui-1f0c…`: readable, and different for different revisions.
fn folder_name(git: &str, rev: &str) -> String {
    let trimmed = git.trim_end_matches('/');
    let last = trimmed.rsplit(['/', ':']).next().unwrap_or_default();
    let name: String = last
        .strip_suffix(".git")
        .unwrap_or(last)
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .take(40)
        .collect();
    let digest = Blake2s256::digest(format!("{git}\n{rev}"));
    let digest: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{name}-{digest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn git(folder: &Path, arguments: &[&str]) {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@t"];
        let status = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(identity)
            .args(arguments)
            .status();
        assert!(status.unwrap().success(), "git {arguments:?}");
    }

    #[test]
    fn branches_tags_and_commits_are_fetched_once() {
        let origin = tempfile::tempdir().unwrap();
        let path = origin.path();
        git(path, &["init", "--quiet", "-b", "main"]);
        std::fs::create_dir(path.join("inner")).unwrap();
        std::fs::write(path.join("inner/file"), "one").unwrap();
        git(path, &["add", "."]);
        git(path, &["commit", "--quiet", "-m", "one"]);
        git(path, &["tag", "v1"]);
        let cache = tempfile::tempdir().unwrap();
        let url = path.to_str().unwrap();
        let read = |rev: &str| {
            let folder = fetch(&cache.path().join("git"), url, rev, "inner")?;
            std::fs::read_to_string(folder.join("file")).map_err(|error| error.to_string())
        };
        assert_eq!(read("main").as_deref(), Ok("one"));
        assert_eq!(read("v1").as_deref(), Ok("one"));
        std::fs::write(path.join("inner/file"), "two").unwrap();
        git(path, &["commit", "--quiet", "-am", "two"]);
        assert_eq!(read("main").as_deref(), Ok("one"), "it is kept");
        assert_eq!(read("HEAD").as_deref(), Ok("two"));
        let error = read("nowhere").unwrap_err();
        assert!(error.contains("nowhere"), "{error}");
        let left: Vec<_> = std::fs::read_dir(cache.path().join("git"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains("unfinished"))
            .collect();
        assert_eq!(left, [] as [&str; 0]);
    }

    #[test]
    fn odd_addresses_are_refused() {
        let cache = tempfile::tempdir().unwrap();
        for (git, rev, subdir) in [
            ("--upload-pack=touch /tmp/x", "main", ""),
            ("-x", "main", ""),
            ("/nowhere", "-f", ""),
            ("/nowhere", "", ""),
            ("/nowhere", "main", "../other"),
            ("/nowhere", "main", "/etc"),
        ] {
            assert!(fetch(cache.path(), git, rev, subdir).is_err());
            assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 0);
        }
    }

    #[test]
    fn names_of_folders() {
        let name = folder_name("https://x.org/a/thing.git", "main");
        assert!(name.starts_with("thing-"), "{name}");
        assert_ne!(name, folder_name("https://x.org/a/thing.git", "v2"));
        assert_ne!(name, folder_name("https://x.org/b/thing.git", "main"));
    }
}
