//! TLS: who the server is, and on demand who the client is. All files are PEM,
//! and they are read once, at the start.

use std::io;
use std::path::Path;

use tonic::transport::{Certificate, ClientTlsConfig, Identity, ServerTlsConfig};

// ANCHOR: server
/// The server's side. `folder` has `server.pem` and `server.key`. With a `ca`,
/// only a client whose certificate is signed by that authority is let in.
pub fn server(folder: &Path, ca: Option<&Path>) -> io::Result<ServerTlsConfig> {
    let mut tls = ServerTlsConfig::new().identity(identity(folder, "server")?);
    if let Some(ca) = ca {
        tls = tls.client_ca_root(certificate(ca)?);
    }
    Ok(tls)
}
// ANCHOR_END: server

// ANCHOR: client
/// The client's side. `folder` has `ca.pem`, the authority that signs servers.
/// With a `name`, the client shows the certificate of that name, which is in
/// the folder too.
pub fn client(folder: &Path, name: Option<&str>) -> io::Result<ClientTlsConfig> {
    let ca = certificate(&folder.join("ca.pem"))?;
    let mut tls = ClientTlsConfig::new().ca_certificate(ca);
    if let Some(name) = name {
        tls = tls.identity(identity(folder, name)?);
    }
    Ok(tls)
}
// ANCHOR_END: client

/// A certificate and its secret key.
fn identity(folder: &Path, name: &str) -> io::Result<Identity> {
    let certificate = crate::read(&folder.join(format!("{name}.pem")))?;
    let key = crate::read(&folder.join(format!("{name}.key")))?;
    Ok(Identity::from_pem(certificate, key))
}

fn certificate(path: &Path) -> io::Result<Certificate> {
    crate::read(path).map(Certificate::from_pem)
}
