//! The order of a table's entries where the text does not give it.
//!
//! The Move compiler sorts some of its tables when it is done: names by their
//! letters, handles of datatypes and functions by their definitions, those of
//! other modules by module and name. The others stay as they grew. To come to
//! the same, a module is assembled twice: once to learn which entries there
//! are, and once with the tables already filled in their final order, so that
//! `#N` in the text means the entry that has number N in the end.

use super::Assembler;
use crate::syntax::{Module, ModuleName, Name};
use heddle_bytecode::format::TableKind;
use heddle_bytecode::{
    Address, DatatypeHandle, DatatypeHandleIndex, FunctionHandle, FunctionHandleIndex, Identifier,
    IdentifierIndex, ModuleHandle, Signature, SignatureToken, TableIndex,
};
use rustc_hash::FxHashMap;

/// The entries of tables in their final order; none for those that `table`
/// items list.
#[derive(Default)]
pub(super) struct Order {
    pub(super) identifiers: Vec<Identifier>,
    pub(super) addresses: Vec<Address>,
    pub(super) modules: Vec<ModuleHandle>,
    pub(super) datatypes: Vec<DatatypeHandle>,
    pub(super) signatures: Vec<Signature>,
    pub(super) functions: Vec<FunctionHandle>,
}

/// Whether the order of a text's tables can be found: names of modules given
/// by number would mean other names in another order.
pub(super) fn can_be_sorted(syntax: &Module<'_>) -> bool {
    let uses = syntax.uses.iter().chain([&syntax.name]);
    uses.chain(&syntax.friends)
        .all(|module| !matches!(module.it, ModuleName::Path(_, Name::Index(_))))
}

/// Where entries go: to the position of their index.
struct Moves(Vec<usize>);

impl Moves {
    /// Sorts `entries`; those with equal keys stay in their order.
    fn sort<T: Clone, K: Ord>(
        entries: &[T],
        is_fixed: bool,
        key: impl Fn(usize, &T) -> K,
    ) -> (Vec<T>, Self) {
        let mut order: Vec<usize> = (0..entries.len()).collect();
        if !is_fixed {
            order.sort_by_cached_key(|position| key(*position, &entries[*position]));
        }
        let mut moves = vec![0; entries.len()];
        for (to, from) in order.iter().enumerate() {
            moves[*from] = to;
        }
        let entries = order.iter().map(|from| entries[*from].clone()).collect();
        (entries, Self(moves))
    }

    /// The new index; one that points nowhere stays.
    fn of<I: TableIndex>(&self, index: I) -> I {
        let position = self.0.get(index.position()).copied();
        position.and_then(I::from_position).unwrap_or(index)
    }
}

impl Assembler<'_> {
    /// The final order of the tables of a module that has been assembled.
    pub(super) fn order(&self) -> Order {
        let listed = |kind| self.is_listed(kind);
        let name = |index: IdentifierIndex| {
            let name = self.identifiers.entries.get(index.position());
            name.map(|name| name.as_str().to_owned())
        };

        let is_fixed = listed(TableKind::Identifiers);
        let (identifiers, names) =
            Moves::sort(&self.identifiers.entries, is_fixed, |_, name| name.clone());
        let modules = self.modules.entries.iter().map(|handle| ModuleHandle {
            address: handle.address,
            name: names.of(handle.name),
        });

        let structs = self.module.struct_defs.iter().map(|def| def.struct_handle);
        let enums = self.module.enum_defs.iter().map(|def| def.enum_handle);
        let mut defined: FxHashMap<DatatypeHandleIndex, usize> = FxHashMap::default();
        for (position, handle) in structs.enumerate().chain(enums.enumerate()) {
            defined.entry(handle).or_insert(position);
        }
        let is_fixed = listed(TableKind::DatatypeHandles);
        let (datatypes, types) = Moves::sort(&self.datatypes.entries, is_fixed, |at, handle| {
            let definition = DatatypeHandleIndex::from_position(at)
                .and_then(|index| defined.get(&index).copied());
            let foreign = definition
                .is_none()
                .then(|| (handle.module, name(handle.name)));
            (foreign, definition)
        });
        let datatypes = datatypes.into_iter().map(|handle| DatatypeHandle {
            name: names.of(handle.name),
            ..handle
        });

        let signatures = self.signatures.entries.iter().map(|signature| {
            let mut signature = signature.clone();
            for token in &mut signature.0 {
                move_datatypes(token, &types);
            }
            signature
        });

        let defs = self.module.function_defs.iter().map(|def| def.function);
        let mut defined: FxHashMap<FunctionHandleIndex, usize> = FxHashMap::default();
        for (position, handle) in defs.enumerate() {
            defined.entry(handle).or_insert(position);
        }
        let is_fixed = listed(TableKind::FunctionHandles);
        let (functions, _) = Moves::sort(&self.functions.entries, is_fixed, |at, handle| {
            let definition = FunctionHandleIndex::from_position(at)
                .and_then(|index| defined.get(&index).copied());
            let foreign = definition
                .is_none()
                .then(|| (handle.module, name(handle.name)));
            (foreign, definition)
        });
        let functions = functions.into_iter().map(|handle| FunctionHandle {
            name: names.of(handle.name),
            ..handle
        });

        Order {
            modules: unless(listed(TableKind::ModuleHandles), modules),
            datatypes: unless(listed(TableKind::DatatypeHandles), datatypes),
            signatures: unless(listed(TableKind::Signatures), signatures),
            functions: unless(listed(TableKind::FunctionHandles), functions),
            identifiers: unless(listed(TableKind::Identifiers), identifiers.into_iter()),
            addresses: unless(
                listed(TableKind::AddressIdentifiers),
                self.addresses.entries.iter().copied(),
            ),
        }
    }
}

fn unless<T>(is_listed: bool, entries: impl Iterator<Item = T>) -> Vec<T> {
    if is_listed {
        Vec::new()
    } else {
        entries.collect()
    }
}

/// Recurses as deep as the parser lets types nest.
fn move_datatypes(token: &mut SignatureToken, moves: &Moves) {
    match token {
        SignatureToken::Datatype(handle) => *handle = moves.of(*handle),
        SignatureToken::DatatypeInstantiation(instance) => {
            instance.0 = moves.of(instance.0);
            for argument in &mut instance.1 {
                move_datatypes(argument, moves);
            }
        }
        SignatureToken::Vector(inner)
        | SignatureToken::Reference(inner)
        | SignatureToken::MutableReference(inner) => move_datatypes(inner, moves),
        _ => {}
    }
}
