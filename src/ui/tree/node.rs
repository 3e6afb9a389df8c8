//! What a line of a threat's tree stands for: small, made of indexes into the tree's own facts, never kept across them.
//!
//! Identities ([`RowId`]) are made from nodes on demand; what outlives a change of facts is held by those.

use crate::ui::row::RowId;

use super::Tree;

/// What a line stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node {
    /// A section.
    Section(Section),
    /// A story kind: index in the snapshot.
    Story(u32),
    /// An instance: story, instance.
    Instance(u32, u32),
    /// A control: index in the snapshot.
    Control(u32),
    /// A check, below a control.
    Check(&'static str),
    /// A namespace: index in the tree.
    Space(u32),
    /// An object with findings: namespace, item.
    Item(u32, u32),
    /// A finding: namespace, row.
    Finding(u32, u32),
    /// What cannot be known: namespace, row.
    Unknown(u32, u32),
    /// A workload: namespace, index.
    Workload(u32, u32),
    /// A service account: namespace, index.
    Account(u32, u32),
    /// A user or group: index in the tree.
    Subject(u32),
    /// A network policy: namespace, index.
    Policy(u32, u32),
    /// A service, ingress or gateway: namespace, index.
    Service(u32, u32),
    /// A repository of images: index in the tree.
    Repository(u32),
    /// A tag of it: index in the tree.
    Tag(u32),
    /// A digest of it: index in the tree.
    Digest(u32),
    /// A workload that runs it: index in the tree.
    Runner(u32),
    /// Something not visible: index in the snapshot.
    Hidden(u32),
    /// A finding that was closed a moment ago: index in the tree's signs.
    Gone(u32),
}

/// A section of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Stories that work.
    Works,
    /// Stories that cannot be ruled out.
    Unsure,
    /// Controls that fail.
    Fails,
    /// The inventory of this view.
    Inventory(&'static str),
    /// Stories that are stopped.
    Stopped,
    /// Controls that hold.
    Holds,
    /// Controls and places that are not visible.
    Hidden,
}

impl Node {
    /// Nothing ever stands below it.
    pub fn is_leaf(self) -> bool {
        matches!(
            self,
            Node::Instance(..)
                | Node::Finding(..)
                | Node::Unknown(..)
                | Node::Hidden(_)
                | Node::Gone(_)
        )
    }
}

impl Section {
    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Section::Works => "Stories that work",
            Section::Unsure => "Stories that cannot be ruled out",
            Section::Fails => "Controls that fail",
            Section::Inventory("namespaces") => "Namespaces",
            Section::Inventory("workloads") => "Workloads",
            Section::Inventory("accounts") => "Subjects",
            Section::Inventory("policies") => "Network policies",
            Section::Inventory("services") => "Services",
            Section::Inventory("images") => "Images",
            Section::Inventory(other) => other,
            Section::Stopped => "Stories that are stopped",
            Section::Holds => "Controls that hold",
            Section::Hidden => "Not visible",
        }
    }

    /// Open unless the person closes it.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Section::Works | Section::Fails | Section::Inventory(_)
        )
    }
}

impl Tree {
    /// The identity of a node.
    pub fn id(&self, node: Node) -> Option<RowId> {
        let snapshot = &self.snapshot;
        let space = |at: u32| self.spaces.get(at as usize);
        Some(match node {
            Node::Section(section) => RowId::Section(section.title()),
            Node::Story(at) => RowId::Story(snapshot.stories.get(at as usize)?.story.id),
            Node::Instance(at, n) => {
                let state = snapshot.stories.get(at as usize)?;
                let instance = state.instances.get(n as usize)?;
                RowId::Instance(state.story.id, instance.actor.clone())
            }
            Node::Control(at) => RowId::Control(snapshot.controls.get(at as usize)?.control.slug),
            Node::Check(id) => RowId::Check(id),
            Node::Space(at) => RowId::Namespace(space(at)?.name().clone()),
            Node::Item(at, item) => RowId::Object(space(at)?.object(item)?.clone()),
            Node::Finding(at, row) => {
                let finding = space(at)?.row(row)?.finding()?;
                RowId::Finding(Box::new(finding.id.clone()))
            }
            Node::Unknown(at, row) => {
                let row = space(at)?.row(row)?;
                RowId::Unknown(row.check, row.object.clone())
            }
            Node::Workload(at, n) => {
                RowId::Object(space(at)?.table.workloads.get(n as usize)?.key.clone())
            }
            Node::Account(at, n) => {
                RowId::Object(space(at)?.table.accounts.get(n as usize)?.key.clone())
            }
            Node::Policy(at, n) => {
                RowId::Object(space(at)?.table.policies.get(n as usize)?.key.clone())
            }
            Node::Service(at, n) => {
                RowId::Object(space(at)?.table.services.get(n as usize)?.key.clone())
            }
            Node::Subject(at) => RowId::Subject(self.subjects.get(at as usize)?.name.clone()),
            Node::Repository(at) => {
                RowId::Repository(self.images.repositories.get(at as usize)?.name.clone())
            }
            Node::Tag(at) => {
                let (name, tag) = self.images.tag_names(at)?;
                RowId::Tag(Box::new((name.clone(), tag.clone())))
            }
            Node::Digest(at) => {
                let (name, tag, digest) = self.images.names(at)?;
                RowId::Digest(Box::new((name.clone(), tag.clone(), digest.clone())))
            }
            Node::Runner(at) => RowId::Object(self.images.runners.get(at as usize)?.key.clone()),
            Node::Hidden(at) => {
                RowId::Hidden(snapshot.not_visible.get(at as usize)?.what.as_str().into())
            }
            Node::Gone(at) => {
                RowId::Finding(Box::new(self.signs.gone().get(at as usize)?.0.clone()))
            }
        })
    }
}
