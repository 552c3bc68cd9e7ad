// Values that can't be copied or dropped are passed on and used up exactly once.
module golden::abilities;

public struct Coin { value: u64 }
public struct Purse { coins: vector<Coin> }

fun mint(value: u64): Coin { Coin { value } }

fun burn(coin: Coin): u64 {
    let Coin { value } = coin;
    value
}

//> round_trip(5) = 5
fun round_trip(x: u64): u64 { burn(mint(x)) }

fun join(a: &mut Coin, b: Coin) {
    let Coin { value } = b;
    a.value = a.value + value;
}

//> joined(1, 2) = 3
//> joined(18446744073709551615, 1) ! overflow
fun joined(a: u64, b: u64): u64 {
    let mut coin = mint(a);
    join(&mut coin, mint(b));
    burn(coin)
}

//> split(10, 3) = 7, 3
//> split(2, 3) ! overflow
fun split(total: u64, part: u64): (u64, u64) {
    let mut coin = mint(total);
    coin.value = coin.value - part;
    let other = mint(part);
    (burn(coin), burn(other))
}

//> purse(3) = 3
fun purse(n: u64): u64 {
    let mut purse = Purse { coins: vector[] };
    let mut i = 0;
    while (i < n) { purse.coins.push_back(mint(i)); i = i + 1 };
    let Purse { mut coins } = purse;
    let mut sum = 0;
    while (!coins.is_empty()) sum = sum + burn(coins.pop_back());
    coins.destroy_empty();
    sum
}
