import Entries
import Languages

/// A pod of the Kubernetes API, and the targets that it makes (sources.md 12): one for each port of a container, or one
/// for a container without ports.
struct Pod: Equatable {
    /// Namespace and name, by which the API knows it.
    let key: String
    /// Labels of each target; none while the pod has no address.
    let targets: [[String: String]]

    private static let prefix = "__meta_kubernetes_"

    /// Nil for what is no pod.
    init?(_ value: JSONValue) {
        guard let metadata = value["metadata"], let name = metadata["name"]?.text,
            let namespace = metadata["namespace"]?.text
        else { return nil }
        key = "\(namespace)/\(name)"
        let status = value["status"]
        guard let address = status?["podIP"]?.text, !address.isEmpty else {
            targets = []
            return
        }
        var common = Self.labels(metadata, value["spec"], status, name: name, namespace: namespace, address: address)
        Self.add(metadata["labels"], "label", to: &common)
        Self.add(metadata["annotations"], "annotation", to: &common)
        var targets: [[String: String]] = []
        for (list, isInitial, statuses) in [
            ("containers", "false", "containerStatuses"), ("initContainers", "true", "initContainerStatuses"),
        ] {
            for container in value["spec"]?[list]?.elements ?? [] {
                let id = status?[statuses]?.elements.first { $0["name"] == container["name"] }?["containerID"]
                let own = [
                    "\(Self.prefix)pod_container_name": container["name"]?.text ?? "",
                    "\(Self.prefix)pod_container_image": container["image"]?.text ?? "",
                    "\(Self.prefix)pod_container_id": id?.text ?? "",
                    "\(Self.prefix)pod_container_init": isInitial,
                ]
                targets += Self.targets(of: container, common.merging(own) { $1 }, address: address)
            }
        }
        self.targets = targets
    }

    private static func targets(
        of container: JSONValue,
        _ labels: [String: String],
        address: String
    ) -> [[String: String]] {
        let ports = container["ports"]?.elements ?? []
        guard !ports.isEmpty else { return [labels.merging(["__address__": address]) { $1 }] }
        let host = address.contains(":") ? "[\(address)]" : address
        return ports.map { port in
            let number = port["containerPort"]?.integer.map { "\($0)" } ?? "0"
            return labels.merging([
                "__address__": "\(host):\(number)",
                "\(prefix)pod_container_port_name": port["name"]?.text ?? "",
                "\(prefix)pod_container_port_number": number,
                "\(prefix)pod_container_port_protocol": port["protocol"]?.text ?? "TCP",
            ]) { $1 }
        }
    }

    private static func labels(
        _ metadata: JSONValue,
        _ spec: JSONValue?,
        _ status: JSONValue?,
        name: String,
        namespace: String,
        address: String
    ) -> [String: String] {
        let ready = status?["conditions"]?.elements.first { $0["type"]?.text == "Ready" }?["status"]?.text
        var labels = [
            "\(prefix)namespace": namespace,
            "\(prefix)pod_name": name,
            "\(prefix)pod_ip": address,
            "\(prefix)pod_ready": ready.map { $0.lowercased() } ?? "unknown",
            "\(prefix)pod_phase": status?["phase"]?.text ?? "",
            "\(prefix)pod_node_name": spec?["nodeName"]?.text ?? "",
            "\(prefix)pod_host_ip": status?["hostIP"]?.text ?? "",
            "\(prefix)pod_uid": metadata["uid"]?.text ?? "",
        ]
        let owner = metadata["ownerReferences"]?.elements.first { $0["controller"] == .bool(true) }
        if let kind = owner?["kind"]?.text { labels["\(prefix)pod_controller_kind"] = kind }
        if let name = owner?["name"]?.text { labels["\(prefix)pod_controller_name"] = name }
        return labels
    }

    private static func add(_ values: JSONValue?, _ kind: String, to labels: inout [String: String]) {
        for (key, value) in values?.members ?? [] {
            let name = LabelName.sanitized(key)
            labels["\(prefix)pod_\(kind)_\(name)"] = value.text ?? ""
            labels["\(prefix)pod_\(kind)present_\(name)"] = "true"
        }
    }
}

/// The pods of a namespace, or of all, as lists and events of the API tell (kubernetes.io, "Efficient detection of
/// changes").
///
/// Decides only: says what to ask next.
struct PodWatch {
    enum Question: Equatable {
        /// The next page of the list, or the first one.
        case list(continuing: String?)
        /// Events after this version.
        case watch(version: String)
    }

    private(set) var question = Question.list(continuing: nil)
    private(set) var pods: [String: Pod] = [:]
    /// Pods of the pages of a list that has not ended.
    private var listed: [String: Pod] = [:]

    /// A page of the list has come.
    mutating func list(_ page: JSONValue) {
        if question == .list(continuing: nil) { listed = [:] }
        for item in page["items"]?.elements ?? [] {
            if let pod = Pod(item) { listed[pod.key] = pod }
        }
        if let next = page["metadata"]?["continue"]?.text, !next.isEmpty {
            question = .list(continuing: next)
            return
        }
        pods = listed
        listed = [:]
        question = .watch(version: page["metadata"]?["resourceVersion"]?.text ?? "")
    }

    /// The version that was asked for is too old, or the page: the list begins anew.
    mutating func beginAnew() { question = .list(continuing: nil) }

    /// An event has come; true when the pods have changed.
    mutating func take(_ event: JSONValue) -> Bool {
        guard let object = event["object"] else { return false }
        let type = event["type"]?.text
        if type == "ERROR" {
            // 410 Gone, or whatever: a list tells all there is.
            beginAnew()
            return false
        }
        if let version = object["metadata"]?["resourceVersion"]?.text { question = .watch(version: version) }
        guard let pod = Pod(object) else { return false }
        switch type {
        case "ADDED", "MODIFIED":
            defer { pods[pod.key] = pod }
            return pods[pod.key] != pod
        case "DELETED": return pods.removeValue(forKey: pod.key) != nil
        default: return false
        }
    }

    /// Labels of all targets, in the order of the pods' names.
    var targets: [[String: String]] { pods.sorted { $0.key < $1.key }.flatMap { $0.value.targets } }
}
