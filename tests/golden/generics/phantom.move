// Phantom parameters change the type and not the layout.
module golden::phantom;

public struct Gold has drop {}
public struct Silver has drop {}
public struct Coin<phantom T> has drop, store { value: u64 }

//> minted<golden::phantom::Gold>(5) = Coin { value: 5 }
//> minted<u8>(5) = Coin { value: 5 }
fun minted<T>(value: u64): Coin<T> { Coin { value } }

//> joined<golden::phantom::Silver>({ value: 1 }, { value: 2 }) -> { value: 3 }
fun joined<T>(a: &mut Coin<T>, b: Coin<T>) { a.value = a.value + b.value }

//> exchanged<golden::phantom::Gold, golden::phantom::Silver>({ value: 3 }, 20) = { value: 60 }
fun exchanged<A, B>(coin: Coin<A>, rate: u64): Coin<B> { Coin { value: coin.value * rate } }

//> both() = 3, 4
fun both(): (u64, u64) {
    let gold = minted<Gold>(3);
    let silver = minted<Silver>(4);
    (gold.value, silver.value)
}
