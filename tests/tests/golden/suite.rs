//! All sources, compiled and ready to run.

use crate::case::{Case, Expected, cases};
use crate::code::write_listing;
use heddle_adapter::{ObjectRuntime, TransactionContext};
use heddle_bytecode::{BinaryLimits, CleverError, CompiledModule, disassemble};
use heddle_compiler::{BuildOptions, Compiler, FrameworkSources, PackageFiles};
use heddle_vm::value_text::{value_from_text, value_to_text};
use heddle_vm::{
    CallArg, CallReturn, ExecutionError, ExecutionErrorKind, Extensions, FunctionInfo, GasMeter,
    Package, PackageSource, Passing, SourceError, TypeLayout, Vm, VmConfig,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier, TypeTag};

/// What `golden` stands for in the sources.
const ADDRESS: &str = "0x60";
/// Gas of calls that say nothing about it.
const GAS_DEFAULT: u64 = 10_000_000;

/// One source file.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    /// The name of the file and of the module in it.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// What came of one file's calls.
#[derive(Debug, Default)]
pub(crate) struct FileOutcome {
    pub(crate) cases: usize,
    /// Expectations that don't hold.
    pub(crate) problems: Vec<String>,
    /// One line a call: what it gives, and its gas.
    pub(crate) results: String,
    /// Bytecode and translated code.
    pub(crate) code: String,
}

/// All sources and a VM that has them.
pub(crate) struct Suite {
    pub(crate) sources: Vec<Source>,
    modules: BTreeMap<String, CompiledModule>,
    packages: Packages,
    vm: Vm,
}

struct Packages(BTreeMap<Address, Arc<Package>>);

impl PackageSource for Packages {
    fn package(&self, storage_id: &Address) -> Result<Option<Arc<Package>>, SourceError> {
        Ok(self.0.get(storage_id).cloned())
    }
}

/// Every file below `folder`, in order.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn identifier(text: &str) -> Identifier {
    Identifier::new(text).unwrap_or_else(|_| panic!("{text:?} is no identifier"))
}

fn address() -> Address {
    Address::from_static(ADDRESS)
}

impl Suite {
    /// All sources below `folder`.
    pub(crate) fn build(folder: &Path) -> Self {
        let files = files_below(folder).into_iter();
        let sources = files
            .filter(|path| path.extension().is_some_and(|it| it == "move"))
            .map(|path| Source {
                name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
                text: std::fs::read_to_string(&path).unwrap(),
                path,
            })
            .collect();
        Self::of_sources(sources)
    }

    pub(crate) fn of_sources(sources: Vec<Source>) -> Self {
        let manifest = format!(
            "[package]\nname = \"golden\"\nedition = \"2024\"\n[addresses]\ngolden = \"{ADDRESS}\"\n"
        );
        let names: BTreeSet<_> = sources.iter().map(|source| &source.name).collect();
        assert_eq!(names.len(), sources.len(), "two sources have the same name");
        let mut files = vec![("Move.toml".to_owned(), manifest)];
        files.extend(
            sources
                .iter()
                .map(|source| (format!("sources/{}.move", source.name), source.text.clone())),
        );
        let options = BuildOptions {
            with_built_dependencies: true,
            silence_warnings: true,
            ..BuildOptions::default()
        };
        let built = compiler()
            .build(&PackageFiles::from_texts(files), &options)
            .unwrap_or_else(|error| panic!("{error}"));
        let modules: BTreeMap<String, CompiledModule> = built
            .modules
            .iter()
            .map(|module| {
                let read = CompiledModule::deserialize(&module.bytes, &BinaryLimits::published());
                (module.name.clone(), read.unwrap())
            })
            .collect();
        let own = built.modules.iter();
        let own = own.map(|module| (identifier(&module.name), Arc::from(&module.bytes[..])));
        let framework_ids = heddle_framework::packages()
            .iter()
            .map(|package| package.id);
        let mut packages = vec![package(address(), own.collect(), framework_ids.collect())];
        for framework in heddle_framework::packages() {
            let modules = framework.modules.iter();
            let modules = modules
                .map(|it| (identifier(it.name), Arc::from(it.bytes)))
                .collect();
            packages.push(package(
                framework.id,
                modules,
                framework.dependencies.to_vec(),
            ));
        }
        let vm = Vm::new(heddle_adapter::natives::table(), VmConfig::default());
        let packages = Packages(packages.into_iter().map(|it| (it.storage_id, it)).collect());
        vm.verify_package(&packages.0[&address()], &packages)
            .unwrap_or_else(|error| panic!("{error}"));
        Self {
            sources,
            modules,
            packages,
            vm,
        }
    }

    /// The compiled module of a source.
    pub(crate) fn module(&self, source: &Source) -> &CompiledModule {
        let module = self.modules.get(&source.name);
        module.unwrap_or_else(|| panic!("{} has no module of its name", source.path.display()))
    }

    /// Runs the calls of one file.
    pub(crate) fn run(&self, source: &Source) -> FileOutcome {
        let mut outcome = FileOutcome {
            code: disassemble(self.module(source)),
            ..FileOutcome::default()
        };
        let mut listed = BTreeSet::new();
        for case in cases(&source.text) {
            outcome.cases += 1;
            let result = case.and_then(|case| {
                let line = self.call(source, &case, &mut outcome.problems)?;
                let head = case.text.split('(').next().unwrap_or_default();
                if listed.insert(head.to_owned()) {
                    self.list(source, &case, head, &mut outcome.code)?;
                }
                Ok(line)
            });
            match result {
                Ok(line) => outcome.results.push_str(&line),
                Err(problem) => outcome.problems.push(problem),
            }
        }
        if outcome.cases == 0 {
            outcome.problems.push("it has no calls".to_owned());
        }
        outcome
    }

    fn type_arguments(&self, case: &Case<'_>) -> Result<Vec<TypeTag>, String> {
        let full = |text: &str| {
            text.replace("golden::", &format!("{ADDRESS}::"))
                .replace("std::", "0x1::")
                .replace("sui::", "0x2::")
        };
        case.type_arguments
            .iter()
            .map(|text| {
                full(text)
                    .parse()
                    .map_err(|error| format!("{text}: {error}"))
            })
            .collect()
    }

    fn list(
        &self,
        source: &Source,
        case: &Case<'_>,
        head: &str,
        code: &mut String,
    ) -> Result<(), String> {
        let listing = self.vm.listing(
            &self.packages,
            address(),
            &identifier(&source.name),
            &identifier(case.function),
            &self.type_arguments(case)?,
        );
        write_listing(code, head, &listing.map_err(|error| error.to_string())?);
        Ok(())
    }

    /// Runs one call, checks it, and returns its line.
    fn call(
        &self,
        source: &Source,
        case: &Case<'_>,
        problems: &mut Vec<String>,
    ) -> Result<String, String> {
        let type_arguments = self.type_arguments(case)?;
        let (module, function) = (identifier(&source.name), identifier(case.function));
        let info = self
            .vm
            .function(&self.packages, address(), &module, &function)
            .map_err(|error| error.to_string())?;
        let shape = Shape::of(self, &info, &type_arguments)?;
        if shape.parameters.len() != case.arguments.len() {
            return Err(format!("{}: wrong number of arguments", case.text));
        }
        let arguments = shape
            .parameters
            .iter()
            .zip(&case.arguments)
            .map(|((passing, layout), text)| {
                let bytes = value_from_text(layout, text).map_err(|error| error.to_string())?;
                Ok(match passing {
                    Passing::Value => CallArg::Value(bytes),
                    Passing::ImmutableReference => CallArg::ImmRef(bytes),
                    Passing::MutableReference => CallArg::MutRef(bytes),
                })
            })
            .collect::<Result<Vec<_>, String>>()
            .map_err(|error| format!("{}: {error}", case.text))?;
        let run = || {
            let mut extensions = Extensions::new();
            extensions.insert(ObjectRuntime::new(TransactionContext::for_tests(), 1));
            let meter = GasMeter::new(case.gas.unwrap_or(GAS_DEFAULT));
            let mut execution = self.vm.start(&self.packages, meter, extensions);
            let result = execution.call(
                address(),
                &module,
                &function,
                &type_arguments,
                arguments.clone(),
            );
            (result, execution.finish().0.used())
        };
        let (result, gas) = run();
        if (&result, gas) != (&run().0, run().1) {
            problems.push(format!("{}: a second run differs", case.text));
        }
        let given = match &result {
            Ok(returned) => shape.text(returned)?,
            Err(error) => self.failure(error),
        };
        if let Some(wanted) = shape.missed(case, &result, &given)? {
            problems.push(format!(
                "{}: {wanted} expected, but it gives {given}",
                case.text
            ));
        }
        let place = match &result {
            Err(error) => error.place.as_deref().map_or_else(String::new, |place| {
                let module = match place.original_id == address() && place.module == module {
                    true => String::new(),
                    false => format!("{}::", place.module),
                };
                format!(" in {module}{} at {}", place.function, place.instruction)
            }),
            Ok(_) => String::new(),
        };
        let budget = case
            .gas
            .map_or_else(String::new, |gas| format!("[gas {gas}] "));
        Ok(format!(
            "{budget}{} {given}{place} | gas {gas}\n",
            case.text
        ))
    }

    /// A failure in words, `! …`.
    fn failure(&self, error: &ExecutionError) -> String {
        let ExecutionErrorKind::Abort { code } = error.kind else {
            return format!("! {}", error.kind);
        };
        let module = error
            .place
            .as_deref()
            .filter(|place| place.original_id == address())
            .and_then(|place| self.modules.get(place.module.as_str()));
        match CleverError::of(code, module) {
            Some(clever) => format!("! abort {clever}, line {}", clever.line),
            None => format!("! abort {code}"),
        }
    }
}

fn compiler() -> Compiler {
    let files = |folder: &str| {
        let sources = heddle_framework::sources().iter();
        let sources = sources.filter(|package| package.folder == folder);
        PackageFiles::from_texts(sources.flat_map(|package| package.files.iter().copied()))
    };
    Compiler::new(FrameworkSources {
        std: files("std"),
        sui: files("sui"),
        system: files("system"),
    })
}

fn package(
    id: Address,
    modules: BTreeMap<Identifier, Arc<[u8]>>,
    dependencies: Vec<Address>,
) -> Arc<Package> {
    Arc::new(Package {
        storage_id: id,
        original_id: id,
        version: 1,
        modules,
        type_origins: BTreeMap::new(),
        linkage: dependencies.into_iter().map(|id| (id, id)).collect(),
    })
}

/// Layouts of a function's parameters and results.
struct Shape {
    parameters: Vec<(Passing, Arc<TypeLayout>)>,
    returns: Vec<Arc<TypeLayout>>,
}

impl Shape {
    fn of(suite: &Suite, info: &FunctionInfo, tags: &[TypeTag]) -> Result<Self, String> {
        let types = |list: &[heddle_vm::SignatureType]| {
            list.iter()
                .map(|type_| {
                    let (passing, tag) =
                        type_.instantiate(tags).map_err(|error| error.to_string())?;
                    let layout = suite.vm.type_layout(&suite.packages, &tag);
                    Ok((passing, layout.map_err(|error| error.to_string())?))
                })
                .collect::<Result<Vec<_>, String>>()
        };
        Ok(Self {
            parameters: types(&info.parameters)?,
            returns: types(&info.returns)?
                .into_iter()
                .map(|(_, layout)| layout)
                .collect(),
        })
    }

    /// Layouts of what is behind `&mut`, as the VM gives it back.
    fn changed<'s>(&'s self, returned: &'s CallReturn) -> Vec<(&'s TypeLayout, &'s Vec<u8>)> {
        let mutated = returned.mutated.iter();
        mutated
            .map(|(index, bytes)| (&*self.parameters[*index].1, bytes))
            .collect()
    }

    /// What a call gave, `= … -> …`.
    fn text(&self, returned: &CallReturn) -> Result<String, String> {
        let one = |(layout, bytes): (&TypeLayout, &Vec<u8>)| {
            value_to_text(layout, bytes).map_err(|error| error.to_string())
        };
        let results = self
            .returns
            .iter()
            .map(|layout| &**layout)
            .zip(&returned.values);
        let results = results.map(one).collect::<Result<Vec<_>, _>>()?.join(", ");
        let changed = self.changed(returned).into_iter();
        let changed = changed.map(one).collect::<Result<Vec<_>, _>>()?.join(", ");
        let mut text = format!("= {results}").trim_end().to_owned();
        if !changed.is_empty() {
            let _ = write!(text, " -> {changed}");
        }
        Ok(text)
    }

    /// What was expected, if `result` is something else.
    fn missed(
        &self,
        case: &Case<'_>,
        result: &Result<CallReturn, ExecutionError>,
        given: &str,
    ) -> Result<Option<String>, String> {
        match (&case.expected, result) {
            (Expected::Return { results, changed }, Ok(returned)) => {
                let mut is_met = results.len() == self.returns.len();
                for ((layout, bytes), text) in
                    self.returns.iter().zip(&returned.values).zip(results)
                {
                    is_met &= read(layout, text)? == *bytes;
                }
                let actual = self.changed(returned);
                is_met &= changed.len() == actual.len();
                for ((layout, bytes), text) in actual.into_iter().zip(changed) {
                    is_met &= read(layout, text)? == *bytes;
                }
                Ok((!is_met).then(|| format!("{results:?} -> {changed:?}")))
            }
            (Expected::Failure(words), Err(_)) => {
                let given = given.strip_prefix("! ").unwrap_or(given);
                let is_met = match words.strip_prefix("abort ") {
                    // Whole words: 7 is not 70.
                    Some(_) => given.strip_prefix(words).is_some_and(|rest| {
                        !rest.starts_with(|letter: char| letter.is_ascii_alphanumeric())
                    }),
                    None => !words.is_empty() && given.contains(words),
                };
                Ok((!is_met).then(|| format!("! {words}")))
            }
            (Expected::Return { results, changed }, Err(_)) => {
                Ok(Some(format!("{results:?} -> {changed:?}")))
            }
            (Expected::Failure(words), Ok(_)) => Ok(Some(format!("! {words}"))),
        }
    }
}

fn read(layout: &TypeLayout, text: &str) -> Result<Vec<u8>, String> {
    value_from_text(layout, text).map_err(|error| error.to_string())
}
