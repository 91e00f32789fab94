//! The place that a learner fills in: in a function's body, in the place of a function, in the place of a service's method.

mod function;
mod method;
mod unfinished;

pub use function::Placeholder;
pub use method::types;
pub use unfinished::unfinished;

/// Stands where a learner's code goes, and has whatever type is needed there. It compiles without a warning although nothing uses
/// the names yet. When it is reached, the program ends, and the check shows the task.
///
/// In the body of a function, in parentheses: `gap!("task"; use Imported, Names; variables)`, or the same without the `use`
/// or the variables.
///
/// ```
/// use std::cmp::max;
///
/// fn larger(a: u8, b: u8) -> u8 {
///     kit::gap!("Return the larger one."; use max; a, b)
/// }
/// ```
///
/// In the place of a whole function, in braces: `gap! { "task"; use Imported, Names; fn name(parameters); CONSTANTS }`. The
/// function is `async` where the gap says so. Its types are what its caller makes of them: a parameter is an owned value, or
/// a reference where the gap says so, `&parameter` or `&mut parameter`, and the result has to be known from where it is
/// called, which it is where the function is given to one that takes `impl Fn(Client, File) -> F`.
///
/// ```
/// use std::io;
///
/// /// The course calls it.
/// async fn call<F>(upload: impl Fn(String, u64) -> F)
/// where
///     F: Future<Output = Result<u64, io::Error>>,
/// {
///     let _ = upload("a.pdf".to_owned(), 3).await;
/// }
///
/// /// The largest chunk.
/// const MAX_BYTES: usize = 256 * 1024;
///
/// kit::gap! {
///     "Upload the file, and return how many bytes there were.";
///     use io;
///     async fn upload(path, count);
///     MAX_BYTES
/// }
///
/// let _ = call(upload);
/// ```
///
/// In the place of a method of the service `DocumentClassifier`, in braces: `gap! { "task"; use Imported, Names; async fn
/// classify(&self, request); self.fields }`, with the name of any one of its four methods.
///
/// ```
/// use proto::classification::v1::document_classifier_server::DocumentClassifier;
///
/// pub struct Edge {
///     limit: usize,
/// }
///
/// #[tonic::async_trait]
/// impl DocumentClassifier for Edge {
///     kit::gap! {
///         "Answer each event.";
///         async fn classify_stream(&self, request);
///         self.limit
///     }
/// }
/// ```
#[macro_export]
macro_rules! gap {
    (
        $task:literal;
        $(use $($item:ident),+;)?
        async fn $name:ident(&$self:ident, $request:ident)
        $(; $($variable:expr),+)?
    ) => {
        $crate::gap_method! { $name; $task; $self; [$($($item)+)?]; [$($(&$variable,)+)?] }
    };
    (
        $task:literal;
        $(use $($item:ident),+;)?
        async fn $name:ident($($parameters:tt)*)
        $(; $($variable:expr),+)?
    ) => {
        $crate::gap_function! {
            @async $name [$task] [$($($item)+)?] [$($(&$variable,)+)?] () ($($parameters)*)
        }
    };
    (
        $task:literal;
        $(use $($item:ident),+;)?
        fn $name:ident($($parameters:tt)*)
        $(; $($variable:expr),+)?
    ) => {
        $crate::gap_function! {
            @plain $name [$task] [$($($item)+)?] [$($(&$variable,)+)?] () ($($parameters)*)
        }
    };
    ($task:literal; use $($item:ident),+; $($variable:expr),+) => {{
        $(
            #[allow(unused_imports)]
            use $item as _;
        )+
        let _ = ($(&$variable,)+);
        $crate::unfinished($task, file!(), line!())
    }};
    ($task:literal; use $($item:ident),+) => {{
        $(
            #[allow(unused_imports)]
            use $item as _;
        )+
        $crate::unfinished($task, file!(), line!())
    }};
    ($task:literal) => {
        $crate::unfinished($task, file!(), line!())
    };
    ($task:literal; $($variable:expr),+) => {{
        let _ = ($(&$variable,)+);
        $crate::unfinished($task, file!(), line!())
    }};
}
