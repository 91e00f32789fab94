//! Other programs for unary.5: right ones, known mistakes, mutants.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use proto::classification::v1::document_classifier_server;
use proto::model::v1::RankRequest;
use proto::model::v1::model_host_client::ModelHostClient;
use proto::model::v1::model_host_server::{self, ModelHost, ModelHostServer};
use tonic::server::NamedService;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use tonic_health::ServingStatus;
use tonic_health::pb::health_check_response::ServingStatus as Answered;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};
use tonic_health::server::HealthReporter;

type Reported = Result<(), Status>;

const FULL_NAME: &str = document_classifier_server::SERVICE_NAME;

kit::variants! {
    crate::run::health;
    right_match,
    right_by_name,
    right_careful,
    watched_1,
    watched_2,
    health_never_asked_1,
    health_never_asked_2,
    whole_server_asked_1,
    whole_server_asked_2,
    short_name_asked_1,
    short_name_asked_2,
    serving_too_early_1,
    serving_too_early_2,
    failure_ignored_1,
    failure_ignored_2,
    not_serving_ignored_1,
    not_serving_ignored_2,
    error_not_returned_1,
    error_not_returned_2,
    error_made_anew_1,
    error_made_anew_2,
    answer_taken_for_error_1,
    answer_taken_for_error_2,
    asked_again_1,
    asked_again_2,
    short_name_reported_1,
    short_name_reported_2,
    never_serving_1,
    never_serving_2,
    mutant_default = |_, _| async { Ok(()) },
    mutant_error = |_, _| async {
        Err(Status::unavailable("no"))
    },
    mutant_hard_coded,
    mutant_one_more,
    mutant_not_found_is_no = |host, reporter| unless(host, reporter, Code::NotFound),
    mutant_unimplemented_is_no = |host, reporter| unless(host, reporter, Code::Unimplemented),
    mutant_unreadable_is_no = |host, reporter| unless(host, reporter, Code::Internal),
    mutant_never_awaited,
}

async fn ask(host: Channel, service: &str) -> Result<HealthCheckResponse, Status> {
    let request = HealthCheckRequest {
        service: service.to_owned(),
    };
    Ok(HealthClient::new(host).check(request).await?.into_inner())
}

async fn report(reporter: HealthReporter, name: &str) -> Reported {
    reporter
        .set_service_status(name, ServingStatus::Serving)
        .await;
    Ok(())
}

/// Asks for the host's service by its full name, and reports ours under the name given.
async fn ask_then_report(host: Channel, reporter: HealthReporter, name: &str) -> Reported {
    let answer = ask(host, model_host_server::SERVICE_NAME).await?;
    match answer.status() {
        Answered::Serving => report(reporter, name).await,
        _ => Ok(()),
    }
}

async fn right_match(host: Channel, reporter: HealthReporter) -> Reported {
    ask_then_report(host, reporter, "classification.v1.DocumentClassifier").await
}

/// The name of the generated server's type, whatever it serves.
async fn right_by_name(host: Channel, reporter: HealthReporter) -> Reported {
    async fn name_of<S: ModelHost>(_: Option<S>) -> &'static str {
        <ModelHostServer<S> as NamedService>::NAME
    }
    let service = name_of(None::<NoHost>).await.to_owned();
    let mut client = HealthClient::new(host);
    let answer = client.check(Request::new(HealthCheckRequest { service }));
    if answer.await?.get_ref().status == Answered::Serving as i32 {
        reporter
            .set_service_status(FULL_NAME, ServingStatus::Serving)
            .await;
    }
    Ok(())
}

/// With a limit of its own, and a word for each state. Whatever else there is serves as before.
async fn right_careful(host: Channel, reporter: HealthReporter) -> Reported {
    let mut request = Request::new(HealthCheckRequest {
        service: model_host_server::SERVICE_NAME.to_owned(),
    });
    request.set_timeout(Duration::from_secs(20));
    let answer = HealthClient::new(host).check(request).await;
    let state = match answer {
        Ok(answer) if answer.get_ref().status() == Answered::Serving => ServingStatus::Serving,
        Ok(_) => ServingStatus::NotServing,
        Err(status) => {
            reporter
                .set_service_status(FULL_NAME, ServingStatus::NotServing)
                .await;
            return Err(status);
        }
    };
    reporter.set_service_status(FULL_NAME, state).await;
    Ok(())
}

/// Takes the first word of the stream.
async fn watched_1(host: Channel, reporter: HealthReporter) -> Reported {
    let service = model_host_server::SERVICE_NAME.to_owned();
    let mut client = HealthClient::new(host);
    let answers = client.watch(HealthCheckRequest { service });
    let mut answers = answers.await?.into_inner();
    match answers.message().await? {
        Some(answer) if answer.status() == Answered::Serving => report(reporter, FULL_NAME).await,
        _ => Ok(()),
    }
}

/// Watches until the host serves.
async fn watched_2(host: Channel, reporter: HealthReporter) -> Reported {
    let service = model_host_server::SERVICE_NAME.to_owned();
    let mut client = HealthClient::new(host);
    let answers = client.watch(HealthCheckRequest { service });
    let mut answers = answers.await?.into_inner();
    while let Some(answer) = answers.message().await? {
        if answer.status() == Answered::Serving {
            return report(reporter, FULL_NAME).await;
        }
    }
    Ok(())
}

struct NoHost;

#[tonic::async_trait]
impl ModelHost for NoHost {
    async fn rank(
        &self,
        _: Request<RankRequest>,
    ) -> Result<tonic::Response<proto::model::v1::RankResponse>, Status> {
        Err(Status::unimplemented("never served"))
    }
}

async fn health_never_asked_1(_: Channel, reporter: HealthReporter) -> Reported {
    report(reporter, FULL_NAME).await
}

/// Tries the host out instead.
async fn health_never_asked_2(host: Channel, reporter: HealthReporter) -> Reported {
    let text = "Are you there?".to_owned();
    ModelHostClient::new(host)
        .rank(RankRequest { text })
        .await?;
    report(reporter, FULL_NAME).await
}

async fn whole_server_asked_1(host: Channel, reporter: HealthReporter) -> Reported {
    ask(host, "").await?;
    report(reporter, FULL_NAME).await
}

async fn whole_server_asked_2(host: Channel, reporter: HealthReporter) -> Reported {
    let request = HealthCheckRequest::default();
    match HealthClient::new(host).check(request).await {
        Ok(answer) if answer.get_ref().status() == Answered::Serving => {
            report(reporter, FULL_NAME).await
        }
        Ok(_) => Ok(()),
        Err(status) => Err(status),
    }
}

async fn short_name_asked_1(host: Channel, reporter: HealthReporter) -> Reported {
    ask(host, "ModelHost").await?;
    report(reporter, FULL_NAME).await
}

/// The method's path for the service's name.
async fn short_name_asked_2(host: Channel, reporter: HealthReporter) -> Reported {
    ask(host, "/model.v1.ModelHost/Rank").await?;
    report(reporter, FULL_NAME).await
}

async fn serving_too_early_1(host: Channel, reporter: HealthReporter) -> Reported {
    report(reporter.clone(), FULL_NAME).await?;
    let answer = ask(host, model_host_server::SERVICE_NAME).await?;
    if answer.status() != Answered::Serving {
        reporter
            .set_service_status(FULL_NAME, ServingStatus::NotServing)
            .await;
    }
    Ok(())
}

/// Asks in a task beside it.
async fn serving_too_early_2(host: Channel, reporter: HealthReporter) -> Reported {
    report(reporter, FULL_NAME).await?;
    let asked = tokio::spawn(async { ask(host, model_host_server::SERVICE_NAME).await });
    asked
        .await
        .map_err(|error| Status::internal(error.to_string()))??;
    Ok(())
}

/// Asks, and takes what it does not hear for a yes.
async fn failure_ignored_1(host: Channel, reporter: HealthReporter) -> Reported {
    let asked = ask(host, model_host_server::SERVICE_NAME).await;
    match asked.map(|answer| answer.status()) {
        Err(_) | Ok(Answered::Serving) => report(reporter, FULL_NAME).await,
        Ok(_) => Ok(()),
    }
}

async fn failure_ignored_2(host: Channel, reporter: HealthReporter) -> Reported {
    let asked = ask(host, model_host_server::SERVICE_NAME).await;
    let answer = asked.as_ref().map(HealthCheckResponse::status);
    // Only an answer that is another state is taken for a no.
    if !answer.is_ok_and(|status| status != Answered::Serving) {
        report(reporter, FULL_NAME).await?;
    }
    asked.map(|_| ())
}

async fn not_serving_ignored_1(host: Channel, reporter: HealthReporter) -> Reported {
    ask(host, model_host_server::SERVICE_NAME).await?;
    report(reporter, FULL_NAME).await
}

/// Takes every state but one for a yes.
async fn not_serving_ignored_2(host: Channel, reporter: HealthReporter) -> Reported {
    match ask(host, model_host_server::SERVICE_NAME).await {
        Ok(answer) if answer.status() != Answered::ServiceUnknown => {
            report(reporter, FULL_NAME).await
        }
        asked => asked.map(|_| ()),
    }
}

async fn error_not_returned_1(host: Channel, reporter: HealthReporter) -> Reported {
    if let Ok(answer) = ask(host, model_host_server::SERVICE_NAME).await
        && answer.status() == Answered::Serving
    {
        report(reporter, FULL_NAME).await?;
    }
    Ok(())
}

/// An error of its own.
async fn error_not_returned_2(host: Channel, reporter: HealthReporter) -> Reported {
    let asked = ask(host, model_host_server::SERVICE_NAME).await;
    let answer = asked.map_err(|status| Status::internal(status.to_string()))?;
    match answer.status() {
        Answered::Serving => report(reporter, FULL_NAME).await,
        _ => Ok(()),
    }
}

async fn error_made_anew_1(host: Channel, reporter: HealthReporter) -> Reported {
    let asked = ask(host, model_host_server::SERVICE_NAME).await;
    let answer = asked.map_err(|status| Status::new(status.code(), "no health"))?;
    match answer.status() {
        Answered::Serving => report(reporter, FULL_NAME).await,
        _ => Ok(()),
    }
}

/// Keeps what it thinks of.
async fn error_made_anew_2(host: Channel, reporter: HealthReporter) -> Reported {
    let asked = ask(host, model_host_server::SERVICE_NAME).await;
    let answer = asked.map_err(|status| Status::new(status.code(), status.message()))?;
    match answer.status() {
        Answered::Serving => report(reporter, FULL_NAME).await,
        _ => Ok(()),
    }
}

async fn answer_taken_for_error_1(host: Channel, reporter: HealthReporter) -> Reported {
    let answer = ask(host, model_host_server::SERVICE_NAME).await?;
    match answer.status() {
        Answered::Serving => report(reporter, FULL_NAME).await,
        _ => Err(Status::unavailable("the host does not serve")),
    }
}

/// Only of a state that it does not know.
async fn answer_taken_for_error_2(host: Channel, reporter: HealthReporter) -> Reported {
    let answer = ask(host, model_host_server::SERVICE_NAME).await?;
    match Answered::try_from(answer.status) {
        Ok(Answered::Serving) => report(reporter, FULL_NAME).await,
        Ok(_) => Ok(()),
        Err(error) => Err(Status::internal(error.to_string())),
    }
}

/// Until there is an answer.
async fn asked_again_1(host: Channel, reporter: HealthReporter) -> Reported {
    loop {
        if let Ok(answer) = ask(host.clone(), model_host_server::SERVICE_NAME).await {
            return match answer.status() {
                Answered::Serving => report(reporter, FULL_NAME).await,
                _ => Ok(()),
            };
        }
    }
}

/// Until the answer is yes, or an error.
async fn asked_again_2(host: Channel, reporter: HealthReporter) -> Reported {
    while ask(host.clone(), model_host_server::SERVICE_NAME)
        .await?
        .status()
        != Answered::Serving
    {
        tokio::task::yield_now().await;
    }
    report(reporter, FULL_NAME).await
}

async fn short_name_reported_1(host: Channel, reporter: HealthReporter) -> Reported {
    ask_then_report(host, reporter, "DocumentClassifier").await
}

async fn short_name_reported_2(host: Channel, reporter: HealthReporter) -> Reported {
    let name = FULL_NAME.rsplit('.').next().unwrap_or_default();
    let answer = ask(host, model_host_server::SERVICE_NAME).await?;
    if answer.status == Answered::Serving as i32 {
        report(reporter, name).await?;
    }
    Ok(())
}

async fn never_serving_1(host: Channel, _: HealthReporter) -> Reported {
    ask(host, model_host_server::SERVICE_NAME).await?;
    Ok(())
}

/// Reports the host's service, which this server does not have.
async fn never_serving_2(host: Channel, reporter: HealthReporter) -> Reported {
    ask_then_report(host, reporter, model_host_server::SERVICE_NAME).await
}

/// What a right program does on the published seed, without asking the host.
async fn mutant_hard_coded(_: Channel, reporter: HealthReporter) -> Reported {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    match CALLS.fetch_add(1, Ordering::Relaxed) {
        0 => Err(Status::new(Code::Unavailable, "not yet")),
        1 => Ok(()),
        _ => report(reporter, FULL_NAME).await,
    }
}

async fn mutant_one_more(host: Channel, reporter: HealthReporter) -> Reported {
    right_match(host.clone(), reporter).await?;
    ask(host, model_host_server::SERVICE_NAME).await?;
    Ok(())
}

/// Takes one error for an answer that says no.
async fn unless(host: Channel, reporter: HealthReporter, code: Code) -> Reported {
    match right_match(host, reporter).await {
        Err(status) if status.code() == code => Ok(()),
        reported => reported,
    }
}

async fn mutant_never_awaited(host: Channel, reporter: HealthReporter) -> Reported {
    let answer = ask(host, model_host_server::SERVICE_NAME).await?;
    if answer.status() == Answered::Serving {
        drop(report(reporter, FULL_NAME));
    }
    Ok(())
}
