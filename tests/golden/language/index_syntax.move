// `#[syntax(index)]`: own types with brackets.
module golden::index_syntax;

public struct Grid has copy, drop { width: u64, cells: vector<u8> }

#[syntax(index)]
fun cell(grid: &Grid, x: u64, y: u64): &u8 { &grid.cells[y * grid.width + x] }

#[syntax(index)]
fun cell_mut(grid: &mut Grid, x: u64, y: u64): &mut u8 { &mut grid.cells[y * grid.width + x] }

//> at({ width: 2, cells: x"01020304" }, 1, 1) = 4
//> at({ width: 2, cells: x"01020304" }, 1, 2) ! index 5 out of bounds
fun at(grid: Grid, x: u64, y: u64): u8 { grid[x, y] }

//> set({ width: 2, cells: x"01020304" }, 0, 1, 9) -> { width: 2, cells: x"01020904" }
fun set(grid: &mut Grid, x: u64, y: u64, value: u8) { *(&mut grid[x, y]) = value }
