// Structs that own vectors: copies are deep, moves keep the contents.
module golden::with_vectors;

public struct Bag has copy, drop, store { items: vector<u64>, name: vector<u8> }
public struct Shelf has copy, drop { bags: vector<Bag>, best: Bag }

//> filled(3) = Bag { items: [0, 1, 2], name: b"bag" }
//> filled(0) = Bag { items: [], name: b"bag" }
fun filled(n: u64): Bag {
    let mut bag = Bag { items: vector[], name: b"bag" };
    let mut i = 0;
    while (i < n) { bag.items.push_back(i); i = i + 1 };
    bag
}

//> independent() = [0, 1], [0, 1, 9]
fun independent(): (vector<u64>, vector<u64>) {
    let one = filled(2);
    let mut two = one;
    two.items.push_back(9);
    let (Bag { items: a, .. }, Bag { items: b, .. }) = (one, two);
    (a, b)
}

//> renamed({ items: [1], name: b"a" }) -> { items: [1], name: b"ab" }
fun renamed(bag: &mut Bag) { bag.name.push_back(98) }

//> emptied({ items: [1, 2], name: b"a" }) = [1, 2] -> { items: [], name: b"a" }
fun emptied(bag: &mut Bag): vector<u64> {
    let items = bag.items;
    bag.items = vector[];
    items
}

//> total() = 6
fun total(): u64 {
    let shelf = Shelf { bags: vector[filled(2), filled(3)], best: filled(1) };
    let mut sum = shelf.best.items.length();
    let mut i = 0;
    while (i < shelf.bags.length()) {
        sum = sum + shelf.bags[i].items.length();
        i = i + 1;
    };
    sum
}

//> changed_inside() = [[0, 1], [7], [0]]
fun changed_inside(): vector<vector<u64>> {
    let mut shelf = Shelf { bags: vector[filled(2), filled(3)], best: filled(1) };
    shelf.bags[1].items = vector[7];
    let Shelf { bags, best } = shelf;
    vector[bags[0].items, bags[1].items, best.items]
}

//> equal(2, 2) = true
//> equal(2, 3) = false
fun equal(a: u64, b: u64): bool { filled(a) == filled(b) }
