/// Fields that an object gets while it lives, with names of any type.
///
/// Each is an object of its own, at an address that follows from the object, the
/// name and its type. It is loaded only when it is used, so an object may have any
/// number. A value here is wrapped in the field: its own identity is not visible
/// outside. `sui::dynamic_object_field` keeps it visible.
module sui::dynamic_field;


/// The object already has a field with this name.
const EFieldAlreadyExists: u64 = 0;

/// The object has no field with this name.
#[allow(unused_const)]
const EFieldDoesNotExist: u64 = 1;

/// The field's value has another type.
#[allow(unused_const)]
const EFieldTypeMismatch: u64 = 2;

/// The name could not be serialised.
#[allow(unused_const)]
const EBCSSerializationFailure: u64 = 3;

/// A shared object can't become a field.
#[allow(unused_const)]
const ESharedObjectOperationNotSupported: u64 = 4;

/// One field, as it is stored.
public struct Field<Name: copy + drop + store, Value: store> has key {
    /// Follows from the object, the name and its type.
    id: UID,
    name: Name,
    value: Value,
}

/// Gives the object the field `name` with `value`. Aborts with
/// `EFieldAlreadyExists` when there is one with that name.
public fun add<Name: copy + drop + store, Value: store>(
    object: &mut UID,
    name: Name,
    value: Value,
) {
    let parent = object.to_address();
    let address = hash_type_and_key(parent, name);
    assert!(!has_child_object(parent, address), EFieldAlreadyExists);
    let field = Field { id: object::new_uid_from_hash(address), name, value };
    add_child_object(parent, field)
}

/// Borrows the value of the field `name`. Aborts with `EFieldDoesNotExist` when
/// there is none, and with `EFieldTypeMismatch` when the value is of another type.
public fun borrow<Name: copy + drop + store, Value: store>(object: &UID, name: Name): &Value {
    let address = hash_type_and_key(object.to_address(), name);
    &borrow_child_object<Field<Name, Value>>(object, address).value
}

/// Borrows the value of the field `name` for writing. Aborts with
/// `EFieldDoesNotExist` when there is none, and with `EFieldTypeMismatch` when the
/// value is of another type.
public fun borrow_mut<Name: copy + drop + store, Value: store>(
    object: &mut UID,
    name: Name,
): &mut Value {
    let address = hash_type_and_key(object.to_address(), name);
    &mut borrow_child_object_mut<Field<Name, Value>>(object, address).value
}

/// Takes the field `name` off and returns its value. Aborts with
/// `EFieldDoesNotExist` when there is none, and with `EFieldTypeMismatch` when the
/// value is of another type.
public fun remove<Name: copy + drop + store, Value: store>(object: &mut UID, name: Name): Value {
    let parent = object.to_address();
    let address = hash_type_and_key(parent, name);
    let Field { id, name: _, value } = remove_child_object<Field<Name, Value>>(parent, address);
    id.delete();
    value
}

/// Whether there is a field `name`, whatever the type of its value.
public fun exists_<Name: copy + drop + store>(object: &UID, name: Name): bool {
    let parent = object.to_address();
    has_child_object(parent, hash_type_and_key(parent, name))
}

/// Takes the field `name` off if there is one. Aborts with `EFieldTypeMismatch`
/// when its value is of another type.
public fun remove_if_exists<Name: copy + drop + store, Value: store>(
    object: &mut UID,
    name: Name,
): Option<Value> {
    if (exists_(object, name)) option::some(remove(object, name)) else option::none()
}

/// Whether there is a field `name` whose value is a `Value`.
public fun exists_with_type<Name: copy + drop + store, Value: store>(
    object: &UID,
    name: Name,
): bool {
    let parent = object.to_address();
    has_child_object_with_ty<Field<Name, Value>>(parent, hash_type_and_key(parent, name))
}

// === For dynamic object fields ===

// The field's own identity and the address that is its value. `name` must belong
// to a field whose value is an `ID`.
public(package) fun field_info<Name: copy + drop + store>(
    object: &UID,
    name: Name,
): (&UID, address) {
    let address = hash_type_and_key(object.to_address(), name);
    let Field { id, name: _, value } = borrow_child_object<Field<Name, ID>>(object, address);
    (id, value.to_address())
}

public(package) fun field_info_mut<Name: copy + drop + store>(
    object: &mut UID,
    name: Name,
): (&mut UID, address) {
    let address = hash_type_and_key(object.to_address(), name);
    let Field { id, name: _, value } = borrow_child_object_mut<Field<Name, ID>>(object, address);
    (id, value.to_address())
}

// === Natives ===

// The address of the field `k` of `parent`.
public(package) native fun hash_type_and_key<K: copy + drop + store>(
    parent: address,
    k: K,
): address;

public(package) native fun add_child_object<Child: key>(parent: address, child: Child);

public(package) native fun borrow_child_object<Child: key>(object: &UID, id: address): &Child;

public(package) native fun borrow_child_object_mut<Child: key>(
    object: &mut UID,
    id: address,
): &mut Child;

public(package) native fun remove_child_object<Child: key>(parent: address, id: address): Child;

public(package) native fun has_child_object(parent: address, id: address): bool;

public(package) native fun has_child_object_with_ty<Child: key>(parent: address, id: address): bool;
