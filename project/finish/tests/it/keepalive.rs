//! PINGs: tonic's server answers as many as come.

use std::time::Duration;

use tokio::time::timeout;
use wordcount_service::client::{count, endpoint};
use wordcount_service::trace::TraceId;

use crate::meter::Meter;
use crate::support::{LONG, Running, counter, document, options};

#[tokio::test]
async fn many_pings_on_an_idle_connection_do_not_end_it() {
    let server = Running::start(counter(), options(None));
    let mut meter = Meter::before(server.address).await.expect("a free port");
    let uri = format!("http://{}", meter.address);
    let endpoint = endpoint(uri, None).expect("a URI");
    let endpoint = endpoint.http2_keep_alive_interval(Duration::from_millis(5));
    let channel = endpoint.connect().await.expect("a connection");
    count(&channel, document("one"), LONG, TraceId::begin())
        .await
        .expect("an answer");

    let many = meter.counts.wait_for(|counts| counts.pings >= 50);
    timeout(LONG, many)
        .await
        .expect("PINGs are sent")
        .expect("the meter runs");
    count(&channel, document("one"), LONG, TraceId::begin())
        .await
        .expect("an answer");
    assert_eq!(meter.counts.borrow().connections, 1);
}
