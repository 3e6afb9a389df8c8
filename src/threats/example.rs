//! Whole manifests on which a check fires or stays silent: documentation, and test cases for every check.

/// One example: YAML documents that a real API server accepts, and the verdict.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// One or more YAML documents, without status. Namespaces that they use exist; their `default` accounts too.
    pub manifests: &'static str,
    /// `status` of these objects, in documents of the same identity; empty when the check reads none.
    pub status: &'static str,
    /// The check fires on at least one object of it; else it is clear on all of them.
    pub fires: bool,
}

impl Example {
    /// An example on which the check fires.
    pub const fn fires(manifests: &'static str) -> Example {
        Example {
            manifests,
            status: "",
            fires: true,
        }
    }

    /// An example on which it stays silent.
    pub const fn silent(manifests: &'static str) -> Example {
        Example {
            manifests,
            status: "",
            fires: false,
        }
    }

    /// The same example with these statuses.
    #[must_use]
    pub const fn with_status(mut self, status: &'static str) -> Example {
        self.status = status;
        self
    }
}
