//! Certificates: the authority that the API server trusts for clients and the controllers sign with, and those that a trial
//! needs of its own.

use anyhow::Context as _;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};

use super::Result;

/// A key with what it is for: a certificate, or a request for one. Both are PEM.
pub struct Pair {
    /// The certificate, or the request.
    pub text: String,
    /// The private key.
    pub key: String,
}

/// Something that signs.
pub struct Authority {
    /// Its certificate and key.
    pub pair: Pair,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// A new one.
    pub fn new(name: &str) -> Result<Self> {
        let mut params = named(name, &[])?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate()?;
        let text = params.self_signed(&key)?.pem();
        let pair = Pair {
            text,
            key: key.serialize_pem(),
        };
        Ok(Self {
            pair,
            issuer: Issuer::new(params, key),
        })
    }

    /// A certificate for a server on loopback.
    pub fn for_loopback(&self) -> Result<Pair> {
        let key = KeyPair::generate()?;
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()])?;
        Ok(Pair {
            text: params.signed_by(&key, &self.issuer)?.pem(),
            key: key.serialize_pem(),
        })
    }
}

/// A request for a certificate of this user name and these groups.
pub fn request(name: &str, groups: &[&str]) -> Result<Pair> {
    let key = KeyPair::generate()?;
    let request = named(name, groups)?.serialize_request(&key)?;
    Ok(Pair {
        text: request.pem().context("the request as PEM")?,
        key: key.serialize_pem(),
    })
}

fn named(name: &str, groups: &[&str]) -> Result<CertificateParams> {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    for group in groups {
        params
            .distinguished_name
            .push(DnType::OrganizationName, *group);
    }
    Ok(params)
}
