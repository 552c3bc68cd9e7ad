//! Directed graphs, as far as passes need them: which nodes lie on a circle?

/// A directed graph over the nodes `0..n`.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    edges: Vec<Vec<usize>>,
}

impl Graph {
    pub(crate) fn new(nodes: usize) -> Self {
        Self {
            edges: vec![Vec::new(); nodes],
        }
    }

    pub(crate) fn add_edge(&mut self, from: usize, to: usize) {
        self.edges[from].push(to);
    }

    /// The first node, in the order of nodes, that lies on a circle.
    pub(crate) fn node_on_circle(&self) -> Option<usize> {
        let components = self.components();
        let mut sizes = vec![0usize; self.edges.len()];
        for component in &components {
            sizes[*component] += 1;
        }
        (0..self.edges.len())
            .find(|&node| sizes[components[node]] > 1 || self.edges[node].contains(&node))
    }

    /// For each node the number of its strongly connected component.
    ///
    /// Tarjan's algorithm, without recursion because the graph's depth comes
    /// from a module that nobody has vouched for:
    /// 1. Walk depth first and number the nodes in the order of discovery.
    /// 2. Keep for each node the lowest number that it reaches among the nodes
    ///    that have no component yet.
    /// 3. A node that reaches no lower number than its own closes a component:
    ///    itself and all that were found after it and have none.
    pub(crate) fn components(&self) -> Vec<usize> {
        const NONE: usize = usize::MAX;
        let count = self.edges.len();
        let mut number = vec![NONE; count];
        let mut lowest = vec![NONE; count];
        let mut component = vec![NONE; count];
        let mut open = Vec::new();
        let mut walk: Vec<(usize, usize)> = Vec::new();
        let (mut next_number, mut next_component) = (0, 0);

        for root in 0..count {
            if number[root] != NONE {
                continue;
            }
            walk.push((root, 0));
            while let Some((node, position)) = walk.pop() {
                if position == 0 {
                    number[node] = next_number;
                    lowest[node] = next_number;
                    next_number += 1;
                    open.push(node);
                }
                if let Some(&target) = self.edges[node].get(position) {
                    walk.push((node, position + 1));
                    if number[target] == NONE {
                        walk.push((target, 0));
                    } else if component[target] == NONE {
                        lowest[node] = lowest[node].min(number[target]);
                    }
                    continue;
                }
                if lowest[node] == number[node] {
                    while let Some(member) = open.pop() {
                        component[member] = next_component;
                        if member == node {
                            break;
                        }
                    }
                    next_component += 1;
                }
                if let Some(&(parent, _)) = walk.last() {
                    lowest[parent] = lowest[parent].min(lowest[node]);
                }
            }
        }
        component
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn graph(nodes: usize, edges: &[(usize, usize)]) -> Graph {
        let mut graph = Graph::new(nodes);
        for &(from, to) in edges {
            graph.add_edge(from, to);
        }
        graph
    }

    #[test]
    fn circles_are_found() {
        assert_eq!(graph(0, &[]).node_on_circle(), None);
        assert_eq!(graph(3, &[(0, 1), (0, 2), (1, 2)]).node_on_circle(), None);
        assert_eq!(graph(3, &[(0, 1), (2, 2)]).node_on_circle(), Some(2));
        assert_eq!(
            graph(4, &[(0, 1), (1, 2), (2, 3), (3, 1)]).node_on_circle(),
            Some(1)
        );
    }

    #[test]
    fn depth_does_not_matter() {
        let count = 100_000;
        let mut deep = Graph::new(count);
        for node in 1..count {
            deep.add_edge(node - 1, node);
        }
        assert_eq!(deep.node_on_circle(), None);
        deep.add_edge(count - 1, count / 2);
        assert_eq!(deep.node_on_circle(), Some(count / 2));
    }

    proptest! {
        /// Two nodes share a component exactly if each reaches the other.
        #[test]
        fn components_are_mutual_reachability(
            edges in prop::collection::vec((0..8usize, 0..8usize), 0..24),
        ) {
            let mut reaches = [[false; 8]; 8];
            for (node, row) in reaches.iter_mut().enumerate() {
                row[node] = true;
            }
            for _ in 0..8 {
                for &(from, to) in &edges {
                    for row in &mut reaches {
                        row[to] |= row[from];
                    }
                }
            }
            let components = graph(8, &edges).components();
            for a in 0..8 {
                for b in 0..8 {
                    let same = reaches[a][b] && reaches[b][a];
                    prop_assert_eq!(components[a] == components[b], same);
                }
            }
        }
    }
}
