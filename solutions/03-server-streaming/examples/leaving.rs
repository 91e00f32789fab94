//! What a server's work learns of a caller that has left. The page "Under load" shows parts of it, and the tests hold
//! what the page says.
//!
//!     cargo run -p solution-server-streaming --example leaving

use std::time::Duration;

use kit::Error;
use proto::classification::v1::{ClassifyBatchRequest, ClassifyBatchResponse};
use tokio::sync::mpsc::{self, Sender, UnboundedSender, unbounded_channel};
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Response, Status};

mod support;

use support::{Answer, answer, client_of};

type Answers = Sender<Result<ClassifyBatchResponse, Status>>;

#[tokio::main]
async fn main() -> Result<(), Error> {
    println!("without a task:     {:?}", log(no_task).await?);
    println!(
        "task that sends:    {:?}",
        log(|log| spawned(log, sending)).await?
    );
    println!(
        "task that watches:  {:?}",
        log(|log| spawned(log, watching)).await?
    );
    Ok(())
}

/// Work for one answer. It takes long, and says when it is done, or given up.
async fn work(number: i32, log: &UnboundedSender<&'static str>) -> ClassifyBatchResponse {
    let mut unfinished = Unfinished(Some(log.clone()));
    if number > 0 {
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    unfinished.0 = None;
    let _ = log.send("done");
    answer(number)
}

/// Says that work was given up, when it is dropped before it is done.
struct Unfinished(Option<UnboundedSender<&'static str>>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(log) = &self.0 {
            let _ = log.send("given up");
        }
    }
}

fn no_task(log: UnboundedSender<&'static str>) -> Answer {
    let answers = futures_util::stream::unfold((0, log), |(number, log)| async move {
        let answer = work(number, &log).await;
        Some((Ok(answer), (number + 1, log)))
    });
    Ok(Response::new(Box::pin(answers)))
}

fn spawned<F: Future<Output = ()> + Send + 'static>(
    log: UnboundedSender<&'static str>,
    producer: fn(Answers, UnboundedSender<&'static str>) -> F,
) -> Answer {
    let (tx, rx) = mpsc::channel(1);
    tokio::spawn(producer(tx, log));
    Ok(Response::new(Box::pin(ReceiverStream::new(rx))))
}

async fn sending(tx: Answers, log: UnboundedSender<&'static str>) {
    for number in 0.. {
        let answer = work(number, &log).await;
        if tx.send(Ok(answer)).await.is_err() {
            break;
        }
    }
}

async fn watching(tx: Answers, log: UnboundedSender<&'static str>) {
    for number in 0.. {
        // ANCHOR: watching
        let answer = tokio::select! {
            answer = work(number, &log) => answer,
            () = tx.closed() => return,
        };
        // ANCHOR_END: watching
        if tx.send(Ok(answer)).await.is_err() {
            return;
        }
    }
}

/// The caller takes one answer and leaves. What the work says until all of it is dropped.
async fn log(
    handler: impl Fn(UnboundedSender<&'static str>) -> Answer + Send + Sync + 'static,
) -> Result<Vec<&'static str>, Error> {
    let (log, mut logged) = unbounded_channel();
    let once = std::sync::Mutex::new(Some(log));
    let handler = move || {
        let log = once.lock().ok().and_then(|mut it| it.take());
        handler(log.ok_or(Status::internal("a second call"))?)
    };
    let mut client = client_of(handler).await?;
    let batch = ClassifyBatchRequest::default();
    let mut answers = client.classify_batch(batch).await?.into_inner();
    answers.message().await?;
    drop(answers);
    let mut log = Vec::new();
    while let Some(line) = timeout(Duration::from_secs(60), logged.recv()).await? {
        log.push(line);
    }
    Ok(log)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second piece of work is given up as soon as the caller leaves.
    #[tokio::test]
    async fn stream_without_a_task_is_dropped_with_what_it_does() -> Result<(), Error> {
        assert_eq!(log(no_task).await?, ["done", "given up"]);
        Ok(())
    }

    /// It finishes the second piece for nobody, and learns by `send` that it is for nobody.
    #[tokio::test]
    async fn task_that_only_sends_finishes_what_it_has_begun() -> Result<(), Error> {
        assert_eq!(log(|log| spawned(log, sending)).await?, ["done", "done"]);
        Ok(())
    }

    #[tokio::test]
    async fn task_that_watches_its_channel_stops_at_once() -> Result<(), Error> {
        assert_eq!(
            log(|log| spawned(log, watching)).await?,
            ["done", "given up"]
        );
        Ok(())
    }

    /// A connection that dies ends the stream as a reset does.
    #[tokio::test]
    async fn stream_is_dropped_when_its_connection_dies() -> Result<(), Error> {
        use tokio::net::{TcpListener, TcpStream};

        let (log, mut logged) = unbounded_channel();
        let server = support::serve(move || no_task(log.clone())).await?;
        let to = server.uri().authority().ok_or("no address")?.to_string();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let between = format!("http://{}", listener.local_addr()?);
        let proxy = tokio::spawn(async move {
            let (mut client, _) = listener.accept().await?;
            let mut server = TcpStream::connect(to).await?;
            tokio::io::copy_bidirectional(&mut client, &mut server).await
        });
        let mut client = support::Client::connect(between).await?;
        let batch = ClassifyBatchRequest::default();
        let mut answers = client.classify_batch(batch).await?.into_inner();
        answers.message().await?;
        assert_eq!(logged.recv().await, Some("done"));
        proxy.abort();
        let next = timeout(Duration::from_secs(60), logged.recv()).await?;
        assert_eq!(next, Some("given up"));
        assert!(answers.message().await.is_err());
        Ok(())
    }

    /// `let _ =` in front of the `send`: the rest of the work is done for nobody.
    #[tokio::test]
    async fn task_that_does_not_look_at_its_send_works_to_the_end() -> Result<(), Error> {
        let heedless = |tx: Answers, log: UnboundedSender<&'static str>| async move {
            for number in 0..4 {
                let _ = tx.send(Ok(work(number, &log).await)).await;
            }
        };
        let lines = log(move |log| spawned(log, heedless)).await?;
        assert_eq!(lines, ["done"; 4]);
        Ok(())
    }
}
