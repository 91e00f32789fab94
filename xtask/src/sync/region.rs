//! Lists of the lessons' packages in files that are otherwise written by hand: between two comments.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use catalogue::{Course, plain_lines};

const LIST_BEGIN: &str = "# Written by `cargo xtask sync`.";
const LIST_END: &str = "# End of what sync writes.";

/// The manifests that list lessons: path relative to the course's folder, and text.
pub(super) fn manifests(course: &Course) -> Result<Vec<(PathBuf, String)>> {
    let (mut members, mut defaults, mut profiles, mut checks) =
        (String::new(), String::new(), String::new(), String::new());
    for lesson in &course.lessons {
        let (folder, check) = (&lesson.folder, lesson.check_package());
        members += &format!(
            "    \"lessons/{folder}\",\n    \"solutions/{folder}\",\n    \"solutions/{folder}/check\",\n"
        );
        defaults += &format!("    \"lessons/{folder}\",\n    \"solutions/{folder}/check\",\n");
        profiles +=
            &format!("[profile.dev.package.{check}]\ndebug = false\nincremental = false\n\n");
        checks += &format!("{check} = {{ path = \"../../solutions/{folder}/check\" }}\n");
    }
    let workspace = [members, defaults, profiles.trim_end().to_owned() + "\n"];
    Ok(vec![
        manifest(course, "Cargo.toml", &workspace)?,
        manifest(course, "tests/course/Cargo.toml", &[checks])?,
    ])
}

/// The list of all lessons.
pub(super) fn course_lessons(course: &Course) -> String {
    let lessons = course.lessons.iter();
    let lessons: String = lessons
        .map(|lesson| format!("    &{}::LESSON,\n", lesson.check_crate()))
        .collect();
    format!(
        "//! All lessons of the course together. Written by `cargo xtask sync`: do not edit.\n\n\
         /// The lessons, in order.\n\
         #[rustfmt::skip]\n\
         pub static LESSONS: &[&checks::Lesson] = &[\n{lessons}];\n"
    )
}

/// A manifest with new texts between its pairs of comments.
fn manifest(course: &Course, name: &str, texts: &[String]) -> Result<(PathBuf, String)> {
    let path = course.root.join(name);
    let old = fs::read_to_string(&path).map(|text| plain_lines(&text));
    let old = old.with_context(|| format!("read {name}"))?;
    let text = replaced(&old, texts).with_context(|| format!("put the lessons into {name}"))?;
    Ok((name.into(), text))
}

fn replaced(old: &str, texts: &[String]) -> Result<String> {
    let mut out = String::new();
    let mut rest = old;
    for text in texts {
        let (before, inside) = rest
            .split_once(LIST_BEGIN)
            .with_context(|| format!("a line `{LIST_BEGIN}` is missing"))?;
        let (_, after) = inside
            .split_once(LIST_END)
            .with_context(|| format!("a line `{LIST_END}` is missing"))?;
        let indent = before.rsplit('\n').next().unwrap_or_default();
        out += &format!("{before}{LIST_BEGIN}\n{text}{indent}{LIST_END}");
        rest = after;
    }
    if rest.contains(LIST_BEGIN) {
        bail!("there is one more line `{LIST_BEGIN}` than there are lists");
    }
    Ok(out + rest)
}
