//! Why a request failed, sorted by what to do about it. Messages are sentences, cleaned: they come from servers and
//! proxies and reach the screen.

use std::error::Error;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::gate::Refused;
use crate::model::text::clean;

/// A failed request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The API server says that the login may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// The server does not know the path.
    #[error("the server does not serve it")]
    NotServed,
    /// A resource version or a page token that the server no longer has.
    #[error("the server no longer has that version")]
    Expired,
    /// The server asks to wait.
    #[error("the server asks to wait")]
    Busy(Option<Duration>),
    /// The server does not know who we are.
    #[error("the server does not accept the login: {0}")]
    Unauthorized(String),
    /// The server does not understand the request.
    #[error("the server does not take the request: {0}")]
    Invalid(String),
    /// No answer, half an answer, or one that does not come from an API server.
    #[error("{0}")]
    Unreachable(String),
    /// The gate: a fault of our own.
    #[error("{0}")]
    Refused(String),
}

/// `metav1.Status`, as far as it is read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Status {
    kind: Option<String>,
    message: Option<String>,
    reason: Option<String>,
    pub(super) code: Option<u16>,
    details: Option<Details>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Details {
    retry_after_seconds: Option<u64>,
}

impl Failure {
    /// From an answer that is not a success.
    pub(super) fn of_answer(code: StatusCode, headers: &HeaderMap, body: &str) -> Failure {
        let status = serde_json::from_str::<Status>(body)
            .ok()
            .filter(|s| s.kind.as_deref() == Some("Status"));
        let from_api = status.is_some();
        let mut status = status.unwrap_or_default();
        if status.message.is_none() {
            status.message = Some(first_line(body));
        }
        let wait = headers
            .get(http::header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        let wait = wait
            .or_else(|| status.details.as_ref()?.retry_after_seconds)
            .map(Duration::from_secs);
        match code.as_u16() {
            // The API server's own answer to an unknown path is plain text; a page is something in between.
            404 | 405 if !from_api && looks_like_a_page(headers, body) => {
                not_the_api(code, &status)
            }
            403 if !from_api => not_the_api(code, &status),
            code => Failure::of_code(code, &status, wait),
        }
    }

    /// From a Status inside a watch.
    pub(super) fn of_status(status: &Status) -> Failure {
        let wait = status
            .details
            .as_ref()
            .and_then(|d| d.retry_after_seconds)
            .map(Duration::from_secs);
        Failure::of_code(status.code.unwrap_or(500), status, wait)
    }

    fn of_code(code: u16, status: &Status, wait: Option<Duration>) -> Failure {
        let said = said(status);
        match code {
            401 => Failure::Unauthorized(said),
            403 => Failure::Forbidden(said),
            404 | 405 => Failure::NotServed,
            410 => Failure::Expired,
            429 => Failure::Busy(wait),
            400 | 406 | 415 | 422 => Failure::Invalid(said),
            // "Too large resource version": a server that came back behind the one we read from.
            504 if status.reason.as_deref() == Some("Timeout") => {
                Failure::Busy(wait.or(Some(Duration::from_secs(1))))
            }
            500..=599 => Failure::Unreachable(format!("the server answers {code}: {said}")),
            300..=399 => Failure::Unreachable(format!(
                "something between sends us elsewhere ({code}): a login page?"
            )),
            _ => Failure::Unreachable(format!("an unexpected answer ({code}): {said}")),
        }
    }

    /// From an error below HTTP.
    pub(super) fn of_error(error: &kube::Error) -> Failure {
        let mut next: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(cause) = next {
            if let Some(refused) = cause.downcast_ref::<Refused>() {
                return Failure::Refused(refused.to_string());
            }
            if let Some(plugin) = cause.downcast_ref::<super::plugin::PluginError>() {
                return Failure::Unauthorized(plugin.to_string());
            }
            next = cause.source();
        }
        Failure::Unreachable(root_first(error))
    }

    /// Nothing reached the server, or nothing came back.
    pub(super) fn is_connection(&self) -> bool {
        matches!(self, Failure::Unreachable(_))
    }
}

fn not_the_api(code: StatusCode, status: &Status) -> Failure {
    Failure::Unreachable(format!(
        "something that is not the API server answers {}: {}",
        code.as_u16(),
        said(status)
    ))
}

fn looks_like_a_page(headers: &HeaderMap, body: &str) -> bool {
    let typed = headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|t| t.to_str().ok());
    typed.is_some_and(|t| t.contains("html")) || body.trim_start().starts_with('<')
}

fn said(status: &Status) -> String {
    let message = status
        .message
        .as_deref()
        .or(status.reason.as_deref())
        .unwrap_or_default();
    let short: String = message.chars().take(300).collect();
    clean(short.trim()).into_owned()
}

/// The line that says most: of a list of health checks the first that failed.
fn first_line(body: &str) -> String {
    let lines = || body.lines().map(str::trim);
    let failed = lines().find(|line| line.starts_with("[-]"));
    failed
        .or_else(|| lines().find(|line| !line.is_empty()))
        .unwrap_or("an empty answer")
        .chars()
        .take(120)
        .collect()
}

/// Every level of an error once, the innermost first: a header has no room for more, and the outermost
/// ("client error (Connect)") says nothing.
fn root_first(error: &(dyn Error + 'static)) -> String {
    let mut levels = levels(error);
    let root = levels.pop().unwrap_or_default();
    if levels.is_empty() {
        return short(&root);
    }
    short(&format!("{root} ({})", levels.join(": ")))
}

fn levels(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        let text = cause.to_string();
        match parts.last_mut() {
            Some(last) if last.ends_with(&text) => {}
            Some(last) if text.starts_with(last.as_str()) => *last = text,
            _ => parts.push(text),
        }
        next = cause.source();
    }
    let plain = |part: String| part.trim_start_matches("ServiceError: ").to_owned();
    parts.into_iter().map(plain).collect()
}

fn short(text: &str) -> String {
    let text: String = text.chars().take(400).collect();
    clean(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(code: u16, body: &str) -> Failure {
        Failure::of_answer(
            StatusCode::from_u16(code).unwrap_or_default(),
            &HeaderMap::new(),
            body,
        )
    }

    fn status(code: u16, reason: &str, message: &str) -> String {
        format!(
            r#"{{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{message}","reason":"{reason}","code":{code}}}"#
        )
    }

    #[test]
    fn the_servers_own_words_decide() {
        assert_eq!(
            answer(403, &status(403, "Forbidden", "no pods for you")),
            Failure::Forbidden("no pods for you".into())
        );
        assert_eq!(answer(404, "404 page not found\n"), Failure::NotServed);
        assert_eq!(
            answer(410, &status(410, "Expired", "old")),
            Failure::Expired
        );
        assert!(matches!(
            answer(401, &status(401, "Unauthorized", "Unauthorized")),
            Failure::Unauthorized(_)
        ));
        assert!(matches!(
            answer(422, &status(422, "Invalid", "no")),
            Failure::Invalid(_)
        ));
        assert!(matches!(
            answer(504, &status(504, "Timeout", "Too large resource version")),
            Failure::Busy(Some(_))
        ));
        assert!(
            matches!(answer(503, "upstream down"), Failure::Unreachable(why) if why.contains("503") && why.contains("upstream down"))
        );
    }

    #[test]
    fn the_innermost_cause_is_said_first() {
        #[derive(Debug, thiserror::Error)]
        #[error("client error (Connect)")]
        struct Outer(#[source] std::io::Error);
        let refused = std::io::Error::from_raw_os_error(111);
        let root = refused.to_string();
        let says = root_first(&Outer(refused));
        assert_eq!(says, format!("{root} (client error (Connect))"));
    }

    #[test]
    fn a_proxys_page_is_no_verdict_of_the_api_server() {
        for code in [403, 404] {
            let said = answer(code, "<html><body>Sign in</body></html>");
            assert!(
                matches!(&said, Failure::Unreachable(why) if why.contains("not the API server")),
                "{said:?}"
            );
        }
        assert!(matches!(answer(302, ""), Failure::Unreachable(_)));
    }

    #[test]
    fn how_long_to_wait_is_read_from_either_place() {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", http::HeaderValue::from_static("7"));
        assert_eq!(
            Failure::of_answer(StatusCode::TOO_MANY_REQUESTS, &headers, ""),
            Failure::Busy(Some(Duration::from_secs(7)))
        );
        let body = r#"{"kind":"Status","code":429,"details":{"retryAfterSeconds":3}}"#;
        assert_eq!(
            answer(429, body),
            Failure::Busy(Some(Duration::from_secs(3)))
        );
        assert_eq!(answer(429, ""), Failure::Busy(None));
    }

    #[test]
    fn messages_are_cleaned_and_short() {
        let hostile = status(
            403,
            "Forbidden",
            &format!("\\u001b[31m{}", "x".repeat(1000)),
        );
        let Failure::Forbidden(said) = answer(403, &hostile) else {
            return assert!(hostile.is_empty());
        };
        assert!(said.len() < 400 && !said.contains('\u{1b}'));
    }
}
