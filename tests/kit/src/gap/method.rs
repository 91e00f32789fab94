//! A gap in the place of a method of the service that lessons' servers offer.

/// What the methods of `DocumentClassifier` take and return.
#[doc(hidden)]
pub mod types {
    use std::pin::Pin;

    use proto::classification::v1;
    use tonic::codegen::BoxStream;
    use tonic::{Request, Response, Status, Streaming};

    /// What a method of a trait under `#[tonic::async_trait]` returns.
    pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<Response<T>, Status>> + Send + 'a>>;

    pub type ClassifyRequest = Request<v1::ClassifyRequest>;
    pub type ClassifyAnswer<'a> = Answer<'a, v1::ClassifyResponse>;
    pub type ClassifyBatchRequest = Request<v1::ClassifyBatchRequest>;
    pub type ClassifyBatchAnswer<'a> = Answer<'a, BoxStream<v1::ClassifyBatchResponse>>;
    pub type UploadDocumentRequest = Request<Streaming<v1::DocumentChunk>>;
    pub type UploadDocumentAnswer<'a> = Answer<'a, v1::UploadResponse>;
    pub type ClassifyStreamRequest = Request<Streaming<v1::ClassificationEvent>>;
    pub type ClassifyStreamAnswer<'a> = Answer<'a, BoxStream<v1::ClassificationEvent>>;
}

/// A method that is not written yet. What [`gap!`](crate::gap!) expands to; not for calling by hand.
///
/// `#[tonic::async_trait]` rewrites the methods that it sees, and it sees no macro's. So this is a method as it would be
/// rewritten, with its types in full.
#[doc(hidden)]
#[macro_export]
macro_rules! gap_method {
    (classify; $($rest:tt)*) => {
        $crate::gap_method! { @classify ClassifyRequest ClassifyAnswer; $($rest)* }
    };
    (classify_batch; $($rest:tt)*) => {
        $crate::gap_method! { @classify_batch ClassifyBatchRequest ClassifyBatchAnswer; $($rest)* }
    };
    (upload_document; $($rest:tt)*) => {
        $crate::gap_method! { @upload_document UploadDocumentRequest UploadDocumentAnswer; $($rest)* }
    };
    (classify_stream; $($rest:tt)*) => {
        $crate::gap_method! { @classify_stream ClassifyStreamRequest ClassifyStreamAnswer; $($rest)* }
    };
    (
        @$name:ident $request:ident $answer:ident;
        $task:literal; $self:ident; [$($item:ident)*]; [$($variables:tt)*]
    ) => {
        fn $name<'life0, 'async_trait>(
            &'life0 $self,
            _: $crate::gap_types::$request,
        ) -> $crate::gap_types::$answer<'async_trait>
        where
            'life0: 'async_trait,
            Self: 'async_trait,
        {
            $(
                #[allow(unused_imports)]
                use $item as _;
            )*
            let _ = ($($variables)*);
            ::std::boxed::Box::pin(async move { $crate::unfinished($task, file!(), line!()) })
        }
    };
}

#[cfg(test)]
mod tests {
    use proto::classification::v1::document_classifier_server::{
        DocumentClassifier, DocumentClassifierServer,
    };
    use proto::classification::v1::{ClassifyRequest, ClassifyResponse};
    use tonic::{Request, Response, Status};

    /// All four at once.
    struct Edge {
        version: String,
    }

    #[tonic::async_trait]
    impl DocumentClassifier for Edge {
        crate::gap! { "One."; async fn classify(&self, request); self.version }
        crate::gap! { "Two."; use Response; async fn classify_batch(&self, request) }
        crate::gap! { "Three."; async fn upload_document(&self, request) }
        crate::gap! { "Four."; use Request, Status; async fn classify_stream(&self, request); self.version }
    }

    /// One beside a method that is given.
    struct Half;

    #[tonic::async_trait]
    impl DocumentClassifier for Half {
        async fn classify(
            &self,
            _: Request<ClassifyRequest>,
        ) -> Result<Response<ClassifyResponse>, Status> {
            Err(Status::not_found("given"))
        }

        crate::gap! { "Five."; async fn classify_stream(&self, request) }
    }

    #[tokio::test]
    async fn a_method_that_is_not_written_stands_beside_given_ones() {
        let version = String::new();
        let _ = DocumentClassifierServer::new(Edge { version });
        let answer = Half
            .classify(Request::new(ClassifyRequest::default()))
            .await;
        assert_eq!(answer.unwrap_err().message(), "given");
    }
}
