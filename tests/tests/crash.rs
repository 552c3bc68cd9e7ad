//! Ten crashes under load. `make soak` runs two hundred.

use heddle_tests::crash::crash_rounds;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_crashes_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    crash_rounds(&folder.path().join("data"), 10, rand::random()).await;
}
