import Glibc

extension AgentConfiguration {
    /// What loading gives: the configuration unless there are errors, every mistake, and the text they are in.
    package struct Loaded: Sendable {
        /// Nil when `diagnostics` has errors.
        package let configuration: AgentConfiguration?
        package let diagnostics: Diagnostics
        /// The file as written, for `Diagnostics.render(source:)`.
        package let source: String
        /// The file that was read; `command line` when none was named.
        package let file: String
    }

    /// Loads the first of the comma separated `paths` that exists; empty: defaults and flags only.
    package static func load(
        _ paths: String,
        expandEnvironment: Bool = false,
        flags: FlagSet = FlagSet(),
        environment: (String) -> String? = processEnvironment
    ) -> Loaded {
        if paths.isEmpty { return load(text: "", file: "command line", flags: flags) }
        do throws(Diagnostic) {
            let file = try ConfigurationFile(firstOf: paths)
            return load(
                text: file.text,
                file: file.path,
                expandEnvironment: expandEnvironment,
                flags: flags,
                environment: environment
            )
        } catch {
            var diagnostics = Diagnostics(file: paths)
            diagnostics.add(error)
            return Loaded(configuration: nil, diagnostics: diagnostics, source: "", file: paths)
        }
    }

    /// Loads `text`, the contents of `file`.
    package static func load(
        text: String,
        file: String,
        expandEnvironment: Bool = false,
        flags: FlagSet = FlagSet(),
        environment: (String) -> String? = processEnvironment
    ) -> Loaded {
        var diagnostics = Diagnostics(file: file)
        var source: YAMLSource? = YAMLSource(text, file: file)
        if expandEnvironment {
            source = EnvironmentExpansion.expand(text, file: file, environment: environment, into: &diagnostics)
        }
        var configuration: AgentConfiguration?
        if let source {
            let root = YAMLParser.parse(source, into: &diagnostics)
            // A file that does not parse says nothing more; one that is empty has every default.
            if root != nil || !diagnostics.hasErrors {
                configuration = AgentConfiguration(root, flags: flags, into: &diagnostics)
            }
        }
        if diagnostics.hasErrors, !expandEnvironment, text.contains("${") {
            diagnostics.add(
                Diagnostic(
                    .warning,
                    file: file,
                    position: nil,
                    message: "the file holds '${', which is taken literally",
                    help: "use -config.expand-env=true to expand environment variables"
                )
            )
        }
        return Loaded(
            configuration: diagnostics.hasErrors ? nil : configuration,
            diagnostics: diagnostics,
            source: text,
            file: file
        )
    }

    /// A variable of this process's environment.
    package static func processEnvironment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
