/// Arithmetic on decimal digits, as shopspring/decimal does it behind `addf` and its kin: 0.1 and 0.2 make 0.3.
enum TemplateDecimal {
    enum Operation {
        case add
        case subtract
        case multiply
        case divide
    }

    /// Digits behind the point of a quotient.
    private static let quotientPlaces = 16

    /// Ordinary floating point where 38 digits do not hold the exact result.
    static func calculate(_ left: Double, _ operation: Operation, _ right: Double) -> Double {
        if let a = Number(left), let b = Number(right), let exact = exact(a, operation, b) { return exact.value }
        switch operation {
        case .add: return left + right
        case .subtract: return left - right
        case .multiply: return left * right
        case .divide: return left / right
        }
    }

    private static func exact(_ a: Number, _ operation: Operation, _ b: Number) -> Number? {
        switch operation {
        case .add, .subtract:
            let exponent = min(a.exponent, b.exponent)
            guard let left = a.digits(at: exponent), let right = b.digits(at: exponent) else { return nil }
            let sum =
                operation == .add
                ? left.addingReportingOverflow(right) : left.subtractingReportingOverflow(right)
            return sum.overflow ? nil : Number(digits: sum.partialValue, exponent: exponent)
        case .multiply:
            let product = a.digits.multipliedReportingOverflow(by: b.digits)
            return product.overflow ? nil : Number(digits: product.partialValue, exponent: a.exponent + b.exponent)
        case .divide:
            let places = quotientPlaces + a.exponent - b.exponent
            guard b.digits != 0, places >= 0, let scaled = Number(digits: a.digits, exponent: places).digits(at: 0)
            else {
                return nil
            }
            let (quotient, rest) = scaled.quotientAndRemainder(dividingBy: b.digits)
            let isNegative = (scaled < 0) != (b.digits < 0)
            let roundsAway = rest.magnitude >= b.digits.magnitude - rest.magnitude
            return Number(
                digits: roundsAway ? quotient + (isNegative ? -1 : 1) : quotient,
                exponent: -quotientPlaces
            )
        }
    }

    /// `digits` times ten to the power of `exponent`.
    private struct Number {
        let digits: Int128
        let exponent: Int

        init(digits: Int128, exponent: Int) {
            self.digits = digits
            self.exponent = exponent
        }

        /// The shortest digits that read back as `value`.
        init?(_ value: Double) {
            guard value.isFinite else { return nil }
            let parts = value.description.split(separator: "e")
            guard let mantissa = parts.first else { return nil }
            let halves = mantissa.split(separator: ".", maxSplits: 1)
            let fraction = halves.count > 1 && halves[1] != "0" ? halves[1] : ""
            guard let digits = Int128(String(halves[0] + fraction)) else { return nil }
            self.digits = digits
            exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) - fraction.count
        }

        var value: Double { Double("\(digits)e\(exponent)") ?? 0 }

        func digits(at wanted: Int) -> Int128? {
            var scaled = digits
            guard exponent - wanted <= 38 || digits == 0 else { return nil }
            for _ in 0..<max(0, min(38, exponent - wanted)) {
                let (next, overflow) = scaled.multipliedReportingOverflow(by: 10)
                if overflow { return nil }
                scaled = next
            }
            return scaled
        }
    }
}
