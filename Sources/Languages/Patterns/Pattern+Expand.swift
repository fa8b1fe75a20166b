package import Entries

extension Pattern {
    /// Appends `template` with the groups of the last successful `firstMatch`, as Go's `Expand`.
    ///
    /// `$1`, `${1}`, `$name`, `${name}`; `$$` is a dollar. A name reaches as far as it can (`$1x` is the group named
    /// `1x`); a group that is unknown or took no part is empty; a dollar without a name stays.
    package func expand(_ template: Bytes, in text: Bytes, into output: inout [UInt8]) {
        var place = 0
        while let dollar = template.firstIndex(of: UInt8(ascii: "$"), from: place) {
            output.append(contentsOf: UnsafeBufferPointer(start: template.start + place, count: dollar - place))
            place = dollar + 1
            if place < template.count && template[place] == UInt8(ascii: "$") {
                output.append(UInt8(ascii: "$"))
                place += 1
            } else if let reference = GroupReference(in: template, at: place) {
                place = reference.end
                if let range = range(of: template[reference.name]) {
                    output.append(
                        contentsOf: UnsafeBufferPointer(start: text.start + range.lowerBound, count: range.count)
                    )
                }
            } else {
                output.append(UInt8(ascii: "$"))
            }
        }
        output.append(contentsOf: UnsafeBufferPointer(start: template.start + place, count: template.count - place))
    }

    private func range(of name: Bytes) -> Range<Int>? {
        if let number = Self.groupNumber(name) {
            return number <= groupCount ? captureRange(number) : nil
        }
        // Of several groups with one name the first that took part counts.
        for group in groupNames {
            let isNamed = group.name.utf8.elementsEqual(UnsafeBufferPointer(start: name.start, count: name.count))
            if isNamed, let range = captureRange(group.index) { return range }
        }
        return nil
    }

    /// Digits without a leading zero, up to nine of them; anything else is a name.
    private static func groupNumber(_ name: Bytes) -> Int? {
        guard name.count <= 9, name[0] != UInt8(ascii: "0") || name.count == 1 else { return nil }
        var number = 0
        for place in 0..<name.count {
            guard case UInt8(ascii: "0")...UInt8(ascii: "9") = name[place] else { return nil }
            number = 10 * number + Int(name[place] - UInt8(ascii: "0"))
        }
        return number
    }
}

/// The name after a dollar, with or without braces.
private struct GroupReference {
    let name: Range<Int>
    /// Where the text goes on.
    let end: Int

    init?(in template: Bytes, at start: Int) {
        let hasBrace = start < template.count && template[start] == UInt8(ascii: "{")
        let begin = hasBrace ? start + 1 : start
        var place = begin
        while place < template.count, let scalar = UTF8Scalar(in: template, at: place), scalar.isWordCharacter {
            place += scalar.length
        }
        guard place > begin else { return nil }
        if hasBrace {
            guard place < template.count, template[place] == UInt8(ascii: "}") else { return nil }
        }
        name = begin..<place
        end = hasBrace ? place + 1 : place
    }
}
