//! Does a value look like a credential? By its own form first, then by the name it stands under.
//!
//! The answer is a word; the value itself goes no further. A miss is better than noise for weak signs (a name that only
//! contains `token`), never for strong ones (a private key). Decoding classifies by it before it drops a value; what is
//! shown of a live manifest is redacted by it.

/// Kind of credential in an environment variable, or `None`.
pub fn in_variable(name: &str, value: &str) -> Option<&'static str> {
    by_form(value).or_else(|| by_name(name, value))
}

/// Kind of credential in a command line, or `None`.
pub fn in_arguments(words: &[&str]) -> Option<&'static str> {
    let alone = words
        .iter()
        .find_map(|word| by_form(word).or_else(|| by_flag(word)));
    let pairs = words.windows(2).find_map(|pair| match pair {
        [flag, value]
            if flag.starts_with('-') && !flag.contains('=') && !value.starts_with('-') =>
        {
            by_name(flag, value)
        }
        _ => None,
    });
    alone.or(pairs)
}

/// `--db-password=x`, also inside a shell line.
fn by_flag(word: &str) -> Option<&'static str> {
    word.split_whitespace().find_map(|part| {
        let (flag, value) = part.split_once('=')?;
        by_name(flag, value.trim_matches(['"', '\'']))
    })
}

/// A value that is a credential wherever it stands.
fn by_form(value: &str) -> Option<&'static str> {
    // The shortest form is an access key of 20 characters; a URL is told by its colon.
    if value.len() < 20 {
        return (value.contains(':') && url_password(value)).then_some("url-password");
    }
    if value.contains("-----BEGIN ") && value.contains("PRIVATE KEY-----") {
        return Some("private-key");
    }
    if value.contains("\"private_key\"") && value.contains("\"client_email\"") {
        return Some("google-service-account");
    }
    if url_password(value) {
        return Some("url-password");
    }
    let mut words = value.split(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c)));
    words.find_map(word_form)
}

/// (prefix, shortest length with it, kind): the published forms of providers' own keys.
const PREFIXES: [(&str, usize, &str); 16] = [
    ("ghp_", 40, "github-token"),
    ("gho_", 40, "github-token"),
    ("ghu_", 40, "github-token"),
    ("ghs_", 40, "github-token"),
    ("ghr_", 40, "github-token"),
    ("github_pat_", 40, "github-token"),
    ("glpat-", 26, "gitlab-token"),
    ("xoxb-", 24, "slack-token"),
    ("xoxp-", 24, "slack-token"),
    ("xoxa-", 24, "slack-token"),
    ("AIza", 39, "google-api-key"),
    ("sk_live_", 24, "stripe-key"),
    ("rk_live_", 24, "stripe-key"),
    ("npm_", 40, "npm-token"),
    ("SG.", 60, "sendgrid-key"),
    ("dop_v1_", 60, "digitalocean-token"),
];

fn word_form(word: &str) -> Option<&'static str> {
    let known = PREFIXES
        .iter()
        .find(|(prefix, length, _)| word.len() >= *length && word.starts_with(prefix));
    if let Some((_, _, kind)) = known {
        return Some(kind);
    }
    // IAM unique identifiers: AKIA long-term, ASIA temporary access keys.
    let aws = word.len() == 20
        && (word.starts_with("AKIA") || word.starts_with("ASIA"))
        && word
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if aws {
        return Some("aws-access-key");
    }
    is_jwt(word).then_some("jwt")
}

/// Header and payload of a JWT are base64url of `{"`, which is `eyJ`.
fn is_jwt(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    matches!(parts.as_slice(), [head, body, sign] if head.len() > 10 && head.starts_with("eyJ") && body.starts_with("eyJ") && sign.len() > 10)
}

/// `scheme://user:password@host` with a literal password.
fn url_password(value: &str) -> bool {
    value.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', '?', '#', ' ']).next().unwrap_or_default();
        let login = authority
            .rsplit_once('@')
            .and_then(|(login, _)| login.split_once(':'));
        login.is_some_and(|(_, password)| is_literal(password))
    })
}

/// Last words of names whose value is a credential, and whether any literal counts or only a random-looking one.
const NAMES: [(&[&str], &str, bool); 12] = [
    (&["PASSWORD"], "password", true),
    (&["PASSWD"], "password", true),
    (&["PASSPHRASE"], "password", true),
    (&["PASS"], "password", false),
    (&["PWD"], "password", false),
    (&["SECRET"], "secret", false),
    (&["TOKEN"], "token", false),
    (&["API", "KEY"], "api-key", false),
    (&["APIKEY"], "api-key", false),
    (&["SECRET", "KEY"], "secret-key", false),
    (&["ACCESS", "KEY"], "access-key", false),
    (&["PRIVATE", "KEY"], "private-key", false),
];

fn by_name(name: &str, value: &str) -> Option<&'static str> {
    if !may_name_one(name) || !is_literal(value) {
        return None;
    }
    let words = words(name);
    let (_, kind, _) = NAMES.iter().find(|(last, _, any)| {
        words.len() >= last.len()
            && words
                .iter()
                .rev()
                .zip(last.iter().rev())
                .all(|(a, b)| a == b)
            && (*any || is_random(value))
    })?;
    Some(kind)
}

/// Most names end in none of these words, which is seen without taking them apart: a large cluster has a million.
fn may_name_one(name: &str) -> bool {
    const ENDS: [&str; 8] = [
        "password",
        "passwd",
        "passphrase",
        "pass",
        "pwd",
        "secret",
        "token",
        "key",
    ];
    let name = name.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    ENDS.iter().any(|end| {
        let tail = name
            .len()
            .checked_sub(end.len())
            .and_then(|at| name.get(at..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    })
}

/// `db-rootPassword1` in words of capitals: DB, ROOT, PASSWORD.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut fresh = true;
    let mut lower = false;
    for c in name.chars() {
        if !c.is_ascii_alphabetic() {
            fresh = true;
            continue;
        }
        if fresh || (lower && c.is_ascii_uppercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c.to_ascii_uppercase());
        }
        fresh = false;
        lower = c.is_ascii_lowercase();
    }
    words
}

/// Not a reference to something else: `$(VAR)`, `${VAR}`, a template, a path, a switch, nothing.
fn is_literal(value: &str) -> bool {
    let value = value.trim();
    let reference = value.starts_with('$')
        || value.starts_with('/')
        || value.contains("{{")
        || value.starts_with("vault:");
    let switch = matches!(
        value.to_ascii_lowercase().as_str(),
        "" | "true" | "false" | "yes" | "no" | "none" | "null" | "disabled" | "enabled"
    );
    !(reference || switch)
}

/// Long, without blanks, of mixed characters: not a word, a name of an object, a number or a URL.
fn is_random(value: &str) -> bool {
    let value = value.trim();
    if value.len() < 12 || value.contains(char::is_whitespace) || value.contains("://") {
        return false;
    }
    let count = |f: fn(&u8) -> bool| value.bytes().filter(f).count();
    let digits = count(u8::is_ascii_digit);
    let (lower, upper) = (count(u8::is_ascii_lowercase), count(u8::is_ascii_uppercase));
    let hex = value.bytes().all(|b| b.is_ascii_hexdigit()) && digits > 0 && lower + upper > 0;
    hex || (digits > 0 && lower > 0 && upper > 0)
        || (digits > 2 && lower + upper > 2 && entropy(value) > 3.2)
}

/// Bits for each character (Shannon).
fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let total = value.len() as f64;
    counts
        .iter()
        .filter(|n| **n > 0)
        .map(|n| f64::from(*n) / total)
        .map(|p| -p * p.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_found_wherever_they_stand() {
        let key = "AKIA".to_owned() + "IOSFODNN7EXAMPLE";
        let github = "ghp_".to_owned() + &"a1".repeat(18);
        let jwt = format!(
            "{}.{}.{}",
            "eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxIn0", "c2lnbmF0dXJlLW9m"
        );
        let pem = "-----BEGIN RSA PRIVATE ".to_owned() + "KEY-----\nMIIE";
        for (value, kind) in [
            (key.as_str(), Some("aws-access-key")),
            (github.as_str(), Some("github-token")),
            (jwt.as_str(), Some("jwt")),
            (pem.as_str(), Some("private-key")),
            ("postgres://shop:s3cr3t@db:5432/shop", Some("url-password")),
            ("postgres://shop:$(DB_PASSWORD)@db/shop", None),
            ("postgres://shop@db/shop", None),
            ("https://example.com/a:b@c", None),
            ("AKIAlower", None),
            ("eyJ.eyJ.x", None),
            ("info", None),
        ] {
            assert_eq!(in_variable("ANY", value), kind, "{value}");
        }
        assert_eq!(in_variable("HEADER", &format!("Bearer {jwt}")), Some("jwt"));
    }

    #[test]
    fn names_decide_for_values_without_a_form() {
        for (name, value, kind) in [
            ("MYSQL_ROOT_PASSWORD", "changeme", Some("password")),
            ("dbPassword", "x", Some("password")),
            ("DB_PASSWORD_FILE", "/run/secrets/db", None),
            ("DB_PASSWORD", "/run/secrets/db", None),
            ("DB_PASSWORD", "$(FROM_SECRET)", None),
            ("ALLOW_EMPTY_PASSWORD", "yes", None),
            ("TOKEN_TTL", "3600", None),
            ("TLS_SECRET", "shop-tls", None),
            ("WEBHOOK_SECRET", "4f8a1c0d9e7b6a53", Some("secret")),
            ("API_TOKEN", "Zm9vYmFyMTIzQUJD", Some("token")),
            ("STRIPE_API_KEY", "kj3h4KJH34kjh34K", Some("api-key")),
            ("API_KEY", "app", None),
            ("KEY", "kj3h4KJH34kjh34K", None),
            (
                "AWS_SECRET_ACCESS_KEY",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                Some("access-key"),
            ),
        ] {
            assert_eq!(in_variable(name, value), kind, "{name}={value}");
        }
    }

    #[test]
    fn arguments_by_flag() {
        assert_eq!(in_arguments(&["--db-password=hunter2"]), Some("password"));
        assert_eq!(
            in_arguments(&["/app", "--password", "hunter2"]),
            Some("password")
        );
        assert_eq!(
            in_arguments(&["sh", "-c", "run --admin-password='x y' --v=2"]),
            Some("password")
        );
        assert_eq!(in_arguments(&["--password", "--verbose"]), None);
        assert_eq!(
            in_arguments(&["--password=$(PASS)", "--token-ttl=1h"]),
            None
        );
        assert_eq!(in_arguments(&[]), None);
    }
}
