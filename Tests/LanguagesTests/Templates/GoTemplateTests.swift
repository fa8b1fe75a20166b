import Languages
import Testing

@Suite("Go templates")
struct GoTemplateTests {
    private let data = ["Value": "Hello", "n": "7", "csv": "x,y,z", "my-key": "dash"]

    @Test(
        "Give what Go gives",
        arguments: [
            ("plain", "plain"),
            ("", ""),
            ("{{ .Value }}-x", "Hello-x"),
            ("{{ .missing }}", "<no value>"),
            ("{{ .missing.deeper }}", "<no value>"),
            ("{{ index . \"my-key\" }}", "dash"),
            ("{{ index . \"none\" }}", "<no value>"),
            ("{{ print .missing }}", "<nil>"),
            ("{{ if .missing }}a{{ else if eq .n \"7\" }}b{{ else }}c{{ end }}", "b"),
            ("{{ eq .missing \"x\" }} {{ ne .missing \"x\" }}", "false true"),
            ("{{ eq .n \"1\" \"7\" }}", "true"),
            ("a {{- \" b \" -}} c", "a b c"),
            ("a {{- /* gone */ -}} b", "ab"),
            ("a{{/* gone */}} b", "a b"),
            ("{{ with $x := .n }}{{ $x }}{{ . }}{{ end }}", "77"),
            ("{{ with .missing }}a{{ else with .n }}{{ . }}{{ end }}", "7"),
            ("{{ range $i, $e := splitList \",\" .csv }}{{ $i }}{{ $e }};{{ end }}", "0x;1y;2z;"),
            ("{{ range splitList \",\" .csv }}{{ if eq . \"y\" }}{{ continue }}{{ end }}{{ . }}{{ end }}", "xz"),
            ("{{ range splitList \",\" .csv }}{{ if eq . \"y\" }}{{ break }}{{ end }}{{ . }}{{ end }}", "x"),
            ("{{ range 3 }}{{ . }}{{ end }}", "012"),
            ("{{ range list }}a{{ else }}none{{ end }}", "none"),
            ("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2"),
            ("{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}", "1"),
            ("{{ define \"t\" }}<{{ . }}>{{ end }}{{ template \"t\" .n }}", "<7>"),
            ("{{ block \"t\" . }}[{{ .n }}]{{ end }}", "[7]"),
            ("{{ (dict \"a\" 1).a }}", "1"),
            ("{{ $.Value }}", "Hello"),
            ("{{ . }}", "map[Value:Hello csv:x,y,z my-key:dash n:7]"),
            ("{{ range $k, $v := . }}{{ $k }}={{ $v }} {{ end }}", "Value=Hello csv=x,y,z my-key=dash n=7 "),
            (
                "{{ true }} {{ 'a' }} {{ 0x1F }} {{ 1_000 }} {{ 1.5 }} {{ 1e3 }} {{ `r\\n` }}",
                "true 97 31 1000 1.5 1000 r\\n"
            ),
            ("{{ or .missing .n }} {{ and .n .missing }} {{ not .n }}", "7 <no value> false"),
            ("{{ or .n (fail \"x\") }}", "7"),
            (
                "{{ printf \"%05d|%-4s|%x|%.2f|%q|%v|%T\" 7 \"a\" 255 1.5 \"q\" nil 1.0 }}",
                "00007|a   |ff|1.50|\"q\"|<nil>|float64"
            ),
            ("{{ printf \"%d %s\" \"a\" }}", "%!d(string=a) %!s(MISSING)"),
            ("{{ printf \"x\" 1 }}", "x%!(EXTRA int=1)"),
            ("{{ printf \"%[2]s %[1]s\" \"a\" \"b\" }}", "b a"),
            ("{{ println 1 \"a\" }}", "1 a\n"),
            ("{{ print 1 2 \"a\" 3 }}", "1 2a3"),
            ("{{ html \"<a>\" }} {{ js \"it's\" }} {{ urlquery \"a b\" }}", "&lt;a&gt; it\\'s a+b"),
            ("{{ len .csv }} {{ index .csv 0 }} {{ index (list 1 2) 1 }}", "5 120 2"),
            ("{{ le 1 1 }} {{ gt \"b\" \"a\" }} {{ ge 1.5 2.5 }}", "true true false"),
            ("{{ 1000000.0 }} {{ 123456.0 }} {{ 0.00001 }}", "1e+06 123456 1e-05"),
        ]
    )
    func results(template: String, result: String) throws {
        #expect(try TemplateFixture.result(template, data) == result)
    }

    @Test(
        "Fail to execute where Go fails",
        arguments: [
            "{{ ToLower .missing }}", "{{ eq .n 7 }}", "{{ slice .Value 0 3 }}", "{{ index (list 1) 5 }}",
            "{{ trunc (add 1 2) .Value }}", "{{ range .n }}{{ end }}", "{{ template \"none\" }}", "{{ .n \"x\" }}",
            "{{ .n.deeper }}", "{{ lt .missing 1 }}", "{{ fail \"m\" }}", "{{ div 1 0 }}", "{{ ToLower }}",
            "{{ regexReplaceAll \"\\\\K\" .Value \"x\" }}", "{{ nil }}", "{{ substr 3 1 .Value }}", "{{ call .n }}",
        ]
    )
    func failures(template: String) throws {
        let parsed = try GoTemplate(template)
        #expect(throws: TemplateError.self) { try parsed.execute(TemplateFixture(values: data)) }
    }

    @Test(
        "Name mistakes as Go does",
        arguments: [
            ("{{ x }}", "template: pipeline_template:1: function \"x\" not defined", 3),
            ("a\n{{ .a | toLowr }}", "template: pipeline_template:2: function \"toLowr\" not defined", 10),
            ("{{ if .a }}", "template: pipeline_template:1: unexpected EOF", 11),
            ("{{ .a", "template: pipeline_template:1: unclosed action", 5),
            ("{{ end }}", "template: pipeline_template:1: unexpected {{end}}", 3),
            ("{{ $x }}", "template: pipeline_template:1: undefined variable \"$x\"", 3),
            ("{{ }}", "template: pipeline_template:1: missing value for command", 3),
            ("{{ break }}", "template: pipeline_template:1: {{break}} outside {{range}}", 3),
            ("{{ (.a }}", "template: pipeline_template:1: unclosed left paren", 7),
            ("{{ \"a }}", "template: pipeline_template:1: unterminated quoted string", 3),
            ("{{ .a | 1 }}", "template: pipeline_template:1: non executable command in pipeline stage 2", 8),
        ]
    )
    func mistakes(template: String, message: String, offset: Int) {
        let error = #expect(throws: LanguageError.self) { try GoTemplate(template) }
        #expect(error?.message == message)
        #expect(error?.offset == offset)
    }

    @Test("Help with names that are nearly right and with those left out on purpose")
    func help() {
        #expect(#expect(throws: LanguageError.self) { try GoTemplate("{{ ToLowr }}") }?.help == "did you mean ToLower?")
        let help = #expect(throws: LanguageError.self) { try GoTemplate("{{ genCA }}") }?.help
        #expect(help?.contains("on purpose") == true)
    }

    @Test(
        "Know the names that they ask for",
        arguments: [
            ("{{ .a }}{{ $.b }}{{ index . \"c-d\" }}{{ with .e }}{{ . }}{{ end }}", ["a", "b", "c-d", "e"], false),
            ("{{ . }}", [], true),
            ("{{ range $k, $v := . }}{{ end }}", [], true),
            ("{{ index . .k }}", ["k"], true),
            ("{{ get . \"x\" }}", [], true),
            ("{{ template \"t\" . }}{{ define \"t\" }}{{ .a }}{{ end }}", ["a"], false),
            ("{{ range list 1 }}{{ . }}{{ end }}", [], false),
        ]
    )
    func names(template: String, names: [String], whole: Bool) throws {
        let parsed = try GoTemplate(template)
        #expect(parsed.fieldNames == names)
        #expect(parsed.usesWholeMap == whole)
    }

    @Test("A missing key that is indexed is an empty text in a map of texts")
    func textMap() throws {
        #expect(try TemplateFixture.result("[{{ index . \"x\" }}{{ .x }}]", rootMap: .text) == "[<no value>]")
        #expect(try TemplateFixture.result("[{{ index . \"x\" }}]", rootMap: .any) == "[<no value>]")
    }

    @Test(
        "Stop before they take long or grow large",
        arguments: [
            "{{ range 2000000 }}{{ end }}",
            "{{ range until 1000 }}{{ range until 1000 }}{{ . }}{{ end }}{{ end }}",
            "{{ define \"t\" }}{{ template \"t\" }}{{ end }}{{ template \"t\" }}",
            "{{ repeat 1000000000 \"abc\" }}",
            "{{ printf \"%1000000d\" 1 | repeat 100 }}",
            "{{ $x := \"aaaaaaaaaa\" }}{{ range 20 }}{{ $x = print $x $x }}{{ end }}{{ $x }}{{ $x }}",
            "{{ $l := list }}{{ range 100 }}{{ $l = list $l }}{{ end }}",
            "{{ $d := dict }}{{ $_ := set $d \"a\" $d }}{{ $d }}",
            "{{ $d := dict }}{{ $t := $d }}{{ range 1000 }}{{ $n := dict }}"
                + "{{ $_ := set $t \"a\" $n }}{{ $t = $n }}{{ end }}",
            "{{ untilStep 0 9223372036854775807 1 }}",
            "{{ replace \"\" (repeat 1000000 \"a\") (repeat 1000000 \"b\") }}",
        ]
    )
    func bounds(template: String) throws {
        let parsed = try GoTemplate(template)
        #expect(throws: TemplateError.self) { try parsed.execute(TemplateFixture(values: data)) }
    }

    @Test("A long chain of else if is no deep nesting to worry about")
    func longChain() throws {
        let chain = (0..<100).map { "{{ else if eq .n \"x\($0)\" }}\($0)" }.joined()
        #expect(try TemplateFixture.result("{{ if .none }}a\(chain){{ else }}z{{ end }}", ["n": "x99"]) == "99")
    }

    @Test("Deep nesting is a mistake, not a crash")
    func nesting() {
        let parentheses =
            "{{ " + String(repeating: "(", count: 100_000) + "1" + String(repeating: ")", count: 100_000) + " }}"
        #expect(throws: LanguageError.self) { try GoTemplate(parentheses) }
        let blocks = String(repeating: "{{ if true }}", count: 10_000) + String(repeating: "{{ end }}", count: 10_000)
        #expect(throws: LanguageError.self) { try GoTemplate(blocks) }
    }
}
