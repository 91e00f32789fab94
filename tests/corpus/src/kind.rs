//! The five types a document can have.

use std::fmt;

/// What a document is. The order is that of the model's outputs and of [`Kind::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Asks for money: what was delivered, what it costs, by when to pay.
    Invoice,
    /// Binds two parties: who owes what to whom, for how long, under which law.
    Contract,
    /// Tells what was found: figures, causes, recommendations.
    Report,
    /// Confirms that money was paid.
    Receipt,
    /// One person writes to another.
    Letter,
}

impl Kind {
    /// Every kind, in the order of the model's outputs.
    pub const ALL: [Kind; 5] = [
        Kind::Invoice,
        Kind::Contract,
        Kind::Report,
        Kind::Receipt,
        Kind::Letter,
    ];

    /// The kind in lower case, as `invoice`.
    pub const fn label(self) -> &'static str {
        match self {
            Kind::Invoice => "invoice",
            Kind::Contract => "contract",
            Kind::Report => "report",
            Kind::Receipt => "receipt",
            Kind::Letter => "letter",
        }
    }

    /// The kind that has this [`label`](Kind::label), if any has.
    pub fn from_label(label: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.label() == label)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label())
    }
}
