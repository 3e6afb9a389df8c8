//! Pods take traffic that nobody has allowed
//!
//! ## What
//! Namespaces in which a pod is isolated by no NetworkPolicy for ingress: none selects it by labels or expressions with
//! that type, or one for the whole namespace allows everything. A namespace whose every pod is isolated is clear, whether
//! one policy does it or many; so is one without pods. Pods with the network of their node are outside of all policies and
//! left out. Where Cilium, Calico, Antrea or admin policies are installed, which this version does not read, it is not
//! visible. Whether the network plugin enforces policies is another question.
//!
//! ## Why
//! Without a policy every pod of the cluster reaches every other: one container taken over anywhere can try all of them,
//! databases and administration pages too, which were written for a network that trusts.
//!
//! ## Fix
//! Creates one policy for each workload that objects declare a caller of (variables that name its Service, Ingresses and
//! their controllers, load balancers, webhooks, peers of a StatefulSet, DNS), on the ports of its pods, then one that denies
//! ingress to every pod of the namespace. That no declared call is lost is recomputed. Who calls without a word in the API
//! is for the traffic to tell; the kubelet's probes pass in any case. The denial alone is the other way.
//!
//! ## References
//! - Kubernetes documentation, Network Policies, "Default deny all ingress traffic"
//! - CIS Kubernetes Benchmark 1.12, 5.3.2

use crate::semantics::network::Direction;
use crate::threats::misconfiguration::default_deny;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "no-default-deny-ingress",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration, ThreatId::MaliciousContainer],
    control: "ingress-denied-by-default",
    needs: default_deny::NEEDS,
    rests_on: RestsOn::Absence,
    standards: &[
        "cis:1.12/5.3.2",
        "attack:T1210",
        "owasp:2025/K05",
        "kubescape:C-0260",
        "trivy:KSV-0038",
    ],
    scope: Scope::Namespace(run),
    fix: Fix::Choice(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop, labels: {app: cart}}
spec:
  containers:
  - {name: cart, image: 'registry.example.com/cart:1.4.2'}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cart, namespace: shop}
spec:
  podSelector: {matchLabels: {app: cart}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]
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
metadata: {name: allow-all, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{}]}
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
metadata: {name: apps, namespace: shop}
spec:
  podSelector: {matchExpressions: [{key: app, operator: In, values: [cart, web]}]}
  policyTypes: [Ingress]
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: monitoring}
spec:
  hostNetwork: true
  containers:
  - {name: agent, image: 'registry.example.com/agent:1.4.2'}
",
        ),
    ],
};

fn run(namespace: &str, view: &View<'_>, out: &mut Sink) {
    default_deny::run(namespace, view, out, Direction::Ingress);
}

fn fix(finding: &Finding, view: &View<'_>) -> Vec<Remedy> {
    default_deny::fixes(finding, view, Direction::Ingress)
}
