//! What one exercise is run on: its peer, its inputs, what happens while it runs, and how the run is compared.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use tap::{Gate, Order, Rules, Side, View};

use crate::handle::Stage;
use crate::inputs::Source;

/// Who stands at the other end of the program's wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// The stage itself: bare bytes and no network.
    Bytes,
    /// The reference server, behind a tap: the program is a client.
    Server,
    /// The stage calls the program through a tap, and the program calls the reference server's model host through
    /// another: the program is the edge.
    Edge,
}

/// The inputs of one run.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The documents, as pairs of id and text.
    pub documents: Vec<(String, String)>,
    /// Other inputs by name.
    pub settings: BTreeMap<String, String>,
    /// What the peer in a lesson without a network sends at once, each with its position: before which of the program's
    /// messages it belongs, from 0.
    pub peer_sent: Vec<(usize, Vec<u8>)>,
    /// What the scenario itself remembers of what it has drawn: the program is not told.
    pub state: State,
    /// The gates of this run.
    pub gates: Gates,
}

/// A value of the scenario's own type, which it puts into its [`Inputs`] and asks for again while it runs, as does a
/// diagnosis afterwards. Clones share it.
#[derive(Clone, Default)]
pub struct State(Option<Arc<dyn Any + Send + Sync>>);

impl State {
    /// Holds this value.
    pub fn new<T: Any + Send + Sync>(value: T) -> Self {
        Self(Some(Arc::new(value)))
    }

    /// The value, if it is of this type. `None` for inputs that another scenario has drawn, or none.
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.0.as_ref()?.downcast_ref()
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "State(..)"
        } else {
            "State"
        })
    }
}

impl Inputs {
    /// The scenario's own state, as [`State::get`].
    ///
    /// # Errors
    ///
    /// When the scenario has drawn none of this type.
    pub fn state<T: Any>(&self) -> Result<&T> {
        let state = self.state.get();
        state.with_context(|| format!("the inputs hold no {}", std::any::type_name::<T>()))
    }
}

/// Gates by name, shared by the tap's plan and the scenario's `drive`. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Gates(Arc<Mutex<BTreeMap<String, Gate>>>);

impl Gates {
    /// The gate of this name. It is closed until it is opened.
    pub fn named(&self, name: &str) -> Gate {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        gates.entry(name.to_owned()).or_default().clone()
    }
}

/// The plan of one exercise's run.
#[tonic::async_trait]
pub trait Scenario: Send + Sync {
    /// Who the program talks to.
    fn peer(&self) -> Peer;

    /// How each hop is compared. Empty for a program without a network.
    fn rules(&self) -> Vec<Rules> {
        Vec::new()
    }

    /// The same for the inputs that were drawn, on which a bound may depend.
    fn rules_for(&self, _inputs: &Inputs) -> Vec<Rules> {
        self.rules()
    }

    /// In a lesson without a network: how one side's message with this index, from 0, is shown.
    fn view(&self, _from: Side, _index: usize) -> View<'static> {
        View::Bytes("")
    }

    /// Whether the order of the reported values counts.
    fn reported(&self) -> Order {
        Order::Exact
    }

    /// How many blocking jobs the program may run at a time. `None` where it has none to run.
    fn max_concurrent_jobs(&self, _inputs: &Inputs) -> Option<usize> {
        None
    }

    /// The inputs for a seed.
    async fn inputs(&self, source: &mut Source<'_>) -> Result<Inputs>;

    /// What the taps do with each call, [`CallInfo::hop`](tap::CallInfo::hop) saying which: the one in front of the reference
    /// server, and the one in front of a program that serves. Most scenarios let them only record.
    fn plan(&self, _inputs: &Inputs, _call: &tap::CallInfo) -> tap::CallPlan {
        tap::CallPlan::default()
    }

    /// What the stage does while the program runs: by default it sends [`Inputs::peer_sent`]. Dropped before it is done
    /// if the program ends first.
    async fn drive(&self, stage: &mut Stage, inputs: &Inputs) -> Result<()> {
        for (position, data) in &inputs.peer_sent {
            stage.send_before(*position, data.clone()).await;
        }
        Ok(())
    }
}
