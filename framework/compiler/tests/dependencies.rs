//! Dependencies of the older style: addresses written down in manifests, and
//! packages in git repositories.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use heddle_compiler::{
    BuildOptions, BuiltPackage, CompileError, Compiler, FrameworkSources, Mode, Network,
    PackageFiles,
};
use sui_sdk_types::Address;

fn build(folder: &Path, options: &BuildOptions) -> Result<BuiltPackage, CompileError> {
    let module = |path: &str, text: &str| PackageFiles::from_texts([(path, text)]);
    let framework = FrameworkSources {
        std: module(
            "sources/one.move",
            "module std::one; public fun one(): u64 { 1 }",
        ),
        sui: module(
            "sources/two.move",
            "module sui::two; public fun two(): u64 { std::one::one() * 2 }",
        ),
        system: PackageFiles::default(),
    };
    Compiler::new(framework).build(&PackageFiles::read(folder)?, options)
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// A package `Top` at 0xa1 that uses `Base` at 0xb0, as older manifests have it:
/// their names are not those that their modules use.
fn fixed_addresses(folder: &Path) {
    write(
        folder,
        &[
            (
                "top/Move.toml",
                "[package]\nname = \"Top\"\nedition = \"2024\"\n\
                 [dependencies]\nBase = { local = \"../base\" }\n\
                 [addresses]\nthe_top = \"0xa1\"\nclock = \"0x6\"\n",
            ),
            (
                "top/sources/m.move",
                "module the_top::m; public fun f(): u64 { the_base::n::f() }",
            ),
            (
                "base/Move.toml",
                "[package]\nname = \"Base\"\nedition = \"2024\"\n[addresses]\nthe_base = \"0xb0\"\n",
            ),
            (
                "base/sources/n.move",
                "module the_base::n; public fun f(): u64 { 7 }",
            ),
        ],
    );
}

/// A network that has these packages.
#[derive(Debug)]
struct Chain(&'static [Address]);

impl Network for Chain {
    fn chain_id(&self) -> &str {
        "here"
    }
    fn has_package(&self, id: Address) -> Result<bool, String> {
        Ok(self.0.contains(&id))
    }
}

fn on(chain: &'static [Address]) -> BuildOptions {
    BuildOptions {
        network: Some(Arc::new(Chain(chain))),
        ..BuildOptions::default()
    }
}

/// Whether the bytecode of the only module names this address.
fn names(built: &BuiltPackage, address: &str) -> bool {
    let address: Address = address.parse().unwrap();
    let bytes: &[u8] = address.as_ref();
    built.modules[0].bytes.windows(32).any(|it| it == bytes)
}

#[test]
fn fixed_addresses_count_where_there_is_a_package() {
    let folder = tempfile::tempdir().unwrap();
    fixed_addresses(folder.path());
    let (top, base) = (folder.path().join("top"), folder.path().join("base"));
    let before = fs::read_to_string(top.join("Move.toml")).unwrap();

    // No network in particular: addresses are what the manifests say.
    let built = build(&top, &BuildOptions::default()).unwrap();
    assert!(names(&built, "0xa1") && names(&built, "0xb0"));
    assert!(built.unpublished_dependencies.is_empty());

    // A network that knows neither.
    let built = build(&base, &on(&[])).unwrap();
    assert!(names(&built, "0x0") && !names(&built, "0xb0"));
    let built = build(&top, &on(&[])).unwrap();
    assert_eq!(built.unpublished_dependencies, ["Base"]);
    assert!(!names(&built, "0xa1") && !names(&built, "0xb0"));

    // One on which the dependency is where its manifest says.
    const BASE: &[Address] = &[Address::from_static("0xb0")];
    let built = build(&top, &on(BASE)).unwrap();
    assert!(built.unpublished_dependencies.is_empty());
    assert!(names(&built, "0x0") && names(&built, "0xb0") && !names(&built, "0xa1"));
    assert_eq!(built.publication.original_id, None);
    assert!(built.dependencies.contains(&"0xb0".parse().unwrap()));

    // One on which the package itself is too: the build is for an upgrade.
    const BOTH: &[Address] = &[Address::from_static("0xa1"), Address::from_static("0xb0")];
    let built = build(&top, &on(BOTH)).unwrap();
    assert!(names(&built, "0x0") && names(&built, "0xb0") && !names(&built, "0xa1"));
    assert_eq!(built.publication.original_id, Some("0xa1".parse().unwrap()));
    assert_eq!(before, fs::read_to_string(top.join("Move.toml")).unwrap());
}

#[test]
fn a_record_comes_before_the_manifest() {
    let folder = tempfile::tempdir().unwrap();
    fixed_addresses(folder.path());
    let top = folder.path().join("top");
    let record = |chain: &str| {
        format!(
            "[published.heddle]\nchain-id = \"{chain}\"\noriginal-id = \"0x66\"\n\
             published-at = \"0x77\"\nversion = 2\n"
        )
    };
    write(folder.path(), &[("base/Published.toml", &record("here"))]);
    for options in [on(&[]), BuildOptions::default()] {
        let built = build(&top, &options).unwrap();
        assert!(built.unpublished_dependencies.is_empty());
        assert!(built.dependencies.contains(&"0x77".parse().unwrap()));
        assert!(names(&built, "0x66") && !names(&built, "0xb0"));
    }
    // A record about a network that was, and is no more.
    write(folder.path(), &[("base/Published.toml", &record("before"))]);
    let built = build(&top, &on(&[])).unwrap();
    assert_eq!(built.unpublished_dependencies, ["Base"]);
}

#[test]
fn tests_keep_the_addresses_of_manifests() {
    let folder = tempfile::tempdir().unwrap();
    fixed_addresses(folder.path());
    let options = BuildOptions {
        mode: Mode::Test,
        ..BuildOptions::default()
    };
    let built = build(&folder.path().join("top"), &options).unwrap();
    assert!(names(&built, "0xa1") && names(&built, "0xb0"));
}

fn git(folder: &Path, arguments: &[&str]) {
    let status = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=t", "-c", "user.email=t@t"])
        .args(arguments)
        .status();
    assert!(status.expect("git runs").success(), "git {arguments:?}");
}

#[test]
fn git_dependencies_bring_their_neighbours() {
    let folder = tempfile::tempdir().unwrap();
    let origin = folder.path().join("origin");
    write(
        &origin,
        &[
            (
                "packages/book/Move.toml",
                "[package]\nname = \"book\"\nedition = \"2024\"\n\
                 [dependencies]\ntoken = { local = \"../token\" }\n[addresses]\nbook = \"0x0\"\n",
            ),
            (
                "packages/book/sources/book.move",
                "module book::book; public fun f(): u64 { token::token::f() }",
            ),
            (
                "packages/token/Move.toml",
                "[package]\nname = \"token\"\nedition = \"2024\"\n[addresses]\ntoken = \"0x0\"\n",
            ),
            (
                "packages/token/sources/token.move",
                "module token::token; public fun f(): u64 { sui::two::two() }",
            ),
        ],
    );
    git(&origin, &["init", "--quiet", "-b", "main"]);
    git(&origin, &["add", "."]);
    git(&origin, &["commit", "--quiet", "-m", "packages"]);
    let root = folder.path().join("root");
    let url = origin.display();
    let manifest = format!(
        "[package]\nname = \"root\"\nedition = \"2024\"\n[dependencies]\n\
         book = {{ git = \"{url}\", subdir = \"packages/book\", rev = \"main\" }}\n\
         token = {{ git = \"{url}\", subdir = \"packages/token\", rev = \"main\" }}\n\
         [addresses]\nroot = \"0x0\"\n"
    );
    write(
        &root,
        &[
            ("Move.toml", &manifest),
            (
                "sources/root.move",
                "module root::root; public fun f(): u64 { book::book::f() + token::token::f() }",
            ),
        ],
    );
    let options = BuildOptions {
        git_folder: Some(folder.path().join("git")),
        ..BuildOptions::default()
    };
    let built = build(&root, &options).unwrap();
    assert_eq!(built.unpublished_dependencies, ["token", "book"]);

    // What was fetched is used again when the repository is gone.
    fs::remove_dir_all(&origin).unwrap();
    build(&root, &options).unwrap();
    let elsewhere = BuildOptions {
        git_folder: Some(folder.path().join("other")),
        ..BuildOptions::default()
    };
    for options in [elsewhere, BuildOptions::default()] {
        let error = build(&root, &options).unwrap_err();
        assert!(
            matches!(error, CompileError::RemoteDependency { .. }),
            "{error}"
        );
    }
}
