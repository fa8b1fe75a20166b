/// Numbers as Go's `strconv` and `encoding/json` write and read them, because configurations and queries rely on that.
package enum GoNumber {
    /// Plain decimal, never an exponent, shortest digits that read back as `value`: `strconv.FormatFloat(v, 'f', -1,
    /// 64)`.
    ///
    /// `NaN`, `+Inf` and `-Inf` for what has no digits. At most 343 bytes.
    package static func decimal(_ value: Double) -> [UInt8] {
        var text: [UInt8] = []
        appendDecimal(value, to: &text)
        return text
    }

    static func appendDecimal(_ value: Double, to text: inout [UInt8]) {
        guard value.isFinite else {
            text += Array((value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf").utf8)
            return
        }
        if let whole = Int64(exactly: value), whole != 0, whole.magnitude < 1 << 53 {
            text += Array(String(whole).utf8)
            return
        }
        ShortestDigits(value).appendDecimal(to: &text)
    }

    /// Shortest digits, with an exponent below 1e-4 and from 1e6 on: `strconv.FormatFloat(v, 'g', -1, 64)`, as Prometheus'
    /// text format has it from Go.
    package static func general(_ value: Double) -> String {
        var text: [UInt8] = []
        let magnitude = value.magnitude
        if value.isFinite, magnitude != 0, magnitude < 1e-4 || magnitude >= 1e6 {
            ShortestDigits(value).appendScientific(leastExponentDigits: 2, to: &text)
        } else {
            appendDecimal(value, to: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The text of a JSON number as `encoding/json` writes it: with an exponent below 1e-6 and from 1e21 on.
    ///
    /// JSON has no text for NaN and infinities; they become `null`.
    static func appendJSON(_ value: Double, to text: inout [UInt8]) {
        guard value.isFinite else {
            text += Array("null".utf8)
            return
        }
        let magnitude = value.magnitude
        if magnitude != 0, magnitude < 1e-6 || magnitude >= 1e21 {
            ShortestDigits(value).appendScientific(to: &text)
        } else {
            appendDecimal(value, to: &text)
        }
    }
}

/// The shortest decimal digits that read back as one finite double, and where the point stands among them.
private struct ShortestDigits {
    private let isNegative: Bool
    /// ASCII digits without leading or trailing zeros; a single `0` for zero.
    private var digits: [UInt8] = []
    /// How many digits stand before the point; zero or less: so many zeros follow the point.
    private var point = 0

    init(_ value: Double) {
        isNegative = value.sign == .minus
        // Swift's description has the same shortest digits as Go, but other rules for when to use an exponent.
        let text = Array(value.magnitude.description.utf8)
        let mantissa = text.prefix { $0 != UInt8(ascii: "e") }
        let exponent = Int(String(decoding: text.dropFirst(mantissa.count + 1), as: UTF8.self)) ?? 0
        let beforePoint = mantissa.prefix { $0 != UInt8(ascii: ".") }.count
        let all = mantissa.filter { $0 != UInt8(ascii: ".") }
        let leadingZeros = all.prefix { $0 == UInt8(ascii: "0") }.count
        digits = Array(all.dropFirst(leadingZeros))
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        point = beforePoint + exponent - leadingZeros
        if digits.isEmpty {
            digits = [UInt8(ascii: "0")]
            point = 1
        }
    }

    func appendDecimal(to text: inout [UInt8]) {
        if isNegative { text.append(UInt8(ascii: "-")) }
        if point <= 0 {
            text += [UInt8(ascii: "0"), UInt8(ascii: ".")]
            text += repeatElement(UInt8(ascii: "0"), count: -point)
            text += digits
        } else if point >= digits.count {
            text += digits
            text += repeatElement(UInt8(ascii: "0"), count: point - digits.count)
        } else {
            text += digits[..<point]
            text.append(UInt8(ascii: "."))
            text += digits[point...]
        }
    }

    func appendScientific(leastExponentDigits: Int = 1, to text: inout [UInt8]) {
        if isNegative { text.append(UInt8(ascii: "-")) }
        text.append(digits[0])
        if digits.count > 1 {
            text.append(UInt8(ascii: "."))
            text += digits[1...]
        }
        text.append(UInt8(ascii: "e"))
        let exponent = point - 1
        text.append(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        let number = String(exponent.magnitude)
        text += repeatElement(UInt8(ascii: "0"), count: max(0, leastExponentDigits - number.utf8.count))
        text += Array(number.utf8)
    }
}
