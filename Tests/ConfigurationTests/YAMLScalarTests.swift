import Testing

@testable import Configuration

struct YAMLScalarTests {
    @Test(arguments: [
        ("y", YAMLScalar.Resolved.bool(true)), ("Yes", .bool(true)), ("on", .bool(true)), ("TRUE", .bool(true)),
        ("n", .bool(false)), ("No", .bool(false)), ("OFF", .bool(false)), ("yEs", .string), ("tRUE", .string),
        ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("nULL", .string),
        ("12", .integer(12)), ("-7", .integer(-7)), ("+7", .integer(7)), ("1_000", .integer(1000)),
        ("0x1F", .integer(31)), ("0b11", .integer(3)), ("010", .integer(8)), ("0o10", .integer(8)), ("0", .integer(0)),
        ("-0x10", .integer(-16)), ("08", .number(8)), ("--1", .string), ("0x-1", .string), ("0x", .string),
        ("1.5", .number(1.5)), ("1.", .number(1)), (".5", .number(0.5)), ("1e3", .number(1000)),
        ("-1.5e-2", .number(-0.015)), (".inf", .number(.infinity)), ("-.INF", .number(-.infinity)),
        ("1.2.3", .string), (".", .string), ("-", .string), ("1e", .string), ("10s", .string), ("2020-01-01", .string),
    ])
    func resolvesPlainText(_ text: String, _ expected: YAMLScalar.Resolved) {
        #expect(YAMLScalar.resolve(text) == expected)
    }

    @Test func quotesAndTagsDecide() throws {
        let root = try YAMLTree.parse(
            "[\"12\", 'yes', !!str 12, !!int \"12\", |\n 12\n]".replacing("|\n 12\n", with: "x")
        )
        let kinds = try #require(root.items).map { $0.scalar?.resolved }
        #expect(kinds == [.string, .string, .string, .integer(12), .string])
    }
}
