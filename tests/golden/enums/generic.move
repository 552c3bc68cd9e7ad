// Generic enums: layouts differ with the type argument, also inside of vectors.
module golden::generic;

public enum Maybe<T> has copy, drop, store { Nothing, Just(T) }
public enum Either<A, B> has copy, drop { Left(A), Right { value: B } }

//> just<u8>(7) = Maybe::Just(7)
//> just<vector<u256>>([7]) = Maybe::Just([7])
fun just<T>(x: T): Maybe<T> { Maybe::Just(x) }

//> or<u64>(Nothing, 5) = 5
//> or<u64>(Just(4), 5) = 4
//> or<vector<u8>>(Just(b"a"), b"b") = b"a"
fun or<T: drop>(maybe: Maybe<T>, default: T): T {
    match (maybe) {
        Maybe::Nothing => default,
        Maybe::Just(x) => x,
    }
}

//> turned<u8, vector<u8>>(Left(1)) = Either::Right { value: 1 }
//> turned<u8, vector<u8>>(Right(b"x")) = Either::Left(b"x")
fun turned<A, B>(either: Either<A, B>): Either<B, A> {
    match (either) {
        Either::Left(value) => Either::Right { value },
        Either::Right { value } => Either::Left(value),
    }
}

//> values<u128>([Just(1), Nothing, Just(3)]) = [1, 3]
//> values<vector<u8>>([Nothing, Just(b"a")]) = [b"a"]
fun values<T: copy + drop>(list: vector<Maybe<T>>): vector<T> {
    let mut out = vector[];
    let mut i = 0;
    while (i < list.length()) {
        match (&list[i]) {
            Maybe::Nothing => (),
            Maybe::Just(x) => out.push_back(*x),
        };
        i = i + 1;
    };
    out
}

//> set<u64>(Nothing, 5) -> Just(5)
//> set<u64>(Just(4), 5) -> Just(5)
fun set<T: drop>(maybe: &mut Maybe<T>, x: T) {
    match (maybe) {
        Maybe::Nothing => *maybe = Maybe::Just(x),
        Maybe::Just(y) => *y = x,
    }
}

//> nested() = Maybe::Just(Maybe::Just(Maybe::Nothing))
fun nested(): Maybe<Maybe<Maybe<u8>>> { just(just(Maybe::Nothing)) }
