/// Dynamic fields whose values are objects and stay visible as such: found by
/// their own address, with the field as their owner.
module sui::dynamic_object_field;

use sui::dynamic_field::{
    Self as field,
    add_child_object,
    borrow_child_object,
    borrow_child_object_mut,
    has_child_object_with_ty,
    remove_child_object
};

/// The name of such a field, so that it never meets a plain field's name.
public struct Wrapper<Name> has copy, drop, store {
    name: Name,
}

/// Gives the object the field `name` with the object `value`. Aborts with
/// `EFieldAlreadyExists` of `sui::dynamic_field` when there is one with that name.
public fun add<Name: copy + drop + store, Value: key + store>(
    object: &mut UID,
    name: Name,
    value: Value,
) {
    internal_add(object, name, value)
}

/// Borrows the object in the field `name`. Aborts with `EFieldDoesNotExist` of
/// `sui::dynamic_field` when there is none, and with `EFieldTypeMismatch` when it
/// is of another type.
public fun borrow<Name: copy + drop + store, Value: key + store>(
    object: &UID,
    name: Name,
): &Value {
    internal_borrow(object, name)
}

/// Borrows the object in the field `name` for writing. Aborts like `borrow`.
public fun borrow_mut<Name: copy + drop + store, Value: key + store>(
    object: &mut UID,
    name: Name,
): &mut Value {
    internal_borrow_mut(object, name)
}

/// Takes the field `name` off and returns its object. Aborts like `borrow`.
public fun remove<Name: copy + drop + store, Value: key + store>(
    object: &mut UID,
    name: Name,
): Value {
    internal_remove(object, name)
}

/// Whether there is a field `name`, whatever its object's type.
public fun exists_<Name: copy + drop + store>(object: &UID, name: Name): bool {
    field::exists_with_type<Wrapper<Name>, ID>(object, Wrapper { name })
}

/// Whether there is a field `name` whose object is a `Value`.
public fun exists_with_type<Name: copy + drop + store, Value: key + store>(
    object: &UID,
    name: Name,
): bool {
    internal_exists_with_type<Name, Value>(object, name)
}

/// The identifier of the object in the field `name`, if there is one.
public fun id<Name: copy + drop + store>(object: &UID, name: Name): Option<ID> {
    if (!exists_(object, name)) return option::none();
    let (_, address) = field::field_info(object, Wrapper { name });
    option::some(address.to_id())
}

// === For the framework: the same without `store` ===

public(package) fun internal_add<Name: copy + drop + store, Value: key>(
    object: &mut UID,
    name: Name,
    value: Value,
) {
    let key = Wrapper { name };
    field::add(object, key, object::id(&value));
    let (owner, _) = field::field_info(object, key);
    add_child_object(owner.to_address(), value)
}

public(package) fun internal_borrow<Name: copy + drop + store, Value: key>(
    object: &UID,
    name: Name,
): &Value {
    let (owner, address) = field::field_info(object, Wrapper { name });
    borrow_child_object(owner, address)
}

public(package) fun internal_borrow_mut<Name: copy + drop + store, Value: key>(
    object: &mut UID,
    name: Name,
): &mut Value {
    let (owner, address) = field::field_info_mut(object, Wrapper { name });
    borrow_child_object_mut(owner, address)
}

public(package) fun internal_remove<Name: copy + drop + store, Value: key>(
    object: &mut UID,
    name: Name,
): Value {
    let key = Wrapper { name };
    let (owner, address) = field::field_info(object, key);
    let value = remove_child_object(owner.to_address(), address);
    field::remove<Wrapper<Name>, ID>(object, key);
    value
}

public(package) fun internal_exists_with_type<Name: copy + drop + store, Value: key>(
    object: &UID,
    name: Name,
): bool {
    let key = Wrapper { name };
    if (!field::exists_with_type<Wrapper<Name>, ID>(object, key)) return false;
    let (owner, address) = field::field_info(object, key);
    has_child_object_with_ty<Value>(owner.to_address(), address)
}
