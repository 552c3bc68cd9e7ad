//! Filters over transactions and events: an OR of ANDs of predicates, each of
//! which may be negated.
//!
//! A filter is used twice: the store's index proposes transactions for one
//! predicate of each AND ([`Filter::subjects`]), and [`Filter::matches`]
//! decides. Subscriptions only decide.

use crate::error::RpcError;
use crate::resolve::sketch::{address, shorten};
use heddle_objects::Ownership;
use heddle_objects::sui_sdk_types::{
    Address, Command, Event, Identifier, ObjectIn, ObjectOut, StructTag, Transaction,
    TransactionEffects, TransactionEvents, TransactionKind,
};
use heddle_store::LedgerSubject;
use sui_rpc::proto::sui::rpc::v2 as proto;
use sui_rpc::proto::sui::rpc::v2::event_literal::Predicate as EventPredicate;
use sui_rpc::proto::sui::rpc::v2::transaction_literal::Predicate as TransactionPredicate;

/// Most ANDs in one filter.
const TERMS_MAX: usize = 16;
/// Most predicates in one AND.
const LITERALS_MAX: usize = 16;

/// Something that is true of a transaction, or of an event in it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Predicate {
    Sender(Address),
    AffectedAddress(Address),
    AffectedObject(Address),
    /// Package, and perhaps module and function.
    Called(Address, Option<Identifier>, Option<Identifier>),
    /// Package, and perhaps module.
    EmittedBy(Address, Option<Identifier>),
    EventOf(EventPattern),
    PackageWrite,
}

/// A pattern of event types.
#[derive(Clone, Debug, PartialEq, Eq)]
enum EventPattern {
    Package(Address),
    Module(Address, Identifier),
    Name(Address, Identifier, Identifier),
    Exact(StructTag),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Literal {
    negated: bool,
    predicate: Predicate,
}

/// A filter that has been read and checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// `None` lets everything through.
    terms: Option<Vec<Vec<Literal>>>,
}

/// What a filter looks at.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) transaction: &'a Transaction,
    pub(crate) effects: &'a TransactionEffects,
    pub(crate) events: Option<&'a TransactionEvents>,
}

impl Filter {
    /// Reads a transaction filter.
    ///
    /// # Errors
    /// [`RpcError::FieldInvalid`] or [`RpcError::FieldMissing`].
    pub(crate) fn of_transactions(
        message: Option<&proto::TransactionFilter>,
    ) -> Result<Self, RpcError> {
        let Some(message) = message else {
            return Ok(Filter::default());
        };
        read_terms(
            &message.terms,
            |term| &term.literals,
            |field, literal| {
                let predicate = match &literal.predicate {
                    Some(TransactionPredicate::Sender(filter)) => {
                        Predicate::Sender(required_address(field, "address", &filter.address)?)
                    }
                    Some(TransactionPredicate::AffectedAddress(filter)) => {
                        Predicate::AffectedAddress(required_address(
                            field,
                            "address",
                            &filter.address,
                        )?)
                    }
                    Some(TransactionPredicate::AffectedObject(filter)) => {
                        Predicate::AffectedObject(required_address(
                            field,
                            "object_id",
                            &filter.object_id,
                        )?)
                    }
                    Some(TransactionPredicate::MoveCall(filter)) => {
                        called(field, filter.function.as_deref())?
                    }
                    Some(TransactionPredicate::EmitModule(filter)) => {
                        emitted(field, filter.module.as_deref())?
                    }
                    Some(TransactionPredicate::EventType(filter)) => {
                        event_of(field, filter.event_type.as_deref())?
                    }
                    Some(TransactionPredicate::PackageWrite(_)) => Predicate::PackageWrite,
                    Some(_) => return Err(RpcError::NotBuilt("filters by event stream")),
                    None => return Err(RpcError::missing(format!("{field}.predicate"))),
                };
                Ok(Literal {
                    negated: literal.negated,
                    predicate,
                })
            },
        )
    }

    /// Reads an event filter.
    ///
    /// # Errors
    /// As [`Filter::of_transactions`].
    pub(crate) fn of_events(message: Option<&proto::EventFilter>) -> Result<Self, RpcError> {
        let Some(message) = message else {
            return Ok(Filter::default());
        };
        read_terms(
            &message.terms,
            |term| &term.literals,
            |field, literal| {
                let predicate = match &literal.predicate {
                    Some(EventPredicate::Sender(filter)) => {
                        Predicate::Sender(required_address(field, "address", &filter.address)?)
                    }
                    Some(EventPredicate::EmitModule(filter)) => {
                        emitted(field, filter.module.as_deref())?
                    }
                    Some(EventPredicate::EventType(filter)) => {
                        event_of(field, filter.event_type.as_deref())?
                    }
                    Some(_) => return Err(RpcError::NotBuilt("filters by event stream")),
                    None => return Err(RpcError::missing(format!("{field}.predicate"))),
                };
                Ok(Literal {
                    negated: literal.negated,
                    predicate,
                })
            },
        )
    }

    /// Whether everything passes.
    pub(crate) fn is_everything(&self) -> bool {
        self.terms.is_none()
    }

    /// Subjects of the store's index that together cover every transaction
    /// that may match; `None` if only a full scan does.
    pub(crate) fn subjects(&self) -> Option<Vec<LedgerSubject>> {
        self.terms
            .as_ref()?
            .iter()
            .map(|term| {
                term.iter()
                    .find(|literal| !literal.negated)
                    .map(|literal| literal.predicate.subject())
            })
            .collect()
    }

    /// Whether a transaction matches.
    pub(crate) fn matches(&self, facts: &Facts<'_>) -> bool {
        self.any(|predicate| predicate.holds_for(facts))
    }

    /// Whether one event of a transaction matches.
    pub(crate) fn matches_event(&self, facts: &Facts<'_>, event: &Event) -> bool {
        self.any(|predicate| match predicate {
            Predicate::EmittedBy(package, module) => emitted_by(event, package, module.as_ref()),
            Predicate::EventOf(pattern) => pattern.covers(&event.type_),
            other => other.holds_for(facts),
        })
    }

    fn any(&self, holds: impl Fn(&Predicate) -> bool) -> bool {
        self.terms.as_ref().is_none_or(|terms| {
            terms.iter().any(|term| {
                term.iter()
                    .all(|literal| holds(&literal.predicate) != literal.negated)
            })
        })
    }
}

impl Predicate {
    fn subject(&self) -> LedgerSubject {
        match self.clone() {
            Predicate::Sender(address) => LedgerSubject::Sender(address),
            Predicate::AffectedAddress(address) => LedgerSubject::AffectedAddress(address),
            Predicate::AffectedObject(id) => LedgerSubject::AffectedObject(id),
            Predicate::Called(package, Some(module), Some(function)) => {
                LedgerSubject::CalledFunction(package, module, function)
            }
            Predicate::Called(package, Some(module), None) => {
                LedgerSubject::CalledModule(package, module)
            }
            Predicate::Called(package, None, _) => LedgerSubject::CalledPackage(package),
            Predicate::EmittedBy(package, Some(module)) => {
                LedgerSubject::EmittingModule(package, module)
            }
            Predicate::EmittedBy(package, None) => LedgerSubject::EmittingPackage(package),
            Predicate::EventOf(EventPattern::Package(package)) => {
                LedgerSubject::EventPackage(package)
            }
            Predicate::EventOf(EventPattern::Module(package, module)) => {
                LedgerSubject::EventModule(package, module)
            }
            Predicate::EventOf(EventPattern::Name(package, module, name)) => {
                LedgerSubject::EventName(package, module, name)
            }
            Predicate::EventOf(EventPattern::Exact(tag)) => LedgerSubject::EventType(tag),
            Predicate::PackageWrite => LedgerSubject::PackageWrite,
        }
    }

    fn holds_for(&self, facts: &Facts<'_>) -> bool {
        let mut events = facts.events.iter().flat_map(|events| &events.0);
        match self {
            Predicate::Sender(sender) => facts.transaction.sender == *sender,
            Predicate::AffectedAddress(address) => affects_address(facts.effects, address),
            Predicate::AffectedObject(id) => changes(facts.effects)
                .iter()
                .any(|change| change.object_id == *id),
            Predicate::Called(package, module, function) => calls(facts.transaction).any(|call| {
                call.package == *package
                    && module.as_ref().is_none_or(|module| call.module == *module)
                    && function
                        .as_ref()
                        .is_none_or(|function| call.function == *function)
            }),
            Predicate::EmittedBy(package, module) => {
                events.any(|event| emitted_by(event, package, module.as_ref()))
            }
            Predicate::EventOf(pattern) => events.any(|event| pattern.covers(&event.type_)),
            Predicate::PackageWrite => changes(facts.effects)
                .iter()
                .any(|change| matches!(change.output_state, ObjectOut::PackageWrite { .. })),
        }
    }
}

impl EventPattern {
    fn covers(&self, tag: &StructTag) -> bool {
        match self {
            EventPattern::Package(package) => tag.address() == package,
            EventPattern::Module(package, module) => {
                tag.address() == package && tag.module() == module
            }
            EventPattern::Name(package, module, name) => {
                tag.address() == package && tag.module() == module && tag.name() == name
            }
            EventPattern::Exact(exact) => tag == exact,
        }
    }
}

fn emitted_by(event: &Event, package: &Address, module: Option<&Identifier>) -> bool {
    event.package_id == *package && module.is_none_or(|module| event.module == *module)
}

fn changes(effects: &TransactionEffects) -> &[heddle_objects::sui_sdk_types::ChangedObject] {
    match effects {
        TransactionEffects::V2(effects) => &effects.changed_objects,
        TransactionEffects::V1(_) => &[],
    }
}

fn affects_address(effects: &TransactionEffects, address: &Address) -> bool {
    let owned = |owner| Ownership::of(owner).and_then(Ownership::address) == Some(*address);
    changes(effects).iter().any(|change| {
        matches!(&change.input_state, ObjectIn::Exist { owner, .. } if owned(owner))
            || matches!(&change.output_state, ObjectOut::ObjectWrite { owner, .. } if owned(owner))
    })
}

fn calls(
    transaction: &Transaction,
) -> impl Iterator<Item = &heddle_objects::sui_sdk_types::MoveCall> {
    let commands: &[Command] = match &transaction.kind {
        TransactionKind::ProgrammableTransaction(program)
        | TransactionKind::ProgrammableSystemTransaction(program) => &program.commands,
        _ => &[],
    };
    commands.iter().filter_map(|command| match command {
        Command::MoveCall(call) => Some(call),
        _ => None,
    })
}

fn read_terms<Term, Message>(
    terms: &[Term],
    literals: impl Fn(&Term) -> &Vec<Message>,
    read: impl Fn(&str, &Message) -> Result<Literal, RpcError>,
) -> Result<Filter, RpcError> {
    if terms.is_empty() || terms.len() > TERMS_MAX {
        let description = format!("{} of them; 1 to {TERMS_MAX} are allowed", terms.len());
        return Err(RpcError::invalid("filter.terms", description));
    }
    let mut read_terms = Vec::with_capacity(terms.len());
    for (index, term) in terms.iter().enumerate() {
        let literals = literals(term);
        let field = format!("filter.terms[{index}].literals");
        if literals.is_empty() || literals.len() > LITERALS_MAX {
            let description = format!(
                "{} of them; 1 to {LITERALS_MAX} are allowed",
                literals.len()
            );
            return Err(RpcError::invalid(field, description));
        }
        read_terms.push(
            literals
                .iter()
                .enumerate()
                .map(|(index, literal)| read(&format!("{field}[{index}]"), literal))
                .collect::<Result<_, _>>()?,
        );
    }
    Ok(Filter {
        terms: Some(read_terms),
    })
}

fn required_address(field: &str, name: &str, text: &Option<String>) -> Result<Address, RpcError> {
    let field = format!("{field}.{name}");
    let text = text
        .as_deref()
        .ok_or_else(|| RpcError::missing(field.as_str()))?;
    address(&field, text)
}

/// The parts of a `::`-delimited path: an address, then at most `names_max` names.
fn path(
    field: &str,
    text: Option<&str>,
    names_max: usize,
) -> Result<(Address, Vec<Identifier>), RpcError> {
    let text = text.ok_or_else(|| RpcError::missing(field))?;
    let mut parts = text.split("::");
    let package = address(field, parts.next().unwrap_or_default())?;
    let names = parts
        .map(|name| {
            Identifier::new(name)
                .map_err(|_| RpcError::invalid(field, format!("`{}` is no name", shorten(name))))
        })
        .collect::<Result<Vec<_>, _>>()?;
    if names.len() > names_max {
        let description = format!("{} names; at most {names_max} are allowed", names.len());
        return Err(RpcError::invalid(field, description));
    }
    Ok((package, names))
}

fn called(field: &str, text: Option<&str>) -> Result<Predicate, RpcError> {
    let (package, names) = path(&format!("{field}.move_call.function"), text, 2)?;
    let mut names = names.into_iter();
    Ok(Predicate::Called(package, names.next(), names.next()))
}

fn emitted(field: &str, text: Option<&str>) -> Result<Predicate, RpcError> {
    let (package, names) = path(&format!("{field}.emit_module.module"), text, 1)?;
    Ok(Predicate::EmittedBy(package, names.into_iter().next()))
}

fn event_of(field: &str, text: Option<&str>) -> Result<Predicate, RpcError> {
    let field = format!("{field}.event_type.event_type");
    if let Some(text) = text.filter(|text| text.contains('<')) {
        let tag = text.parse().map_err(|error| {
            RpcError::invalid(field, format!("`{}` is no type: {error}", shorten(text)))
        })?;
        return Ok(Predicate::EventOf(EventPattern::Exact(tag)));
    }
    let (package, names) = path(&field, text, 2)?;
    let mut names = names.into_iter();
    Ok(Predicate::EventOf(match (names.next(), names.next()) {
        (None, _) => EventPattern::Package(package),
        (Some(module), None) => EventPattern::Module(package, module),
        (Some(module), Some(name)) => EventPattern::Name(package, module, name),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sui_rpc::proto::sui::rpc::v2::filter as build;

    fn read(filter: proto::TransactionFilter) -> Result<Filter, RpcError> {
        Filter::of_transactions(Some(&filter))
    }

    #[test]
    fn no_filter_lets_everything_through() {
        let filter = Filter::of_transactions(None).expect("nothing to refuse");
        assert!(filter.is_everything() && filter.subjects().is_none());
    }

    #[test]
    fn the_index_covers_every_and_that_has_a_positive_predicate() {
        let alice = Address::from_static("0xa");
        let positive = proto::TransactionFilter::matching(build::transaction::sender(alice));
        assert_eq!(
            read(positive).expect("valid").subjects(),
            Some(vec![LedgerSubject::Sender(alice)])
        );
        let negative =
            proto::TransactionFilter::matching(build::transaction::sender(alice).negate());
        assert_eq!(read(negative).expect("valid").subjects(), None);
    }

    #[test]
    fn malformed_filters_name_the_field() {
        let empty = proto::TransactionFilter::default();
        assert!(
            matches!(read(empty), Err(RpcError::FieldInvalid { field, .. }) if field == "filter.terms")
        );
        let mut bad = proto::TransactionFilter::matching(build::transaction::sender(Address::ZERO));
        bad.terms[0].literals[0].predicate = None;
        assert!(matches!(
            read(bad),
            Err(RpcError::FieldMissing { field }) if field == "filter.terms[0].literals[0].predicate"
        ));
    }

    #[test]
    fn paths_name_packages_modules_and_functions() {
        for (text, expected) in [
            ("0x2", Some(0)),
            ("0x2::coin", Some(1)),
            ("0x2::coin::mint", Some(2)),
            ("0x2::coin::mint::more", None),
            ("0x2::", None),
            ("coin", None),
            ("", None),
        ] {
            let names = path("f", Some(text), 2).ok().map(|(_, names)| names.len());
            assert_eq!(names, expected, "{text:?}");
        }
    }

    #[test]
    fn event_types_match_by_degrees() {
        let tag: StructTag = "0x2::coin::Minted<0x2::sui::SUI>".parse().expect("a type");
        for (text, expected) in [
            ("0x2", true),
            ("0x2::coin", true),
            ("0x2::coin::Minted", true),
            ("0x2::coin::Minted<0x2::sui::SUI>", true),
            ("0x2::coin::Minted<u8>", false),
            ("0x2::coin::Burned", false),
            ("0x3", false),
        ] {
            let Predicate::EventOf(pattern) = event_of("f", Some(text)).expect("valid") else {
                panic!("an event pattern");
            };
            assert_eq!(pattern.covers(&tag), expected, "{text}");
        }
    }
}
