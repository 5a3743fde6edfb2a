//! Engines as futures: on tokio, and on a runtime of twenty lines.

use sockeye::{Engine, Later, Permissions};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake};
use std::time::{Duration, Instant};

fn napping() -> Engine {
    let mut engine = Engine::new().unwrap();
    engine.register("nap", |n: u64| Later::after(Duration::from_millis(n), move || n)).unwrap();
    engine
}

#[tokio::test]
async fn engines_wait_side_by_side() {
    let start = Instant::now();
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            tokio::spawn(async move {
                let mut engine = napping();
                engine.eval_async::<u64>(&format!("(+ {n} (nap 50))")).await.unwrap()
            })
        })
        .collect();
    let mut sum = 0;
    for task in tasks {
        sum += task.await.unwrap();
    }
    assert_eq!(sum, 20 * 50 + 190);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_script_talks_to_a_server_of_the_hosts() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let (mut peer, _) = listener.accept().await.unwrap();
        let mut line = [0; 6];
        peer.read_exact(&mut line).await.unwrap();
        peer.write_all(b"pong\n").await.unwrap();
        line
    });
    let permissions = Permissions::none().allow_net(&format!("127.0.0.1:{port}")).unwrap();
    let mut engine = Engine::builder().permissions(permissions).build().unwrap();
    let program = format!(
        "(define s (socket AF_INET SOCK_STREAM 0))
         (connect s AF_INET INADDR_LOOPBACK {port})
         (send s (string->utf8 \"ping!\\n\"))
         (define room (make-bytevector 5))
         (recv! s room)
         (utf8->string room)"
    );
    assert_eq!(engine.eval_async::<String>(&program).await.unwrap(), "pong\n");
    assert_eq!(&server.await.unwrap(), b"ping!\n");
}

#[tokio::test]
async fn a_dropped_call_is_cancelled() {
    let mut engine = napping();
    {
        let call = engine.eval_async::<u64>("(nap 100000)");
        assert!(tokio::time::timeout(Duration::from_millis(30), call).await.is_err());
    }
    assert_eq!(engine.eval_async::<u64>("(nap 1)").await.unwrap(), 1);
}

#[tokio::test]
async fn errors_and_limits_arrive() {
    let mut engine = Engine::builder().time(Duration::from_millis(50)).build().unwrap();
    assert!(engine.eval_async::<()>("(car 5)").await.unwrap_err().message().starts_with("car:"));
    assert!(engine.eval_async::<()>("(let loop () (loop))").await.unwrap_err().is_limit());
    assert_eq!(engine.eval_async::<i64>("(define x 2) (* x 21)").await.unwrap(), 42);
}

/// Any executor will do.
#[test]
fn no_runtime_is_needed() {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Unpark(std::thread::current())).into();
    let mut context = Context::from_waker(&waker);
    let mut engine = napping();
    let mut future = pin!(engine.eval_async::<u64>("(nap 20)"));
    let answer = loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(answer) => break answer.unwrap(),
            Poll::Pending => std::thread::park(),
        }
    };
    assert_eq!(answer, 20);
}
