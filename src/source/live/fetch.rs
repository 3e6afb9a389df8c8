//! One full object, when a person opens it. Secrets are never asked for.

use http::Request;
use kube::core::Request as Build;
use kube::core::params::ListParams;
use serde_json::Value;

use super::api::Api;
use super::failure::Failure;
use super::target::Target;
use crate::model::{ObjectKey, ObjectKind};
use crate::source::FetchError;

/// Reads an object as the server holds it.
pub(super) async fn fetch(api: &Api, key: &ObjectKey) -> Result<Value, FetchError> {
    let (group, version) = match &key.kind {
        ObjectKind::Known(kind) => (kind.info().group.to_owned(), kind.info().version.to_owned()),
        ObjectKind::Custom(custom) if custom.group.is_empty() && &*custom.name == "Secret" => {
            return Err(FetchError::Secret);
        }
        // The plural of a kind that is not watched is not known.
        ObjectKind::Custom(_) => return Err(FetchError::NotKept),
    };
    let Some(kind) = key.known() else {
        return Err(FetchError::NotKept);
    };
    let target = Target {
        kind,
        namespace: key.namespace.clone(),
        version,
    };
    tracing::debug!(kind = kind.info().plural, %group, "fetch");
    let value = if is_plain(&key.name) {
        one(api, &target, &key.name).await
    } else {
        by_selector(api, &target, &key.name).await
    };
    value.map_err(|failure| match failure {
        Failure::NotServed => FetchError::Gone,
        failure => FetchError::Failed(failure.to_string()),
    })
}

async fn one(api: &Api, target: &Target, name: &str) -> Result<Value, Failure> {
    api.get(&format!("{}/{name}", target.path()), None).await
}

/// RBAC's names may hold blanks and letters of any script; in a query they are escaped, in our paths they are not.
async fn by_selector(api: &Api, target: &Target, name: &str) -> Result<Value, Failure> {
    let params = ListParams::default().fields(&format!("metadata.name={name}"));
    let request: Request<Vec<u8>> = Build::new(target.path())
        .list(&params)
        .map_err(|e| Failure::Refused(e.to_string()))?;
    let text = api.text(request).await?;
    let list: Value =
        serde_json::from_str(&text).map_err(|e| Failure::Unreachable(e.to_string()))?;
    let mut item = list
        .get("items")
        .and_then(|items| items.get(0))
        .cloned()
        .ok_or(Failure::NotServed)?;
    if let Some(map) = item.as_object_mut() {
        // Items of a list carry neither; a person reads them first.
        map.shift_insert(0, "apiVersion".to_owned(), target.kind.api_version().into());
        map.shift_insert(1, "kind".to_owned(), target.kind.info().name.into());
    }
    Ok(item)
}

fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name != "."
        && name != ".."
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._:".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn names_that_would_need_escapes_go_into_a_query() {
        for (name, plain) in [
            ("cart-1", true),
            ("system:node", true),
            ("a b", false),
            ("..", false),
            ("\u{e9}", false),
            ("a/b", false),
            ("", false),
        ] {
            assert_eq!(is_plain(name), plain, "{name}");
        }
    }
}
