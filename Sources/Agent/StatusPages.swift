import Receivers

/// The pages for people: targets, what discovery found, and the configuration.
///
/// Plain HTML without scripts; everything that comes from outside is escaped.
struct StatusPages {
    let running: AgentStatus.Running

    /// Dropped targets of a job that are listed; the rest is counted (server-and-metrics.md 2).
    private static let mostDropped = 100

    private static let style = """
        body{font:14px sans-serif;margin:2em}table{border-collapse:collapse;margin:0 0 2em}\
        td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left;vertical-align:top}code,pre{font-size:13px}
        """

    private func page(_ title: String, _ body: String) -> String {
        let links = [("targets", "Targets"), ("service-discovery", "Service discovery"), ("config", "Configuration")]
            .map { "<a href=\"\($0.0)\">\($0.1)</a>" }.joined(separator: " · ")
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>\(title) - sluice</title><style>\(Self.style)</style></head>
            <body><p>\(links)</p><h1>\(title)</h1>
            \(body)</body></html>

            """
    }

    /// Targets that are read, by job, with the files that each has open.
    var targets: String {
        let files = running.mailboxes.flatMap { $0.numbers.files }
        var body = ""
        for (job, name) in running.jobs.enumerated() {
            let targets = running.targets.filter { $0.job == job }
            let journals = running.journals.filter { $0.job == job }
            body += "<h2>\(Self.escaped(name)) (\(targets.count + journals.count))</h2>\n"
            body += Self.row(["Type", "Ready", "Labels", "Files or cursor"], "th", isFirst: true)
            for journal in journals {
                let labels = Self.labels(journal.labels.sorted { $0.key < $1.key })
                body += Self.row(["Journal", "true", labels, Self.escaped(journal.progress.acknowledged ?? "none yet")])
            }
            for target in targets {
                let own = files.filter { $0.target == target.id }.sorted { $0.path < $1.path }
                let list = own.map { "\(Self.escaped($0.path)): \($0.readPosition) of \($0.size)" }
                body += Self.row(
                    [
                        "File", own.isEmpty ? "false" : "true",
                        Self.labels(target.labels.map { ($0.name, String(decoding: $0.value, as: UTF8.self)) }),
                        own.isEmpty
                            ? "none for <code>\(Self.escaped(target.path))</code>" : list.joined(separator: "<br>"),
                    ]
                )
            }
            body += "</table>\n"
        }
        return page("Targets", body)
    }

    /// All targets as they were found, also those that are not read, with the reason.
    var discovery: String {
        var body = ""
        for (job, name) in running.jobs.enumerated() {
            let targets = running.targets.filter { $0.job == job }
            let dropped = running.dropped.filter { $0.job == job }
            body += "<h2>\(Self.escaped(name)) (\(targets.count) of \(targets.count + dropped.count) are read)</h2>\n"
            body += Self.row(["Discovered labels", "Target labels"], "th", isFirst: true)
            for target in targets {
                let labels = target.labels.map { ($0.name, String(decoding: $0.value, as: UTF8.self)) }
                body += Self.row([Self.labels(target.discovered.sorted { $0.key < $1.key }), Self.labels(labels)])
            }
            for target in dropped.prefix(Self.mostDropped) {
                let labels = Self.labels(target.discovered.sorted { $0.key < $1.key })
                body += Self.row([labels, "not read: \(target.reason.rawValue)"])
            }
            body += "</table>\n"
            if dropped.count > Self.mostDropped { body += "<p>and \(dropped.count - Self.mostDropped) more</p>\n" }
        }
        return page("Service discovery", body)
    }

    /// The configuration without secrets.
    var configuration: String { page("Configuration", "<pre>\(Self.escaped(running.configuration))</pre>\n") }

    private static func row(_ cells: [String], _ tag: String = "td", isFirst: Bool = false) -> String {
        (isFirst ? "<table>" : "") + "<tr>" + cells.map { "<\(tag)>\($0)</\(tag)>" }.joined() + "</tr>\n"
    }

    private static func labels(_ labels: [(key: String, value: String)]) -> String {
        let list = labels.map { "\(escaped($0.key))=\"\(escaped($0.value))\"" }
        return "<code>{\(list.joined(separator: ", "))}</code>"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
