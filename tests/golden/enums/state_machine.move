// A state machine that runs over a list of inputs.
module golden::state_machine;

public enum State has copy, drop { Idle, Running { steps: u64 }, Done(u64) }

fun step(state: State, input: u8): State {
    match (state) {
        State::Idle if (input == 1) => State::Running { steps: 0 },
        State::Idle => State::Idle,
        State::Running { steps } if (input == 0) => State::Done(steps),
        State::Running { steps } => State::Running { steps: steps + 1 },
        State::Done(_) => abort 9,
    }
}

//> run(x"") = Idle
//> run(x"0000") = Idle
//> run(x"01") = Running { steps: 0 }
//> run(x"00010505") = Running { steps: 2 }
//> run(x"0105050500") = Done(3)
//> run(x"010000") ! abort 9
fun run(inputs: vector<u8>): State {
    let mut state = State::Idle;
    let mut i = 0;
    while (i < inputs.length()) {
        state = step(state, inputs[i]);
        i = i + 1;
    };
    state
}
