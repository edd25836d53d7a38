//! `api-proxy manifest`: the proxy beside the containers of a manifest. Everything else in the text stays as it is.

mod lines;
mod sidecar;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use lines::{Insertion, Lines, Mapping, indented, insert};
pub use sidecar::Sidecar;
use sidecar::{NAME, SERVICE_ACCOUNT, VARIABLES};

use super::pod::host_network;
use crate::failure::{Failure, Result};

/// The text with the proxy in each of its workloads.
///
/// # Errors
/// Usage errors that name the file: no YAML, no workload, a style that can't be added to. Refuses the node's network.
pub fn patch(file: &str, text: &str, sidecar: &Sidecar) -> Result<String> {
    let mut patched = 0;
    let documents = documents(text).into_iter().map(|document| {
        let value: Value = serde_saphyr::from_str(document).map_err(|error| wrong(format!("{file} is no YAML")).because(error))?;
        let Some(path) = pod_spec(&value) else { return Ok(document.to_owned()) };
        patched += 1;
        one(file, document, &value, path, sidecar)
    });
    let text = documents.collect::<Result<String>>()?;
    if patched == 0 {
        return Err(
            wrong(format!("{file} has no workload")).next("it needs a Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job or CronJob")
        );
    }
    Ok(text)
}

fn wrong(what: impl Into<String>) -> Failure {
    Failure::usage(what).state("nothing was printed")
}

/// Each with the line that separates it from the one before.
fn documents(text: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if at > 0 && (line.trim_end() == "---" || line.starts_with("--- ")) {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(&start, end)| &text[start..end]).collect()
}

/// Where a workload has its pod's spec.
fn pod_spec(value: &Value) -> Option<&'static [&'static str]> {
    match value["kind"].as_str()? {
        "Pod" => Some(&["spec"]),
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "ReplicationController" | "Job" => Some(&["spec", "template", "spec"]),
        "CronJob" => Some(&["spec", "jobTemplate", "spec", "template", "spec"]),
        _ => None,
    }
}

fn one(file: &str, document: &str, value: &Value, path: &[&str], sidecar: &Sidecar) -> Result<String> {
    let name = format!("{} {}", value["kind"].as_str().unwrap_or_default(), value["metadata"]["name"].as_str().unwrap_or_default());
    let pointer = format!("/{}", path.join("/"));
    let spec = value.pointer(&pointer).ok_or_else(|| wrong(format!("the {name} in {file} has no {}", path.join("."))))?;
    check(&name, spec, sidecar)?;
    let lines = Lines::of(document);
    let insertions =
        lines.root().and_then(|root| lines.mapping(root, path)).and_then(|spec_lines| edits(&lines, spec_lines, spec, sidecar));
    let text = insertions.map(|insertions| insert(&lines, insertions));
    let mut wanted = value.clone();
    if let Some(spec) = wanted.pointer_mut(&pointer) {
        add(spec, sidecar);
    }
    // The lines are counted and not understood, so this is what decides.
    let landed = |text: &String| serde_saphyr::from_str::<Value>(text).is_ok_and(|landed| landed == wanted);
    text.filter(landed).ok_or_else(|| {
        wrong(format!("the {name} in {file} is written in a way that can't be added to"))
            .because("lists and mappings of its pod have to be in lines of their own")
            .next(format!("let kubectl write it: kubectl create --dry-run=client -o yaml -f {file}"))
    })
}

/// What would not work.
fn check(name: &str, spec: &Value, sidecar: &Sidecar) -> Result<()> {
    if spec["hostNetwork"] == true {
        host_network(sidecar.port, sidecar.port_chosen, sidecar.identity)?;
    }
    if !has_token(spec) && sidecar.identity == super::Identity::ServiceAccount {
        return Err(wrong(format!("the {name} has no service account's token (automountServiceAccountToken)")));
    }
    for container in containers(spec) {
        let own = container["name"].as_str().unwrap_or_default();
        if own == NAME {
            return Err(wrong(format!("the {name} has the proxy already")));
        }
        let names = container["env"].as_array().into_iter().flatten().filter_map(|entry| entry["name"].as_str());
        if let Some(variable) = names.into_iter().find(|variable| VARIABLES.contains(variable)) {
            return Err(wrong(format!("the container {own} of the {name} sets {variable} itself"))
                .next("take it out, since the proxy's address goes there"));
        }
        let mut mounts = container["volumeMounts"].as_array().into_iter().flatten();
        if mounts.any(|mount| mount["mountPath"].as_str().is_some_and(|path| path.trim_end_matches('/') == SERVICE_ACCOUNT)) {
            return Err(wrong(format!("the container {own} of the {name} mounts {SERVICE_ACCOUNT} itself"))
                .next("take it out, since the proxy's folder goes there"));
        }
    }
    let taken = |port: u16| {
        containers(spec)
            .flat_map(|container| container["ports"].as_array().into_iter().flatten())
            .any(|entry| entry["containerPort"] == port)
    };
    for (port, option) in [(sidecar.port, "--listen-port"), (sidecar.metrics_port, "--metrics-port")] {
        if taken(port) {
            return Err(
                wrong(format!("a container of the {name} has port {port} already")).next(format!("name another one with `{option}`"))
            );
        }
    }
    Ok(())
}

fn containers(spec: &Value) -> impl Iterator<Item = &Value> {
    ["initContainers", "containers"].into_iter().flat_map(|list| spec[list].as_array().into_iter().flatten())
}

fn has_token(spec: &Value) -> bool {
    spec["automountServiceAccountToken"] != false
}

/// Where the text gets what; None where it isn't in lines.
fn edits(lines: &Lines<'_>, spec: Mapping, value: &Value, sidecar: &Sidecar) -> Option<Vec<Insertion>> {
    let token = has_token(value);
    let containers = lines.list(spec, "containers")?;
    let init = lines.list(spec, "initContainers");
    let mut insertions = Vec::new();
    match &init {
        Some(init) => {
            insertions.push(Insertion { before: init.first()?, key: false, text: indented(&sidecar.container(token), init.indent) })
        }
        None => insertions.push(Insertion {
            before: lines.key(spec, "containers")?,
            key: true,
            text: indented("initContainers:", spec.indent()) + &indented(&sidecar.container(token), containers.indent),
        }),
    }
    for item in containers.items.iter().chain(init.iter().flat_map(|init| &init.items)) {
        insertions.push(append(lines, *item, "env", &sidecar.variables()));
        insertions.push(append(lines, *item, "volumeMounts", &Sidecar::mount()));
    }
    insertions.push(append(lines, spec, "volumes", &Sidecar::volumes(token)));
    Some(insertions)
}

/// Items at the end of a mapping's list, or the list at the mapping's end.
fn append(lines: &Lines<'_>, mapping: Mapping, key: &str, items: &str) -> Insertion {
    match lines.list(mapping, key) {
        Some(list) => Insertion { before: list.end, key: false, text: indented(items, list.indent) },
        None => Insertion {
            before: lines.end(mapping),
            key: true,
            text: indented(&format!("{key}:"), mapping.indent()) + &indented(items, mapping.indent()),
        },
    }
}

/// The same as values.
fn add(spec: &mut Value, sidecar: &Sidecar) {
    let token = has_token(spec);
    for list in ["initContainers", "containers"] {
        for container in spec[list].as_array_mut().into_iter().flatten() {
            extend(container, "env", &sidecar.variables());
            extend(container, "volumeMounts", &Sidecar::mount());
        }
    }
    let mut first = parsed(&sidecar.container(token));
    first.extend(spec["initContainers"].as_array().cloned().unwrap_or_default());
    spec["initContainers"] = first.into();
    extend(spec, "volumes", &Sidecar::volumes(token));
}

fn extend(of: &mut Value, key: &str, items: &str) {
    let mut all = of[key].as_array().cloned().unwrap_or_default();
    all.extend(parsed(items));
    of[key] = json!(all);
}

fn parsed(items: &str) -> Vec<Value> {
    serde_saphyr::from_str(items).unwrap_or_default()
}
