//! UploadDocument: a file is stored as a whole and as it was sent, or nothing is stored.

use std::fs;
use std::path::Path;
use std::time::Duration;

use proto::classification::v1::{DocumentChunk, UploadResponse};
use reference::{Ending, Inference, Store};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request, Status};

use crate::harness::{LIMIT, TestServer, quick_model, until, within};

const MIB: usize = 1024 * 1024;

async fn start() -> TestServer {
    TestServer::start(quick_model()).await
}

/// A file as an honest client sends it: in chunks of this size, the last one committing.
fn chunks(document_id: &str, file: &[u8], size: usize) -> Vec<DocumentChunk> {
    let mut chunks: Vec<_> = file
        .chunks(size)
        .enumerate()
        .map(|(n, data)| DocumentChunk {
            data: data.to_vec(),
            document_id: document_id.to_owned(),
            chunk_number: i32::try_from(n).expect("few"),
            ..DocumentChunk::default()
        })
        .collect();
    if chunks.is_empty() {
        chunks.push(DocumentChunk {
            document_id: document_id.to_owned(),
            ..DocumentChunk::default()
        });
    }
    chunks[0].mime_type = "application/pdf".to_owned();
    let last = chunks.last_mut().expect("one at least");
    last.is_last = true;
    last.total_bytes = i64::try_from(file.len()).expect("small");
    last.sha256 = Sha256::digest(file).to_vec();
    chunks
}

/// Three chunks: "one", "two", "three".
fn three(document_id: &str) -> Vec<DocumentChunk> {
    let mut three = chunks(document_id, b"onetwothree", 3);
    let rest = three.pop().expect("four");
    let last = three.last_mut().expect("three");
    last.data.extend(&rest.data);
    last.is_last = true;
    last.total_bytes = rest.total_bytes;
    last.sha256 = rest.sha256;
    three
}

async fn upload(server: &TestServer, chunks: Vec<DocumentChunk>) -> Result<UploadResponse, Status> {
    let mut client = server.client().await;
    let response = within(client.upload_document(tokio_stream::iter(chunks))).await;
    response.map(tonic::Response::into_inner)
}

/// An upload whose chunks come when the test sends them. Its end is the test's too.
struct Upload {
    chunks: mpsc::Sender<DocumentChunk>,
    call: JoinHandle<Result<UploadResponse, Status>>,
}

impl Upload {
    async fn begin(server: &TestServer) -> Self {
        let mut client = server.client().await;
        let (chunks, receiver) = mpsc::channel(1);
        let call = tokio::spawn(async move {
            let response = client.upload_document(ReceiverStream::new(receiver)).await;
            response.map(tonic::Response::into_inner)
        });
        Self { chunks, call }
    }

    async fn send(&self, chunk: DocumentChunk) {
        within(self.chunks.send(chunk))
            .await
            .expect("the call goes on");
    }

    /// What the call comes to while the client's end is still open.
    async fn answer(self) -> Result<UploadResponse, Status> {
        within(self.call).await.expect("no panic")
    }
}

/// The files of the store, drafts too, by name.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("readable").path())
        .filter_map(|path| {
            let name = path.file_name()?.to_string_lossy().into_owned();
            // A draft may go away between the two looks.
            Some((name, fs::read(path).ok()?))
        })
        .collect();
    files.sort();
    files
}

/// Whether this and nothing else is in the store.
fn only(server: &TestServer, key: &str, file: &[u8]) -> bool {
    files(&server.uploads()) == [(key.to_owned(), file.to_vec())]
}

#[tokio::test]
async fn file_is_stored_as_it_was_sent() {
    let server = start().await;
    let file: Vec<u8> = (0..3 * MIB).map(|n| (n % 251) as u8).collect();
    let receipt = upload(&server, chunks("doc-1", &file, 256 * 1024))
        .await
        .expect("OK");
    assert_eq!(receipt.document_id, "doc-1");
    assert_eq!(receipt.total_bytes, 3 * 1024 * 1024);
    assert_eq!(receipt.total_chunks, 12);
    assert!(only(&server, &receipt.storage_key, &file));
}

#[tokio::test]
async fn small_and_empty_files_are_one_chunk() {
    let server = start().await;
    for (file, bytes) in [(&b"small"[..], 5), (b"", 0)] {
        let receipt = upload(&server, chunks("doc-1", file, 10))
            .await
            .expect("OK");
        assert_eq!((receipt.total_bytes, receipt.total_chunks), (bytes, 1));
        assert!(only(&server, &receipt.storage_key, file));
    }
}

#[tokio::test]
async fn last_chunk_may_have_no_data() {
    let server = start().await;
    let mut sent = three("doc-1");
    let mut commit = sent[2].clone();
    sent[2].is_last = false;
    commit.data.clear();
    commit.chunk_number = 3;
    sent.push(commit);
    let receipt = upload(&server, sent).await.expect("OK");
    assert_eq!(receipt.total_chunks, 4);
    assert!(only(&server, &receipt.storage_key, b"onetwothree"));
}

/// The last chunk is the commit, not the end of the stream.
#[tokio::test]
async fn receipt_does_not_wait_for_the_half_close() {
    let server = start().await;
    let call = Upload::begin(&server).await;
    for chunk in three("doc-1") {
        call.send(chunk).await;
    }
    let _open = call.chunks.clone();
    let receipt = call.answer().await.expect("OK");
    assert!(only(&server, &receipt.storage_key, b"onetwothree"));
}

#[tokio::test]
async fn invalid_upload_is_refused_and_the_stored_file_stays() {
    let server = start().await;
    let before = upload(&server, chunks("doc-1", b"before", 10))
        .await
        .expect("OK");
    type Change = fn(&mut Vec<DocumentChunk>);
    let cases: [(Change, &str); 16] = [
        (|c| drop(c.remove(1)), "chunk_number is 2: send 1"),
        (|c| c.swap(0, 1), "chunk_number is 1: send 0"),
        (|c| c.insert(1, c[0].clone()), "chunk_number is 0: send 1"),
        (|c| c[0].chunk_number = 1, "chunk_number is 1: send 0"),
        (|c| c[2].chunk_number = -1, "chunk_number is -1: send 2"),
        (
            |c| c[1].document_id = "doc-2".to_owned(),
            "document_id is \"doc-2\": send \"doc-1\"",
        ),
        (
            |c| c[1].document_id.clear(),
            "document_id is \"\": send \"doc-1\"",
        ),
        (
            |c| c[1].mime_type = "application/pdf".to_owned(),
            "mime_type is set again",
        ),
        (|c| c[0].mime_type.clear(), "mime_type is \"\": send a type"),
        (
            |c| c[0].mime_type = "pdf".to_owned(),
            "mime_type is \"pdf\": send a type",
        ),
        (|c| c[1].data.clear(), "data is empty"),
        (|c| c[2].total_bytes = 10, "total_bytes is 10, but 11 bytes"),
        (|c| c[2].sha256.clear(), "sha256 has 0 bytes"),
        (|c| c[2].sha256[0] ^= 1, "sha256 is not the checksum"),
        (|c| c[1].data[0] ^= 1, "sha256 is not the checksum"),
        (
            |c| c[2].is_last = false,
            "the stream ended after 3 chunks and none was the last",
        ),
    ];
    for (change, message) in cases {
        let mut sent = three("doc-1");
        change(&mut sent);
        let status = upload(&server, sent).await.expect_err(message);
        assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
        assert!(status.message().contains(message), "{status:?}");
        until(|| only(&server, &before.storage_key, b"before")).await;
    }
    let status = upload(&server, Vec::new()).await.expect_err("no chunk");
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    assert!(status.message().contains("after 0 chunks"), "{status:?}");
}

#[tokio::test]
async fn all_violations_of_a_chunk_are_reported_at_once() {
    let server = start().await;
    let status = upload(
        &server,
        vec![DocumentChunk {
            chunk_number: 7,
            ..DocumentChunk::default()
        }],
    )
    .await
    .expect_err("everything is wrong");
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(
        status.message(),
        "document_id has 0 characters: send 1 to 200; \
         mime_type is \"\": send a type such as application/pdf in the first chunk, at most 100 characters; \
         chunk_number is 7: send 0, chunks are numbered from 0 without a hole; \
         data is empty: only the last chunk may come without"
    );
    assert!(files(&server.uploads()).is_empty());
}

#[tokio::test]
async fn file_of_50_mib_is_stored() {
    let server = start().await;
    let file = vec![7; 50 * MIB];
    let receipt = upload(&server, chunks("doc-1", &file, 2 * MIB))
        .await
        .expect("OK");
    assert_eq!(receipt.total_bytes, 52_428_800);
    assert!(only(&server, &receipt.storage_key, &file));
}

/// The limit holds while chunks come in, and its answer reaches a client that has not finished.
#[tokio::test]
async fn longer_file_is_refused_while_the_client_still_sends() {
    let server = start().await;
    let call = Upload::begin(&server).await;
    let mut sent = chunks("doc-1", &vec![7; 50 * MIB + 1], 2 * MIB);
    sent.last_mut().expect("26").is_last = false;
    for chunk in sent {
        call.send(chunk).await;
    }
    let _open = call.chunks.clone();
    let status = call.answer().await.expect_err("too long");
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    assert_eq!(
        status.message(),
        "data makes the file 52428801 bytes so far: send at most 52428800"
    );
    until(|| files(&server.uploads()).is_empty()).await;
}

/// The client fills every buffer between the two, and then learns why nobody reads.
#[tokio::test]
async fn early_refusal_reaches_a_client_that_never_stops() {
    let server = start().await;
    let endless = tokio_stream::iter((1..).map(|n| DocumentChunk {
        chunk_number: n,
        ..chunks("doc-1", &vec![0; MIB], MIB).remove(0)
    }));
    let status = within(server.client().await.upload_document(endless))
        .await
        .expect_err("the first chunk is missing");
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    assert!(status.message().contains("chunk_number is 1: send 0"));
    assert!(files(&server.uploads()).is_empty());
}

/// An upload that has sent two of three chunks, both of which are in the draft.
async fn half_done(server: &TestServer, document_id: &str) -> (Upload, Vec<DocumentChunk>) {
    let call = Upload::begin(server).await;
    let mut sent = three(document_id);
    let last = sent.split_off(2);
    for chunk in sent {
        call.send(chunk).await;
    }
    let is_draft = |(name, file): &(String, Vec<u8>)| name.contains('#') && file == b"onetwo";
    until(|| files(&server.uploads()).iter().any(is_draft)).await;
    (call, last)
}

#[tokio::test]
async fn cancelled_upload_leaves_nothing() {
    let server = start().await;
    let (call, _) = half_done(&server, "doc-1").await;
    call.call.abort();
    until(|| files(&server.uploads()).is_empty()).await;
}

#[tokio::test]
async fn expired_upload_leaves_nothing() {
    let server = start().await;
    let (chunks, receiver) = mpsc::channel(1);
    chunks.send(three("doc-1").remove(0)).await.expect("open");
    let mut call = Request::new(ReceiverStream::new(receiver));
    call.metadata_mut()
        .insert("grpc-timeout", "300m".parse().expect("ASCII"));
    let status = within(server.patient_client().await.upload_document(call))
        .await
        .expect_err("the rest never comes");
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    until(|| files(&server.uploads()).is_empty()).await;
}

/// The process may be gone a moment after the server has ended. Here the runtime has one thread for work that blocks,
/// such as removing a file, and the test holds it.
#[test]
fn upload_that_is_cut_when_the_server_stops_leaves_nothing() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(1)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let inference = Inference::new(quick_model(), 1, 1);
        let mut server = TestServer::start_with(inference, Duration::from_millis(1)).await;
        let (call, _) = half_done(&server, "doc-1").await;
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let holder = tokio::task::spawn_blocking(move || held.recv_timeout(LIMIT));

        server.stop();
        call.answer().await.expect_err("it was cut");
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
        assert!(!server.has_ended(), "the draft is still there");

        hold.send(()).expect("it is held");
        within(holder).await.expect("no panic").expect("in time");
        let (_folder, uploads) = (server.folder.clone(), server.uploads());
        assert_eq!(server.ended().await, Ending::Cut);
        assert!(files(&uploads).is_empty());
    });
}

#[tokio::test]
async fn two_uploads_of_one_document_do_not_mix() {
    let server = start().await;
    let (one, one_last) = half_done(&server, "doc-1").await;
    let two = Upload::begin(&server).await;
    let mut two_chunks = chunks("doc-1", b"another file", 4);
    let two_last = two_chunks.pop().expect("three");
    for chunk in two_chunks {
        two.send(chunk).await;
    }
    let other = b"another ";
    until(|| {
        files(&server.uploads())
            .iter()
            .any(|(_, file)| file == other)
    })
    .await;
    assert_eq!(files(&server.uploads()).len(), 2, "a draft each");

    one.send(one_last[0].clone()).await;
    let first = one.answer().await.expect("OK");
    two.send(two_last).await;
    let second = two.answer().await.expect("OK");
    assert_eq!(first.storage_key, second.storage_key);
    assert!(only(&server, &second.storage_key, b"another file"));
}

#[tokio::test]
async fn no_id_leads_out_of_the_folder() {
    let server = start().await;
    let longest = "\u{1f4c4}".repeat(200);
    let ids = [
        "../../escape",
        "/etc/escape",
        "a/b",
        "a\\b",
        "a\0b",
        ".",
        "..",
        "doc#1",
        "%2e%2e%2f",
        "A",
        "a",
        "-rf",
        "\n",
        &longest,
    ];
    for id in ids {
        let receipt = upload(&server, chunks(id, id.as_bytes(), 100))
            .await
            .unwrap_or_else(|status| panic!("{id:?}: {status:?}"));
        assert_eq!(receipt.document_id, id);
    }
    let stored = files(&server.uploads());
    assert_eq!(stored.len(), ids.len(), "each id has its file");
    for (name, _) in &stored {
        assert!(name.bytes().all(|b| b.is_ascii_hexdigit()), "{name}");
    }
    let beside = fs::read_dir(server.uploads().parent().expect("a folder"));
    assert_eq!(beside.expect("readable").count(), 1, "nothing beside it");

    let status = upload(&server, chunks(&format!("{longest}x"), b"a", 1))
        .await
        .expect_err("too long");
    assert_eq!(status.code(), Code::InvalidArgument);
}

#[test]
fn folder_may_have_any_name() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("there")).expect("a folder");
    for name in [
        "there",
        "there/../there",
        "there/..",
        "not/there",
        "there/not yet",
        "\u{1f4c4} #1 50%",
        "%2e%2e",
    ] {
        Store::folder(&folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let outcome = Store::folder(&folder.path().join("not/../there"));
    assert!(outcome.is_err(), "what is above nothing is unknown");
}

#[tokio::test]
async fn failing_store_does_not_leak_details() {
    let server = start().await;
    // A file is where the folder should come to be.
    fs::write(server.uploads(), "in the way").expect("it can be written");
    let status = upload(&server, three("doc-1"))
        .await
        .expect_err("no folder");
    assert_eq!(status.code(), Code::Internal);
    assert_eq!(status.message(), "the document could not be stored");
}
