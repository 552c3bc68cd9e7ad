//! Long runs, by `make soak` alone. `HEDDLE_SOAK_SEED` replays a run.

use heddle_tests::crash::crash_rounds;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a quarter of an hour; make soak runs it"]
async fn two_hundred_crashes_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let seed = std::env::var("HEDDLE_SOAK_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(rand::random);
    crash_rounds(&folder.path().join("data"), 200, seed).await;
}
