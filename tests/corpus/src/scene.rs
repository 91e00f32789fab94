//! Who and what a document is about: drawn once, so that a name at the top is the name at the bottom.

use crate::draw::Draw;

/// The cast of one document and the source of its chance.
pub(crate) struct Scene {
    pub(crate) draw: Draw,
    seller: &'static str,
    buyer: &'static str,
    writer: &'static str,
    reader: &'static str,
    city: &'static str,
    goods: &'static str,
    currency: Currency,
    european: bool,
    year: u32,
    month: u32,
    number: u32,
}

#[derive(Clone, Copy)]
enum Currency {
    Code(&'static str),
    Sign(&'static str),
}

impl Scene {
    pub(crate) fn new(mut draw: Draw) -> Scene {
        let seller = draw.pick(COMPANIES);
        let mut buyer = draw.pick(COMPANIES);
        while buyer == seller {
            buyer = draw.pick(COMPANIES);
        }
        let writer = draw.pick(PEOPLE);
        let mut reader = draw.pick(PEOPLE);
        while reader == writer {
            reader = draw.pick(PEOPLE);
        }
        Scene {
            seller,
            buyer,
            writer,
            reader,
            city: draw.pick(CITIES),
            goods: draw.pick(GOODS),
            currency: Currency::Code(CODES[draw.index(CODES.len())]),
            european: false,
            year: draw.between(2024, 2027),
            month: draw.between(1, 12),
            number: draw.between(1012, 9899),
            draw,
        }
    }

    /// Lets the document write money with a sign or with a decimal comma, as a varied one may.
    pub(crate) fn loosen(&mut self) {
        if self.draw.chance(40) {
            self.currency = Currency::Sign(SIGNS[self.draw.index(SIGNS.len())]);
        }
        self.european = self.draw.chance(20);
    }

    /// What stands for `{name}` in a template. Panics on a name that no template should have.
    pub(crate) fn slot(&mut self, name: &str) -> String {
        match name {
            "seller" => self.seller.into(),
            "buyer" => self.buyer.into(),
            "other" => self.draw.pick(COMPANIES).into(),
            "writer" => self.writer.into(),
            "reader" => self.reader.into(),
            "person" => self.draw.pick(PEOPLE).into(),
            "first" => self.reader.split(' ').next().unwrap_or_default().into(),
            "mefirst" => self.writer.split(' ').next().unwrap_or_default().into(),
            "surname" => self.reader.rsplit(' ').next().unwrap_or_default().into(),
            "city" => self.city.into(),
            "town" => self.draw.pick(CITIES).into(),
            "street" => format!("{} {}", self.draw.pick(STREETS), self.draw.between(1, 180)),
            "goods" => self.goods.into(),
            "item" => self.draw.pick(GOODS).into(),
            "topic" => self.draw.pick(TOPICS).into(),
            "number" => self.number.to_string(),
            "code" => self.code(),
            "small" => self.draw.between(2, 12).to_string(),
            "count" => self.draw.between(2, 90).to_string(),
            "many" => grouped(self.draw.between(120, 48_000), ','),
            "percent" => self.draw.between(2, 38).to_string(),
            "days" => ["7", "10", "14", "21", "30", "45", "60"][self.draw.index(7)].into(),
            "year" => self.year.to_string(),
            "lastyear" => (self.year - 1).to_string(),
            "quarter" => ["first", "second", "third", "fourth"][self.draw.index(4)].into(),
            "month" => MONTHS[self.month as usize - 1].into(),
            "date" => self.date(0),
            "later" => self.date(1),
            "shortdate" => self.short_date(),
            "time" => format!(
                "{:02}:{:02}",
                self.draw.between(7, 21),
                self.draw.between(0, 59)
            ),
            "money" => self.money(60, 9_800),
            "large" => self.money(10_000, 960_000),
            "price" => self.money(2, 180),
            "amount" => self.amount(2, 900),
            "currency" => match self.currency {
                Currency::Code(code) => code.into(),
                Currency::Sign(sign) => sign.into(),
            },
            "phone" => format!(
                "0{} {}",
                self.draw.between(20, 899),
                self.draw.between(100_000, 999_999)
            ),
            other => panic!("no slot is called {other:?}"),
        }
    }

    /// A date `ahead` months after the document's own month, day 1 to 28 so that every month has it.
    fn date(&mut self, ahead: u32) -> String {
        let months = self.month - 1 + ahead;
        let (year, month) = (self.year + months / 12, months % 12);
        format!(
            "{} {} {year}",
            self.draw.between(1, 28),
            MONTHS[month as usize]
        )
    }

    fn short_date(&mut self) -> String {
        let (year, month, day) = (self.year, self.month, self.draw.between(1, 28));
        match self.draw.between(0, 3) {
            0 => format!("{year}-{month:02}-{day:02}"),
            1 => format!("{day:02}/{month:02}/{year}"),
            2 => format!("{day:02}.{month:02}.{year}"),
            _ => format!("{} {day}, {year}", &MONTHS[month as usize - 1][..3]),
        }
    }

    fn code(&mut self) -> String {
        let letters: String = (0..2)
            .map(|_| char::from(b'A' + self.draw.between(0, 25) as u8))
            .collect();
        format!("{letters}-{}", self.draw.between(100, 99_999))
    }

    fn money(&mut self, low: u32, high: u32) -> String {
        let amount = self.amount(low, high);
        match self.currency {
            Currency::Code(code) => format!("{amount} {code}"),
            Currency::Sign(sign) => format!("{sign}{amount}"),
        }
    }

    /// Whole units between `low` and `high`, and cents that are often round, without the currency.
    fn amount(&mut self, low: u32, high: u32) -> String {
        let units = self.draw.between(low, high);
        let units = if units > 1_000 {
            units / 10 * 10
        } else {
            units
        };
        let cents = [0, 0, 50, 95, self.draw.between(1, 99)][self.draw.index(5)];
        let (group, point) = if self.european {
            ('.', ',')
        } else {
            (',', '.')
        };
        format!("{}{point}{cents:02}", grouped(units, group))
    }
}

/// A number with its thousands set apart, as `12,400`.
fn grouped(number: u32, mark: char) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const CODES: [&str; 5] = ["EUR", "USD", "GBP", "CHF", "SEK"];
const SIGNS: [&str; 3] = ["$", "£", "€"];

const COMPANIES: &[&str] = &[
    "Nordwind GmbH",
    "Halvorsen Tools",
    "Brightwater Ltd",
    "Castell & Sons",
    "Ostrava Glass",
    "Pinecrest Foods",
    "Lumen Works",
    "Harbour Lane Ltd",
    "Kestrel Freight",
    "Tamarind Textiles",
    "Quillon Paper",
    "Redfern Motors",
    "Solvang Dairy",
    "Aldermoor Estates",
    "Bluestone Labs",
    "Corvid Software",
    "Delmare Shipping",
    "Elmfield Clinic",
    "Farrow Print",
    "Greywater Energy",
    "Ibis Catering",
    "Juniper Housing",
    "Larkhill Farms",
    "Mirador Travel",
    "Oakhaven Timber",
    "Petrel Insurance",
    "Rowan Legal",
    "Silverbirch Media",
    "Thornbury Steel",
    "Velmora Design",
];
const PEOPLE: &[&str] = &[
    "Anna Lindqvist",
    "Tomas Berger",
    "Priya Raman",
    "Daniel Okoro",
    "Mei Tanaka",
    "Lucia Ferrante",
    "Owen Pritchard",
    "Farah Nasser",
    "Jonas Weil",
    "Clara Whitlock",
    "Samuel Adeyemi",
    "Ines Carvalho",
    "Piotr Zielak",
    "Ruth Hallam",
    "Karim Benali",
    "Greta Solheim",
    "Hugo Marchetti",
    "Nadia Petrova",
    "Leo Abernathy",
    "Yuki Morita",
];
const CITIES: &[&str] = &[
    "Ravensholt",
    "Port Elden",
    "Aldbruck",
    "Marrowby",
    "Sankt Oden",
    "Westerlow",
    "Castelmare",
    "Fenwick Bay",
    "Nyborg Mills",
    "Upper Tarn",
    "Lindenau",
    "Greyhaven",
];
const STREETS: &[&str] = &[
    "Mill Lane",
    "Harbour Street",
    "Linden Road",
    "Station Row",
    "Chapel Hill",
    "Market Square",
    "Foundry Street",
    "Orchard Way",
    "Canal Side",
    "Bishop Road",
];
/// What is traded. The same goods appear in every kind of document, so that they say nothing about the kind.
const GOODS: &[&str] = &[
    "office chairs",
    "printer paper",
    "steel brackets",
    "garden tools",
    "coffee beans",
    "web hosting",
    "roof repairs",
    "translation work",
    "cleaning services",
    "laptop computers",
    "wooden pallets",
    "dental supplies",
    "bus transport",
    "network cables",
    "software licences",
    "oak flooring",
    "catering for 40 guests",
    "winter tyres",
    "brochure printing",
    "legal advice",
    "solar panels",
    "glass bottles",
    "cotton fabric",
    "hotel rooms",
    "safety helmets",
    "design work",
    "machine parts",
    "fresh vegetables",
    "warehouse space",
    "staff training",
];
/// What documents of any kind are concerned with besides goods.
const TOPICS: &[&str] = &[
    "customer complaints",
    "delivery delays",
    "energy use",
    "workplace safety",
    "staff turnover",
    "website traffic",
    "stock levels",
    "water quality",
    "road traffic",
    "supplier performance",
    "machine downtime",
    "data protection",
    "waste recycling",
    "training needs",
    "warehouse fires",
    "product returns",
    "call waiting times",
    "air quality",
    "patient waiting times",
    "crop yields",
];
