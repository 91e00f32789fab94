//! Who is calling: a JSON Web Token (JWT) in the metadata `authorization: Bearer <token>`.
//!
//! # What is accepted
//!
//! Tokens are signed with HS256: whoever signs and whoever checks share one secret. That fits a server whose operator
//! hands out the tokens too, and needs no more than a file. Where somebody else signs, a public key is the better
//! choice, because with a shared secret every server that checks a token could also make one.
//!
//! A token must name its subject (`sub`), this server as its audience (`aud`), the expected issuer (`iss`) and its end
//! (`exp`). The algorithm is fixed here, never taken from the token: a token that says `none`, or that abuses a public
//! key as a secret, is the classic way in.
//!
//! # What a caller learns
//!
//! The status says *that* the token is not accepted, not why: "wrong signature" and "wrong audience" would help an
//! attacker who tries keys. The log has the reason. The token itself goes nowhere: this layer takes it off the request,
//! so that nothing behind it can log it or pass it on.
//!
//! Health and reflection stay open. A load balancer has no token, and the contracts are not secret.

use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::Response;
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use tonic::{Code, Status};
use tonic_health::pb::health_server;
use tonic_reflection::pb::{v1, v1alpha};
use tracing::Span;

use crate::errors::{Failure, Reason};

/// Shortest secret, in bytes: as long as the hash, as RFC 7518, section 3.2, demands.
pub const MIN_SECRET_BYTES: usize = 32;
/// How far the clocks of issuer and server may be apart, in seconds: a token is accepted this long after its end.
pub const LEEWAY_SECS: u64 = 30;

/// Services that everybody may call.
const OPEN_SERVICES: [&str; 3] = [
    health_server::SERVICE_NAME,
    v1::server_reflection_server::SERVICE_NAME,
    v1alpha::server_reflection_server::SERVICE_NAME,
];

/// Which tokens are accepted.
#[derive(Clone)]
pub struct Auth {
    key: DecodingKey,
    validation: Validation,
}

/// The secret has too few bytes to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortSecret {
    /// How many it has.
    pub bytes: usize,
}

impl Auth {
    /// Accepts tokens that `issuer` signed with `secret` for `audience`.
    pub fn new(secret: &[u8], issuer: &str, audience: &str) -> Result<Self, ShortSecret> {
        if secret.len() < MIN_SECRET_BYTES {
            let bytes = secret.len();
            return Err(ShortSecret { bytes });
        }
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        validation.set_audience(&[audience]);
        validation.set_issuer(&[issuer]);
        validation.validate_nbf = true;
        validation.leeway = LEEWAY_SECS;
        Ok(Self {
            key: DecodingKey::from_secret(secret),
            validation,
        })
    }

    fn user(&self, token: &str) -> Result<User, Error> {
        let token = decode::<Claims>(token, &self.key, &self.validation)?;
        Ok(User(token.claims.sub.into()))
    }
}

/// The secret is left out.
impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Auth")
            .field("issuer", &self.validation.iss)
            .field("audience", &self.validation.aud)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ShortSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.bytes;
        write!(
            f,
            "{bytes} bytes are too few: HS256 needs {MIN_SECRET_BYTES}"
        )
    }
}

impl std::error::Error for ShortSecret {}

/// Who is calling: in the extensions of every request whose token was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User(Arc<str>);

impl User {
    /// The token's subject.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// What is read of a token beyond what `Validation` checks.
#[derive(Deserialize)]
struct Claims {
    sub: String,
}

/// A layer's function, for `axum::middleware::from_fn_with_state`. Without an [`Auth`] everybody may call.
pub(crate) async fn check(
    State(auth): State<Option<Arc<Auth>>>,
    mut request: Request,
    next: Next,
) -> Response {
    let header = request.headers_mut().remove(AUTHORIZATION);
    let Some(auth) = auth else {
        return next.run(request).await;
    };
    if is_open(request.uri().path()) {
        return next.run(request).await;
    }
    match identify(&auth, header.as_ref()) {
        Ok(user) => {
            // The span is the one that the access log made: all that is logged of this call names its user.
            Span::current().record("user", user.name());
            request.extensions_mut().insert(user);
            next.run(request).await
        }
        Err(failure) => Status::from(failure).into_http::<Body>(),
    }
}

/// A path is `/package.Service/Method`. Only whole names count: what merely begins like an open service is not one.
fn is_open(path: &str) -> bool {
    let service = path.strip_prefix('/').and_then(|rest| rest.split_once('/'));
    service.is_some_and(|(name, _method)| OPEN_SERVICES.contains(&name))
}

fn identify(auth: &Auth, header: Option<&HeaderValue>) -> Result<User, Failure> {
    let Some(header) = header else {
        return Err(refusal(
            Reason::TokenMissing,
            "this server asks who is calling: send the metadata authorization: Bearer <token>",
        ));
    };
    let refused = |reason: &str| {
        tracing::info!(reason, "token refused");
        refusal(
            Reason::TokenNotAccepted,
            "the token is not accepted: send a fresh one that was issued for this server",
        )
    };
    let token = bearer(header).ok_or_else(|| refused("not a bearer token"))?;
    auth.user(token).map_err(|error| refused(reason(&error)))
}

fn refusal(reason: Reason, message: &str) -> Failure {
    Failure::new(Code::Unauthenticated, reason, message)
}

/// The token of `Bearer <token>`. The scheme's name is the same in upper and lower case.
fn bearer(header: &HeaderValue) -> Option<&str> {
    let (scheme, token) = header.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The reason for the log, in fixed words: the text of the error may quote what could not be read, which is the token.
fn reason(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::InvalidSignature => "wrong signature",
        ErrorKind::ExpiredSignature => "expired",
        ErrorKind::ImmatureSignature => "not valid yet",
        ErrorKind::InvalidIssuer => "another issuer",
        ErrorKind::InvalidAudience => "for another audience",
        ErrorKind::InvalidAlgorithm => "another algorithm",
        ErrorKind::MissingRequiredClaim(_) => "a claim is missing",
        _ => "not a readable token",
    }
}
