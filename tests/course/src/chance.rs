//! What chance decides.

/// Wrong programs of whose transcript chance decides a part, by a part of their names, with the reason. Of these, and of
/// those that crash, it is compared whether they pass, and the diagnosis: how a call ends whose program dies is a race.
pub const CHANCE: &[(&str, &str)] = &[
    (
        "server-streaming.1/went-on-after-failure-",
        "whether it asks on before its call has ended is a race",
    ),
    (
        "/gave-up-on-job-",
        "its own limit races with the job, and what is left may hang",
    ),
    (
        "/map-taken-as-ordered-",
        "a hash map has an order of its own in each run",
    ),
    ("/completion-order-", "it goes by which task ends first"),
    (
        "/connection-per-call-",
        "its connections race, and faults go by connection",
    ),
    (
        "/short-name-asked-",
        "it passes on details with the server's request id",
    ),
    (
        "/deadline-too-short-",
        "whether its call is answered in time is a race",
    ),
    (
        "unary.6/mutant-one-more",
        "how far the call has come that is one too many",
    ),
    (
        "server-streaming.1/mutant-one-more",
        "how far the call has come that is one too many",
    ),
    (
        "server-streaming.2/mutant-one-more",
        "how far the call has come that is one too many",
    ),
    (
        "server-streaming.3/mutant-one-more",
        "how far the call has come that is one too many",
    ),
    (
        "server-streaming.4/mutant-one-more",
        "how far the call has come that is one too many",
    ),
    (
        "unary.6/mutant-bounded",
        "which of the tasks that it has spawned gets a permit first",
    ),
    (
        "unary.6/mutant-lock",
        "which of the tasks that it has spawned gets the lock first",
    ),
    (
        "unary.6/call-repeated-",
        "it reports the time that an answer took",
    ),
    (
        "server-streaming.6/silence-not-ended-",
        "whether it stands still for long enough before the late answers come",
    ),
    (
        "server-streaming.5/asked-on-",
        "which of the calls that it left behind are made before it ends",
    ),
    (
        "server-streaming.5/asked-past-slow-",
        "which of its calls come before the one that is waited for",
    ),
    (
        "server-streaming.5/runs-ahead-",
        "how many calls are open when its caller stands still",
    ),
    (
        "server-streaming.5/too-many-at-once-",
        "in which order the calls come that it begins together",
    ),
    (
        "/asked-after-failure-",
        "whether tonic has dropped its stream before it makes the next call",
    ),
    (
        "server-streaming.4/asked-on-",
        "how far the call has come that it makes for nobody when its program ends",
    ),
    (
        "server-streaming.6/not-cancelled-",
        "whether a call that it left open is given up before its program ends",
    ),
    (
        "server-streaming.3/called-again-",
        "how far the second call has come when the next batch is asked about",
    ),
    (
        "/asked-ahead-",
        "when the call that it makes too early comes",
    ),
    (
        "server-streaming.5/mutant-default",
        "which of the calls that it begins together are there when its batch ends",
    ),
    (
        "server-streaming.4/stopped-for-all-",
        "how far the batch of another caller has come that it stops too",
    ),
];

/// Why chance decides a part of this program's transcript. `None` where it does not.
pub fn left_to_chance(name: &str) -> Option<&'static str> {
    let mut chance = CHANCE.iter();
    chance.find_map(|(part, why)| name.contains(part).then_some(*why))
}
