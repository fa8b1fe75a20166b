import Configuration
import Entries
import Languages

/// A container as the engine lists it.
struct Container: Equatable {
    let id: String
    var isRunning: Bool
    /// Labels of the target (sources.md 11.1): those of its first network and first TCP port.
    let labels: [String: String]

    private static let prefix = "__meta_docker_"

    /// Nil for what is no container.
    ///
    /// - Parameters:
    ///   - value: an element of `GET /containers/json`.
    ///   - networks: labels of each network by its id.
    ///   - options: what stands in place of an address that a container has not.
    init?(_ value: JSONValue, networks: [String: [String: String]], options: DockerOptions) {
        guard let id = value["Id"]?.text, !id.isEmpty, id.utf8.allSatisfy({ Self.isHexadecimal($0) }),
            let name = value["Names"]?.elements.first?.text
        else { return nil }
        self.id = id
        // Old engines give no state.
        isRunning = value["State"]?.text.map { ["running", "paused", "restarting"].contains($0.lowercased()) } ?? true
        let mode = value["HostConfig"]?["NetworkMode"]?.text ?? ""
        var labels = [
            "\(Self.prefix)container_id": id,
            "\(Self.prefix)container_name": name.hasPrefix("/") ? name : "/" + name,
            "\(Self.prefix)container_network_mode": mode,
        ]
        for (key, label) in value["Labels"]?.members ?? [] {
            labels["\(Self.prefix)container_label_\(LabelName.sanitized(key))"] = label.text ?? ""
        }
        let found = (value["NetworkSettings"]?["Networks"]?.members ?? []).sorted { $0.key < $1.key }
        if let network = found.first?.value {
            let address = network["IPAddress"]?.text ?? ""
            labels["\(Self.prefix)network_ip"] = address
            let port = value["Ports"]?.elements.first { $0["Type"]?.text == "tcp" }
            let number = port?["PrivatePort"]?.integer
            if let number { labels["\(Self.prefix)port_private"] = "\(number)" }
            if let published = port?["PublicPort"]?.integer, published > 0 {
                labels["\(Self.prefix)port_public"] = "\(published)"
                labels["\(Self.prefix)port_public_ip"] = port?["IP"]?.text ?? ""
            }
            let host =
                mode == "host" && number == nil ? options.hostNetworkingHost : "\(address):\(number ?? options.port)"
            labels["__address__"] = host
            labels.merge(networks[network["NetworkID"]?.text ?? ""] ?? [:]) { own, _ in own }
        }
        self.labels = labels
    }

    /// What an event tells of a container: its name and its labels, and nothing of networks.
    init?(event: JSONValue, id: String) {
        let attributes = event["Actor"]?["Attributes"]?.members ?? []
        guard !id.isEmpty, id.utf8.allSatisfy({ Self.isHexadecimal($0) }),
            let name = attributes.first(where: { $0.key == "name" })?.value.text
        else { return nil }
        self.id = id
        isRunning = true
        var labels = ["\(Self.prefix)container_id": id, "\(Self.prefix)container_name": "/" + name]
        for (key, value) in attributes where !["name", "image", "exitCode", "execDuration"].contains(key) {
            labels["\(Self.prefix)container_label_\(LabelName.sanitized(key))"] = value.text ?? ""
        }
        self.labels = labels
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }

    /// Labels of networks by their ids; `value`: the answer to `GET /networks`.
    static func networks(_ value: JSONValue) -> [String: [String: String]] {
        var networks: [String: [String: String]] = [:]
        for network in value.elements {
            guard let id = network["Id"]?.text else { continue }
            var labels = ["\(prefix)network_id": id]
            for (key, name) in [("Name", "name"), ("Scope", "scope")] {
                labels["\(prefix)network_\(name)"] = network[key]?.text ?? ""
            }
            for (key, name) in [("Internal", "internal"), ("Ingress", "ingress")] {
                labels["\(prefix)network_\(name)"] = network[key] == .bool(true) ? "true" : "false"
            }
            for (key, label) in network["Labels"]?.members ?? [] {
                labels["\(prefix)network_label_\(LabelName.sanitized(key))"] = label.text ?? ""
            }
            networks[id] = labels
        }
        return networks
    }
}

/// What Prometheus makes of a name that is to be a label's.
enum LabelName {
    static func sanitized(_ name: String) -> String {
        String(
            decoding: name.unicodeScalars.map { scalar -> UInt8 in
                let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                return isPlain || scalar == "_" ? UInt8(scalar.value) : UInt8(ascii: "_")
            },
            as: UTF8.self
        )
    }
}

extension JSONValue {
    /// A member of an object.
    subscript(_ key: String) -> JSONValue? {
        if case .object(let object) = self { object[Array(key.utf8)] } else { nil }
    }

    var text: String? { if case .string(let text) = self { String(decoding: text, as: UTF8.self) } else { nil } }

    var integer: Int? { if case .number(let number) = self { Int(exactly: number) } else { nil } }

    /// Of an array; none for other values.
    var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }

    /// Of an object; none for other values.
    var members: [(key: String, value: JSONValue)] {
        guard case .object(let object) = self else { return [] }
        return zip(object.keys, object.values).map { (String(decoding: $0, as: UTF8.self), $1) }
    }
}
