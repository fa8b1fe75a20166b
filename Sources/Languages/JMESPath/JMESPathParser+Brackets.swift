import Entries

extension JMESPathParser {
    /// `[` at the start of an expression: an index, a slice, `[*]` or a multi-select list.
    mutating func startingBracket() throws(LanguageError) -> JMESPathNode.ID {
        if current == .number || current == .colon {
            let before = try add(.current)
            let right: JMESPathNode.ID
            do { right = try indexOrSlice() } catch {
                // Go forgets this error: parsing goes on behind the bracket, and each evaluation fails.
                return try add(.failure("malformed index"))
            }
            return try projectingSlices(before, right)
        }
        if current == .star, following == .rightBracket {
            advance()
            advance()
            let left = try add(.current)
            let right = try projected(JMESPathToken.Kind.star.bindingPower)
            return try add(.projection(left, right), over: [left, right])
        }
        return try list()
    }

    /// `[` behind an expression: an index, a slice or `[*]`.
    mutating func bracket(after left: JMESPathNode.ID) throws(LanguageError) -> JMESPathNode.ID {
        if current == .number || current == .colon {
            return try projectingSlices(left, try indexOrSlice())
        }
        try match(.star)
        try match(.rightBracket)
        let right = try projected(JMESPathToken.Kind.star.bindingPower)
        return try add(.projection(left, right), over: [left, right])
    }

    private mutating func indexOrSlice() throws(LanguageError) -> JMESPathNode.ID {
        if current == .colon || following == .colon { return try slice() }
        let index = try integer()
        try match(.rightBracket)
        return try add(.index(index))
    }

    private mutating func integer() throws(LanguageError) -> Int {
        guard let number = Bytes.with(token.text, { GoNumber.parseInteger($0) }) else {
            throw LanguageError("'\(String(decoding: token.text, as: UTF8.self))' is not an index", at: token.offset)
        }
        advance()
        return Int(number)
    }

    private mutating func slice() throws(LanguageError) -> JMESPathNode.ID {
        var slice = JMESPathNode.Slice()
        var part = 0
        while current != .rightBracket, part < 3 {
            switch current {
            case .colon:
                part += 1
                advance()
            case .number:
                let number = try integer()
                if part == 0 {
                    slice.start = number
                } else if part == 1 {
                    slice.stop = number
                } else {
                    slice.step = number
                }
            default: throw syntaxError("Expected tColon or tNumber, received: \(current.rawValue)")
            }
        }
        try match(.rightBracket)
        return try add(.slice(slice))
    }

    private mutating func projectingSlices(
        _ left: JMESPathNode.ID,
        _ right: JMESPathNode.ID
    ) throws(LanguageError) -> JMESPathNode.ID {
        let element = try add(.sequence(left, right), over: [left, right])
        guard case .slice = nodes[right] else { return element }
        let rest = try projected(JMESPathToken.Kind.star.bindingPower)
        return try add(.projection(element, rest), over: [element, rest])
    }

    mutating func flatten(_ operand: JMESPathNode.ID) throws(LanguageError) -> JMESPathNode.ID {
        let left = try add(.flatten(operand), over: [operand])
        let right = try projected(JMESPathToken.Kind.flatten.bindingPower)
        return try add(.projection(left, right), over: [left, right])
    }

    mutating func filter(of left: JMESPathNode.ID) throws(LanguageError) -> JMESPathNode.ID {
        let condition = try expression(0)
        try match(.rightBracket)
        let right = current == .flatten ? try add(.current) : try projected(JMESPathToken.Kind.filter.bindingPower)
        return try add(.filter(left, right, condition: condition), over: [left, right, condition])
    }

    /// What is applied to each element of a projection that has just been read.
    mutating func projected(_ power: Int) throws(LanguageError) -> JMESPathNode.ID {
        if current.bindingPower < 10 { return try add(.current) }
        switch current {
        case .leftBracket, .filter: return try expression(power)
        case .dot:
            advance()
            return try afterDot(power)
        default: throw syntaxError("Error")
        }
    }

    /// What may follow a dot: an identifier, `*`, a multi-select list or hash.
    mutating func afterDot(_ power: Int) throws(LanguageError) -> JMESPathNode.ID {
        switch current {
        case .identifier, .quotedIdentifier, .star: return try expression(power)
        case .leftBracket:
            advance()
            return try list()
        case .leftBrace:
            advance()
            return try hash()
        default: throw syntaxError("Expected identifier, lbracket, or lbrace")
        }
    }

    /// The rest of a multi-select list behind its `[`.
    mutating func list() throws(LanguageError) -> JMESPathNode.ID {
        var elements: [JMESPathNode.ID] = []
        while true {
            elements.append(try expression(0))
            if current == .rightBracket { break }
            try match(.comma)
        }
        advance()
        return try add(.list(elements), over: elements)
    }

    /// The rest of a multi-select hash behind its `{`; commas may be missing, as in Go.
    mutating func hash() throws(LanguageError) -> JMESPathNode.ID {
        var members: [JMESPathNode.Member] = []
        while true {
            let key = token
            guard key.kind == .identifier || key.kind == .quotedIdentifier else {
                throw syntaxError("Expected tQuotedIdentifier or tUnquotedIdentifier")
            }
            advance()
            try match(.colon)
            members.append(.init(key: key.text, value: try expression(0)))
            if current == .rightBrace { break }
            if current == .comma { advance() }
        }
        advance()
        return try add(.hash(members), over: members.map(\.value))
    }
}
