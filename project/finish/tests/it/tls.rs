//! TLS: who is let in, and by whom a client lets itself be answered.

use std::path::Path;
use std::time::Duration;

use temp_dir::TempDir;
use tonic::transport::ClientTlsConfig;
use wordcount_service::client::{connect, count, endpoint};
use wordcount_service::trace::TraceId;
use wordcount_service::{Error, tls};

use crate::certificates;
use crate::support::{LONG, Running, counter, document, options};

fn folder() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    certificates::write(folder.path()).expect("certificates");
    folder
}

fn server(folder: &Path, clients_ca: Option<&Path>) -> Running {
    let tls = tls::server(folder, clients_ca).expect("the files are there");
    Running::start(counter(), options(Some(tls)))
}

/// Connects and calls. With TLS 1.3, a client that the server refuses may learn of it only with its first call.
async fn call(server: &Running, tls: Option<ClientTlsConfig>) -> Result<u32, Error> {
    let scheme = if tls.is_some() { "https" } else { "http" };
    let uri = format!("{scheme}://localhost:{}", server.address.port());
    let channel = connect(&endpoint(uri, tls)?, Duration::ZERO).await?;
    let answer = count(&channel, document("one two"), LONG, TraceId::begin()).await?;
    Ok(answer.words)
}

fn client(folder: &Path, name: Option<&str>) -> Option<ClientTlsConfig> {
    Some(tls::client(folder, name).expect("the files are there"))
}

#[tokio::test]
async fn a_client_that_knows_the_authority_is_answered() {
    let folder = folder();
    let server = server(folder.path(), None);
    let answer = call(&server, client(folder.path(), None)).await;
    assert_eq!(answer.expect("an answer"), 2);
}

#[tokio::test]
async fn a_client_that_knows_another_authority_does_not_talk_to_the_server() {
    let (here, elsewhere) = (folder(), folder());
    let server = server(here.path(), None);
    let answer = call(&server, client(elsewhere.path(), None)).await;
    answer.expect_err("a certificate from somebody else");
}

#[tokio::test]
async fn a_client_without_tls_gets_no_answer() {
    let folder = folder();
    let server = server(folder.path(), None);
    call(&server, None).await.expect_err("no TLS");
}

#[tokio::test]
async fn with_mutual_tls_a_client_shows_its_certificate() {
    let (here, elsewhere) = (folder(), folder());
    let ca = here.path().join("ca.pem");
    let server = server(here.path(), Some(&ca));

    let answer = call(&server, client(here.path(), Some("client"))).await;
    assert_eq!(answer.expect("an answer"), 2);
    let answer = call(&server, client(here.path(), None)).await;
    answer.expect_err("no certificate");

    // It trusts this server, and shows a certificate that another authority has signed.
    for file in ["client.pem", "client.key"] {
        let copied = std::fs::copy(elsewhere.path().join(file), here.path().join(file));
        copied.expect("copied");
    }
    let answer = call(&server, client(here.path(), Some("client"))).await;
    answer.expect_err("a certificate from somebody else");
}
