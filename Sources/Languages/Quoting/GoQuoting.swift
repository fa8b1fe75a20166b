package import Entries

/// String literals as Go writes and reads them (`strconv.Quote`, `strconv.Unquote`).
package enum GoQuoting {
    /// Appends `bytes` as a double-quoted literal, byte for byte what `strconv.Quote` of Go 1.21 and later writes.
    ///
    /// Printable characters stay; others become `\n` and the like, `\xNN`, `\uNNNN` or `\UNNNNNNNN`; bytes that are not
    /// UTF-8 become `\xNN`.
    package static func appendQuoted(_ bytes: Bytes, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var plainStart = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                index += 1
                continue
            }
            let found = bytes.scalar(at: index)
            if let found, found.width > 1, isPrintable(found.scalar) {
                index += found.width
                continue
            }
            append(bytes[plainStart..<index], to: &output)
            if let found {
                appendEscape(of: found.scalar, to: &output)
            } else {
                appendEscape("x", UInt32(byte), digits: 2, to: &output)
            }
            index += found?.width ?? 1
            plainStart = index
        }
        append(bytes[plainStart..<index], to: &output)
        output.append(UInt8(ascii: "\""))
    }

    /// Whether Go prints `scalar` as it is: letters, marks, numbers, punctuation, symbols and the ASCII blank.
    ///
    /// Go 1.21 to 1.25 know Unicode 15; the standard library here knows more, hence the look at the age.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7F { return scalar.value >= 0x20 }
        guard let age = scalar.properties.age, age.major <= 15, age.major < 15 || age.minor == 0 else { return false }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber, .connectorPunctuation,
            .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
            .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            return true
        case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format, .surrogate, .privateUse,
            .unassigned:
            return false
        @unknown default:
            return false
        }
    }

    private static func append(_ bytes: Bytes, to output: inout [UInt8]) {
        output.append(contentsOf: UnsafeBufferPointer(start: bytes.start, count: bytes.count))
    }

    private static func appendEscape(of scalar: Unicode.Scalar, to output: inout [UInt8]) {
        let short: UInt8
        switch scalar {
        case "\"", "\\": short = UInt8(truncatingIfNeeded: scalar.value)
        case "\u{7}": short = UInt8(ascii: "a")
        case "\u{8}": short = UInt8(ascii: "b")
        case "\u{C}": short = UInt8(ascii: "f")
        case "\n": short = UInt8(ascii: "n")
        case "\r": short = UInt8(ascii: "r")
        case "\t": short = UInt8(ascii: "t")
        case "\u{B}": short = UInt8(ascii: "v")
        case _ where scalar.value < 0x80: return appendEscape("x", scalar.value, digits: 2, to: &output)
        case _ where scalar.value < 0x1_0000: return appendEscape("u", scalar.value, digits: 4, to: &output)
        default: return appendEscape("U", scalar.value, digits: 8, to: &output)
        }
        output.append(UInt8(ascii: "\\"))
        output.append(short)
    }

    private static func appendEscape(
        _ letter: Unicode.Scalar,
        _ value: UInt32,
        digits: Int,
        to output: inout [UInt8]
    ) {
        output.append(UInt8(ascii: "\\"))
        output.append(UInt8(truncatingIfNeeded: letter.value))
        for place in (0..<digits).reversed() {
            let digit = UInt8(truncatingIfNeeded: value >> UInt32(4 * place) & 0xF)
            output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
