//! `client [URI [CERTIFICATES [NAME]]]`: asks how many words a text has.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use wordcount_service::client::{Causes, connect, count, endpoint};
use wordcount_service::document::v1::Document;
use wordcount_service::trace::TraceId;
use wordcount_service::{Error, log, tls};

#[tokio::main]
async fn main() -> ExitCode {
    log::to_stderr();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{}", Causes(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let uri = arguments
        .next()
        .unwrap_or("http://127.0.0.1:50051".to_owned());
    let certificates = arguments.next();
    let name = arguments.next();
    let tls = match certificates {
        Some(folder) => Some(tls::client(Path::new(&folder), name.as_deref())?),
        None => None,
    };

    let channel = connect(&endpoint(uri, tls)?, Duration::from_secs(5)).await?;
    let document = Document {
        id: "letter-1".to_owned(),
        text: "The cat is in the garden".to_owned(),
    };
    let trace = TraceId::begin();
    println!("trace {trace}");
    let answer = count(&channel, document, Duration::from_secs(2), trace).await?;
    println!(
        "{} words, {} of them uncommon",
        answer.words, answer.uncommon
    );
    Ok(())
}
