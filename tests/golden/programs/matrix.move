// Matrices as vectors of vectors.
module golden::matrix;

//> product([[1, 2], [3, 4]], [[5, 6], [7, 8]]) = [[19, 22], [43, 50]]
//> product([[2]], [[3]]) = [[6]]
//> product([[1, 2]], [[1]]) ! index 1 out of bounds
fun product(a: vector<vector<u64>>, b: vector<vector<u64>>): vector<vector<u64>> {
    let (rows, columns, inner) = (a.length(), b[0].length(), a[0].length());
    let mut out = vector[];
    let mut i = 0;
    while (i < rows) {
        let mut row = vector[];
        let mut j = 0;
        while (j < columns) {
            let mut sum = 0;
            let mut k = 0;
            while (k < inner) {
                sum = sum + a[i][k] * b[k][j];
                k = k + 1;
            };
            row.push_back(sum);
            j = j + 1;
        };
        out.push_back(row);
        i = i + 1;
    };
    out
}

//> transposed([[1, 2, 3], [4, 5, 6]]) = [[1, 4], [2, 5], [3, 6]]
fun transposed(a: vector<vector<u64>>): vector<vector<u64>> {
    vector::tabulate!(a[0].length(), |j| vector::tabulate!(a.length(), |i| a[i][j]))
}
