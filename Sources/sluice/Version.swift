/// What this program calls itself.
enum Version {
    static let number = "0.1.0"

    /// As Promtail prints it, so that scripts that parse it go on working.
    static let text = "sluice, version \(number) (branch: main, revision: \(number))\n  platform:         linux\n"
}
