/// Lines of a text as YAML 1.1 divides it: at LF, CR, CRLF, NEL, LS and PS.
enum SourceLines {
    static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// Index of the first scalar of each line; the first line starts at 0.
    static func starts(of scalars: some Sequence<Unicode.Scalar>) -> [Int] {
        var starts = [0]
        var index = 0
        var isAfterCarriageReturn = false
        for scalar in scalars {
            index += 1
            if scalar == "\n", isAfterCarriageReturn {
                starts[starts.count - 1] = index
            } else if isBreak(scalar) {
                starts.append(index)
            }
            isAfterCarriageReturn = scalar == "\r"
        }
        return starts
    }

    /// The lines without their breaks.
    static func split(_ text: String) -> [[Unicode.Scalar]] {
        let scalars = Array(text.unicodeScalars)
        let starts = starts(of: scalars)
        return starts.indices.map { line in
            let end = line + 1 < starts.count ? starts[line + 1] : scalars.count
            return Array(scalars[starts[line]..<end].reversed().drop(while: isBreak).reversed())
        }
    }
}
