//! Move modules as text: `heddle move assemble` and `heddle move disassemble`.

use heddle_bytecode::{BinaryLimits, CompiledModule};
use heddle_tests::cli::{User, copy_package};
use heddle_tests::repository;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A module that no compiler writes: its loop has two tails, and `twice` takes
/// any type.
const TEXT: &str = "
    module 0x42::m {
        struct Pair<A, B> has copy, drop { a: A, b: B }

        public fun sum(n: u64): u64 {
            let i: u64;
            let sum: u64;
            LdU64 0
            StLoc i
            LdU64 0
            StLoc sum
        again:
            CopyLoc i
            CopyLoc n
            Lt
            BrFalse done
            CopyLoc sum
            CopyLoc i
            Add
            StLoc sum
            MoveLoc i
            LdU64 1
            Add
            StLoc i
            Branch again
        done:
            MoveLoc sum
            Ret
        }

        public fun twice<T: copy + drop>(t: T): Pair<T, T> {
            CopyLoc t
            MoveLoc t
            PackGeneric Pair<T, T>
            Ret
        }

        public fun start(): u64 {
            LdU64 5
            Call sum
            Ret
        }
    }
";

fn written(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn function<'v>(shown: &'v Value, name: &str) -> &'v Value {
    shown["modules"][0]["functions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|function| function["name"] == name)
        .unwrap_or_else(|| panic!("no function {name} in {shown}"))
}

/// The blocks of a translation: each Move instruction of reachable code lies in
/// one, its gas is positive, and its instructions stand for its own offsets.
fn check_blocks(function: &Value) -> usize {
    let blocks = function["translation"]["blocks"].as_array().unwrap();
    let mut next = 0;
    for block in blocks {
        let (first, end) = (
            block["first"].as_u64().unwrap(),
            block["end"].as_u64().unwrap(),
        );
        // An empty block is what a function does on entry.
        assert!(next <= first && first <= end, "{function}");
        next = end;
        assert!(block["gas"].as_u64().unwrap() > 0, "{block}");
        let instructions = block["instructions"].as_array().unwrap();
        assert!(!instructions.is_empty());
        for instruction in instructions {
            let offset = instruction["offset"].as_u64().unwrap();
            let is_own = (first..end).contains(&offset) || (end == 0 && offset == 0);
            assert!(is_own, "{instruction} in {block}");
        }
    }
    assert!(next <= function["bytecode"].as_array().unwrap().len() as u64);
    blocks.len()
}

#[test]
fn a_text_is_assembled_verified_and_run() {
    let user = User::offline();
    let folder = tempfile::tempdir().unwrap();
    let text = written(folder.path(), "m.mvasm", TEXT);
    let made = user.json(["move", "assemble", text.to_str().unwrap()]);
    let file = folder.path().join("m.mv");
    assert_eq!(made["modules"][0]["module"], "0x42::m", "{made}");
    assert_eq!(made["modules"][0]["file"], file.to_str().unwrap());
    let file = file.to_str().unwrap();
    assert!(user.run(["move", "verify", file]).success());
    let run = user.run(["move", "run", file, "m::sum", "--args", "10"]);
    assert!(run.success(), "{}", run.stderr());
    assert!(run.stdout().contains("45"), "{}", run.stdout());
    // Back to a text, and to the same bytes.
    let printed = user.run(["move", "disassemble", file, "--assembly"]);
    let again = written(folder.path(), "again.mvasm", &printed.stdout());
    let output = folder.path().join("deep/er/again.mv");
    let run = user.run([
        "move",
        "assemble",
        again.to_str().unwrap(),
        "-o",
        output.to_str().unwrap(),
    ]);
    assert!(run.success(), "{}", run.stderr());
    assert_eq!(std::fs::read(output).unwrap(), std::fs::read(file).unwrap());
}

#[test]
fn several_modules_of_a_text_get_files_of_their_own() {
    let user = User::offline();
    let folder = tempfile::tempdir().unwrap();
    let text = "module 0x1::a {} module 0x2::b {}";
    let text = written(folder.path(), "both.mvasm", text);
    let text = text.to_str().unwrap();
    assert!(user.run(["move", "assemble", text]).success());
    let out = folder.path().join("out/");
    let out = format!("{}/", out.display());
    assert!(user.run(["move", "assemble", text, "-o", &out]).success());
    for file in ["a.mv", "b.mv", "out/a.mv", "out/b.mv"] {
        assert!(folder.path().join(file).is_file(), "{file}");
    }
    // One file for two modules, and two modules of one name.
    let file = folder.path().join("file.mv");
    let run = user.run(["move", "assemble", text, "-o", file.to_str().unwrap()]);
    assert_eq!(run.code(), Some(1));
    let same = written(
        folder.path(),
        "same.mvasm",
        "module 0x1::a {} module 0x2::a {}",
    );
    let run = user.run(["move", "assemble", same.to_str().unwrap()]);
    assert_eq!(run.code(), Some(1));
    assert!(run.stderr().contains("two modules"), "{}", run.stderr());
}

#[test]
fn bytecode_beside_its_translation() {
    let user = User::offline();
    let folder = tempfile::tempdir().unwrap();
    let text = written(folder.path(), "m.mvasm", TEXT);
    user.json(["move", "assemble", text.to_str().unwrap()]);
    let file = folder.path().join("m.mv");
    let file = file.to_str().unwrap();

    let shown = user.json(["move", "disassemble", file]);
    let sum = function(&shown, "sum");
    assert_eq!(sum["declaration"], "public fun sum(l0: u64): u64");
    assert_eq!(sum["bytecode"][0], "LdU64 0");
    assert_eq!(check_blocks(sum), 4);
    let start = function(&shown, "start").to_string();
    assert!(start.contains("0x42::m::sum"), "calls are named: {start}");
    let twice = function(&shown, "twice");
    assert!(twice["translation"].is_null());
    let why = twice["untranslated"].as_str().unwrap();
    assert!(why.contains("--function twice --type-args u64"), "{why}");

    let args = [
        "move",
        "disassemble",
        file,
        "--function",
        "twice",
        "--type-args",
    ];
    let shown = user.json(args.into_iter().chain(["vector<u8>"]));
    let twice = function(&shown, "twice");
    assert_eq!(twice["type_arguments"][0], "vector<u8>");
    check_blocks(twice);
    assert_eq!(
        shown["modules"][0]["functions"].as_array().unwrap().len(),
        1
    );

    let printed = user
        .run(["move", "disassemble", file, "--function", "sum"])
        .stdout();
    for words in ["module 0x42::m", "block 0–3, gas ", "Lt ", "│", "gas "] {
        assert!(printed.contains(words), "{words} is not in\n{printed}");
    }
    assert!(!printed.contains("twice"), "{printed}");
    let lines: Vec<&str> = printed.lines().collect();
    let add = lines.iter().find(|line| line.contains(" 10 Add")).unwrap();
    assert!(add.contains("Add64 "), "{printed}");
}

#[test]
fn mistakes_say_where_they_are() {
    let user = User::offline();
    let folder = tempfile::tempdir().unwrap();
    let bad = written(
        folder.path(),
        "bad.mvasm",
        "module 0x42::m {\n  fun f() {\n    Addd\n  }\n}",
    );
    let bad = bad.to_str().unwrap();
    let run = user.run(["move", "assemble", bad]);
    assert_eq!(run.code(), Some(1));
    for words in ["bad.mvasm:3:5", "3 |     Addd", "did you mean `Add`?"] {
        assert!(run.stderr().contains(words), "{}", run.stderr());
    }
    let run = user.run(["--json", "move", "assemble", bad]);
    let error: Value = serde_json::from_str(&run.stdout()).unwrap();
    assert!(error["error"].as_str().unwrap().contains("3:5"), "{error}");
    assert!(!folder.path().join("bad.mv").exists());

    // What the language can say and the format can't.
    let new = "version 5; module 0x1::m { fun f() { LdU16 1 Ret } }";
    let new = written(folder.path(), "new.mvasm", new);
    let run = user.run(["move", "assemble", new.to_str().unwrap()]);
    assert_eq!(run.code(), Some(1));
    assert!(run.stderr().contains("needs version 6"), "{}", run.stderr());

    let text = written(folder.path(), "m.mvasm", TEXT);
    user.json(["move", "assemble", text.to_str().unwrap()]);
    let file = folder.path().join("m.mv");
    let file = file.to_str().unwrap();
    for (args, words) in [
        (vec!["assemble", file], "compiled module"),
        (vec!["assemble", "/nowhere.mvasm"], "/nowhere.mvasm"),
        (vec!["disassemble", bad], "is no module"),
        (
            vec!["disassemble", file, "--module", "n"],
            "its modules are 0x42::m",
        ),
        (
            vec!["disassemble", file, "--function", "g"],
            "no function g",
        ),
        (
            vec![
                "disassemble",
                file,
                "--function",
                "sum",
                "--type-args",
                "what?",
            ],
            "what?",
        ),
    ] {
        let run = user.run(std::iter::once("move").chain(args.iter().copied()));
        assert_eq!(run.code(), Some(1), "{args:?}");
        assert!(run.stderr().contains(words), "{args:?}: {}", run.stderr());
    }
    assert_eq!(
        user.run(["move", "disassemble", file, "--type-args", "u8"])
            .code(),
        Some(2),
        "type arguments of which function?"
    );
}

/// A module that the verifier refuses is shown nonetheless, and so is one whose
/// own name is nowhere.
#[test]
fn invalid_modules_are_shown() {
    let user = User::offline();
    let folder = tempfile::tempdir().unwrap();
    for (name, text, words) in [
        (
            "a",
            "module 0x42::a { fun f() { Add Ret } }",
            "not translated",
        ),
        ("b", "module #9 { fun f() { Ret } }", "out of bounds"),
    ] {
        let text = written(folder.path(), &format!("{name}.mvasm"), text);
        let run = user.run(["move", "assemble", text.to_str().unwrap()]);
        assert!(run.success(), "{}", run.stderr());
        let file = folder.path().join(format!("{name}.mv"));
        let run = user.run(["move", "disassemble", file.to_str().unwrap()]);
        assert!(run.success(), "{}", run.stderr());
        assert!(run.stdout().contains("Ret"), "{}", run.stdout());
        assert!(run.stdout().contains(words), "{}", run.stdout());
    }
}

/// Every module of the framework and of the examples comes back from its text
/// byte for byte, without `table` items: the assembler's order is the
/// compiler's. And every function of them that is not generic is translated.
#[test]
fn what_the_compiler_wrote_comes_back() {
    let mut modules: Vec<(String, Vec<u8>)> = heddle_framework::packages()
        .iter()
        .flat_map(|package| package.modules)
        .map(|module| (module.name.to_owned(), module.bytes.to_vec()))
        .collect();
    let framework = modules.len();
    let user = User::offline();
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(repository().join("examples")).unwrap() {
        let path = entry.unwrap().path();
        if !path.join("Move.toml").is_file() {
            continue;
        }
        let copy = copy_package(&path, &folder.path().join(path.file_name().unwrap()));
        let copy = copy.to_str().unwrap();
        user.json(["move", "build", copy]);
        let shown = user.json(["move", "disassemble", copy]);
        for module in shown["modules"].as_array().unwrap() {
            for function in module["functions"].as_array().into_iter().flatten() {
                if function["type_parameters"] == 0 && function["is_native"] == false {
                    assert!(check_blocks(function) > 0, "{function}");
                }
            }
        }
        let build = Path::new(copy).join("build");
        for package in std::fs::read_dir(build).unwrap() {
            let files = package.unwrap().path().join("bytecode_modules");
            for file in std::fs::read_dir(files).unwrap() {
                let file = file.unwrap().path();
                modules.push((file.display().to_string(), std::fs::read(&file).unwrap()));
            }
        }
    }
    assert!(framework > 60 && modules.len() >= framework + 4);
    for (name, bytes) in modules {
        let module = CompiledModule::deserialize(&bytes, &BinaryLimits::local()).unwrap();
        let text = heddle_assembler::print(&module);
        assert!(!text.contains("    table "), "{name}:\n{text}");
        let made =
            heddle_assembler::assemble(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(made.serialize().unwrap(), bytes, "{name}");
    }
}
