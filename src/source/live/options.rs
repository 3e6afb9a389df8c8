//! What a person can say about the connection: kubectl's own flags with kubectl's own meanings, and how to ask back.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::plugin::TerminalRun;

/// kubectl's connection flags, and what only the explorer has.
#[derive(Clone, Default)]
pub struct Options {
    /// `--kubeconfig`: this file alone, instead of `$KUBECONFIG` and `~/.kube/config`.
    pub kubeconfig: Option<PathBuf>,
    /// `--context`.
    pub context: Option<String>,
    /// `--cluster`.
    pub cluster: Option<String>,
    /// `--user`.
    pub user: Option<String>,
    /// `-n`: where to look when the login may not look at the whole cluster.
    pub namespaces: Vec<String>,
    /// `--as`.
    pub impersonate: Option<String>,
    /// `--as-group`, repeated.
    pub impersonate_groups: Vec<String>,
    /// `--as-uid`.
    pub impersonate_uid: Option<String>,
    /// `--server`.
    pub server: Option<String>,
    /// `--token`.
    pub token: Option<String>,
    /// `--request-timeout`; `None` or zero is kubectl's default: no limit but the one on silence.
    pub request_timeout: Option<Duration>,
    /// `--insecure-skip-tls-verify`.
    pub insecure_skip_tls_verify: bool,
    /// `--certificate-authority`.
    pub certificate_authority: Option<PathBuf>,
    /// `--client-certificate`.
    pub client_certificate: Option<PathBuf>,
    /// `--client-key`.
    pub client_key: Option<PathBuf>,
    /// `--tls-server-name`.
    pub tls_server_name: Option<String>,
    /// The person asked for reviews of other subjects: SubjectAccessReview may leave.
    pub subject_access_reviews: bool,
    /// Wait in [`super::start`] until the server has answered once, and fail if it does not.
    pub wait: bool,
    /// How to ask the person. Without it a plugin that must ask fails with a sentence.
    pub ask: Option<Ask>,
}

/// Asks the person and waits for the answer. Called from a thread of the source, never from the caller's.
pub type Ask = Arc<dyn Fn(Asking) -> bool + Send + Sync>;

/// A question to the person.
#[derive(Clone, Debug)]
pub enum Asking {
    /// A kubeconfig given by `--kubeconfig` wants to run this program. True lets it.
    Approve(String),
    /// A credential plugin needs the terminal. Leave the screen, call [`TerminalRun::run`], come back, answer true.
    Terminal(TerminalRun),
}

/// Never prints the token.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("kubeconfig", &self.kubeconfig)
            .field("context", &self.context)
            .field("server", &self.server)
            .field("namespaces", &self.namespaces)
            .field("impersonate", &self.impersonate)
            .field("token", &self.token.as_ref().map(|_| "(hidden)"))
            .finish_non_exhaustive()
    }
}

/// A duration as kubectl's flags take it: `30s`, `1m30s`, `500ms`, or whole seconds; `0` is no limit.
pub fn parse_duration(text: &str) -> Option<Duration> {
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let mut rest = text;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let (number, tail) = rest.split_at(digits);
        let unit = tail
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit);
        let seconds = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        total = total.checked_add(
            Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()?,
        )?;
        rest = tail;
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_kubectl_takes_them() {
        for (text, seconds) in [
            ("0", Some(0.0)),
            ("30", Some(30.0)),
            ("30s", Some(30.0)),
            ("1m30s", Some(90.0)),
            ("1.5h", Some(5400.0)),
            ("500ms", Some(0.5)),
            ("", None),
            ("5x", None),
            ("-1s", None),
            ("s", None),
        ] {
            assert_eq!(
                parse_duration(text).map(|d| d.as_secs_f64()),
                seconds,
                "{text}"
            );
        }
    }

    #[test]
    fn the_token_is_never_printed() {
        let options = Options {
            token: Some("s3cr3t".into()),
            ..Options::default()
        };
        assert!(!format!("{options:?}").contains("s3cr3t"));
    }
}
