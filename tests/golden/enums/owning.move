// Variants that own vectors and values that can't be dropped.
module golden::owning;

public struct Token has store { value: u64 }
public enum Held has store { Nothing, Token(Token), Many { tokens: vector<Token>, name: vector<u8> } }

fun token(value: u64): Token { Token { value } }

fun spend(token: Token): u64 {
    let Token { value } = token;
    value
}

fun release(held: Held): u64 {
    match (held) {
        Held::Nothing => 0,
        Held::Token(token) => spend(token),
        Held::Many { mut tokens, name } => {
            let mut sum = name.length();
            while (!tokens.is_empty()) sum = sum + spend(tokens.pop_back());
            tokens.destroy_empty();
            sum
        },
    }
}

//> all(5) = 0, 5, 18
fun all(x: u64): (u64, u64, u64) {
    (
        release(Held::Nothing),
        release(Held::Token(token(x))),
        release(Held::Many { tokens: vector[token(x), token(10)], name: b"abc" }),
    )
}

//> replaced(4) = 13
fun replaced(x: u64): u64 {
    let mut held = Held::Many { tokens: vector[], name: b"n" };
    match (&mut held) {
        Held::Many { tokens, name } => {
            tokens.push_back(token(x));
            tokens.push_back(token(x));
            tokens.push_back(token(x));
            name.pop_back();
            name.push_back(1);
        },
        _ => (),
    };
    release(held)
}
