import TestSupport
import Testing

/// `relabel_configs` decide what is read, and with which labels.
@Suite(.serialized)
struct RelabelTests {
    @Test func pathsAndLabelsAreWhatTheRulesMakeThem() throws {
        let scene = try AgentScene()
        scene.options.groups = [
            "{targets: ['a:1', 'b:2'], labels: {__folder: FOLDER/logs, __app: Web, job: x, __exclude: old}}",
            "{labels: {__folder: FOLDER/logs, __app: other, environment: test}}",
        ]
        scene.options.relabelRules = [
            "{source_labels: [environment], regex: test, action: drop}",
            "{source_labels: [__address__], regex: '([^:]+):.*', target_label: host}",
            "{source_labels: [__folder, host], separator: /, target_label: __path__, replacement: '$1*.log'}",
            "{source_labels: [__folder, __exclude], separator: /, target_label: __path_exclude__, replacement: '$1/**'}",
            "{source_labels: [__folder], target_label: __path_exclude__, replacement: '$1/*-old.log'}",
            "{source_labels: [__app], target_label: app, action: lowercase}",
            "{source_labels: [job, app], separator: /, target_label: job}",
            "{target_label: filename, replacement: is overridden}",
            "{target_label: __later, replacement: is gone}",
        ]
        try scene.write("a.log", "from a\n")
        try scene.write("b.log", "from b\n")
        try scene.write("a-old.log", "excluded\n")
        try scene.write("other.log", "its target is dropped\n")
        try scene.start(["-once"])
        #expect(scene.process?.wait() == 0)
        let expected = ["a", "b"].map { name in
            "{app=\"web\", filename=\"\(scene.path("\(name).log"))\", host=\"\(name)\", job=\"x/web\"} from \(name)"
        }
        #expect(scene.receiver.entries.map { "\($0.labels) \($0.text)" }.sorted() == expected)
        #expect(scene.logged("dropped target").count == 1)
    }

    @Test func targetsThatBecomeEqualAreOne() throws {
        let scene = try AgentScene()
        scene.options.groups = [
            "{labels: {job: x, pod: '1', __path__: 'FOLDER/logs/a.log'}}",
            "{labels: {job: x, pod: '2', __path__: 'FOLDER/logs/a.log'}}",
        ]
        scene.options.relabelRules = ["{regex: pod, action: labeldrop}"]
        try scene.write("a.log", "once\n")
        try scene.start(["-once"])
        #expect(scene.process?.wait() == 0)
        #expect(scene.receiver.lines == ["once"])
    }

    /// Promtail applies no rules there, and says nothing about it.
    @Test func standardInputIsNotRelabelledAndThatIsTold() throws {
        let scene = try AgentScene()
        scene.options.relabelRules = ["{target_label: never, replacement: x}"]
        try scene.start(["-stdin"], wrapper: ["sh", "-c", "echo line | exec \"$0\" \"$@\""])
        #expect(scene.process?.wait() == 0)
        #expect(scene.receiver.lines == ["line"])
        #expect(scene.receiver.entries.first?.labels.contains("never") == false)
        #expect(scene.logged("relabel_configs do not apply to standard input").count == 1)
    }
}
