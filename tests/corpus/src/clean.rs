//! Short, readable documents of one to three sentences, for transcripts and exercises.

use crate::Kind;
use crate::scene::Scene;
use crate::template::fill;

/// Writes one document of the given kind on one line.
pub(crate) fn write(kind: Kind, scene: &mut Scene) -> String {
    let template = scene.draw.pick(templates(kind));
    fill(template, scene)
}

pub(crate) fn templates(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Invoice => INVOICES,
        Kind::Contract => CONTRACTS,
        Kind::Report => REPORTS,
        Kind::Receipt => RECEIPTS,
        Kind::Letter => LETTERS,
    }
}

const INVOICES: &[&str] = &[
    "Invoice {number} from {seller}. Amount due {money} by {later}. Please quote the invoice number with your payment.",
    "Invoice {number}, {seller} to {buyer}: {goods}, {count} units. Total {money}, payable within {days} days.",
    "{seller} bills {buyer} for {goods}, {date}. Subtotal {money}, VAT 19 percent. Invoice {number} is due on {later}.",
    "Invoice {number}. Bill to: {buyer}. For {goods} delivered in {month}: {money}. Payment terms: {days} days net.",
    "Amount due: {money}. Invoice {number} for {goods}, issued by {seller} on {date}, falls due on {later}.",
    "Tax invoice {number} to {buyer} for {goods}: quantity {count}, unit price {price}. Please pay by bank transfer.",
    "Monthly invoice {number} for {goods}. Balance due {money}. Late payment bears interest from {later}.",
    "Invoice {number} of {date}: {goods} for {buyer}, net {money} plus VAT. Please remit to our bank account.",
];

const CONTRACTS: &[&str] = &[
    "This agreement is made between {seller} and {buyer}. {seller} shall supply {goods} for a term of {small} years.",
    "The parties agree that {seller} shall provide {goods} to {buyer}. Either party may terminate on {days} days notice.",
    "Service agreement, {date}. {seller} (the Supplier) shall provide {goods}; {buyer} (the Client) shall pay {money} a month.",
    "Lease between {seller} (the Landlord) and {person} (the Tenant). The term is {small} years and the rent {money} a month.",
    "{seller} and {buyer} enter into this contract on {date}. Neither party shall disclose confidential information.",
    "Employment contract: {buyer} hereby employs {person} from {later}. The notice period is {small} weeks for either party.",
    "Clause 7: the Supplier shall be liable for damage up to {large}. This agreement is governed by the laws of {city}.",
    "Licence agreement of {date}. {seller} grants {buyer} the right to use the software for {small} years. The parties sign below.",
];

const REPORTS: &[&str] = &[
    "Quarterly report, {seller}. Sales rose by {percent} percent over the {quarter} quarter. We recommend more stock of {goods}.",
    "Report on {topic} at {seller}, {month} {year}. The survey found {count} cases. Causes and recommendations follow.",
    "This report analyses {topic} in {city}. The results show a fall of {percent} percent compared with {lastyear}.",
    "Annual summary {year}: revenue grew {percent} percent while costs fell. Findings for each region are set out below.",
    "Inspection report, {date}. The inspector found {small} defects in the {city} site. Conclusion: repairs are advised.",
    "Audit findings, {buyer}: controls over {topic} were tested in {small} departments. Overall the results are good.",
    "Incident report {code}. At {time} a machine stopped in {city}. The analysis shows a worn part as the root cause.",
    "Study of {topic}: data from {many} records were analysed. On average the figures improved by {percent} percent.",
];

const RECEIPTS: &[&str] = &[
    "Receipt {number}. {seller}, {city}. For {goods}: {price}. Paid by card. Thank you for your purchase.",
    "Receipt {number}: received from {person} the sum of {money} for {goods}. Paid in full on {date}.",
    "{seller}, {shortdate} {time}. Total {price}, cash 200.00, change given. Thank you, please come again.",
    "Payment received: {money} from {buyer} on {date} for {goods}. This receipt confirms your payment.",
    "Sales receipt, {seller}. Items {small}, total {price}. Card payment approved. Keep this receipt for returns.",
    "Thank you for shopping at {seller}. Paid {price} by card ending {number}. Receipt no. {code}.",
    "Donation receipt: {seller} received {money} from {person} on {date}, with thanks. No goods were given in return.",
    "Parking receipt, {city}. Paid {price} at {time}. Card approved. Thank you for your visit.",
];

const LETTERS: &[&str] = &[
    "Dear {person}, thank you for your letter of {date}. I am writing to confirm our meeting in {city}. Kind regards, {writer}",
    "Dear {first}, I am sorry to hear about the delay with the {goods}. I will call you next week. Best wishes, {mefirst}",
    "Dear Sir or Madam, I am writing to complain about the {goods} you sent me. I look forward to your reply. Yours faithfully, {writer}",
    "Dear Ms {surname}, I wish to apply for the position at {seller}. I would be glad to meet you. Yours sincerely, {writer}",
    "To {reader}: we are pleased to invite you to our open day in {city} on {later}. We hope to see you. Warm regards, {writer}",
    "Dear {first}, please accept my resignation from {seller}. I am grateful for {small} good years. Sincerely, {writer}",
    "Dear neighbours, we would like to apologise for the noise of our roof repairs. Yours truly, {writer}, {seller}",
    "Dear Mr {surname}, it is my pleasure to recommend {person} to you. Please write to me with any question. Regards, {writer}",
];
