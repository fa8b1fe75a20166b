import Configuration
import Targets
import Testing

/// Rules on the labels of a target, with what Prometheus makes of them.
struct RelabellingTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let rules: String
        let labels: [String: String]
        /// Nil: the target is dropped.
        let expected: [String: String]?

        init(_ description: String, _ rules: String, _ labels: [String: String], _ expected: [String: String]?) {
            testDescription = description
            self.rules = rules
            self.labels = labels
            self.expected = expected
        }
    }

    private static func relabelling(_ rules: String) throws -> Relabelling {
        let text = """
            positions: {filename: /tmp/p}
            clients: [{url: 'http://localhost/push'}]
            scrape_configs:
              - job_name: a
                static_configs: [{labels: {__path__: /x}}]
                relabel_configs: [\(rules)]
            """
        let loaded = AgentConfiguration.load(text: text, file: "a.yaml", flags: FlagSet())
        let configuration = try #require(loaded.configuration, "\(loaded.diagnostics.render(source: text))")
        return try Relabelling(configuration.scrapeConfigs[0].relabelRules)
    }

    @Test(arguments: [
        Case("no rules", "", ["a": "1"], ["a": "1"]),
        Case("a label without a value is none", "", ["a": "1", "b": ""], ["a": "1"]),

        Case("replace copies by default", "{source_labels: [a], target_label: b}", ["a": "1"], ["a": "1", "b": "1"]),
        Case("a constant", "{target_label: b, replacement: x}", ["a": "1"], ["a": "1", "b": "x"]),
        Case(
            "$1 and ${1}",
            "{source_labels: [a], regex: '(.)(.)', target_label: b, replacement: '${2}1$1'}",
            ["a": "xy"],
            ["a": "xy", "b": "y1x"]
        ),
        Case(
            "a group by its name",
            "{source_labels: [a], regex: '(?P<n>.).', target_label: b, replacement: '${n}$n'}",
            ["a": "xy"],
            ["a": "xy", "b": "xx"]
        ),
        Case(
            "$1x is the group named 1x",
            "{source_labels: [a], target_label: b, replacement: '$1x.'}",
            ["a": "1"],
            ["a": "1", "b": "."]
        ),
        Case(
            "two dollars are one",
            "{source_labels: [a], target_label: b, replacement: '$$1'}",
            ["a": "1"],
            ["a": "1", "b": "$1"]
        ),
        Case(
            "an unknown group is empty, and an empty result takes the label away",
            "{source_labels: [a], target_label: b, replacement: '$7'}",
            ["a": "1", "b": "2"],
            ["a": "1"]
        ),
        Case(
            "a missing source takes the label away",
            "{source_labels: [c], target_label: b}",
            ["a": "1", "b": "2"],
            ["a": "1"]
        ),
        Case(
            "no match changes nothing",
            "{source_labels: [a], regex: x, target_label: b, replacement: y}",
            ["a": "1", "b": "2"],
            ["a": "1", "b": "2"]
        ),
        Case("anchored at the end", "{source_labels: [a], regex: x, target_label: b}", ["a": "xy"], ["a": "xy"]),
        Case("anchored at the start", "{source_labels: [a], regex: y, target_label: b}", ["a": "xy"], ["a": "xy"]),
        Case("anchored around alternatives", "{source_labels: [a], regex: 'x|y', action: keep}", ["a": "xy"], nil),
        Case(
            "a dot fits a newline",
            #"{source_labels: [a], regex: '(.*)', target_label: b}"#,
            ["a": "1\n2"],
            ["a": "1\n2", "b": "1\n2"]
        ),
        Case(
            "values are joined by ;",
            "{source_labels: [a, c, b], target_label: d}",
            ["a": "1", "b": "2"],
            ["a": "1", "b": "2", "d": "1;;2"]
        ),
        Case(
            "values are joined by the separator",
            "{source_labels: [a, b], separator: '', target_label: d}",
            ["a": "1", "b": "2"],
            ["a": "1", "b": "2", "d": "12"]
        ),
        Case(
            "the name of the target is a template",
            "{source_labels: [a], regex: '(.)=(.)', target_label: 'is_$1', replacement: '$2'}",
            ["a": "x=y"],
            ["a": "x=y", "is_x": "y"]
        ),
        Case(
            "an empty name of the target is left out",
            "{source_labels: [a], regex: '(x?)1', target_label: '$1', replacement: y}",
            ["a": "1"],
            ["a": "1"]
        ),
        Case(
            "rules see what rules before them made",
            "{source_labels: [a], target_label: b}, {source_labels: [b, b], target_label: c}",
            ["a": "1"],
            ["a": "1", "b": "1", "c": "1;1"]
        ),
        Case(
            "names with underscores stay for the caller",
            "{source_labels: [__a], target_label: __path__}",
            ["__a": "/x"],
            ["__a": "/x", "__path__": "/x"]
        ),

        Case("keep keeps", "{source_labels: [a], regex: '1|2', action: keep}", ["a": "1"], ["a": "1"]),
        Case("keep drops", "{source_labels: [a], regex: '1|2', action: keep}", ["a": "3"], nil),
        Case("keep on a missing label", "{source_labels: [b], regex: '.+', action: keep}", ["a": "3"], nil),
        Case("drop drops", "{source_labels: [a], regex: '1', action: drop}", ["a": "1"], nil),
        Case("drop keeps", "{source_labels: [a], regex: '1', action: drop}", ["a": "11"], ["a": "11"]),
        Case(
            "no rule runs behind a drop",
            "{source_labels: [a], regex: '1', action: drop}, {target_label: b, replacement: x}",
            ["a": "1"],
            nil
        ),
        Case(
            "keepequal keeps",
            "{source_labels: [a], target_label: b, action: keepequal}",
            ["a": "1", "b": "1"],
            ["a": "1", "b": "1"]
        ),
        Case("keepequal drops", "{source_labels: [a], target_label: b, action: keepequal}", ["a": "1", "b": "2"], nil),
        Case(
            "keepequal on missing labels",
            "{source_labels: [x], target_label: y, action: keepequal}",
            ["a": "1"],
            ["a": "1"]
        ),
        Case(
            "keepequal joins",
            "{source_labels: [a, a], target_label: b, action: keepequal}",
            ["a": "1", "b": "1;1"],
            ["a": "1", "b": "1;1"]
        ),
        Case("dropequal drops", "{source_labels: [a], target_label: b, action: dropequal}", ["a": "1", "b": "1"], nil),
        Case(
            "dropequal keeps",
            "{source_labels: [a], target_label: b, action: dropequal}",
            ["a": "1", "b": "2"],
            ["a": "1", "b": "2"]
        ),

        Case(
            "lowercase",
            "{source_labels: [a], target_label: b, action: lowercase}",
            ["a": "ÄxY"],
            ["a": "ÄxY", "b": "äxy"]
        ),
        Case(
            "uppercase, rune by rune",
            "{source_labels: [a], target_label: b, action: uppercase}",
            ["a": "äxß"],
            ["a": "äxß", "b": "ÄXß"]
        ),
        Case(
            "lowercase of nothing takes the label away",
            "{source_labels: [c], target_label: b, action: lowercase}",
            ["a": "1", "b": "2"],
            ["a": "1"]
        ),
        // The last eight bytes of MD5("foo") are edef654fccc4a4d8, those of MD5("") e9800998ecf8427e.
        Case(
            "hashmod",
            "{source_labels: [a], target_label: b, modulus: 1000, action: hashmod}",
            ["a": "foo"],
            ["a": "foo", "b": "696"]
        ),
        Case(
            "hashmod of nothing",
            "{source_labels: [c], target_label: b, modulus: 16, action: hashmod}",
            ["a": "1"],
            ["a": "1", "b": "14"]
        ),

        Case(
            "labelmap",
            "{regex: '__meta_(.+)', action: labelmap}",
            ["__meta_x": "1", "__meta_y": "2", "z": "3"],
            ["__meta_x": "1", "__meta_y": "2", "x": "1", "y": "2", "z": "3"]
        ),
        Case(
            "labelmap with a template",
            "{regex: '(.)_(.)', replacement: 'k_${2}$1', action: labelmap}",
            ["x_y": "1"],
            ["x_y": "1", "k_yx": "1"]
        ),
        Case(
            "labelmap does not see what it made",
            "{regex: '(.+)', replacement: 'p_$1', action: labelmap}",
            ["x": "1"],
            ["x": "1", "p_x": "1"]
        ),
        Case(
            "labelmap to one name: the last by name wins",
            "{regex: '(x|y)', replacement: z, action: labelmap}",
            ["y": "2", "x": "1"],
            ["x": "1", "y": "2", "z": "2"]
        ),
        Case("labelmap to no name", "{regex: '(x?)y', action: labelmap}", ["y": "2"], ["y": "2"]),
        Case("labeldrop", "{regex: 'a|b.*', action: labeldrop}", ["a": "1", "bb": "2", "xa": "3"], ["xa": "3"]),
        Case(
            "labelkeep takes away the path, too",
            "{regex: 'a', action: labelkeep}",
            ["a": "1", "ab": "2", "__path__": "/x"],
            ["a": "1"]
        ),
        Case("actions in capital letters", "{source_labels: [a], regex: '1', action: DROP}", ["a": "1"], nil),
    ])
    func gives(_ c: Case) throws {
        #expect(try Self.relabelling(c.rules).labels(of: c.labels) == c.expected)
    }

    @Test func anExpressionThatDoesNotCompileIsShownWhereItIs() throws {
        let mistake = try #require(throws: Diagnostic.self) {
            try Self.relabelling("{source_labels: [a], regex: '([', target_label: b}")
        }
        #expect(
            mistake.message.hasPrefix(
                "relabel_configs: 'regex' does not compile: error parsing regexp: missing closing ]"
            )
        )
        #expect(mistake.position?.line == 6)
    }
}
