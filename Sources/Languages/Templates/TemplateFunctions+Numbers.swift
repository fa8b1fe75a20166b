import Entries
import Glibc

extension TemplateFunctions {
    mutating func addNumbers() {
        add("int", 1) { a, _ in .int(Int(TemplateNumber.int64(a[0]))) }
        add("int64", 1) { a, _ in .int64(TemplateNumber.int64(a[0])) }
        add("float64", 1) { a, _ in .float(TemplateNumber.float(a[0])) }
        add("atoi", 1) { a, _ throws(TemplateError) in
            .int(Int(Bytes.with(try a.string(0)) { GoNumber.parseInteger($0) } ?? 0))
        }
        add("toDecimal", 1) { a, execution throws(TemplateError) in
            let text = try TemplateFormat.text(a[0], execution)
            return .int64(Int64(String(decoding: text, as: UTF8.self), radix: 8) ?? 0)
        }
        add("add", 0...) { a, _ in .int64(a.values.reduce(0) { $0 &+ TemplateNumber.int64($1) }) }
        add("add1", 1) { a, _ in .int64(TemplateNumber.int64(a[0]) &+ 1) }
        add("sub", 2) { a, _ in .int64(TemplateNumber.int64(a[0]) &- TemplateNumber.int64(a[1])) }
        add("mul", 1...) { a, _ in .int64(a.values.reduce(1) { $0 &* TemplateNumber.int64($1) }) }
        add("div", 2) { a, _ throws(TemplateError) in
            let divisor = TemplateNumber.int64(a[1])
            guard divisor != 0 else { throw a.failure("runtime error: integer divide by zero") }
            return .int64(TemplateNumber.int64(a[0]).dividedReportingOverflow(by: divisor).partialValue)
        }
        add("mod", 2) { a, _ throws(TemplateError) in
            let divisor = TemplateNumber.int64(a[1])
            guard divisor != 0 else { throw a.failure("runtime error: integer divide by zero") }
            return .int64(TemplateNumber.int64(a[0]).remainderReportingOverflow(dividingBy: divisor).partialValue)
        }
        add("max", 1...) { a, _ in .int64(a.values.map(TemplateNumber.int64).max() ?? 0) }
        alias("max", "biggest")
        add("min", 1...) { a, _ in .int64(a.values.map(TemplateNumber.int64).min() ?? 0) }
        add("maxf", 1...) { a, _ in .float(a.values.map(TemplateNumber.float).reduce(-.infinity) { fmax($0, $1) }) }
        add("minf", 1...) { a, _ in .float(a.values.map(TemplateNumber.float).reduce(.infinity) { fmin($0, $1) }) }
        add("ceil", 1) { a, _ in .float(TemplateNumber.float(a[0]).rounded(.up)) }
        add("floor", 1) { a, _ in .float(TemplateNumber.float(a[0]).rounded(.down)) }
        add("round", 2...3) { a, _ throws(TemplateError) in
            let bound = a.count > 2 ? TemplateNumber.float(a[2]) : 0.5
            let scale = pow(10, Double(try a.int(1)))
            let digits = scale * TemplateNumber.float(a[0])
            let rest = digits - digits.rounded(.towardZero)
            return .float((rest >= bound ? digits.rounded(.up) : digits.rounded(.down)) / scale)
        }
        addDecimals()
        addSequences()
    }

    private mutating func addDecimals() {
        let operations: [(String, TemplateDecimal.Operation)] = [
            ("addf", .add), ("subf", .subtract), ("mulf", .multiply), ("divf", .divide),
        ]
        for (name, operation) in operations {
            add(name, (name == "addf" ? 0 : 1)...) { a, _ throws(TemplateError) in
                let numbers = a.values.map(TemplateNumber.float)
                var value = numbers.first ?? 0
                for number in numbers.dropFirst() {
                    guard operation != .divide || number != 0 else { throw a.failure("decimal division by 0") }
                    value = TemplateDecimal.calculate(value, operation, number)
                }
                return .float(value)
            }
        }
        add("add1f", 1) { a, _ in .float(TemplateDecimal.calculate(TemplateNumber.float(a[0]), .add, 1)) }
    }

    private mutating func addSequences() {
        add("until", 1) { a, execution throws(TemplateError) in
            let count = try a.int(0)
            return .list(try Self.sequence(from: 0, until: count, by: count < 0 ? -1 : 1, execution))
        }
        add("untilStep", 3) { a, execution throws(TemplateError) in
            .list(try Self.sequence(from: try a.int(0), until: try a.int(1), by: try a.int(2), execution))
        }
        add("seq", 0...) { a, execution throws(TemplateError) in
            var numbers: [Int] = []
            for index in 0..<a.count { numbers.append(try a.int(index)) }
            guard (1...3).contains(numbers.count), let end = numbers.last else { return .string([]) }
            let start = numbers.count == 1 ? 1 : numbers[0]
            let direction = end < start ? -1 : 1
            let step = numbers.count == 3 ? numbers[1] : direction
            if numbers.count == 3, end < start, step > 0 { return .string([]) }
            let list = try Self.sequence(from: start, until: end &+ direction, by: step, execution)
            return .string(TemplateText.join(try Self.strings(.list(list), execution), with: [0x20]))
        }
    }

    private static func sequence(
        from start: Int,
        until end: Int,
        by step: Int,
        _ execution: TemplateExecution
    ) throws(TemplateError) -> TemplateList {
        guard end < start ? step < 0 : step > 0 else { return TemplateList([], of: .int) }
        let (distance, overflow) = end.subtractingReportingOverflow(start)
        guard !overflow, distance.magnitude / step.magnitude < TemplateExecution.stepLimit else {
            throw TemplateError("more than \(TemplateExecution.stepLimit) steps")
        }
        try execution.charge(Int(distance.magnitude / step.magnitude))
        return TemplateList(stride(from: start, to: end, by: step).map(TemplateValue.int), of: .int)
    }
}
