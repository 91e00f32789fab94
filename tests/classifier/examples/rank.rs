//! Ranks each line of standard input: `echo "Dear Ms Ferrante, ..." | cargo run -p classifier --example rank`.

use std::io::{self, BufRead};

use classifier::{Classifier, Error};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let classifier = Classifier::load()?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        match classifier.rank(&line) {
            Ok(scores) => {
                for score in scores {
                    print!(
                        "{} {:.2} [{}]  ",
                        score.label,
                        score.probability,
                        score.keywords.join(", ")
                    );
                }
                println!("\n    {line}");
            }
            Err(Error::EmptyText) => println!("no word"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
