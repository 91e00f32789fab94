//! Certificates for a trial on one's own machine: an authority, a server and a client that it has signed.

use std::fs;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Writes `ca.pem`, and `server` and `client`, each as `.pem` and `.key`, into the folder. The authority's key is kept
/// nowhere, so that nobody can sign with it later.
pub(crate) fn write(folder: &Path) -> Result<(), Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new([])?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(DnType::CommonName, "authority of a trial");
    fs::write(folder.join("ca.pem"), params.self_signed(&key)?.pem())?;
    let authority = Issuer::new(params, key);

    // A client looks for the name that it has called in the server's certificate.
    for (name, called) in [
        ("server", vec!["localhost", "127.0.0.1"]),
        ("client", vec!["reader"]),
    ] {
        let called: Vec<_> = called.into_iter().map(str::to_owned).collect();
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(called)?.signed_by(&key, &authority)?;
        fs::write(folder.join(format!("{name}.pem")), certificate.pem())?;
        fs::write(folder.join(format!("{name}.key")), key.serialize_pem())?;
    }
    Ok(())
}
