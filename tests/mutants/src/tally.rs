//! What came of the mutants of an exercise.

use serde_json::{Value, json};

use crate::mutant::Mutant;
use crate::survivors::{Survivor, Survivors, entry};

/// What came of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The compiler refused it. It does not count.
    DidNotBuild,
    /// It did not pass.
    Killed {
        /// The verdict's name.
        verdict: &'static str,
        /// The diagnosis that it got.
        diagnosis: Option<&'static str>,
        /// It passes on the published seed, which learners' checks use, and not on another.
        only_on_other_seeds: bool,
    },
    /// It passes on all seeds that were tried.
    Passed,
}

/// A mutant, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The mutant.
    pub mutant: Mutant,
    /// What came of it.
    pub fate: Fate,
}

/// The mutants of one exercise.
#[derive(Clone, Debug)]
pub struct Tally {
    /// `unary.4`.
    pub exercise: String,
    /// Each, in the order of the solution's lines.
    pub tried: Vec<Tried>,
    /// Those that may pass.
    pub listed: Survivors,
}

impl Tally {
    fn count(&self, is: impl Fn(&Fate) -> bool) -> usize {
        self.tried.iter().filter(|it| is(&it.fate)).count()
    }

    fn killed(&self) -> usize {
        self.count(|fate| matches!(fate, Fate::Killed { .. }))
    }

    fn named(&self) -> usize {
        self.count(|fate| {
            matches!(
                fate,
                Fate::Killed {
                    diagnosis: Some(_),
                    ..
                }
            )
        })
    }

    fn killed_on_other_seeds(&self) -> usize {
        self.count(|fate| {
            matches!(
                fate,
                Fate::Killed {
                    only_on_other_seeds: true,
                    ..
                }
            )
        })
    }

    /// The mutants that pass.
    pub fn survivors(&self) -> impl Iterator<Item = &Mutant> {
        let passed = self.tried.iter().filter(|it| it.fate == Fate::Passed);
        passed.map(|it| &it.mutant)
    }

    /// The mutants that pass and are not listed: holes in the scenario, or missing in the list.
    pub fn unlisted(&self) -> impl Iterator<Item = &Mutant> {
        self.survivors().filter(|it| !self.listed.has(it))
    }

    /// What is listed and does not pass, or is not there any more.
    pub fn stale(&self) -> impl Iterator<Item = &Survivor> {
        let passes = |listed: &Survivor| self.survivors().any(|mutant| listed.is(mutant));
        self.listed.0.iter().filter(move |listed| !passes(listed))
    }

    /// Whether the list and the mutants agree.
    pub fn is_right(&self) -> bool {
        self.unlisted().next().is_none() && self.stale().next().is_none()
    }

    /// What is not as the list says, for people. Empty where it is right.
    pub fn complaints(&self) -> String {
        let mut out = String::new();
        for mutant in self.unlisted() {
            out += &format!(
                "{} passes, and is not listed: {}\n{}\n",
                self.exercise,
                mutant.name,
                entry(mutant)
            );
        }
        for listed in self.stale() {
            let Survivor {
                kind,
                before,
                after,
                ..
            } = listed;
            out += &format!(
                "{} lists a mutant that does not pass, or is not there any more:\n{kind}\n- {before}\n+ {after}\n\n",
                self.exercise
            );
        }
        out
    }

    /// As JSON: the counts, and each mutant.
    pub fn to_json(&self) -> Value {
        let tried = self.tried.iter().map(|Tried { mutant, fate }| {
            let (fate, verdict, diagnosis) = match fate {
                Fate::DidNotBuild => ("did not build", None, None),
                Fate::Killed {
                    verdict, diagnosis, ..
                } => ("killed", Some(*verdict), *diagnosis),
                Fate::Passed => ("passed", None, None),
            };
            json!({
                "name": mutant.name,
                "before": mutant.before,
                "after": mutant.after,
                "fate": fate,
                "verdict": verdict,
                "diagnosis": diagnosis,
                "listed": self.listed.has(mutant),
            })
        });
        json!({
            "exercise": self.exercise,
            "made": self.tried.len(),
            "did_not_build": self.count(|fate| *fate == Fate::DidNotBuild),
            "killed": self.killed(),
            "named": self.named(),
            "killed_on_other_seeds": self.killed_on_other_seeds(),
            "passed": self.survivors().count(),
            "unlisted": self.unlisted().count(),
            "stale": self.stale().count(),
            "mutants": tried.collect::<Vec<_>>(),
        })
    }
}

/// The counts of exercises, a row each.
pub fn table(tallies: &[Tally]) -> String {
    let columns = [
        "exercise", "made", "no build", "killed", "named", "later", "passed", "unlisted", "stale",
    ];
    let mut rows = vec![columns.map(str::to_owned)];
    for tally in tallies {
        let counts = [
            tally.tried.len(),
            tally.count(|fate| *fate == Fate::DidNotBuild),
            tally.killed(),
            tally.named(),
            tally.killed_on_other_seeds(),
            tally.survivors().count(),
            tally.unlisted().count(),
            tally.stale().count(),
        ];
        let mut row = [const { String::new() }; 9];
        row[0].clone_from(&tally.exercise);
        for (cell, count) in row[1..].iter_mut().zip(counts) {
            *cell = count.to_string();
        }
        rows.push(row);
    }
    let line = |row: &[String; 9]| {
        let cells: Vec<_> = row[1..].iter().map(|cell| format!("{cell:>8}")).collect();
        format!("{:11} {}\n", row[0], cells.join(" "))
    };
    let table: String = rows.iter().map(line).collect();
    table + "later: killed only on a seed that learners' checks do not use\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutant::of;

    fn tally(listed: &str) -> Tally {
        let mutants = of("fn f() {\n// gap\na?;\n// end of gap\n}").expect("Rust");
        let fate = |mutant: &Mutant| match mutant.kind {
            "try-unwrap" => Fate::Passed,
            "try-removed" => Fate::DidNotBuild,
            _ => Fate::Killed {
                verdict: "differs",
                diagnosis: Some("swallowed").filter(|_| mutant.kind == "try-default"),
                only_on_other_seeds: false,
            },
        };
        let tried = mutants.into_iter().map(|mutant| Tried {
            fate: fate(&mutant),
            mutant,
        });
        Tally {
            exercise: "unary.1".to_owned(),
            tried: tried.collect(),
            listed: Survivors::parse(listed).expect("a list"),
        }
    }

    #[test]
    fn a_survivor_is_a_hole_until_it_is_listed() {
        let open = tally("");
        assert!(!open.is_right());
        assert!(
            open.complaints().contains("- a?;\n+ a.unwrap();"),
            "{}",
            open.complaints()
        );
        let listed = tally("try-unwrap\n- a?;\n+ a.unwrap();\nIt never fails.\n");
        assert!(listed.is_right(), "{}", listed.complaints());
        assert_eq!(listed.named(), 1);
        assert_eq!(listed.to_json()["did_not_build"], 1);
    }

    #[test]
    fn a_listed_mutant_that_is_killed_or_gone_is_stale() {
        for after in ["a.unwrap_or_default();", "gone"] {
            let list = format!(
                "try-default\n- a?;\n+ {after}\nWhy.\n\ntry-unwrap\n- a?;\n+ a.unwrap();\nWhy.\n"
            );
            let tally = tally(&list);
            assert_eq!(tally.stale().count(), 1);
            assert!(!tally.is_right());
        }
    }

    #[test]
    fn table_has_a_row_for_each_exercise() {
        let table = table(&[tally("")]);
        let row = table.lines().nth(1).expect("a row");
        let cells: Vec<_> = row.split_whitespace().collect();
        assert_eq!((cells[0], cells[4], cells[6]), ("unary.1", "1", "1"));
    }
}
