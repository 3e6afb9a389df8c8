//! Pods connect to whatever they like
//!
//! ## What
//! Namespaces in which a pod is isolated by no NetworkPolicy for egress. `egress: []` without `policyTypes` isolates
//! nothing; an egress rule, or the type written out, does. A namespace whose every pod is isolated is clear, and so is one
//! without pods. Pods with the network of their node are left out; policies of other kinds that are installed and not read
//! make it not visible.
//!
//! ## Why
//! A container that was taken over calls out: it loads its tools, sends out what it found, asks the metadata service of
//! the cloud for the node's credentials, and scans every other pod, node and the API server.
//!
//! ## Fix
//! Creates one policy for each workload that declares whom it calls (variables that name a Service or an address, a token
//! with rights on the API server, peers of a StatefulSet, what an Ingress controller serves), then one that denies egress
//! from every pod of the namespace. All of them allow the cluster's DNS, on the ports where it really listens, so that the
//! work may stop after any of them. That no declared call is lost is recomputed; a host outside that a variable names is
//! a question, for a policy knows addresses alone. The denial alone is the other way.
//!
//! ## References
//! - Kubernetes documentation, Network Policies, "Default deny all egress traffic"
//! - MITRE ATT&CK T1552.005, Cloud Instance Metadata API

use crate::semantics::network::Direction;
use crate::threats::misconfiguration::default_deny;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "no-default-deny-egress",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration, ThreatId::MaliciousContainer],
    control: "egress-denied-by-default",
    needs: default_deny::NEEDS,
    rests_on: RestsOn::Absence,
    standards: &[
        "cis:1.12/5.3.2",
        "attack:T1552.005",
        "owasp:2025/K05",
        "kubescape:C-0030",
    ],
    scope: Scope::Namespace(run),
    fix: Fix::Choice(fix),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
      - name: cart
        image: registry.example.com/cart:1.4.2
        env: [{name: DATABASE, value: 'orders-db.data.svc:5432'}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny-egress, namespace: shop}
spec: {podSelector: {}, egress: []}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop, labels: {app: cart}}
spec:
  containers:
  - {name: cart, image: 'registry.example.com/cart:1.4.2'}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny-ingress, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress]}
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.example.com/web:1.4.2
        env: [{name: CART_URL, value: 'http://cart.shop.svc/v1'}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
      - name: cart
        image: registry.example.com/cart:1.4.2
        ports: [{name: http, containerPort: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{port: 80, targetPort: http}]}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop, labels: {app: cart}}
spec:
  containers:
  - {name: cart, image: 'registry.example.com/cart:1.4.2'}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
",
        ),
        Example::silent(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  replicas: 0
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
      - {name: cart, image: 'registry.example.com/cart:1.4.2'}
",
        ),
    ],
};

fn run(namespace: &str, view: &View<'_>, out: &mut Sink) {
    default_deny::run(namespace, view, out, Direction::Egress);
}

fn fix(finding: &Finding, view: &View<'_>) -> Vec<Remedy> {
    default_deny::fixes(finding, view, Direction::Egress)
}
