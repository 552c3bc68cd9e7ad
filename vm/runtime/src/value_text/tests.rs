use super::{value_from_text, value_to_text};
use crate::{EnumLayout, FieldLayout, StructLayout, TypeLayout, VariantLayout};
use proptest::prelude::*;
use std::sync::Arc;
use sui_sdk_types::{Address, Identifier, StructTag};

fn tag(address: &'static str, module: &str, name: &str) -> StructTag {
    StructTag::new(
        Address::from_static(address),
        Identifier::new(module).unwrap(),
        Identifier::new(name).unwrap(),
        vec![],
    )
}

fn fields(fields: &[(&str, TypeLayout)]) -> Vec<FieldLayout> {
    fields
        .iter()
        .map(|(name, layout)| FieldLayout {
            name: Identifier::new(name).unwrap(),
            layout: layout.clone(),
        })
        .collect()
}

fn structure(tag: StructTag, list: &[(&str, TypeLayout)]) -> TypeLayout {
    TypeLayout::Struct(Arc::new(StructLayout {
        tag,
        fields: fields(list),
    }))
}

fn vector(element: TypeLayout) -> TypeLayout {
    TypeLayout::Vector(Arc::new(element))
}

fn string() -> TypeLayout {
    structure(
        tag("0x1", "string", "String"),
        &[("bytes", vector(TypeLayout::U8))],
    )
}

fn option(element: TypeLayout) -> TypeLayout {
    structure(tag("0x1", "option", "Option"), &[("vec", vector(element))])
}

fn id() -> TypeLayout {
    structure(
        tag("0x2", "object", "ID"),
        &[("bytes", TypeLayout::Address)],
    )
}

fn point() -> TypeLayout {
    let list = [("x", TypeLayout::U8), ("y", string())];
    structure(tag("0x5", "m", "Point"), &list)
}

fn pair() -> TypeLayout {
    let list = [("pos0", TypeLayout::Bool), ("pos1", TypeLayout::U16)];
    structure(tag("0x5", "m", "Pair"), &list)
}

fn nothing() -> TypeLayout {
    structure(
        tag("0x5", "m", "Nothing"),
        &[("dummy_field", TypeLayout::Bool)],
    )
}

fn shape() -> TypeLayout {
    let variant = |name: &str, list: &[(&str, TypeLayout)]| VariantLayout {
        name: Identifier::new(name).unwrap(),
        fields: fields(list),
    };
    TypeLayout::Enum(Arc::new(EnumLayout {
        tag: tag("0x5", "m", "Shape"),
        variants: vec![
            variant("Empty", &[]),
            variant("Circle", &[("radius", TypeLayout::U8)]),
            variant("Box", &[("pos0", TypeLayout::U8), ("pos1", TypeLayout::U8)]),
        ],
    }))
}

/// All of `texts` stand for one value, which is written as the first.
fn check(layout: &TypeLayout, texts: &[&str], bytes: &[u8]) {
    for text in texts {
        let read = value_from_text(layout, text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(read, bytes, "{text}");
    }
    assert_eq!(value_to_text(layout, bytes).unwrap(), texts[0]);
}

#[test]
fn every_form_reads() {
    check(&TypeLayout::Bool, &["true", " true ", "\"true\""], &[1]);
    check(
        &TypeLayout::U8,
        &["255", "0xff", "2_55", "255u8", "\"255\""],
        &[255],
    );
    check(&TypeLayout::U16, &["258"], &[2, 1]);
    check(&TypeLayout::U64, &["18446744073709551615"], &[255; 8]);
    check(&TypeLayout::U128, &["0"], &[0; 16]);
    check(
        &TypeLayout::U256,
        &["115792089237316195423570985008687907853269984665640564039457584007913129639935"],
        &[255; 32],
    );
    let mut two = [0; 32];
    two[31] = 2;
    check(
        &TypeLayout::Address,
        &["@0x2", "0x2", "\"0x2\"", "0x02"],
        &two,
    );
    check(&TypeLayout::Address, &["@0x0"], &[0; 32]);
    check(&id(), &["@0x2", "0x2", "{ bytes: 0x2 }"], &two);

    let bytes = vector(TypeLayout::U8);
    check(
        &bytes,
        &[
            "b\"hi\"",
            "hi",
            "\"hi\"",
            "0x6869",
            "x\"6869\"",
            "[104, 0x69]",
            "vector[104,105,]",
        ],
        b"\x02hi",
    );
    check(&bytes, &["x\"\"", "0x", "[]", ""], &[0]);
    check(&bytes, &["x\"00ff\""], &[2, 0, 255]);
    check(&bytes, &["x\"225c\"", "\"\\\"\\\\\""], b"\x02\"\\");
    check(
        &vector(bytes),
        &["[b\"a\", x\"\"]", "[0x61, 0x]", "[ [97] , \"\" ]"],
        &[2, 1, 97, 0],
    );
    check(
        &vector(TypeLayout::U16),
        &["[1, 2]", "vector [1,2]"],
        &[2, 1, 0, 2, 0],
    );

    check(&string(), &["\"a, b\"", "a, b"], b"\x04a, b");
    check(&string(), &["\"\"", ""], &[0]);
    check(
        &string(),
        &["\"\\\"\\n\\0é\"", "\"\\\"\\n\\u{0}é\""],
        b"\x05\"\n\0\xc3\xa9",
    );
    check(
        &vector(string()),
        &["[\"a\", \"b\"]", "[a, b]"],
        b"\x02\x01a\x01b",
    );

    check(
        &option(TypeLayout::U8),
        &["some(7)", "7", "some( 7 )"],
        &[1, 7],
    );
    check(&option(TypeLayout::U8), &["none", "null"], &[0]);
    check(&option(option(TypeLayout::U8)), &["some(none)"], &[1, 0]);

    check(
        &point(),
        &[
            "Point { x: 1, y: \"a\" }",
            "{y:a,x:1}",
            "{\"x\": \"1\", \"y\": \"a\"}",
            "0x5::m::Point { x: 1, y: a, }",
            "(1, \"a\")",
        ],
        &[1, 1, b'a'],
    );
    check(
        &pair(),
        &["Pair(true, 3)", "(true,3)", "{pos1: 3, pos0: true}"],
        &[1, 3, 0],
    );
    check(&nothing(), &["Nothing", "{}", "Nothing {}"], &[0]);
    check(
        &shape(),
        &[
            "Shape::Circle { radius: 9 }",
            "Circle(9)",
            "{\"@variant\": \"Circle\", \"radius\": 9}",
        ],
        &[1, 9],
    );
    check(
        &shape(),
        &["Shape::Empty", "Empty", "{\"@variant\":\"Empty\"}"],
        &[0],
    );
    check(
        &shape(),
        &["Shape::Box(1, 2)", "Box { pos0: 1, pos1: 2 }"],
        &[2, 1, 2],
    );
    let raw = value_from_text(&point(), "bcs:0x010161").unwrap();
    assert_eq!(raw, [1, 1, b'a']);
}

#[test]
fn what_is_no_value_is_refused_with_what_is_wanted() {
    for (layout, text, words) in [
        (TypeLayout::U8, "256", "u8 expected, found \"256\""),
        (TypeLayout::U8, "-1", "u8 expected"),
        (TypeLayout::U8, "", "u8 expected"),
        (
            TypeLayout::U8,
            "1 2",
            "the end expected, found \"2\" at character 2",
        ),
        (TypeLayout::U8, "7u16", "u8 expected"),
        (TypeLayout::U8, "0x", "u8 expected"),
        (TypeLayout::Bool, "1", "bool expected"),
        (TypeLayout::Address, "bob", "address expected"),
        (TypeLayout::Address, "2", "address expected"),
        (vector(TypeLayout::U8), "0x012", "bytes expected"),
        (vector(TypeLayout::U16), "1,2", "vector expected"),
        (
            vector(TypeLayout::U16),
            "[1",
            "a comma or ] expected, found the end",
        ),
        (vector(TypeLayout::U16), "[1 2]", "a comma or ] expected"),
        (point(), "{x: 1}", "a value for field y expected"),
        (
            point(),
            "{x: 1, x: 2, y: a}",
            "fields x, y expected, found \"x: 2",
        ),
        (point(), "{z: 1}", "fields x, y expected"),
        (point(), "bcs:0x01", "BCS of a value expected"),
        (point(), "bcs:0x01016100", "BCS of a value expected"),
        (pair(), "Pair(true)", "field pos1 expected"),
        (shape(), "Square", "Shape (Empty, Circle, Box) expected"),
        (string(), "\"open", "text in quotes expected"),
        (
            option(TypeLayout::U8),
            "some(7",
            ") expected, found the end",
        ),
    ] {
        let error = value_from_text(&layout, text).unwrap_err().to_string();
        assert!(error.starts_with(words), "{text}: {error}");
    }
}

#[test]
fn long_texts_are_cut_and_still_checked() {
    let mut bytes = vec![0x80, 0x80, 0x80, 1];
    bytes.resize(4 + (1 << 21), 1);
    let text = value_to_text(&vector(TypeLayout::Bool), &bytes).unwrap();
    assert!(text.ends_with('…') && text.len() < (1 << 20) + 8);
    *bytes.last_mut().unwrap() = 2;
    assert!(value_to_text(&vector(TypeLayout::Bool), &bytes).is_err());
}

fn any_layout() -> impl Strategy<Value = TypeLayout> {
    let leaf = prop_oneof![
        Just(TypeLayout::Bool),
        Just(TypeLayout::U8),
        Just(TypeLayout::U64),
        Just(TypeLayout::U256),
        Just(TypeLayout::Address),
        Just(string()),
        Just(id()),
        Just(nothing()),
        Just(pair()),
        Just(shape()),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(vector),
            inner.clone().prop_map(option),
            prop::collection::vec(inner, 1..4).prop_map(|types| {
                let names = ["a", "b", "c"];
                let list: Vec<_> = names.into_iter().zip(types).collect();
                structure(tag("0x5", "m", "Some"), &list)
            }),
        ]
    })
}

proptest! {
    /// Bytes either are no value, or have a text that reads back as they are.
    #[test]
    fn texts_read_back(layout in any_layout(), bytes in prop::collection::vec(0u8..4, 0..120)) {
        // Any bytes that begin with a value.
        for end in 0..=bytes.len() {
            if let Ok(text) = value_to_text(&layout, &bytes[..end]) {
                let read = value_from_text(&layout, &text);
                prop_assert_eq!(read.as_deref(), Ok(&bytes[..end]), "{}", text);
            }
        }
    }

    #[test]
    fn no_text_panics(layout in any_layout(), text in r#"[\[\](){}:,"\\a-c0-9x@bs ]{0,40}|\PC{0,12}"#) {
        if let Ok(bytes) = value_from_text(&layout, &text) {
            let written = value_to_text(&layout, &bytes);
            prop_assert!(written.is_ok(), "{} gave {:?}", text, bytes);
        }
    }
}
