/// What this program calls itself.
enum Version {
    static let number = "0.1.0"

    /// In one line, as a configuration that is printed begins with it.
    static let line = "sluice, version \(number) (branch: main, revision: \(number))"

    /// As Promtail prints it, so that scripts that parse it go on working.
    static let text = "\(line)\n  platform:         linux\n"
}
