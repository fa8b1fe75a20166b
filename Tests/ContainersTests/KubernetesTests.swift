import Configuration
import Entries
import Languages
import Testing

@testable import Containers

/// Pods, and what lists and events of the API make of them.
struct KubernetesTests {
    private static func json(_ text: String) throws -> JSONValue {
        try #require(Bytes.with(Array(text.utf8)) { JSONValue.parse($0) })
    }

    private static func pod(_ name: String, version: Int = 1, address: String = "10.0.0.1") -> String {
        """
        {"metadata": {"name": "\(name)", "namespace": "shop", "uid": "u", "resourceVersion": "\(version)"},
         "spec": {"containers": [{"name": "web"}]}, "status": {"podIP": "\(address)"}}
        """
    }

    @Test func aPodHasTheLabelsOfPrometheus() throws {
        let pod = try #require(
            Pod(
                Self.json(
                    """
                    {"metadata": {"name": "api-7d9f-x2", "namespace": "shop", "uid": "0c5d", "labels": {"app.kubernetes.io/name": "api"},
                       "annotations": {"a-b": "c"}, "ownerReferences": [{"kind": "X", "name": "x"},
                       {"controller": true, "kind": "ReplicaSet", "name": "api-7d9f"}]},
                     "spec": {"nodeName": "n1", "containers": [{"name": "web", "image": "i:1", "ports": [
                       {"name": "http", "containerPort": 8080}, {"containerPort": 53, "protocol": "UDP"}]}],
                       "initContainers": [{"name": "setup", "image": "j"}]},
                     "status": {"phase": "Running", "podIP": "fd00::1", "hostIP": "192.0.2.1", "conditions": [
                       {"type": "Ready", "status": "True"}], "containerStatuses": [{"name": "web", "containerID": "containerd://1"}]}}
                    """
                )
            )
        )
        #expect(pod.targets.map { $0["__address__"] } == ["[fd00::1]:8080", "[fd00::1]:53", "fd00::1"])
        let prefix = "__meta_kubernetes_"
        var expected = [
            "namespace": "shop", "pod_name": "api-7d9f-x2", "pod_uid": "0c5d", "pod_ip": "fd00::1",
            "pod_node_name": "n1",
            "pod_host_ip": "192.0.2.1", "pod_phase": "Running", "pod_ready": "true",
            "pod_controller_kind": "ReplicaSet",
            "pod_controller_name": "api-7d9f", "pod_label_app_kubernetes_io_name": "api",
            "pod_labelpresent_app_kubernetes_io_name": "true", "pod_annotation_a_b": "c",
            "pod_annotationpresent_a_b": "true", "pod_container_name": "web", "pod_container_image": "i:1",
            "pod_container_id": "containerd://1", "pod_container_init": "false", "pod_container_port_name": "http",
            "pod_container_port_number": "8080", "pod_container_port_protocol": "TCP",
        ]
        expected = Dictionary(uniqueKeysWithValues: expected.map { (prefix + $0.key, $0.value) })
        #expect(pod.targets[0] == expected.merging(["__address__": "[fd00::1]:8080"]) { $1 })
        #expect(pod.targets[2][prefix + "pod_container_init"] == "true")
    }

    @Test func aPodWithoutAnAddressHasNoTarget() throws {
        #expect(try Pod(Self.json(Self.pod("a", address: "")))?.targets == [])
    }

    @Test(arguments: ["null", "[]", "{}", #"{"metadata": {"name": "a"}}"#, #"{"metadata": 5}"#])
    func otherValuesAreNoPod(text: String) throws { #expect(try Pod(Self.json(text)) == nil) }

    @Test func pagesThenEvents() throws {
        var watch = PodWatch()
        watch.list(try Self.json(#"{"metadata": {"continue": "more"}, "items": [\#(Self.pod("a"))]}"#))
        #expect(watch.question == .list(continuing: "more"))
        #expect(watch.pods.isEmpty)
        watch.list(try Self.json(#"{"metadata": {"resourceVersion": "7"}, "items": [\#(Self.pod("b"))]}"#))
        #expect(watch.question == .watch(version: "7"))
        #expect(watch.pods.keys.sorted() == ["shop/a", "shop/b"])
        func event(_ type: String, _ object: String) throws -> Bool {
            watch.take(try Self.json(#"{"type": "\#(type)", "object": \#(object)}"#))
        }
        #expect(try event("ADDED", Self.pod("c", version: 8)))
        #expect(try !event("MODIFIED", Self.pod("c", version: 9)))
        #expect(try !event("BOOKMARK", #"{"metadata": {"resourceVersion": "12"}}"#))
        #expect(watch.question == .watch(version: "12"))
        #expect(try event("DELETED", Self.pod("a", version: 13)))
        #expect(try !event("DELETED", Self.pod("a", version: 13)))
        #expect(watch.targets.map { $0["__meta_kubernetes_pod_name"] } == ["b", "c"])
        // Too old: a list tells all there is, and what is not in it is gone.
        #expect(try !event("ERROR", #"{"code": 410}"#))
        #expect(watch.question == .list(continuing: nil))
        watch.list(try Self.json(#"{"metadata": {"resourceVersion": "20"}, "items": [\#(Self.pod("d"))]}"#))
        #expect(watch.pods.keys.sorted() == ["shop/d"])
    }

    @Test(arguments: [
        ("", [UInt8]()), ("QQ==", [65]), ("QUI=", [65, 66]), ("QUJD\nQUJD", [65, 66, 67, 65, 66, 67]),
        ("/+8=", [255, 239]),
    ])
    func base64(text: String, bytes: [UInt8]) { #expect(Base64.decoded(text) == bytes) }

    @Test func whatIsNoBase64IsNil() { #expect(Base64.decoded("a*b") == nil) }
}
