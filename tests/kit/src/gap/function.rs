//! A gap in the place of a whole function.

use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::gap::unfinished::unfinished;

/// What an asynchronous function that is not written yet returns: a future with whatever output is needed. When somebody waits
/// for it, the program has reached the gap.
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Placeholder<T> {
    task: &'static str,
    file: &'static str,
    line: u32,
    /// It makes a value and holds none, so that it may be sent wherever the output may not.
    output: PhantomData<fn() -> T>,
}

impl<T> Placeholder<T> {
    /// Of the gap in this line, from 1, of this file.
    pub fn new(task: &'static str, file: &'static str, line: u32) -> Self {
        Self {
            task,
            file,
            line,
            output: PhantomData,
        }
    }
}

impl<T> Future for Placeholder<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        unfinished(self.task, self.file, self.line)
    }
}

/// A function that is not written yet. What [`gap!`](crate::gap!) expands to; not for calling by hand.
///
/// It reads one parameter after the other, and then makes the function. The parameters are of no certain type.
#[doc(hidden)]
#[macro_export]
macro_rules! gap_function {
    (@$kind:ident $name:ident $task:tt $items:tt $variables:tt ($($read:tt)*) (&mut $parameter:ident $(, $($rest:tt)*)?)) => {
        $crate::gap_function! {
            @$kind $name $task $items $variables ($($read)* _: &mut impl ::core::marker::Sized,) ($($($rest)*)?)
        }
    };
    (@$kind:ident $name:ident $task:tt $items:tt $variables:tt ($($read:tt)*) (&$parameter:ident $(, $($rest:tt)*)?)) => {
        $crate::gap_function! {
            @$kind $name $task $items $variables ($($read)* _: &impl ::core::marker::Sized,) ($($($rest)*)?)
        }
    };
    (@$kind:ident $name:ident $task:tt $items:tt $variables:tt ($($read:tt)*) ($parameter:ident $(, $($rest:tt)*)?)) => {
        $crate::gap_function! {
            @$kind $name $task $items $variables ($($read)* _: impl ::core::marker::Sized,) ($($($rest)*)?)
        }
    };
    (@async $name:ident [$task:literal] [$($item:ident)*] [$($variables:tt)*] ($($read:tt)*) ()) => {
        /// Not written yet.
        pub fn $name<T>($($read)*) -> $crate::Placeholder<T> {
            $(
                #[allow(unused_imports)]
                use $item as _;
            )*
            let _ = ($($variables)*);
            $crate::Placeholder::new($task, file!(), line!())
        }
    };
    (@plain $name:ident [$task:literal] [$($item:ident)*] [$($variables:tt)*] ($($read:tt)*) ()) => {
        /// Not written yet.
        pub fn $name<T>($($read)*) -> T {
            $(
                #[allow(unused_imports)]
                use $item as _;
            )*
            let _ = ($($variables)*);
            $crate::unfinished($task, file!(), line!())
        }
    };
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    /// As `given.rs` calls a function: what it is given and what it returns is decided here.
    fn spawned<F>(_: impl Fn(Arc<str>, String) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<u8, std::rc::Rc<u8>>> + Send + 'static,
    {
    }

    fn borrowing(_: impl Fn(String, &mut String, &[u8]) -> Result<u8, String>) {}

    async fn waited(_: impl AsyncFn(u8) -> Option<u8>) {}

    const LIMIT: u8 = 4;

    const LINE_ABOVE: u32 = line!();
    crate::gap! {
        "One.";
        use Arc;
        async fn upload(client, file);
        LIMIT
    }
    crate::gap! { "Two."; fn asked(document, &mut peer, & bytes) }
    crate::gap! { "Three."; async fn without_use(number,) }
    crate::gap! { "Four."; fn nothing() }

    #[test]
    fn a_function_that_is_not_written_has_the_types_that_its_caller_needs() {
        spawned(upload);
        spawned(|client, file| upload(client, [file]));
        borrowing(|document, peer, bytes| asked(document, peer, &bytes));
        drop(waited(without_use));
        let _: fn() -> u8 = nothing;
    }

    #[test]
    fn what_is_waited_for_knows_where_the_gap_is() {
        let waiting: super::Placeholder<u8> = upload((), ());
        assert_eq!((waiting.task, waiting.line), ("One.", LINE_ABOVE + 1));
        assert!(waiting.file.ends_with("function.rs"));
    }
}
