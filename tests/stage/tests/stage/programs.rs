//! The programs under test. Each is a test that does nothing unless a stage has started it: the test runner takes the name
//! of the exercise for the name of the one test to run.

use std::sync::{Arc, Barrier};
use std::time::Duration;

use kit::{Session, report};

/// Makes a program of an exercise.
macro_rules! program {
    ($name:ident, $exercise:expr) => {
        #[test]
        fn $name() {
            if std::env::var_os(kit::protocol::STAGE_VARIABLE).is_some() {
                let name = concat!("programs::", stringify!($name));
                let _ = kit::main(&[(name, |session| Box::pin($exercise(session)))]);
            }
        }
    };
}

type Ended = Result<(), kit::Error>;

program!(reports_one_line_of_1_mb, async |_: Session| -> Ended {
    report("x".repeat(1_000_000));
    Ok(())
});

program!(reports_one_line_of_30_mb, async |_: Session| -> Ended {
    report("x".repeat(30_000_000));
    Ok(())
});

program!(reports_a_million_newlines, async |_: Session| -> Ended {
    report("\n".repeat(1_000_000));
    Ok(())
});

program!(reports_100_000_lines, async |_: Session| -> Ended {
    (0..100_000).for_each(|line: u32| report(line.to_string()));
    Ok(())
});

program!(
    reports_5_000_lines_that_differ,
    async |_: Session| -> Ended {
        // The first message of the control channel is the kit's own, and the last as well.
        (0..4_990).for_each(|line: u32| report(format!("line {line}")));
        Ok(())
    }
);

program!(reports_half_a_mb_20_times, async |_: Session| -> Ended {
    (0..20).for_each(|_| report("x".repeat(500_000)));
    Ok(())
});

program!(fails_with_1_mb, async |_: Session| -> Ended {
    Err("x".repeat(1_000_000).into())
});

program!(pushes_without_end, async |_: Session| -> Ended {
    let mut all: Vec<u64> = Vec::new();
    loop {
        all.push(all.len() as u64);
        std::hint::black_box(&all);
    }
});

program!(asks_for_4_gib, async |_: Session| -> Ended {
    let all: Vec<u64> = Vec::with_capacity(4 << 27);
    std::hint::black_box(&all);
    Ok(())
});

// What a program may well do: 16 workers, 100 threads for blocking work, and 64 MiB.
program!(uses_threads_and_memory, async |_: Session| -> Ended {
    let barrier = Arc::new(Barrier::new(100));
    let jobs = (0..100).map(|_| {
        let barrier = barrier.clone();
        tokio::task::spawn_blocking(move || barrier.wait())
    });
    for job in jobs.collect::<Vec<_>>() {
        job.await?;
    }
    std::hint::black_box(vec![1_u8; 64 << 20]);
    report("used");
    Ok(())
});

program!(sleeps_2_s_and_reports, async |_: Session| -> Ended {
    tokio::time::sleep(Duration::from_secs(2)).await;
    report("awake");
    Ok(())
});

program!(
    sleeps_2_s_in_a_blocking_thread,
    async |_: Session| -> Ended {
        tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_secs(2))).await?;
        report("awake");
        Ok(())
    }
);

program!(sleeps_in_a_loop, async |_: Session| -> Ended {
    loop {
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
});

program!(waits_for_nothing, async |_: Session| -> Ended {
    // One idle thread for blocking work is left, which waits for more with a time.
    tokio::task::spawn_blocking(|| {}).await?;
    std::future::pending::<()>().await;
    Ok(())
});

program!(leaves_a_child_and_finishes, async |_: Session| -> Ended {
    report(child().to_string());
    Ok(())
});

program!(leaves_a_child_and_hangs, async |_: Session| -> Ended {
    report(child().to_string());
    std::future::pending::<()>().await;
    Ok(())
});

program!(writes_its_ids_and_loops, async |_: Session| -> Ended {
    let ids = format!("{} {}", std::process::id(), child());
    let path = std::env::temp_dir().join(crate::orphans::IDS_FILE);
    // Whoever sees the file sees it whole.
    std::fs::write(path.with_extension("new"), ids)?;
    std::fs::rename(path.with_extension("new"), path)?;
    loop {
        std::hint::spin_loop();
    }
});

/// Starts a child that goes on for ever, and returns its id.
fn child() -> u32 {
    let mut command = std::process::Command::new("sleep");
    command.arg("600").spawn().expect("it starts").id()
}
