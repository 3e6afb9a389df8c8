//! The old `auth-provider` logins. None of them is run: `oidc` would rotate the person's refresh token behind kubectl's
//! back, and the cloud ones are gone from kubectl. An id-token that still holds is used as it is.

use jiff::Timestamp;
use kube::config::AuthInfo;
use serde::Deserialize;

use super::base64;
use super::config_error::ConfigError;
use crate::clock;

/// Takes the provider out and puts what it holds in its place.
pub(super) fn replace(user: &mut AuthInfo, name: &str) -> Result<(), ConfigError> {
    let Some(provider) = user.auth_provider.take() else {
        return Ok(());
    };
    let refuse = |why: String| {
        Err(ConfigError::Login {
            user: name.to_owned(),
            why,
        })
    };
    if provider.name != "oidc" {
        let why = format!(
            "the auth-provider {:?} is gone from kubectl too; use the cloud's credential plugin (exec)",
            provider.name
        );
        return refuse(why);
    }
    let Some(token) = provider
        .config
        .get("id-token")
        .filter(|token| !token.is_empty())
    else {
        return refuse("it has no id-token yet; run `kubectl get ns` once to log in".to_owned());
    };
    if let Some(end) = expiry(token).filter(|end| *end <= clock::now()) {
        return refuse(format!(
            "its id-token ended at {end}; run `kubectl get ns` once to renew it"
        ));
    }
    user.token = Some(token.clone().into());
    Ok(())
}

/// `exp` of a JSON web token, unverified: only to say beforehand what the server would say.
fn expiry(token: &str) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Claims {
        exp: i64,
    }
    let claims = base64::decode_url(token.split('.').nth(1)?)?;
    let claims: Claims = serde_json::from_slice(&claims).ok()?;
    Timestamp::from_second(claims.exp).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use kube::config::AuthProviderConfig;
    use secrecy::ExposeSecret;

    use super::*;

    fn user(name: &str, token: Option<&str>) -> AuthInfo {
        let config = token
            .map(|token| ("id-token".to_owned(), token.to_owned()))
            .into_iter()
            .collect();
        let provider = AuthProviderConfig {
            name: name.to_owned(),
            config,
            ..AuthProviderConfig::default()
        };
        AuthInfo {
            auth_provider: Some(provider),
            ..AuthInfo::default()
        }
    }

    // {"exp":1} and {"exp":32503680000} in base64url.
    const ENDED: &str = "h.eyJleHAiOjF9.s";
    const VALID: &str = "h.eyJleHAiOjMyNTAzNjgwMDAwfQ.s";

    #[test]
    fn an_id_token_that_holds_is_used_and_one_that_ended_says_what_to_run() {
        let mut valid = user("oidc", Some(VALID));
        replace(&mut valid, "jo").unwrap();
        assert_eq!(valid.token.unwrap().expose_secret(), VALID);
        assert!(valid.auth_provider.is_none());
        let said = replace(&mut user("oidc", Some(ENDED)), "jo")
            .unwrap_err()
            .to_string();
        assert!(
            said.contains("1970-01-01T00:00:01Z") && said.contains("kubectl get ns"),
            "{said}"
        );
        assert!(replace(&mut user("oidc", None), "jo").is_err());
        assert!(
            replace(&mut user("gcp", None), "jo")
                .unwrap_err()
                .to_string()
                .contains("gcp")
        );
        assert!(replace(&mut AuthInfo::default(), "jo").is_ok());
    }
}
