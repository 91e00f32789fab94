//! TCP ports, Unix sockets, and what is nearly an address.

use std::os::unix::net::UnixListener;

use reference::{Address, Ending, Inference, Listener};

use crate::harness::{LIMIT, TestServer, quick_model, request, within};

#[tokio::test]
async fn port_0_becomes_a_real_port() {
    let listener = Listener::bind(&"[::1]:0".parse().expect("an address"))
        .await
        .expect("a free port");
    let uri = listener.uri().expect("it is bound");
    let port = uri.strip_prefix("http://[::1]:").expect("the same host");
    assert_ne!(port.parse::<u16>().expect("a port"), 0);
}

#[tokio::test]
async fn unix_socket_serves_and_removes_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let address = Address::Unix(path.clone());
    let listener = Listener::bind(&address).await.expect("a free path");
    let inference = Inference::new(quick_model(), 1, 1);
    let mut server = TestServer::start_on(listener, inference, LIMIT);
    within(server.client().await.classify(request("a")))
        .await
        .expect("OK");
    let taken = Listener::bind(&address).await.expect_err("it is served");
    assert_eq!(taken.kind(), std::io::ErrorKind::AddrInUse);
    server.stop();
    assert_eq!(server.ended().await, Ending::Drained);
    assert!(!path.exists());
}

#[tokio::test]
async fn abandoned_socket_file_is_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    drop(UnixListener::bind(&path).expect("a free path"));
    assert!(path.exists(), "std leaves the file behind");
    Listener::bind(&Address::Unix(path))
        .await
        .expect("nobody answers there");
}

#[tokio::test]
async fn file_that_is_not_a_socket_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("notes");
    std::fs::write(&path, "mine").expect("it can be written");
    Listener::bind(&Address::Unix(path.clone()))
        .await
        .expect_err("somebody's file");
    assert_eq!(std::fs::read_to_string(path).expect("it is there"), "mine");
}

#[test]
fn local_addresses_are_recognised() {
    for (text, local) in [
        ("127.0.0.1:50051", true),
        ("127.8.8.8:1", true),
        ("[::1]:0", true),
        ("unix:/tmp/socket", true),
        ("0.0.0.0:0", false),
        ("[::]:0", false),
        ("192.168.1.10:50051", false),
    ] {
        let address: Address = text.parse().expect("an address");
        assert_eq!(address.is_local(), local, "{text}");
        assert_eq!(address.to_string(), text);
    }
}

#[test]
fn invalid_addresses_are_rejected() {
    for text in ["", "50051", "localhost", "127.0.0.1", "127.0.0.1:70000"] {
        let error = text.parse::<Address>().expect_err(text);
        assert!(error.contains("write 127.0.0.1:50051"), "{error}");
    }
    assert!("unix:".parse::<Address>().is_err());
}
