//! Playing a script in a call that reaches no server.

use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderValue, Response};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::end::End;
use crate::event::{EventKind, Metadata, Side};
use crate::fault::FaultKind;
use crate::headers;
use crate::recorder::Log;
use crate::response::Downstream;
use crate::script::{Script, Step};
use crate::stream::{BodyReader, Frame};

/// Plays a script, and returns how the call is to end.
pub(crate) async fn play(
    script: &Script,
    body: &mut BodyReader,
    downstream: &mut Downstream,
    log: &Log,
) -> Result<FaultKind, End> {
    let mut steps = script.take();
    let mut reading = true;
    loop {
        // What the client has sent is recorded before what the server does next.
        let step = tokio::select! {
            biased;
            frame = body.next(), if reading && !body.ended() => {
                let frame = frame.map_err(|error| End::Gone(Side::Client, error))?;
                if let Frame::Data { received, .. } = frame {
                    body.release(received);
                }
                continue;
            }
            end = downstream.gone() => return Err(end),
            Some(step) = next(&mut steps) => step,
        };
        match step {
            Step::Headers(metadata) => respond(downstream, metadata, log),
            Step::Message(bytes) => message(downstream, bytes, log),
            Step::StopReading => reading = false,
            Step::GoOnReading => reading = true,
            Step::End(kind) => return Ok(kind),
        }
    }
}

async fn next(steps: &mut Option<UnboundedReceiver<Step>>) -> Option<Step> {
    steps.as_mut()?.recv().await
}

/// Sends the headers of the answer, unless they are gone already.
fn respond(downstream: &mut Downstream, metadata: Metadata, log: &Log) {
    if downstream.stream.is_some() {
        return;
    }
    let mut response = Response::new(());
    let sent = response.headers_mut();
    headers::add(sent, &metadata);
    let grpc = HeaderValue::from_static("application/grpc");
    sent.insert(http::header::CONTENT_TYPE, grpc);
    log.record(EventKind::Response { metadata });
    downstream.respond(response, false);
}

/// Sends a message, and headers without metadata before the first.
pub(crate) fn message(downstream: &mut Downstream, bytes: Bytes, log: &Log) {
    respond(downstream, Metadata::new(), log);
    let mut framed = BytesMut::with_capacity(5 + bytes.len());
    framed.put_u8(0);
    framed.put_u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    framed.put_slice(&bytes);
    log.record(EventKind::Message {
        from: Side::Server,
        compressed: false,
        bytes,
    });
    if let Some(stream) = &mut downstream.stream {
        // It fails for a client that is gone, which is seen next.
        let _ = stream.send_data(framed.freeze(), false);
    }
}
