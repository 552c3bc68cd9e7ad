/// Lending an object out within a transaction, with a promise that can't be broken.
///
/// `borrow` gives the object and a `Borrow`, which nothing can get rid of but
/// `put_back`, and that demands the same object.
module sui::borrow;

/// The promise belongs to another referent.
const EWrongBorrow: u64 = 0;

/// The object is not the one that was lent.
const EWrongValue: u64 = 1;

/// What holds the object.
public struct Referent<T: key + store> has store {
    id: address,
    value: Option<T>,
}

/// The promise to put the object `obj` back into the referent `ref`.
public struct Borrow {
    ref: address,
    obj: ID,
}

/// Puts an object into a new referent.
public fun new<T: key + store>(value: T, ctx: &mut TxContext): Referent<T> {
    Referent { id: ctx.fresh_object_address(), value: option::some(value) }
}

/// Lends the object out. Aborts in `std::option` when it is lent already.
public fun borrow<T: key + store>(self: &mut Referent<T>): (T, Borrow) {
    let value = self.value.extract();
    let promise = Borrow { ref: self.id, obj: object::id(&value) };
    (value, promise)
}

/// Puts the object back. Aborts with `EWrongValue` when it is another one, and with
/// `EWrongBorrow` when the promise belongs to another referent.
public fun put_back<T: key + store>(self: &mut Referent<T>, value: T, borrow: Borrow) {
    let Borrow { ref, obj } = borrow;
    assert!(object::id(&value) == obj, EWrongValue);
    assert!(self.id == ref, EWrongBorrow);
    self.value.fill(value)
}

/// Takes the object out for good. Aborts in `std::option` when it is lent.
public fun destroy<T: key + store>(self: Referent<T>): T {
    let Referent { id: _, value } = self;
    value.destroy_some()
}
