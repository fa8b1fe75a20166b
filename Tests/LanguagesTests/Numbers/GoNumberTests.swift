import Entries
import Testing

@testable import Languages

struct GoNumberTests {
    @Test(
        arguments: [
            (1, "1"), (12.50, "12.5"), (0, "0"), (-0.0, "-0"), (1e21, "1000000000000000000000"),
            (1_562_723_913_000, "1562723913000"),
            (0.1, "0.1"), (1e-7, "0.0000001"), (123.456e-10, "0.0000000123456"),
            (-2.5e30, "-2500000000000000000000000000000"),
            (9_007_199_254_740_992, "9007199254740992"), (1_700_000_000.123456, "1700000000.123456"),
            (.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
        ] as [(Double, String)]
    )
    func decimalNeverHasAnExponent(value: Double, text: String) {
        #expect(String(decoding: GoNumber.decimal(value), as: UTF8.self) == text)
    }

    @Test func extremesHaveAllTheirDigits() {
        let smallest = GoNumber.decimal(.leastNonzeroMagnitude)
        #expect(smallest.count == 326)
        #expect(smallest.last == UInt8(ascii: "5"))
        #expect(GoNumber.decimal(.greatestFiniteMagnitude).count == 309)
    }

    @Test func decimalReadsBackAsTheSameNumber() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let value = Double(bitPattern: .random(in: 0..<0x7FF0_0000_0000_0000, using: &generator))
            let text = GoNumber.decimal(value)
            #expect(Bytes.with(text) { GoNumber.parseFloat($0) } == value, "bits \(value.bitPattern)")
        }
    }

    @Test(
        arguments: [
            (1, "1"), (1e21, "1e+21"), (1e20, "100000000000000000000"), (1e-6, "0.000001"), (1e-7, "1e-7"),
            (1.25e-9, "1.25e-9"), (-1.5e-10, "-1.5e-10"), (1e100, "1e+100"), (0, "0"), (-2.5, "-2.5"),
        ] as [(Double, String)]
    )
    func jsonHasAnExponentOnlyOutsideItsRange(value: Double, text: String) {
        #expect(String(decoding: JSONValue.number(value).goJSON, as: UTF8.self) == text)
    }

    // Checked against strconv.ParseFloat of Go.
    @Test(
        arguments: [
            ("12", 12), ("-1.5", -1.5), ("1e3", 1000), ("+1", 1), (".5", 0.5), ("5.", 5), ("-0", -0.0), ("1E-2", 0.01),
            ("0x1p-2", 0.25), ("0X1.8P1", 3), ("0x.8p1", 1), ("0x1_0p1", 32), ("0x_1p0", 1), ("0x1p-1_0", 0.0009765625),
            ("1_000", 1000), ("1_0.5", 10.5), ("1e1_0", 1e10), ("0_1", 1), ("007", 7), ("1e-400", 0),
            ("0e99999999999999999999", 0),
            ("inf", .infinity), ("-Inf", -.infinity), ("+INFINITY", .infinity), ("Infinity", .infinity),
            ("0.1", 0.1), ("1700000000.1234567", 1700000000.1234567), ("9007199254740993", 9_007_199_254_740_992),
            ("123456789012345678901234567890", 1.2345678901234568e29),
            ("2.2250738585072014e-308", .leastNormalMagnitude),
            ("1.7976931348623157e308", .greatestFiniteMagnitude),
        ] as [(String, Double)]
    )
    func readsWhatGoReads(text: String, value: Double) {
        let ours = Bytes.with(Array(text.utf8)) { GoNumber.parseFloat($0) }
        #expect(ours?.bitPattern == value.bitPattern, "\(text)")
    }

    @Test(arguments: ["nan", "NaN", "NAN"]) func readsNotANumber(text: String) {
        #expect(Bytes.with(Array(text.utf8)) { GoNumber.parseFloat($0) }?.isNaN == true)
    }

    @Test(arguments: [
        "", " 1", "1 ", "1e", "e1", ".", "+", "-", "--1", "0x1", "0x", "0xp1", "0x1p", "+nan", "-nan", "infi", "in",
        "1e400", "-1e400",
        "0x1p2000", "_1", "1_", "1__0", "1_.5", "1._5", "._5", "1e_1", "0b1", "0o7", "1,5", "1d", "1f", "١", "0x1p_1",
        "1\0",
    ])
    func refusesWhatGoRefuses(text: String) {
        #expect(Bytes.with(Array(text.utf8)) { GoNumber.parseFloat($0) } == nil, "\(text)")
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("+7", 7), ("007", 7), ("9223372036854775807", Int64.max),
            ("-9223372036854775808", Int64.min),
        ] as [(String, Int64)]
    )
    func readsIntegers(text: String, value: Int64) {
        #expect(Bytes.with(Array(text.utf8)) { GoNumber.parseInteger($0) } == value)
    }

    @Test(arguments: [
        "", "-", "+", "1_0", "1.0", "0x1", " 1", "9223372036854775808", "-9223372036854775809", "99999999999999999999",
    ])
    func refusesWhatIsNotAnInteger(text: String) {
        #expect(Bytes.with(Array(text.utf8)) { GoNumber.parseInteger($0) } == nil)
    }
}
