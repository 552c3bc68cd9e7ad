/// BCS of a nested struct.
module bench::encoding;

use std::bcs;

public struct Order has drop {
    id: u64,
    maker: address,
    price: u128,
    lines: vector<Line>,
    note: vector<u8>,
    open: bool,
}

public struct Line has drop {
    item: address,
    quantity: u64,
    tags: vector<u16>,
    discount: Discount,
}

public struct Discount has drop {
    percent: u8,
    until: u64,
}

fun order(): Order {
    let mut lines = vector[];
    let mut i = 0;
    while (i < 8) {
        lines.push_back(Line {
            item: @0xcafe,
            quantity: i * 1_000,
            tags: vector[1, 2, 3],
            discount: Discount { percent: 5, until: 1_700_000_000_000 },
        });
        i = i + 1;
    };
    Order {
        id: 7,
        maker: @0xb0b,
        price: 123_456_789_012_345_678_901_234_567_890,
        lines,
        note: b"leave it at the door, please",
        open: true,
    }
}

/// Encodes an order of eight lines, `n` times.
public fun bcs_nested(n: u64): u64 {
    let mut order = order();
    let mut sum = 0;
    let mut i = 0;
    while (i < n) {
        order.id = i;
        let bytes = bcs::to_bytes(&order);
        sum = sum + bytes.length() + (bytes[0] as u64);
        i = i + 1;
    };
    sum
}
