//! A webhook on loopback that the API server calls: it keeps what it is sent, and answers with a patch.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context as _, ensure};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

use super::Result;
use super::authority::Authority;

/// A JSON patch for an object that is reviewed; null for none.
pub type Answer = fn(&Value) -> Value;

/// A webhook that runs until the test program ends.
pub struct Hook {
    url: String,
    bundle: String,
    seen: Mutex<Receiver<Value>>,
}

impl Hook {
    /// Starts one.
    pub fn start(answer: Answer) -> Result<Self> {
        let authority = Authority::new("hook")?;
        let pair = authority.for_loopback()?;
        let chain = vec![CertificateDer::from_pem_slice(pair.text.as_bytes())?];
        let key = PrivateKeyDer::from_pem_slice(pair.key.as_bytes())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("https://{}/", listener.local_addr()?);
        let (send, seen) = channel();
        let config = Arc::new(config);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (config, send) = (Arc::clone(&config), send.clone());
                // A call that breaks off is the API server's to report.
                thread::spawn(move || drop(serve(config, stream, answer, &send)));
            }
        });
        Ok(Self {
            url,
            bundle: authority.pair.text,
            seen: Mutex::new(seen),
        })
    }

    /// What a configuration says of it: `clientConfig`.
    pub fn client_config(&self) -> Value {
        json!({"url": self.url, "caBundle": super::secrets::base64(self.bundle.as_bytes())})
    }

    /// The objects that it was sent since it was last asked.
    pub fn seen(&self) -> Vec<Value> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.try_iter().collect()
    }
}

/// Answers the requests of one connection, one after the other.
fn serve(
    config: Arc<ServerConfig>,
    stream: TcpStream,
    answer: Answer,
    send: &Sender<Value>,
) -> Result {
    let stream = StreamOwned::new(ServerConnection::new(config)?, stream);
    let mut stream = BufReader::new(stream);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            ensure!(stream.read_line(&mut line)? > 0, "closed");
            let line = line.trim().to_ascii_lowercase();
            if let Some(text) = line.strip_prefix("content-length:") {
                length = text.trim().parse()?;
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        let review: Value = serde_json::from_slice(&body)?;
        let request = review.get("request").context("a request")?;
        let patch = answer(&request["object"]);
        let mut response = json!({"uid": request["uid"], "allowed": true});
        if !patch.is_null() {
            response["patchType"] = "JSONPatch".into();
            response["patch"] = super::secrets::base64(patch.to_string().as_bytes()).into();
        }
        let _ = send.send(request["object"].clone());
        let answer = json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response});
        let answer = answer.to_string();
        let stream = stream.get_mut();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{answer}",
            answer.len()
        )?;
        stream.flush()?;
    }
}
