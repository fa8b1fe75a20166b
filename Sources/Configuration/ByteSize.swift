/// Byte counts with units: `256KB`, `1 mb`, `1024`; every unit is a power of 1,024, as in Promtail.
package enum ByteSize {
    private static let powers: [(letter: Character, long: String)] = [
        ("K", "KILO"), ("M", "MEGA"), ("G", "GIGA"), ("T", "TERA"), ("P", "PETA"), ("E", "EXA"),
    ]

    /// Digits, optional spaces, optional unit, in any case; empty text is 0.
    ///
    /// Nil for anything else and beyond Int.
    package static func parse(_ text: String) -> Int? {
        let upper = text.uppercased()
        if upper.isEmpty { return 0 }
        let digits = upper.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits) else { return nil }
        guard let power = power(upper.dropFirst(digits.count).drop { $0 == " " }) else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: 1 << (10 * power))
        return overflow ? nil : product
    }

    private static func power(_ unit: Substring) -> Int? {
        if ["", "B", "BYTE", "BYTES"].contains(unit) { return 0 }
        for (index, power) in powers.enumerated() {
            let letter = String(power.letter)
            let names = [letter, letter + "B", power.long, power.long + "BYTE", power.long + "BYTES"]
            if names.contains(where: { $0 == unit }) { return index + 1 }
        }
        return nil
    }
}
