/// How clients show objects of a type: a set of named templates, such as
/// `"image_url": "https://example.org/{image}"`, in which `{...}` stands for a field of
/// the object.
///
/// Who has the `Publisher` of a type's package makes the `Display` of the type. Clients
/// learn of it, and of its changes, by the events.
#[allow(lint(public_entry))]
module sui::display;

use std::string::String;
use sui::event;
use sui::package::Publisher;
use sui::vec_map::{Self, VecMap};

/// The type does not come from the publisher's package.
const ENotOwner: u64 = 0;

/// There are not as many names as values.
const EVecLengthMismatch: u64 = 1;

/// The templates for objects of type `T`.
public struct Display<phantom T: key> has key, store {
    id: UID,
    fields: VecMap<String, String>,
    /// Counts the versions that clients were told of.
    version: u16,
}

/// A display was made.
public struct DisplayCreated<phantom T: key> has copy, drop {
    id: ID,
}

/// Clients should show objects by these templates from now on.
public struct VersionUpdated<phantom T: key> has copy, drop {
    id: ID,
    version: u16,
    fields: VecMap<String, String>,
}

/// A display without templates. Aborts with `ENotOwner` unless `T` comes from the
/// publisher's package.
public fun new<T: key>(pub: &Publisher, ctx: &mut TxContext): Display<T> {
    assert!(is_authorized<T>(pub), ENotOwner);
    let id = object::new(ctx);
    event::emit(DisplayCreated<T> { id: id.to_inner() });
    Display { id, fields: vec_map::empty(), version: 0 }
}

/// A display with templates. Aborts like `new` and `add_multiple`.
public fun new_with_fields<T: key>(
    pub: &Publisher,
    fields: vector<String>,
    values: vector<String>,
    ctx: &mut TxContext,
): Display<T> {
    let mut display = new<T>(pub, ctx);
    display.add_multiple(fields, values);
    display
}

/// A display without templates, which the sender gets. Aborts like `new`.
#[allow(lint(self_transfer))]
public entry fun create_and_keep<T: key>(pub: &Publisher, ctx: &mut TxContext) {
    transfer::public_transfer(new<T>(pub, ctx), ctx.sender())
}

/// Tells clients the templates as they are now.
public entry fun update_version<T: key>(display: &mut Display<T>) {
    display.version = display.version + 1;
    event::emit(VersionUpdated<T> {
        id: display.id.to_inner(),
        version: display.version,
        fields: display.fields,
    })
}

/// Adds a template. Aborts in `sui::vec_map` when there is one with that name.
public entry fun add<T: key>(self: &mut Display<T>, name: String, value: String) {
    self.fields.insert(name, value)
}

/// Adds templates. Aborts with `EVecLengthMismatch` when there are not as many names
/// as values, and in `sui::vec_map` when there is one with such a name.
public entry fun add_multiple<T: key>(
    self: &mut Display<T>,
    fields: vector<String>,
    values: vector<String>,
) {
    assert!(fields.length() == values.length(), EVecLengthMismatch);
    fields.zip_do!(values, |name, value| self.fields.insert(name, value))
}

/// Replaces a template. Aborts in `sui::vec_map` when there is none with that name.
public entry fun edit<T: key>(self: &mut Display<T>, name: String, value: String) {
    self.fields.remove(&name);
    self.fields.insert(name, value)
}

/// Takes a template away. Aborts in `sui::vec_map` when there is none with that name.
public entry fun remove<T: key>(self: &mut Display<T>, name: String) {
    self.fields.remove(&name);
}

/// Whether the publisher may make a display of `T`.
public fun is_authorized<T: key>(pub: &Publisher): bool {
    pub.from_package<T>()
}

/// How often clients were told of templates.
public fun version<T: key>(d: &Display<T>): u16 {
    d.version
}

/// The templates by their names.
public fun fields<T: key>(d: &Display<T>): &VecMap<String, String> {
    &d.fields
}
