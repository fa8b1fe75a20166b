/// The escaping functions of `text/template`.
enum TemplateEscaping {
    static func html(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        for byte in bytes {
            switch byte {
            case 0: output += "\u{FFFD}".utf8
            case UInt8(ascii: "\""): output += "&#34;".utf8
            case UInt8(ascii: "'"): output += "&#39;".utf8
            case UInt8(ascii: "&"): output += "&amp;".utf8
            case UInt8(ascii: "<"): output += "&lt;".utf8
            case UInt8(ascii: ">"): output += "&gt;".utf8
            default: output.append(byte)
            }
        }
        return output
    }

    static func javaScript(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let (rune, width) = TemplateText.rune(bytes, index)
            switch rune {
            case 0x5C: output += "\\\\".utf8
            case 0x27: output += "\\'".utf8
            case 0x22: output += "\\\"".utf8
            case 0x3C, 0x3E, 0x26, 0x3D, 0..<0x20: output += unicode(rune)
            case 0x20..<0x80: output.append(UInt8(rune))
            default:
                let isShown = Unicode.Scalar(rune).map(GoQuoting.isPrintable) ?? false
                output += isShown ? Array(bytes[index..<index + width]) : unicode(rune)
            }
            index += width
        }
        return output
    }

    private static func unicode(_ rune: UInt32) -> [UInt8] {
        let digits = String(rune, radix: 16, uppercase: true)
        return Array(("\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits).utf8)
    }

    /// `url.QueryEscape`: a blank becomes a plus sign.
    static func query(_ bytes: [UInt8]) -> [UInt8] {
        let hex = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                output.append(byte)
            case 0x20: output.append(UInt8(ascii: "+"))
            default: output += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return output
    }
}
