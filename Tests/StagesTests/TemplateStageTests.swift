import Testing

@testable import Stages

struct TemplateStageTests {
    private typealias Row = StageCase<[String: StageRun.Extracted]>

    /// Stages that extract with JSON first.
    private static func after(_ names: String, _ template: String, source: String) -> String {
        "- json: {expressions: {\(names)}}\n- template: {source: \(source), template: '\(template)'}"
    }

    @Test(arguments: [
        Row(
            "a changed value",
            after("app: ", "{{ .Value }}-x", source: "app"),
            #"{"app":"a"}"#,
            expect: ["app": "a-x"]
        ),
        Row("a new value", "- template: {source: new, template: T}", "x", expect: ["new": "T"]),
        Row(
            "a missing name",
            after("msg: ", "{{.Value}} in {{.mod}}", source: "msg"),
            #"{"msg":"m"}"#,
            expect: ["msg": "m in <no value>"]
        ),
        Row(
            "nil counts as missing",
            after("lvl: , other: ", #"{{ Replace .Value "Warning" "warn" 1 }}{{ .other }}"#, source: "lvl"),
            #"{"lvl":"Warning","other":null}"#,
            expect: ["lvl": "warn<no value>", "other": .null]
        ),
        Row("failure: nothing", "- template: {source: k, template: '{{ .Value | ToLower }}'}", "x", expect: [:]),
        Row(
            "missing source prints",
            "- template: {source: k, template: '{{ .Value }}'}",
            "x",
            expect: ["k": "<no value>"]
        ),
        Row("an empty template deletes", after("k: ", "", source: "k"), #"{"k":"x"}"#, expect: [:]),
        Row("no template deletes", "- json: {expressions: {k: }}\n- template: {source: k}", #"{"k":"x"}"#, expect: [:]),
        Row(
            "an empty result deletes",
            after("k: ", "{{ if false }}x{{ end }}", source: "k"),
            #"{"k":"x"}"#,
            expect: [:]
        ),
        Row(
            "Promtail's regexReplaceAll",
            after("k: ", #"{{ regexReplaceAll "(Silly)" .Value "${1}foo" }}"#, source: "k"),
            #"{"k":"Silly x"}"#,
            expect: ["k": "Sillyfoo x"]
        ),
        Row(
            "an expression that does not compile: nothing",
            after("k: ", #"{{ regexReplaceAll "\\K" .Value "x" }}"#, source: "k"),
            #"{"k":"v"}"#,
            expect: ["k": "v"]
        ),
        Row("Trim", after("k: ", #"{{ Trim .Value "!" }}"#, source: "k"), #"{"k":"!!W!!"}"#, expect: ["k": "W"]),
        Row("functions", "- template: {source: k, template: '{{ add 7 3 }}'}", "x", expect: ["k": "10"]),
        Row(
            "all values are text",
            after("s: ", #"{{ if eq .s "200" }}ok{{ end }}"#, source: "s"),
            #"{"s":200}"#,
            expect: ["s": "ok"]
        ),
        Row(
            "text against a number: failure",
            after("s: ", #"{{ if eq .s 200 }}ok{{ end }}"#, source: "s"),
            #"{"s":200}"#,
            expect: ["s": "200"]
        ),
        Row("the line", "- template: {source: k, template: '{{ .Entry }}!'}", "x", expect: ["k": "x!"]),
        Row(
            "which hides an extracted Entry",
            after("Entry: ", "{{ .Entry }}", source: "k"),
            #"{"Entry":1}"#,
            expect: ["Entry": "1", "k": #"{"Entry":1}"#]
        ),
        Row(
            "an extracted Value where the source has none",
            after("Value: ", "{{ .Value }}", source: "k"),
            #"{"Value":"v"}"#,
            expect: ["Value": "v", "k": "v"]
        ),
        Row(
            "names that are no identifiers",
            #"- json: {expressions: {my-key: '"my-key"'}}"# + "\n"
                + #"- template: {source: k, template: '{{ index . "my-key" }}'}"#,
            #"{"my-key":"v"}"#,
            expect: ["my-key": "v", "k": "v"]
        ),
        Row(
            "a label",
            "- template: {source: k, template: '{{ .job }}'}",
            labels: ["job": "j"],
            "x",
            expect: ["job": "j", "k": "j"]
        ),
    ])
    func result(_ row: StageCase<[String: StageRun.Extracted]>) throws {
        #expect(try row.outputs().map(\.extracted) == [row.expected])
    }

    /// A template over the map as a whole sees names that nothing else asks for.
    @Test(arguments: [
        StageCase(
            "parts of a container line",
            "- cri:\n- template: {source: k, template: '{{ range $n, $v := . }}{{ $n }}={{ $v }};{{ end }}'}",
            labels: ["job": "j"],
            "2026-01-02T03:04:05Z stdout F x",
            expect: "Entry=x;content=x;flags=F;job=j;stream=stdout;time=2026-01-02T03:04:05Z;"
        ),
        StageCase(
            "labels that were taken off",
            "- labelallow: [none]\n- template: {source: k, template: '{{ toJson . }}'}",
            labels: ["job": "j"],
            "x",
            expect: #"{"Entry":"x","job":"j"}"#
        ),
        StageCase(
            "labels that stages have set, from the next block on",
            """
            - static_labels: {app: a}
            - match: {selector: '{app="a"}', stages: [{template: {source: k, template: '{{ .app }}{{ len . }}'}}]}
            """,
            "x",
            expect: "a2"
        ),
        StageCase(
            "the source",
            "- regex: {expression: '(?P<k>x)'}\n- template: {source: k, template: '{{ toJson . }}'}",
            "x",
            expect: #"{"Entry":"x","Value":"x","k":"x"}"#
        ),
        StageCase(
            "names made while it runs",
            #"- template: {source: k, template: '{{ $n := "job" }}{{ index . $n }}{{ index . "no" }}'}"#,
            labels: ["job": "j"],
            "x",
            expect: "j<no value>"
        ),
    ])
    func wholeMap(_ row: StageCase<String>) throws {
        let output = try #require(
            try StageRun.output(row.stages + "\n- output: {source: k}", labels: row.labels, row.lines[0])
        )
        #expect(output.text == row.expected)
    }

    @Test(arguments: [
        MistakeCase("- template: {template: x}", "template: 'source' is missing"),
        MistakeCase("- template: {source: '', template: x}", "template: 'source' is empty"),
        MistakeCase(
            "- template: {source: k, template: '{{ nope }}'}",
            #"template: 'template' does not compile: template: pipeline_template:1: function "nope" not defined"#
        ),
        MistakeCase("- template: {source: k, template: '{{ if }}'}", "template: 'template' does not compile"),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
