//! Compiles the framework's Move sources and writes the tables that the crate
//! includes: one of bytecode, one of sources.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

use heddle_compiler::{
    BuiltFramework, FrameworkPackage, FrameworkSources, Mode, build_framework, package_digest,
};

/// The folders of the packages, in the order of [`FrameworkPackage::ALL`].
const FOLDERS: [&str; 3] = ["std", "sui", "system"];

fn main() {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(variable("OUT_DIR"));
    println!("cargo::rerun-if-changed=build.rs");
    for folder in FOLDERS {
        println!("cargo::rerun-if-changed={folder}/sources");
    }

    let sources = FrameworkSources::read(&root).unwrap_or_else(|error| fail(&error.to_string()));
    let built =
        build_framework(&sources, Mode::Publish).unwrap_or_else(|error| fail(&error.to_string()));
    for package in &built {
        if !package.warnings.is_empty() {
            fail(&format!(
                "the framework must compile without warnings:\n{}",
                package.warnings
            ));
        }
    }
    write(&out.join("packages.rs"), packages_table(&built, &out));
    write(&out.join("sources.rs"), sources_table(&sources, &root));
}

/// A `&[FrameworkPackage]` literal; the bytecode goes to files beside it.
fn packages_table(built: &[BuiltFramework], out: &Path) -> String {
    let mut table = String::from("&[\n");
    for package in built {
        let digest = package_digest(
            package.modules.iter().map(|module| &module.bytes[..]),
            &package.dependencies,
        );
        let _ = writeln!(
            table,
            "FrameworkPackage {{ id: {}, name: {:?}, digest: {digest:?}, modules: &[",
            address(package.package),
            package.package.name(),
        );
        for module in &package.modules {
            let file = out.join(format!("{}_{}.mv", package.package.name(), module.name));
            write(&file, &module.bytes);
            let _ = writeln!(
                table,
                "FrameworkModule {{ name: {:?}, bytes: include_bytes!({:?}) }},",
                module.name, file
            );
        }
        table.push_str("], dependencies: &[");
        for dependency in package.package.dependencies() {
            let _ = write!(table, "{}, ", address(*dependency));
        }
        table.push_str("] },\n");
    }
    table.push(']');
    table
}

/// A `&[PackageSources]` literal.
fn sources_table(sources: &FrameworkSources, root: &Path) -> String {
    let mut table = String::from("&[\n");
    for (package, folder) in FrameworkPackage::ALL.into_iter().zip(FOLDERS) {
        let _ = writeln!(
            table,
            "PackageSources {{ name: {:?}, folder: {folder:?}, files: &[",
            package.name()
        );
        for (path, _) in sources.package(package).sources() {
            if path.starts_with("sources/") {
                let _ = writeln!(
                    table,
                    "({path:?}, include_str!({:?})),",
                    root.join(folder).join(path)
                );
            }
        }
        table.push_str("] },\n");
    }
    table.push(']');
    table
}

fn address(package: FrameworkPackage) -> String {
    format!("Address::from_static({:?})", package.id().to_string())
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|error| fail(&format!("cargo sets {name}: {error}")))
}

fn write(path: &Path, contents: impl AsRef<[u8]>) {
    fs::write(path, contents)
        .unwrap_or_else(|error| fail(&format!("cannot write {}: {error}", path.display())));
}

fn fail(message: &str) -> ! {
    eprintln!("{message}");
    process::exit(1);
}
