import Languages
import Testing

@Suite("Functions of templates")
struct TemplateFunctionsTests {
    @Test(
        "Promtail's own",
        arguments: [
            ("{{ Replace .v \"l\" \"L\" 1 }}", "--HeLlo World--"),
            ("{{ Replace .v \"l\" \"\" -1 }}", "--Heo Word--"),
            ("{{ Trim .v \"-_\" }}", "Hello World"),
            ("{{ TrimLeft .v \"-_x\" }}", "Hello World--"),
            ("{{ TrimRight .v \"-_o\" }}", "--Hello World"),
            ("{{ TrimPrefix .v \"--\" }}{{ TrimSuffix .v \"--\" }}", "Hello World----Hello World"),
            ("[{{ TrimSpace \" a b\\t\" }}]", "[a b]"),
            ("{{ ToUpper \"Straße ÄÖ\" }} {{ ToLower \"ÄÖ\" }}", "STRAßE ÄÖ äö"),
            (
                "{{ Sha2Hash \"this is PII data\" \"salt\" }}",
                "5526fd6f8ad457279cf8ff06453c6cb61bf479fa826e3b099caa6c846f9376f2"
            ),
            (
                "{{ Hash \"this is PII data\" \"salt\" }}",
                "0807ea24e992127128b38e4930f7155013786a4999c73a25910318a793847658"
            ),
            ("{{ regexReplaceAll \"(Silly)\" \"Silly x\" \"${1}foo\" }}", "Sillyfoo x"),
            ("{{ regexReplaceAllLiteral \"\\\\d+\" \"a1b22\" \"$1\" }}", "a$1b$1"),
        ]
    )
    func promtail(template: String, result: String) throws {
        #expect(try TemplateFixture.result(template, ["v": "--Hello World--"]) == result)
    }

    @Test(
        "The conformance case of numbers and lists",
        arguments: [
            (
                "7", "2", "x,y,z",
                "8 5 28 3 1 7 2.33 2 00007|2   |ff|2.00|\"2\"|7 x/z/y/3 yes 0=x;1=y;2=z [1 b 2.5] [0 1 2]"
            ),
            (
                "10", "3.5", "one,two",
                "11 10 0 5 1 10 3.33 2 00010|3.5 |ff|3.50|\"3.5\"|10 one/two/two/2 no 0=one;1=two [1 b 2.5] [0 1 2]"
            ),
            ("0", "-1", "p,q", "1 1 0 0 0 4 0 2 00000|-1  |ff|-1.00|\"-1\"|0 p/q/q/2 no 0=p;1=q [1 b 2.5] [0 1 2]"),
        ]
    )
    func numbersAndLists(a: String, b: String, csv: String, result: String) throws {
        let template =
            "{{ add .a 1 }} {{ sub .a .b }} {{ mul .a .b 2 }} {{ div .a 2 }} {{ mod .a 3 }} {{ max .a .b 4 }} "
            + "{{ round (divf .a 3) 2 }} {{ floor 2.7 }} {{ printf \"%05d|%-4s|%x|%.2f|%q|%v\" (int .a) .b 255 "
            + "(float64 .b) .b (atoi .a) }} {{ $l := splitList \",\" .csv }}{{ first $l }}/{{ last $l }}/"
            + "{{ index $l 1 }}"
            + "/{{ len $l }} {{ ternary \"yes\" \"no\" (eq .a \"7\") }} {{ range $i, $x := $l }}{{ if $i }};{{ end }}"
            + "{{ $i }}={{ $x }}{{ end }} {{ list 1 \"b\" 2.5 }} {{ until 3 }}"
        #expect(try TemplateFixture.result(template, ["a": a, "b": b, "csv": csv]) == result)
    }

    @Test(
        "sprig's",
        arguments: [
            ("{{ trunc 3 \"abcdef\" }} {{ trunc -2 \"abcdef\" }} {{ substr 1 3 \"abcdef\" }}", "abc ef bc"),
            ("{{ \"\" | default \"d\" }} {{ default \"d\" .none }} {{ coalesce .none \"\" 3 }}", "d d 3"),
            (
                "{{ title \"x y\" }} {{ untitle \"Foo\" }} {{ initials \"First Try\" }} {{ nospace \" a b \" }}",
                "X Y foo FT ab"
            ),
            ("{{ quote \"a\\\"b\" 1 }} {{ squote \"a\" }} {{ cat \"a\" 1 }}", "\"a\\\"b\" \"1\" 'a' a 1"),
            (
                "{{ snakecase \"HTTPServerName\" }} {{ kebabcase \"fooBar\" }} {{ camelcase \"foo_bar\" }}",
                "http_server_name foo-bar FooBar"
            ),
            ("{{ (split \"$\" \"a$b\")._1 }} {{ (splitn \",\" 2 \"a,b,c\")._1 }}", "b b,c"),
            (
                "{{ regexFindAll \"\\\\d\" \"1a2b3\" 2 }} {{ regexSplit \"[ ,]+\" \"a, b c\" -1 | join \"_\" }}",
                "[1 2] a_b_c"
            ),
            (
                "{{ regexMatch \"^a\" \"abc\" }} {{ regexFind \"b.\" \"abc\" }} {{ regexQuoteMeta \"a.b\" }}",
                "true bc a\\.b"
            ),
            (
                "{{ b64enc \"hi\" }} {{ b64dec \"aGk=\" }} {{ b64dec \"!\" }}",
                "aGk= hi illegal base64 data at input byte 0"
            ),
            ("{{ seq 5 }}|{{ seq 2 2 8 }}|{{ seq 3 1 }}", "1 2 3 4 5|2 4 6 8|3 2 1"),
            ("{{ addf 0.1 0.2 }} {{ mulf 1.1 1.1 }} {{ subf 3 0.1 }} {{ divf 10 4 }}", "0.3 1.21 2.9 2.5"),
            (
                "{{ int \"0x1f\" }} {{ int \"12.00\" }} {{ int \"x\" }} {{ int64 \"08\" }} {{ float64 \"1.5\" }}",
                "31 12 0 0 1.5"
            ),
            ("{{ list 1 2 2 3 | uniq }} {{ has 2 (list 1 2) }} {{ without (list 1 2) 1 }}", "[1 2 3] true [2]"),
            (
                "{{ rest (list 1 2 3) }} {{ initial (list 1 2 3) }} {{ append (list 1) 2 }} {{ reverse (list 1 2) }}",
                "[2 3] [1 2] [1 2] [2 1]"
            ),
            (
                "{{ slice (list 1 2 3) 1 2 }} {{ chunk 2 (list 1 2 3) }} {{ concat (list 1) (list 2) }}",
                "[2] [[1 2] [3]] [1 2]"
            ),
            (
                "{{ $d := dict \"a\" 1 }}{{ $_ := set $d \"b\" 2 }}{{ $d }} {{ get $d \"b\" }} {{ hasKey $d \"c\" }}",
                "map[a:1 b:2] 2 false"
            ),
            (
                "{{ keys (dict \"a\" 1) }} {{ pick (dict \"a\" 1 \"b\" 2) \"a\" }} "
                    + "{{ omit (dict \"a\" 1 \"b\" 2) \"a\" }}",
                "[a] map[a:1] map[b:2]"
            ),
            ("{{ dig \"a\" \"b\" \"x\" (dict \"a\" (dict \"b\" 1)) }} {{ dig \"a\" \"b\" \"x\" (dict) }}", "1 x"),
            ("{{ merge (dict \"a\" 1) (dict \"a\" 2 \"b\" 3) }}", "map[a:1 b:3]"),
            (
                "{{ toJson (dict \"a\" (list 1 \"<\")) }} {{ (fromJson \"{\\\"a\\\":[1,2.5]}\").a }}",
                "{\"a\":[1,\"\\u003c\"]} [1 2.5]"
            ),
            ("{{ toRawJson \"<\" }} {{ toPrettyJson (list 1) }}", "\"<\" [\n  1\n]"),
            (
                "{{ typeOf 1 }} {{ kindOf (list) }} {{ typeIs \"string\" \"a\" }} {{ typeOf (until 2) }}",
                "int slice true []int"
            ),
            (
                "{{ base \"/a/b.c\" }} {{ dir \"/a/b.c\" }} {{ ext \"b.c\" }} "
                    + "{{ clean \"/a/../b//c\" }} {{ isAbs \"a\" }}",
                "b.c /a .c /b/c false"
            ),
            (
                "{{ dateInZone \"2006-01-02 15:04\" 0 \"UTC\" }} {{ duration \"3661\" }} {{ durationRound \"2h10m\" }}",
                "1970-01-01 00:00 1h1m1s 2h"
            ),
            ("{{ toDate \"2006-01-02 MST\" \"2024-05-06 UTC\" | dateModify \"24h\" | unixEpoch }}", "1715040000"),
            ("{{ sha1sum \"\" }} {{ adler32sum \"hello\" }}", "da39a3ee5e6b4b0d3255bfef95601890afd80709 103547413"),
            ("{{ indent 2 \"a\\nb\" }}{{ nindent 1 \"c\" }}", "  a\n  b\n c"),
            (
                "{{ abbrev 5 \"hello world\" }} {{ wrap 5 \"a b c d e\" }} {{ plural \"one\" \"many\" 2 }}",
                "he... a b c\nd e many"
            ),
            (
                "{{ swapcase \"aB\" }} {{ repeat 2 \"ab\" }} {{ trimAll \"$\" \"$5$\" }} {{ hasSuffix \"b\" \"ab\" }}",
                "Ab abab 5 true"
            ),
            ("{{ len (randAlphaNum 5) }} {{ len uuidv4 }} {{ typeOf now }}", "5 36 time.Time"),
            ("{{ ternary 1 2 true }} {{ empty 0 }} {{ all 1 \"\" }} {{ any 1 \"\" }}", "1 true false true"),
            ("{{ deepEqual (list 1) (list 1) }} {{ toString 1.5 }} {{ join \"-\" (list 1 \"a\") }}", "true 1.5 1-a"),
            (
                "{{ round 3.14159 2 }} {{ ceil 1.2 }} {{ maxf 1 2.5 }} {{ min 3 1 }} {{ toDecimal \"777\" }}",
                "3.14 2 2.5 1 511"
            ),
        ]
    )
    func sprig(template: String, result: String) throws {
        #expect(try TemplateFixture.result(template) == result)
    }
}
