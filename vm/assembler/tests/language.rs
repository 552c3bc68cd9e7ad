//! What the language says, and what it says about mistakes.

use heddle_assembler::{AssemblyErrorKind, assemble, assemble_all, print};
use heddle_bytecode::testing::{address, reference, type_parameter, vector};
use heddle_bytecode::{
    Ability, AbilitySet, Bytecode, CodeOffset, CompiledModule, ConstantPoolIndex,
    DatatypeHandleIndex, EnumDefInstantiationIndex, FieldHandleIndex, FunctionHandleIndex,
    FunctionInstantiationIndex, IdentifierIndex, LocalIndex, SignatureIndex, SignatureToken,
    StructDefInstantiationIndex, StructDefinitionIndex, VariantJumpTableIndex, VariantTag,
    Visibility,
};

#[track_caller]
fn module(text: &str) -> CompiledModule {
    assemble(text).unwrap_or_else(|error| panic!("{}", error.render(text)))
}

/// A function of module 0x42::m with this body.
#[track_caller]
fn code(items: &str, body: &str) -> Vec<Bytecode> {
    let module = module(&format!(
        "module 0x42::m {{ {items} fun f(p: u64) {{ {body} }} }}"
    ));
    let def = module.function_defs.last().unwrap();
    def.code.as_ref().unwrap().code.clone()
}

#[test]
fn a_module_with_everything() {
    let text = r#"
        // A comment.
        version 6;
        unpublishable;
        module 0x42::all {
            metadata b"key\n" = x"00ff";
            friend 0x42::friend;
            use 0x2::object;
            use type object::UID has store;
            use type 0x3::far::Away<phantom T: copy + drop, U>;
            use fun object::id<T: key>(&T): (address, u64);
            const A: vector<u8> = b"ab";
            const B: vector<vector<u16>> = [[1, 0x_ff], []];
            const C: address = @0x42;
            const D: bool = raw x"07";
            public struct Named<phantom T, U: store> has key { id: object::UID, u: U }
            struct Positional(u8, 0x3::far::Away<u8, u16>) has copy, drop;
            native struct Native;
            public entry fun run<T: key>(named: &mut Named<T, u8>): u64 acquires Named {
                let x: &T;
                LdU64 1_000
                Ret
            }
            public(friend) native fun missing();
        }
    "#;
    let module = module(text);
    assert_eq!(
        (
            module.version,
            module.publishable,
            module.self_id().to_string()
        ),
        (6, false, "0x42::all".to_owned())
    );
    assert_eq!(module.metadata[0].key, b"key\n");
    assert_eq!(module.friends().next().unwrap().to_string(), "0x42::friend");
    let dependencies: Vec<_> = module.dependencies().map(|id| id.to_string()).collect();
    assert_eq!(dependencies, ["0x2::object", "0x3::far"]);
    let data: Vec<&[u8]> = module.constant_pool.iter().map(|it| &it.data[..]).collect();
    let mut address = [0; 32];
    address[31] = 0x42;
    let expected: [&[u8]; 4] = [b"\x02ab", &[2, 2, 1, 0, 255, 0, 0], &address, &[7]];
    assert_eq!(data, expected);
    let [named, positional, native] = &module.struct_defs[..] else {
        panic!("three structs");
    };
    let handle = &module[named.struct_handle];
    assert_eq!(handle.abilities, AbilitySet::singleton(Ability::Key));
    assert!(handle.type_parameters[0].is_phantom && !handle.type_parameters[1].is_phantom);
    let fields: Vec<_> = positional
        .fields()
        .iter()
        .map(|field| module[field.name].as_str())
        .collect();
    assert_eq!(fields, ["pos0", "pos1"]);
    assert_eq!(native.fields(), []);
    let [run, missing] = &module.function_defs[..] else {
        panic!("two functions");
    };
    assert!(run.is_entry && run.visibility == Visibility::Public && !run.is_native());
    assert_eq!(run.acquires_global_resources, [StructDefinitionIndex(0)]);
    assert!(missing.is_native() && missing.visibility == Visibility::Friend);
    let locals = &module[run.code.as_ref().unwrap().locals];
    assert_eq!(locals.0, [reference(type_parameter(0))]);
    // The text of the module is another, and means the same.
    assert_eq!(assemble(&print(&module)).unwrap(), module);
}

#[test]
fn labels_locals_and_numbers() {
    let body = "
        let x: bool;
    start:
        LdU8 0xff LdU16 1 LdU32 2 LdU64 3 LdU128 4 LdU256 5
        CopyLoc p
        StLoc x
        MoveLoc #200
        BrTrue end
        Branch start
        BrFalse #77
    end:
    ";
    let [a, b, c, d, e, f, code @ ..] = &code("", body)[..] else {
        panic!("too few instructions");
    };
    assert_eq!(
        [a, b, c, d].map(Clone::clone),
        [
            Bytecode::LdU8(255),
            Bytecode::LdU16(1),
            Bytecode::LdU32(2),
            Bytecode::LdU64(3)
        ]
    );
    assert_eq!(*e, Bytecode::LdU128(Box::new(4)));
    assert_eq!(f.opcode().name(), "LdU256");
    assert_eq!(
        code,
        [
            Bytecode::CopyLoc(LocalIndex(0)),
            Bytecode::StLoc(LocalIndex(1)),
            Bytecode::MoveLoc(LocalIndex(200)),
            Bytecode::BrTrue(CodeOffset(12)),
            Bytecode::Branch(CodeOffset(0)),
            Bytecode::BrFalse(CodeOffset(77)),
        ]
    );
}

#[test]
fn operands_by_name_and_by_index() {
    let items = "
        struct S { a: u64, b: u64 }
        struct G<T> { g: T }
        enum E { A, B(u64) }
        enum H<T> { X(T) }
        const C: u64 = 1;
        fun g<T>(x: T) { Ret }
    ";
    let table: [(&str, Bytecode); 26] = [
        ("LdConst C", Bytecode::LdConst(ConstantPoolIndex(0))),
        ("LdConst (u64 = 1)", Bytecode::LdConst(ConstantPoolIndex(0))),
        ("LdConst (u8 = 1)", Bytecode::LdConst(ConstantPoolIndex(1))),
        ("LdConst #9", Bytecode::LdConst(ConstantPoolIndex(9))),
        ("Pack S", Bytecode::Pack(StructDefinitionIndex(0))),
        ("Pack G", Bytecode::Pack(StructDefinitionIndex(1))),
        ("Unpack #7", Bytecode::Unpack(StructDefinitionIndex(7))),
        (
            "PackGeneric G<u8>",
            Bytecode::PackGeneric(StructDefInstantiationIndex(0)),
        ),
        (
            "PackGeneric S<>",
            Bytecode::PackGeneric(StructDefInstantiationIndex(0)),
        ),
        (
            "PackGeneric #5",
            Bytecode::PackGeneric(StructDefInstantiationIndex(5)),
        ),
        (
            "PackGeneric #5<u8>",
            Bytecode::PackGeneric(StructDefInstantiationIndex(0)),
        ),
        (
            "PackGeneric G@900",
            Bytecode::PackGeneric(StructDefInstantiationIndex(0)),
        ),
        (
            "ImmBorrowField S.b",
            Bytecode::ImmBorrowField(FieldHandleIndex(0)),
        ),
        (
            "ImmBorrowField #8",
            Bytecode::ImmBorrowField(FieldHandleIndex(8)),
        ),
        (
            "ImmBorrowField #8.#9",
            Bytecode::ImmBorrowField(FieldHandleIndex(0)),
        ),
        ("Call g", Bytecode::Call(FunctionHandleIndex(0))),
        ("Call #300", Bytecode::Call(FunctionHandleIndex(300))),
        (
            "CallGeneric g<u8>",
            Bytecode::CallGeneric(FunctionInstantiationIndex(0)),
        ),
        (
            "CallGeneric #4",
            Bytecode::CallGeneric(FunctionInstantiationIndex(4)),
        ),
        (
            "CallGeneric #4<u8>",
            Bytecode::CallGeneric(FunctionInstantiationIndex(0)),
        ),
        ("VecLen @3", Bytecode::VecLen(SignatureIndex(3))),
        (
            "VariantSwitch #2",
            Bytecode::VariantSwitch(VariantJumpTableIndex(2)),
        ),
        (
            "VariantSwitch E [#9]",
            Bytecode::VariantSwitch(VariantJumpTableIndex(0)),
        ),
        (
            "PackVariant E::B",
            Bytecode::PackVariant(heddle_bytecode::VariantHandleIndex(0)),
        ),
        (
            "PackVariantGeneric H<u8>::X",
            Bytecode::PackVariantGeneric(heddle_bytecode::VariantInstantiationHandleIndex(0)),
        ),
        (
            "PackVariantGeneric #3::#4",
            Bytecode::PackVariantGeneric(heddle_bytecode::VariantInstantiationHandleIndex(0)),
        ),
    ];
    for (text, expected) in table {
        assert_eq!(code(items, text), [expected], "{text}");
    }
    // What the entries are made of.
    let parts = module(&format!(
        "module 0x42::m {{ {items} fun f() {{
            ImmBorrowField #8.#9
            CallGeneric #4<u8>
            PackVariantGeneric #3::#4
            PackVariantGeneric H<u8>::X
            MutBorrowFieldGeneric G<u8>.g
            MutBorrowFieldGeneric #6<u8>
        }} }}"
    ));
    assert_eq!(parts.field_handles[0].owner, StructDefinitionIndex(8));
    assert_eq!(parts.field_handles[0].field.0, 9);
    assert_eq!(
        parts.function_instantiations[0].handle,
        FunctionHandleIndex(4)
    );
    let variants = &parts.variant_instantiation_handles;
    assert_eq!(variants[0].enum_def, EnumDefInstantiationIndex(3));
    assert_eq!(variants[0].variant, VariantTag(4));
    assert_eq!(variants[1].enum_def, EnumDefInstantiationIndex(0));
    assert_eq!(parts.field_instantiations[0].handle, FieldHandleIndex(1));
    assert_eq!(parts.field_instantiations[1].handle, FieldHandleIndex(6));
}

#[test]
fn types_by_name_and_by_index() {
    let text = "module 0x42::m {
        use 0x2::o;
        use type o::P has copy;
        struct S {}
        fun f<A, B>(a: A, b: vector<B>, c: &mut o::P, d: 0x2::o::P, e: S, f: #9, g: %7, h: #1<u8>);
    }";
    let text = text.replace("fun f", "native fun f");
    let module = module(&text);
    let handle = &module[module.function_defs[0].function];
    let foreign = SignatureToken::Datatype(DatatypeHandleIndex(1));
    assert_eq!(
        module[handle.parameters].0,
        [
            type_parameter(0),
            vector(type_parameter(1)),
            SignatureToken::MutableReference(Box::new(foreign.clone())),
            foreign,
            SignatureToken::Datatype(DatatypeHandleIndex(0)),
            SignatureToken::Datatype(DatatypeHandleIndex(9)),
            type_parameter(7),
            heddle_bytecode::testing::instantiation(
                DatatypeHandleIndex(1),
                vec![SignatureToken::U8]
            ),
        ]
    );
}

#[test]
fn switches() {
    let items = "enum E { A, B, C }";
    let text =
        |switch: &str| format!("module 0x42::m {{ {items} fun f() {{ {switch} l: Nop m: Ret }} }}");
    for (switch, expected) in [
        ("VariantSwitch E { C: m, A: l, B: l }", vec![1, 1, 2]),
        ("VariantSwitch E [m, l]", vec![2, 1]),
        ("VariantSwitch #5 [#7]", vec![7]),
        (
            "jump_table E [l, m, #100]; VariantSwitch #0",
            vec![1, 2, 100],
        ),
    ] {
        let module = module(&text(switch));
        let unit = module.function_defs[0].code.as_ref().unwrap();
        let found: Vec<u16> = unit.jump_tables[0]
            .jump_table
            .iter()
            .map(|it| it.0)
            .collect();
        assert_eq!(found, expected, "{switch}");
    }
}

#[test]
fn tables_come_first_and_as_written() {
    let text = "module 0x42::m {
        table identifiers { zebra; m; zebra; }
        table addresses { 0x7; 0x42; 0x7; }
        table modules { 0x42::m; #0::#2; #9::#9; }
        table types { #1::#0<phantom T> has copy; S; }
        table signatures { (u64); (); (%3, #77); }
        table functions { #2::f @1: @0; }
        struct S {}
        fun g() { VecLen <u64> VecLen @2 }
    }";
    let module = module(text);
    let names: Vec<_> = module
        .identifiers
        .iter()
        .map(|name| name.as_str())
        .collect();
    assert_eq!(names, ["zebra", "m", "zebra", "S", "f", "g"]);
    assert_eq!(
        module.address_identifiers,
        [address(7), address(0x42), address(7)]
    );
    assert_eq!(module.module_handles.len(), 3);
    assert_eq!(module.self_module_handle.0, 0);
    assert_eq!(module.module_handles[1].name, IdentifierIndex(2));
    assert_eq!(module.datatype_handles[0].module.0, 1);
    assert_eq!(module.struct_defs[0].struct_handle, DatatypeHandleIndex(1));
    assert_eq!(module.function_handles[0].parameters, SignatureIndex(1));
    assert_eq!(module.function_handles[0].return_, SignatureIndex(0));
    let code = &module.function_defs[0].code.as_ref().unwrap().code;
    assert_eq!(
        *code,
        [
            Bytecode::VecLen(SignatureIndex(0)),
            Bytecode::VecLen(SignatureIndex(2))
        ]
    );
    assert_eq!(assemble(&print(&module)).unwrap(), module);
}

#[test]
fn several_modules_in_one_text() {
    let text = "module 0x1::a {} version 5; module 0x1::b {} module 0x1::c {}";
    let modules = assemble_all(text).unwrap();
    let versions: Vec<_> = modules.iter().map(|module| module.version).collect();
    assert_eq!(versions, [7, 5, 7]);
    assert_eq!(assemble_all("").unwrap(), []);
    for (text, count) in [(text, 3), ("", 0)] {
        let error = assemble(text).unwrap_err();
        assert_eq!(error.kind, AssemblyErrorKind::ModuleCount { count });
    }
}

/// Each mistake: the text, where it is, and words of the message.
#[test]
fn mistakes() {
    let deep = format!(
        "module 0x1::m {{ const C: {}u8{} = []; }}",
        "vector<".repeat(300),
        ">".repeat(300)
    );
    let table: [(&str, (u32, u32), &str); 34] = [
        (
            "modul 0x1::m {}",
            (1, 1),
            "expected `module`, found `modul`",
        ),
        ("module m {}", (1, 8), "write it as 0x2::name"),
        ("module 0x1::m {", (1, 16), "found the end of the text"),
        (
            "module 0x1::m { strukt S {} }",
            (1, 17),
            "did you mean `struct`?",
        ),
        (
            "module 0x1::m { fun f() {\n  Addd\n} }",
            (2, 3),
            "did you mean `Add`?",
        ),
        (
            "module 0x1::m { fun f() { moveloc } }",
            (1, 27),
            "did you mean `MoveLoc`?",
        ),
        (
            "module 0x1::m { fun f(); }",
            (1, 24),
            "a function without a body is `native`",
        ),
        (
            "module 0x1::m { fun f() { LdU8 256 } }",
            (1, 32),
            "256 is not an integer of 8 bits",
        ),
        (
            "module 0x1::m { fun f() { LdU8 } }",
            (1, 32),
            "expected an integer of 8 bits",
        ),
        (
            "module 0x1::m { fun f() { LdU64 12a } }",
            (1, 33),
            "12a is not an integer",
        ),
        (
            "module 0x1::m { fun f() { MoveLoc y } }",
            (1, 35),
            "no local `y`",
        ),
        (
            "module 0x1::m { fun f() { Branch end } }",
            (1, 34),
            "no label `end`",
        ),
        (
            "module 0x1::m { fun f() { a: a: Ret } }",
            (1, 30),
            "two labels are called `a`",
        ),
        (
            "module 0x1::m { fun f(a: u8, a: u8) { } }",
            (1, 30),
            "two locals are called `a`",
        ),
        (
            "module 0x1::m { fun f() { Call g } }",
            (1, 32),
            "there is no function `g`",
        ),
        (
            "module 0x1::m { fun f() { Call f<u8> } }",
            (1, 32),
            "expected no type arguments",
        ),
        (
            "module 0x1::m { fun f() { CallGeneric f } }",
            (1, 39),
            "expected type arguments",
        ),
        (
            "module 0x1::m { fun f() { Pack S } }",
            (1, 32),
            "there is no struct `S`",
        ),
        (
            "module 0x1::m { fun f() { Call o::g } }",
            (1, 32),
            "name it first: `use 0x2::name;`",
        ),
        (
            "module 0x1::m { use 0x1::o; use 0x2::o; fun f() { Call o::g } }",
            (1, 56),
            "two modules are called `o`",
        ),
        (
            "module 0x1::m { struct S { a: Strange } }",
            (1, 31),
            "there is no type `Strange`",
        ),
        (
            "module 0x1::m { struct Sheep {} struct S { a: Sheap } }",
            (1, 47),
            "did you mean `Sheep`?",
        ),
        (
            "module 0x1::m { struct S has fly {} }",
            (1, 30),
            "expected an ability",
        ),
        (
            "module 0x1::m { const C: u8 = 256; }",
            (1, 31),
            "no value of type u8",
        ),
        (
            "module 0x1::m { const C: bool = 1; }",
            (1, 33),
            "no value of type bool",
        ),
        (
            "module 0x1::m { const C: u8 = S; }",
            (1, 31),
            "expected a value",
        ),
        (
            "module 0x1::m { fun f() { LdConst D } }",
            (1, 35),
            "there is no constant `D`",
        ),
        (
            "module 0x1::m { enum E { A } fun f() { VariantSwitch E { B: l } } }",
            (1, 58),
            "there is no variant `B`",
        ),
        (
            "module 0x1::m { enum E { A, B } fun f() { l: VariantSwitch E { A: l } } }",
            (1, 60),
            "expected an arm for each variant",
        ),
        (
            "module 0x1::m { table identifier { } }",
            (1, 23),
            "did you mean `identifiers`?",
        ),
        (
            "module 0x1::m { friend #1; }",
            (1, 24),
            "a friend is written as",
        ),
        (
            "module 0x1::m { use type #1; }",
            (1, 17),
            "written in a `table`",
        ),
        (
            "module 0x1::m { fun f() { MoveLoc #65536 } }",
            (1, 36),
            "an index from 0 to 65535",
        ),
        (&deep, (1, 26 + 256 * 7), "nested more than 256 levels deep"),
    ];
    for (text, (line, column), words) in table {
        let error = assemble(text).expect_err(text);
        assert!(error.to_string().contains(words), "{text}\n{error}");
        let found = (error.position.line, error.position.column);
        assert_eq!(found, (line, column), "{text}\n{error}");
    }
}

/// A text that is cut or changed anywhere gives modules or an error.
#[test]
fn any_text_is_harmless() {
    let text = include_str!("shapes.mvasm");
    assert!(assemble(text).is_ok());
    for end in (0..text.len()).step_by(7) {
        assert!(assemble(&text[..end]).is_err(), "cut at {end}");
    }
    let pieces = [
        "#", "@", "%", "<", ">", "{", "}", "(", ")", "#65535", "Pop", "0x", "::", "\"", "b\"", "é",
        ";", "table", "L6", "*/",
    ];
    for (number, start) in (0..text.len()).step_by(5).enumerate() {
        let piece = pieces[number % pieces.len()];
        let changed = [&text[..start], piece, &text[start + 1..]].concat();
        let _ = assemble_all(&changed);
    }
}

/// The modules in the user's page are in the language, and the list of tables
/// in it is whole.
#[test]
fn the_page_for_users_is_true() {
    let page = include_str!("../../../docs/assembly.md");
    let mut count = 0;
    for block in page.split("```").skip(1).step_by(2) {
        if block.trim_start().starts_with("module 0x") {
            module(block);
            count += 1;
        }
    }
    assert!(count > 0);
    let tables = page
        .split("```")
        .filter(|block| block.trim_start().starts_with("table "));
    for block in tables {
        module(&format!("module 0x42::m {{ {block} }}"));
    }
}
