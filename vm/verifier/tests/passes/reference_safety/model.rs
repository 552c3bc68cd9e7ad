//! Random code, held against a model that knows where each reference points.

use heddle_bytecode::{Bytecode as B, SignatureToken as T};
use heddle_verifier::Rule;
use proptest::prelude::*;

use crate::body::{World, body, borrow, borrow_mut, copy, imm, mutable, one, store, take};
use crate::verify;

/// What a reference points to: local 0 or the target of local 1, all of it or
/// one of its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    root: u8,
    field: Option<u16>,
}

impl Place {
    fn overlaps(self, other: Place) -> bool {
        self.root == other.root
            && (self.field.is_none() || other.field.is_none() || self.field == other.field)
    }

    fn is_inside(self, other: Place) -> bool {
        self.overlaps(other) && self.field.is_some() && other.field.is_none()
    }
}

/// Locals: 0 is a `S`, 1 a `&mut S`, 2 a `&mut S`, 3 a `&mut u64`, 4 a `&u64`,
/// 5 a `&S`. The last four are assigned as the code goes.
const REFERENCES: std::ops::RangeInclusive<u8> = 2..=5;

fn is_mutable(local: u8) -> bool {
    local <= 3
}

#[derive(Default)]
struct Model {
    code: Vec<B>,
    places: [Option<Place>; 6],
    /// Something was read or written that a reference forbids.
    broken: bool,
    /// Something was used that another reference points to.
    contested: bool,
}

impl Model {
    fn new() -> Self {
        let mut model = Model::default();
        model.places[1] = Some(Place {
            root: 1,
            field: None,
        });
        model
    }

    fn live(&self, except: Option<u8>) -> impl Iterator<Item = (u8, Place)> + '_ {
        REFERENCES
            .filter(move |local| Some(*local) != except)
            .filter_map(|local| Some((local, self.places[usize::from(local)]?)))
    }

    /// Notes that `place` is used or borrowed by way of a local.
    fn touch(&mut self, place: Place, by: Option<u8>, mutably: bool) {
        let contested = self
            .live(by)
            .any(|(local, other)| (mutably || is_mutable(local)) && other.overlaps(place));
        self.contested |= contested;
    }

    fn write(&mut self, place: Place, by: Option<u8>) {
        self.touch(place, by, true);
        let broken = self.live(by).any(|(local, other)| {
            let forbidden = other.is_inside(place) || by.is_none() || !is_mutable(local);
            forbidden && other.overlaps(place)
        });
        self.broken |= broken;
    }

    fn read(&mut self, place: Place, by: Option<u8>) {
        self.touch(place, by, false);
        let broken = self.live(by).any(|(local, other)| {
            is_mutable(local) && (other.is_inside(place) || by.is_none() && other.overlaps(place))
        });
        self.broken |= broken;
    }

    fn borrow(&mut self, from: Place, by: Option<u8>, to: u8, code: &[B]) {
        self.touch(from, by, is_mutable(to));
        self.places[usize::from(to)] = Some(from);
        self.code.extend_from_slice(code);
        self.code.push(store(to));
    }

    fn step(&mut self, w: &World, operation: u8, choice: u8, field: u16) {
        let whole = |root| Place { root, field: None };
        let fields = [w.f, w.g];
        let handle = fields[usize::from(field)];
        let pack = [one(), one(), B::Pack(w.s_def)];
        let of_struct = [1, 2, 5][usize::from(choice % 3)];
        let source = self.places[usize::from(of_struct)];
        match (operation, source) {
            (0, _) => self.borrow(whole(0), None, 2, &[borrow_mut(0)]),
            (1, _) => self.borrow(whole(1), None, 2, &[copy(1)]),
            (2, _) => self.borrow(whole(0), None, 5, &[borrow(0)]),
            (3, _) => self.borrow(whole(1), None, 5, &[copy(1), B::FreezeRef]),
            (4, Some(place)) if is_mutable(of_struct) => {
                let part = Place {
                    field: Some(field),
                    ..place
                };
                let code = [copy(of_struct), B::MutBorrowField(handle)];
                self.borrow(part, Some(of_struct), 3, &code);
            }
            (5, Some(place)) => {
                let part = Place {
                    field: Some(field),
                    ..place
                };
                let code = [copy(of_struct), B::ImmBorrowField(handle)];
                self.borrow(part, Some(of_struct), 4, &code);
            }
            (6, Some(place)) if is_mutable(of_struct) => {
                self.write(place, Some(of_struct));
                self.code.extend(pack);
                self.code.extend([copy(of_struct), B::WriteRef]);
            }
            (7, _) => {
                if let Some(place) = self.places[3] {
                    self.write(place, Some(3));
                    self.code.extend([one(), copy(3), B::WriteRef]);
                }
            }
            (8, _) => {
                self.write(whole(0), None);
                self.code.extend(pack);
                self.code.push(store(0));
            }
            (9, Some(place)) => {
                self.read(place, Some(of_struct));
                self.code.extend([copy(of_struct), B::ReadRef, B::Pop]);
            }
            (10, _) => {
                self.read(whole(0), None);
                self.code.extend([copy(0), B::Pop]);
            }
            (11, _) => {
                let local = 2 + choice % 4;
                if self.places[usize::from(local)].take().is_some() {
                    self.code.extend([take(local), B::Pop]);
                }
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn verdicts_agree_with_the_model(
        steps in prop::collection::vec((0u8..12, 0u8..12, 0u16..2), 1..12),
    ) {
        let w = World::new();
        let mut model = Model::new();
        for (operation, choice, field) in steps {
            model.step(&w, operation, choice, field);
        }
        let mut code = model.code.clone();
        code.push(B::Ret);
        let module = w.with(body(
            &[w.s.clone(), mutable(&w.s)],
            &[],
            &[mutable(&w.s), mutable(&T::U64), imm(&T::U64), imm(&w.s)],
            code,
        ));
        let verdict = verify(&module);
        if model.broken {
            let rule = verdict.as_ref().map_err(|error| error.rule);
            prop_assert_eq!(rule, Err(Rule::ReferenceSafety), "{:?}", model.code);
        }
        if !model.contested {
            prop_assert!(verdict.is_ok(), "{:?}: {:?}", verdict, model.code);
        }
    }
}
