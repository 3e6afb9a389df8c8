//! Real applications, from the corpora that lie beside the clone: which files make one cluster, and where they go.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use super::loader::{self, Loaded};
use super::{Cluster, Result, document};

/// A set of manifests that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Corpus {
    /// What trials call it.
    pub name: &'static str,
    /// Its folder or file below the corpora.
    path: &'static str,
    /// Where objects go that name no namespace.
    namespace: &'static str,
}

/// The four that make up the cluster of a small company with too little time.
pub const APPLICATIONS: [&str; 4] = [
    "kubernetes-goat",
    "microservices-demo",
    "argo-cd",
    "ingress-nginx",
];

const ALL: [Corpus; 5] = [
    Corpus {
        name: "kubernetes-goat",
        path: "madhuakula-kubernetes-goat/scenarios",
        namespace: "default",
    },
    Corpus {
        name: "microservices-demo",
        path: "GoogleCloudPlatform-microservices-demo/release",
        namespace: "boutique",
    },
    // Its bindings name accounts of the namespace argocd, and nothing else says so.
    Corpus {
        name: "argo-cd",
        path: "argoproj-argo-cd/manifests/install.yaml",
        namespace: "argocd",
    },
    // One provider of three: they share all names.
    Corpus {
        name: "ingress-nginx",
        path: "kubernetes-ingress-nginx/deploy/static/provider/cloud",
        namespace: "default",
    },
    Corpus {
        name: "sock-shop",
        path: "microservices-demo-microservices-demo",
        namespace: "sock-shop",
    },
];

impl Corpus {
    /// Why no corpus can be read here, or nothing.
    pub fn unmet() -> Option<String> {
        let directory = directory();
        (!directory.is_dir()).then(|| "no ../shared/corpora beside this clone".to_owned())
    }

    fn named(name: &str) -> Result<Self> {
        ALL.into_iter()
            .find(|corpus| corpus.name == name)
            .ok_or_else(|| anyhow!("there is no corpus named {name}"))
    }

    /// The manifests of all corpora, sorted.
    pub fn all_files() -> Result<Vec<PathBuf>> {
        files(&directory())
    }
}

impl Cluster {
    /// Loads one of them, in the order that a server needs, and says what it could not load.
    pub fn apply_corpus(&self, name: &str) -> Result<Loaded> {
        let corpus = Corpus::named(name)?;
        let mut objects = Vec::new();
        for file in files(&directory().join(corpus.path))? {
            let text = fs::read_to_string(&file)?;
            objects.extend(document::parse(&text).with_context(|| file.display().to_string())?);
        }
        loader::load(self, objects, corpus.namespace).with_context(|| format!("loading {name}"))
    }
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora")
}

fn files(path: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(path, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path
        .extension()
        .is_some_and(|extension| extension == "yaml" || extension == "yml")
    {
        files.push(path.to_owned());
    } else if !path.exists() {
        return Err(anyhow!("{} is not there", path.display()));
    }
    Ok(())
}
