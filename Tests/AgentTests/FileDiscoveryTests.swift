import Glibc
import TestSupport
import Testing

/// Targets that come from files: `file_sd_configs`, while the agent runs.
@Suite(.serialized)
struct FileDiscoveryTests {
    private func scene() throws -> AgentScene {
        let scene = try AgentScene()
        scene.options.discovery = "{files: ['FOLDER/targets-*.yml', 'FOLDER/targets.json'], refresh_interval: 1h}"
        return scene
    }

    /// Replaces a file in one step, as the manual of whoever writes such files asks for.
    private func list(_ scene: AgentScene, _ name: String, _ text: String) throws {
        try scene.folder.write("next", text.replacing("LOGS", with: scene.folder.path("logs")))
        rename(scene.folder.path("next"), scene.folder.path(name))
    }

    @Test func targetsComeChangeAndGo() throws {
        let scene = try scene()
        try scene.write("a.log", "a1\n")
        try scene.write("b.log", "b1\n")
        try list(scene, "targets.json", #"[{"targets": ["x"], "labels": {"job": "one", "__path__": "LOGS/a.log"}}]"#)
        try scene.start()
        try scene.waitForEntries(1)
        try list(scene, "targets-2.yml", "- labels: {job: two, __path__: LOGS/b.log}\n")
        try scene.waitForEntries(2)
        // The same file with other labels goes on where it was.
        try list(scene, "targets.json", #"[{"targets": ["x"], "labels": {"job": "new", "__path__": "LOGS/a.log"}}]"#)
        try scene.waitForMetric("promtail_targets_active_total") { $0 == 2 }
        try waitUntil("the change was taken", deadline: .seconds(20)) {
            try httpGet(port: scene.serverPort(), "/targets").body.contains("job=\"new\"")
        }
        try scene.append("a.log", "a2\n")
        try scene.waitForEntries(3)
        unlink(scene.folder.path("targets-2.yml"))
        try scene.waitForMetric("promtail_targets_active_total") { $0 == 1 }
        try scene.append("b.log", "not read any more\n")
        try scene.append("a.log", "a3\n")
        try scene.waitForEntries(4)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines.sorted() == ["a1", "a2", "a3", "b1"])
        let job = Dictionary(scene.receiver.entries.map { ($0.text, $0.labels) }) { $1 }
        #expect(job["a1"]?.contains("job=\"one\"") ?? false)
        #expect(job["a2"]?.contains("job=\"new\"") ?? false)
        #expect(job["b1"]?.contains("job=\"two\"") ?? false)
        #expect(!(job["a1"]?.contains("__meta") ?? true))
        // The position of the target that is gone stays, as its file is still there.
        #expect(scene.positions.contains("b.log: \"3\""))
    }

    @Test func aWrongFileKeepsItsTargetsAndIsToldOnce() throws {
        let scene = try scene()
        try scene.write("a.log", "a1\n")
        try list(scene, "targets-1.yml", "- labels: {job: one, __path__: LOGS/a.log}\n")
        try scene.start()
        try scene.waitForEntries(1)
        try list(scene, "targets-1.yml", "- lables: {job: one, __path__: LOGS/a.log}\n")
        try scene.waitForLog("a file of targets is not used")
        try list(scene, "targets-1.yml", "- lables: {job: one, __path__: LOGS/a.log}\n")
        try scene.append("a.log", "a2\n")
        try scene.waitForEntries(2)
        #expect(try scene.metrics()["promtail_targets_active_total"] == 1)
        let told = scene.logged("a file of targets is not used")
        #expect(told.count == 1)
        #expect(told.first?.contains("targets-1.yml:1:3: file_sd_configs: unknown option 'lables'") ?? false, "\(told)")
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == ["a1", "a2"])
    }

    @Test func relabellingSeesTheFileAndFailuresAreCounted() throws {
        let scene = try scene()
        scene.options.relabelRules = [
            "{source_labels: [__meta_filepath], regex: '.*/targets-(.*).yml', target_label: list}",
            "{source_labels: [skip], regex: yes, action: drop}",
        ]
        try scene.write("a.log", "a1\n")
        try list(
            scene,
            "targets-x.yml",
            """
            - labels: {job: one, __path__: LOGS/a.log}
            - labels: {job: one, __path__: LOGS/a.log}
            - labels: {job: two, skip: 'yes', __path__: LOGS/b.log}
            - labels: {job: three}
            - labels: {job: four, __host__: elsewhere, __path__: LOGS/c.log}
            """
        )
        try scene.start()
        try scene.waitForEntries(1)
        #expect(scene.receiver.entries[0].labels.contains("list=\"x\""))
        for reason in ["dropped", "exists", "no_path", "wrong_host"] {
            #expect(try scene.metrics()["promtail_targets_failed_total{reason=\"\(reason)\"}"] == 1, "\(reason)")
        }
        let page = try httpGet(port: scene.serverPort(), "/service-discovery").body
        #expect(page.contains("(1 of 5 are read)") && page.contains("not read: wrong_host"))
        #expect(try scene.stop() == 0)
    }
}
