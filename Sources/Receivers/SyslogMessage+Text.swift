import Entries
import Languages

extension SyslogMessage {
    /// The whole message again, as RFC 5424 writes it; structured data sorted, the time with microseconds.
    package var fullText: [UInt8] {
        var text = Array("<\(priority)>\(version) \(timestamp.map(Self.internetTime) ?? "-")".utf8)
        for field in [hostname, appName, processID, messageID] {
            text.append(0x20)
            text += field?.array ?? [UInt8(ascii: "-")]
        }
        text.append(0x20)
        text += structuredData.isEmpty ? [UInt8(ascii: "-")] : elements
        if !self.text.isEmpty {
            text.append(0x20)
            text += self.text.array
        }
        return text
    }

    private var elements: [UInt8] {
        var result: [UInt8] = []
        for element in structuredData.sorted(by: { $0.id.array.lexicographicallyPrecedes($1.id.array) }) {
            result.append(UInt8(ascii: "["))
            result += element.id.array
            let sorted = element.parameters.sorted { $0.name.array.lexicographicallyPrecedes($1.name.array) }
            for parameter in sorted {
                result += [0x20] + parameter.name.array + Array("=\"".utf8) + parameter.value.array + [0x22]
            }
            result.append(UInt8(ascii: "]"))
        }
        return result
    }

    /// RFC 3339 in UTC, the fraction without trailing zeros.
    private static func internetTime(_ time: Timestamp) -> String {
        let days = CivilDay.floorDivide(Int(time.seconds), 86_400)
        let (year, month, day) = CivilDay.date(days)
        let clock = Int(time.seconds) - days * 86_400
        func padded(_ value: Int, _ width: Int = 2) -> String {
            let digits = "\(value)"
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        var fraction = padded(Int(time.nanoseconds) / 1_000, 6)
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let date = "\(padded(year, 4))-\(padded(month))-\(padded(day))"
        let hours = "\(padded(clock / 3_600)):\(padded(clock / 60 % 60)):\(padded(clock % 60))"
        return "\(date)T\(hours)\(fraction.isEmpty ? "" : ".\(fraction)")Z"
    }
}
