//! What mdBook logs. It reports through `tracing` and goes on, so without a subscriber its warnings are lost.

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// One warning or error.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// Whether it is an error.
    pub(crate) error: bool,
    /// The module that logged it, for example `mdbook_html::html::tree`.
    pub(crate) target: String,
    /// The message.
    pub(crate) message: String,
}

/// Runs `work` and keeps the warnings and errors that it logs on this thread.
pub(crate) fn collect<T>(work: impl FnOnce() -> T) -> (T, Vec<Record>) {
    let records = Arc::new(Mutex::new(Vec::new()));
    let subscriber = tracing_subscriber::registry().with(Collector(Arc::clone(&records)));
    let result = tracing::subscriber::with_default(subscriber, work);
    let mut records = records
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    (result, std::mem::take(&mut *records))
}

struct Collector(Arc<Mutex<Vec<Record>>>);

impl<S: Subscriber> Layer<S> for Collector {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        // Levels are ordered from the most severe to the least.
        if *event.metadata().level() > Level::WARN {
            return;
        }
        let mut message = Message(String::new());
        event.record(&mut message);
        let record = Record {
            error: *event.metadata().level() == Level::ERROR,
            target: event.metadata().target().to_owned(),
            message: message.0,
        };
        self.0
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .push(record);
    }
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = match field.name() {
            "message" => write!(self.0, "{value:?}"),
            name => write!(self.0, " {name}={value:?}"),
        };
    }
}
