import Testing

@testable import Languages

struct SelectorTests {
    @Test func readsEveryOperation() throws {
        let selector = try Selector(#"{a="1", b!="2",c=~"te.*" , _d9!~""} |= "x" != "y" |~ "z+" !~ "\\d""#)
        #expect(
            selector.matchers == [
                .init(name: "a", operation: .equal, value: Array("1".utf8)),
                .init(name: "b", operation: .notEqual, value: Array("2".utf8)),
                .init(name: "c", operation: .regex, value: Array("te.*".utf8)),
                .init(name: "_d9", operation: .notRegex, value: []),
            ]
        )
        #expect(
            selector.filters == [
                .init(operation: .equal, text: Array("x".utf8)),
                .init(operation: .notEqual, text: Array("y".utf8)),
                .init(operation: .regex, text: Array("z+".utf8)),
                .init(operation: .notRegex, text: Array(#"\d"#.utf8)),
            ]
        )
    }

    @Test func skipsCommentsAndKeepsThemInsideStrings() throws {
        let selector = try Selector("/* {a=\"no\"} **/ { // first\n é = \"a//b\" /**/ }\t// the end")
        #expect(selector.matchers == [.init(name: "é", operation: .equal, value: Array("a//b".utf8))])
        #expect(selector.filters.isEmpty)
    }

    @Test func decodesGoEscapes() throws {
        let selector = try Selector(#"{a="\x41\u00e9\"\\\n\377"}"#)
        #expect(selector.matchers[0].value == [0x41, 0xC3, 0xA9, 0x22, 0x5C, 0x0A, 0xFF])
    }

    @Test(arguments: [
        ("", 1, "syntax error: unexpected $end, expecting {", 0),
        ("foo", 1, "syntax error: unexpected IDENTIFIER, expecting {", 0),
        ("{}", 2, "syntax error: unexpected }, expecting IDENTIFIER", 1),
        ("{", 2, "syntax error: unexpected $end, expecting IDENTIFIER", 1),
        (#"{foo="bar}"#, 6, "literal not terminated", 5),
        (#"{foo="bar""#, 11, "syntax error: unexpected $end, expecting } or ,", 10),
        (#"{foo="bar",}"#, 12, "syntax error: unexpected }, expecting IDENTIFIER", 11),
        (#"{foo="bar"} |~"#, 15, "syntax error: unexpected $end, expecting STRING", 14),
        (#"{foo="bar"} "foo""#, 13, "syntax error: unexpected STRING, expecting != or !~ or |~ or |=", 12),
        (#"{foo="bar"} foo"#, 13, "syntax error: unexpected IDENTIFIER, expecting != or !~ or |~ or |=", 12),
        ("{foo=`bar`}", 6, "syntax error: unexpected IDENTIFIER, expecting STRING", 5),
        ("{foo='bar'}", 6, "syntax error: unexpected IDENTIFIER, expecting STRING", 5),
        (#"{foo "bar"}"#, 6, "syntax error: unexpected STRING, expecting = or != or =~ or !~", 5),
        (#"{é="\d"}"#, 4, "invalid char escape", 4),
        (#"{a="b"} | level="x""#, 9, "syntax error: unexpected IDENTIFIER, expecting != or !~ or |~ or |=", 8),
        (#"{a="b"} /* never"#, 9, "comment not terminated", 8),
        (#"{a="\"#, 4, "literal not terminated", 3),
    ])
    func mistakesAreNamedAsPromtailDoes(text: String, column: Int, message: String, offset: Int) {
        #expect {
            try Selector(text)
        } throws: { error in
            let error = error as? LanguageError
            return error?.message == "parse error at line 1, col \(column): \(message)" && error?.offset == offset
        }
    }

    @Test func columnsRestartWithEachLine() {
        #expect {
            try Selector("{a=\"b\",\n  c}")
        } throws: { error in
            (error as? LanguageError)?.message
                == "parse error at line 2, col 4: syntax error: unexpected }, expecting = or != or =~ or !~"
        }
    }
}
