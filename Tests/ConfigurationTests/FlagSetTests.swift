import Testing

@testable import Configuration

struct FlagSetTests {
    @Test func readsGoSyntax() throws {
        let line = try CommandLine.parse([
            "-config.file", "a.yaml", "--config.expand-env", "-dry-run=true", "-dry-run=f", "-client.timeout=5s",
            "-positions.file=", "rest", "-stdin",
        ])
        #expect(line.configurationFiles == "a.yaml")
        #expect(line.expandsEnvironment)
        #expect(!line.isDryRun)
        #expect(line.flags.isGiven("positions.file"))
        #expect(!line.flags.isOn("stdin"))
        #expect(line.rest == ["rest", "-stdin"])
    }

    @Test func twoDashesEndTheFlags() throws {
        #expect(try CommandLine.parse(["-stdin", "--", "-x"]).rest == ["-x"])
        #expect(try CommandLine.parse(["-stdin", "-"]).rest == ["-"])
        #expect(try CommandLine.parse(["-dry-run", "false"]).isDryRun)
    }

    @Test(arguments: [
        (["-nosuch"], "flag provided but not defined: -nosuch"),
        (["-config.fil=x"], "flag provided but not defined: -config.fil; did you mean -config.file?"),
        (["-config.file"], "flag needs an argument: -config.file"),
        (["-stdin=yes"], "invalid value for flag -stdin: it takes true or false"),
        (
            ["-client.timeout=10"],
            "invalid value for flag -client.timeout: it takes a duration such as 10s, 250ms or 1h30m"
        ),
        (["-log.level=loud"], "invalid value for flag -log.level: it takes debug, info, warn or error"),
        (["-max-line-size=23QB"], "invalid value for flag -max-line-size: it takes a size such as 512KB or 1MB"),
        (["-client.url=canary"], "invalid value for flag -client.url: it takes an http or https URL"),
        (
            ["-client.external-labels=x"],
            "invalid value for flag -client.external-labels: it takes labels such as name=value,name=value"
        ),
        (["-=x"], "bad flag syntax: an argument begins with '-=x'"),
        (["---x"], "bad flag syntax: an argument begins with '---'"),
        (["-help"], "help requested"), (["--h"], "help requested"),
    ])
    func wrongUsageIsExplained(_ arguments: [String], _ message: String) {
        let error = #expect(throws: UsageError.self) { try CommandLine.parse(arguments) }
        #expect(error?.message == message)
        #expect(error?.isHelpRequested == (message == "help requested"))
    }

    @Test(arguments: [
        ("a=b", ["a": "b"]), ("a=x,y", ["a": "x,y"]), ("\"a=x\"", ["a": "x"]), ("a=x,b=y", ["a": "x", "b": "y"]),
        ("\"a=x,y\",b=z", ["a": "x,y", "b": "z"]), ("a=x,b=y=z", ["a": "x", "b": "y=z"]),
    ])
    func externalLabelsAreRead(_ text: String, _ expected: [String: String]) {
        #expect(ExternalLabels.parse(text) == expected)
    }

    @Test(arguments: ["", "x", "=x", "a=b,c=d,e", "a=b,=c", "\"a=b,c=d", "a=\"b\",c=d"])
    func otherExternalLabelsAreRefused(_ text: String) {
        #expect(ExternalLabels.parse(text) == nil)
    }

    @Test func everyDefaultIsAValueOfItsFlag() {
        for flag in FlagSet.all where !flag.defaultText.isEmpty {
            #expect(FlagValue(flag.defaultText, as: flag.kind) != nil, "\(flag.name)")
        }
        #expect(Set(FlagSet.all.map(\.name)).count == FlagSet.all.count)
    }

    @Test func helpNamesEveryFlag() {
        let help = CommandLine.help
        for flag in FlagSet.all { #expect(help.contains("  -\(flag.name)"), "\(flag.name)") }
        #expect(
            help.contains(
                "  -client.timeout DURATION\n        Longest time one of its pushes may take. (default 10s)\n"
            )
        )
    }
}
