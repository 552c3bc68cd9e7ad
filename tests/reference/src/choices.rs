//! Where all that is random comes from.

/// A sequence of numbers, made from a seed or replayed. What was drawn is
/// recorded; a replay that runs out goes on with zeros, and by convention 0 is
/// the simplest choice, so that fewer and smaller numbers make a smaller
/// program.
#[derive(Clone, Debug)]
pub struct Choices {
    state: Option<u64>,
    replayed: Vec<u64>,
    drawn: Vec<u64>,
}

impl Choices {
    /// Numbers from a seed.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        Self {
            state: Some(seed),
            replayed: Vec::new(),
            drawn: Vec::new(),
        }
    }

    /// The numbers that another sequence recorded, or fewer, or smaller ones.
    #[must_use]
    pub fn replay(numbers: Vec<u64>) -> Self {
        Self {
            state: None,
            replayed: numbers,
            drawn: Vec::new(),
        }
    }

    /// What was drawn so far.
    #[must_use]
    pub fn drawn(&self) -> &[u64] {
        &self.drawn
    }

    /// A number below `end`; 0 if `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        let end = end.max(1);
        let number = self.next() % end;
        self.drawn.push(number);
        number
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        let number = self.next();
        self.drawn.push(number);
        number
    }

    /// `true` in `percent` of 100 cases; `false` is the simpler choice.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) >= 100 - percent.min(100)
    }

    /// A position in a list of `count`.
    pub fn index(&mut self, count: usize) -> usize {
        self.below(count as u64) as usize
    }

    fn next(&mut self) -> u64 {
        match &mut self.state {
            Some(state) => split_mix(state),
            None => self.replayed.get(self.drawn.len()).copied().unwrap_or(0),
        }
    }
}

/// SplitMix64, by Sebastiano Vigna, which is in the public domain.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Makes a sequence that fails smaller, as long as it still fails: leaves out
/// runs of numbers, then lowers single ones. `fails` is asked at most
/// `attempts` times.
pub fn shrink(
    mut numbers: Vec<u64>,
    mut attempts: usize,
    mut fails: impl FnMut(&[u64]) -> bool,
) -> Vec<u64> {
    loop {
        let before = numbers.clone();
        let mut run = numbers.len() / 2;
        while run > 0 {
            let mut start = 0;
            while start < numbers.len() {
                let mut shorter = numbers.clone();
                shorter.drain(start..numbers.len().min(start + run));
                if attempts == 0 {
                    return numbers;
                }
                attempts -= 1;
                if fails(&shorter) {
                    numbers = shorter;
                } else {
                    start += run;
                }
            }
            run /= 2;
        }
        for index in 0..numbers.len() {
            for smaller in [0, numbers[index] / 2, numbers[index].saturating_sub(1)] {
                if smaller >= numbers[index] {
                    continue;
                }
                let mut lower = numbers.clone();
                lower[index] = smaller;
                if attempts == 0 {
                    return numbers;
                }
                attempts -= 1;
                if fails(&lower) {
                    numbers = lower;
                    break;
                }
            }
        }
        if numbers == before {
            return numbers;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replay_draws_the_same() {
        let mut first = Choices::from_seed(7);
        let drawn: Vec<u64> = (1..50).map(|end| first.below(end)).collect();
        let mut second = Choices::replay(first.drawn().to_vec());
        let again: Vec<u64> = (1..50).map(|end| second.below(end)).collect();
        assert_eq!(drawn, again);
        assert_eq!(second.below(10), 0);
    }

    #[test]
    fn shrinking_finds_the_numbers_that_matter() {
        let numbers = (0..200).collect();
        let smallest = shrink(numbers, 10_000, |numbers| {
            numbers.iter().sum::<u64>() >= 100 && numbers.contains(&7)
        });
        assert_eq!(smallest.iter().sum::<u64>(), 100);
        assert!(smallest.len() < 10, "{smallest:?}");
    }
}
