import Configuration
import Stages

/// `sluice test`: runs fixtures and the tests that pipeline files carry.
package enum TestCommand: Command {
    static let name = "test"
    static let usage = "sluice test [--update] [--config.expand-env] [FILE|FOLDER...]"
    static let help = """
        Runs pipeline tests and says where the first difference is.
        FOLDER is a fixture, or holds fixtures and files at any depth; FILE is a configuration or pipeline file with a
        top-level 'tests' list. Default: fixtures/pipelines

          --update               writes expected.ndjson of every fixture anew
          --config.expand-env    expands ${VAR} in a FILE

        A fixture is a folder with input.log, expected.ndjson and pipeline.yaml, or in its place a file 'pipeline' with
        the path of one. Files that it may have: 'job' (the scrape config, where there are several), 'filename' (the
        path that the lines come from; default input.log), 'environment' (expands ${NAME}, to its lines NAME=VALUE).

        example: sluice test fixtures/pipelines promtail.yaml
        exit code: 0 all passed, 1 a test failed or there is none, 2 wrong usage

        """
    static let options: [Arguments.Option] = [.flag("update"), .flag("config.expand-env")]
    private static let defaultFolder = "fixtures/pipelines"
    /// Folders inside folders that are looked into.
    private static let depthLimit = 16

    /// Runs the command; the exit code.
    package static func run(arguments: [String], console: Console = .standard) -> Int32 { start(arguments, console) }

    static func run(_ arguments: Arguments, _ console: Console) throws(Arguments.Mistake) -> Int32 {
        var paths = arguments.positional
        if paths.isEmpty {
            guard TextFile.isFolder(defaultFolder) else {
                throw Arguments.Mistake(message: "there is no folder \(defaultFolder), so name a FILE or FOLDER")
            }
            paths = [defaultFolder]
        }
        var run = Run(
            console: console,
            isUpdating: arguments.isOn("update"),
            isExpanding: arguments.isOn("config.expand-env")
        )
        for path in paths { run.visit(path, depth: 0) }
        return run.finish()
    }

    private struct Run {
        let console: Console
        let isUpdating: Bool
        /// Whether references to variables are expanded in files that are named; fixtures say it themselves.
        let isExpanding: Bool
        private var passed = 0
        private var failed = 0
        private var updated = 0

        init(console: Console, isUpdating: Bool, isExpanding: Bool) {
            self.console = console
            self.isUpdating = isUpdating
            self.isExpanding = isExpanding
        }

        mutating func visit(_ path: String, depth: Int) {
            guard TextFile.exists(path) else { return note(path, .failed("does not exist")) }
            guard TextFile.isFolder(path) else { return runFile(path, isNamed: depth == 0) }
            let folder = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
            if FixtureTest.isFixture(folder) {
                return note(folder, FixtureTest(folder: folder).run(isUpdating: isUpdating))
            }
            guard depth < TestCommand.depthLimit else { return }
            do throws(InputError) {
                for name in try TextFile.names(in: folder) {
                    let inner = "\(folder)/\(name)"
                    if TextFile.isFolder(inner) || name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
                        visit(inner, depth: depth + 1)
                    }
                }
            } catch {
                note(folder, .failed(error.message))
            }
        }

        /// Runs the tests of a file; one that was found in a folder need not have any.
        private mutating func runFile(_ path: String, isNamed: Bool) {
            do throws(InputError) {
                var file = try PipelineFile(path)
                if isExpanding, file.isWhole {
                    file = try PipelineFile(path) { AgentConfiguration.processEnvironment($0) }
                }
                for job in file.jobs { _ = file.compile(job) }
                var tests: [PipelineTest] = []
                if let node = file.tests {
                    if node.items == nil { file.report(node, "tests: takes a list of tests, not \(node.kindName)") }
                    for item in node.items ?? [] { tests.append(PipelineTest(item, into: &file.diagnostics)) }
                }
                guard !file.diagnostics.hasErrors else {
                    console.errors.write(file.rendered)
                    return note(path, .failed(file.diagnostics.summary))
                }
                if tests.isEmpty, isNamed {
                    note(path, .failed("has no 'tests'; add such a list, or name the folder of a fixture"))
                }
                for test in tests { note("\(path): \(test.name)", test.run(&file)) }
            } catch {
                note(path, .failed(error.message))
            }
        }

        private mutating func note(_ name: String, _ outcome: TestOutcome) {
            switch outcome {
            case .passed: passed += 1
            case .updated:
                updated += 1
                console.output.writeLine("updated \(name)")
            case .failed(let reason):
                failed += 1
                console.output.writeLine("FAILED \(name): \(reason)")
            }
        }

        /// Writes the summary; the exit code.
        func finish() -> Int32 {
            if passed + failed + updated == 0 {
                console.errors.writeLine(
                    "sluice test: found no test; a fixture is a folder with \(FixtureTest.inputName), "
                        + "and a file needs a list 'tests'"
                )
            }
            let changes = updated > 0 ? ", \(updated) updated" : ""
            console.output.writeLine("\(passed) passed, \(failed) failed\(changes)")
            return failed == 0 && passed + updated > 0 ? ExitCode.fine : ExitCode.mistakes
        }
    }
}
