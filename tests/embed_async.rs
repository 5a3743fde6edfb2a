//! Engines as futures: on tokio, and on a runtime of twenty lines.

use sockeye::{Engine, Failure, Later, Permissions};
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

/// An error tells as much as if the host had waited for it.
#[tokio::test]
async fn errors_tell_where_they_happened() {
    let engine = || {
        let mut engine = Engine::builder().time(Duration::from_millis(60)).memory(1 << 30).build().unwrap();
        engine.register("nap", |n: u64| Later::after(Duration::from_millis(n), move || n)).unwrap();
        engine.register("fail", |n: i64| -> Result<i64, Failure> { Err(Failure::new(format!("no {n}"))) }).unwrap();
        engine
    };
    for text in [
        "(car 5)",
        "(define (f x) (+ 1 (car x)))\n(list (f 5))",
        "(",
        "(list nowhere)",
        "(fail 3)",
        "(raise 'x)",
        "(list (raise-continuable 5))",
        "(error \"bad\" 1 2)",
        "(throw 'foo 1)",
        "(map car '(1))",
        "(eval '(car 5) (interaction-environment))",
        "(define (deep n) (if (= n 0) (raise 'x) (+ 1 (deep (- n 1)))))\n(deep 200)",
        "(sleep 10)",
        "(nap 10000)",
        "(list (read-char (car (pipe))))",
        "(define (wait) (list (read-char (car (pipe)))))\n(fiber-join (spawn-fiber (lambda () (list (wait)))))",
        "(let loop ((i 0)) (if (= i -1) i (loop (+ i 1))))",
        "(define (loop i) (+ 1 (if (= i -1) i (loop i))))\n(list (loop 0))",
    ] {
        let waited = engine().eval::<i64>(text).unwrap_err();
        let awaited = engine().eval_async::<i64>(text).await.unwrap_err();
        assert_eq!((awaited.kind(), awaited.message()), (waited.kind(), waited.message()), "{text}");
        // These end anywhere.
        if !text.contains("loop") && !text.contains("pipe") {
            assert_eq!(awaited.frames(), waited.frames(), "{text}");
            assert_eq!(awaited.report(), waited.report(), "{text}");
        }
        assert!(awaited.place().is_some() && awaited.excerpt().is_some(), "{text}: {:?}", awaited.frames());
    }
    // The same of procedures, and of tasks.
    let mut engine = engine();
    engine.eval::<()>("(define (g) (list (raise 'x)))").unwrap();
    let place = engine.call_async::<i64>("g", ()).await.unwrap_err().place().map(|(_, line, column)| (line, column));
    assert_eq!(place, Some((1, 19)));
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
