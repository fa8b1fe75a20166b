/// JSON lines with secrets in them, and what redaction must make of them byte for byte; the same seed gives the same.
///
/// A line is an object of any shape: nested objects and arrays, blanks wherever JSON allows them, escapes and bytes
/// beyond ASCII in keys and values, numbers of every form. Secrets stand below keys in many spellings, as values of every
/// kind, and in texts: JSON inside of strings, logfmt, URLs, header lines and prose.
struct RandomJSONLine {
    /// In every secret and nowhere else.
    static let canary = Array("zQ9x".utf8)

    private(set) var line: [UInt8] = []
    private(set) var expected: [UInt8] = []
    /// Secrets put into all lines so far.
    private(set) var secretCount = 0

    private var random: SmallRandom
    /// Whether what is written belongs to a value that is masked as a whole.
    private var isMasked = false

    private static let mask = Array("[REDACTED]".utf8)
    private static let quote = UInt8(ascii: "\"")

    init(seed: UInt64) { random = SmallRandom(seed: seed) }

    /// Makes the next line.
    mutating func advance() {
        line.removeAll(keepingCapacity: true)
        expected.removeAll(keepingCapacity: true)
        blank()
        object(depth: 0)
        blank()
    }

    // MARK: - Writing

    private mutating func put(_ bytes: [UInt8]) {
        line.append(contentsOf: bytes)
        if !isMasked { expected.append(contentsOf: bytes) }
    }

    private mutating func put(_ byte: UInt8) {
        line.append(byte)
        if !isMasked { expected.append(byte) }
    }

    private mutating func blank() {
        guard random.next(4) == 0 else { return }
        put(random.pick(Pools.blanks))
    }

    // MARK: - Shapes

    private mutating func object(depth: Int) {
        put(UInt8(ascii: "{"))
        blank()
        let count = depth == 0 ? 1 + random.next(8) : random.next(4)
        for index in 0..<count {
            if index > 0 {
                put(UInt8(ascii: ","))
                blank()
            }
            member(depth: depth)
            blank()
        }
        put(UInt8(ascii: "}"))
    }

    private mutating func array(depth: Int) {
        put(UInt8(ascii: "["))
        blank()
        for index in 0..<random.next(4) {
            if index > 0 {
                put(UInt8(ascii: ","))
                blank()
            }
            value(depth: depth)
            blank()
        }
        put(UInt8(ascii: "]"))
    }

    private mutating func member(depth: Int) {
        let isSecret = random.next(4) == 0
        put(Self.quote)
        if isSecret, random.next(16) == 0 {
            secretKey()
        } else {
            put(random.pick(isSecret ? Pools.secretKeys : Pools.plainKeys))
        }
        put(Self.quote)
        blank()
        put(UInt8(ascii: ":"))
        blank()
        if isSecret { secretValue(depth: depth) } else { value(depth: depth) }
    }

    /// A key that not only names a secret but has one in it.
    private mutating func secretKey() {
        put(Array("https://example.org/?a=1&token=".utf8))
        let isOutermost = beginMask(quote: [])
        secret()
        if isOutermost { isMasked = false }
        put(Array("&b=2".utf8))
    }

    private mutating func value(depth: Int) {
        switch random.next(depth < 4 ? 12 : 8) {
        case 0, 1: put(random.pick(Pools.numbers))
        case 2: put(random.pick(Pools.words))
        case 3, 4, 5: text()
        case 6, 7: textWithSecrets()
        case 8, 9, 10: object(depth: depth + 1)
        default: array(depth: depth + 1)
        }
    }

    private mutating func text() {
        put(Self.quote)
        for _ in 0..<random.next(4) { put(random.pick(Pools.texts)) }
        put(Self.quote)
    }

    /// The value of a key that names a secret; null and empty texts stay as they are.
    private mutating func secretValue(depth: Int) {
        let kind = random.next(8)
        if kind == 0 { return put(random.pick(Pools.harmless)) }
        let isOutermost = beginMask(quote: [Self.quote])
        switch kind {
        case 1: put(random.pick(Pools.numbers))
        case 2: put(random.pick(Pools.flags))
        case 3:
            put(UInt8(ascii: "{"))
            member(depth: depth + 1)
            put(Array(",\"v\":\"".utf8))
            secret()
            put(Array("\"}".utf8))
        case 4:
            put(UInt8(ascii: "["))
            value(depth: depth + 1)
            put(Array(",\"".utf8))
            secret()
            put(Array("\"]".utf8))
        default:
            put(Self.quote)
            secret()
            put(random.pick(Pools.texts))
            put(Self.quote)
        }
        if isOutermost { isMasked = false }
    }

    /// Writes a mask, if no value around this one is masked; whether that is so.
    private mutating func beginMask(quote: [UInt8]) -> Bool {
        if isMasked { return false }
        expected.append(contentsOf: quote)
        expected.append(contentsOf: Self.mask)
        expected.append(contentsOf: quote)
        isMasked = true
        return true
    }

    /// A secret's text, which needs no escapes and ends with the next blank.
    private mutating func secret() {
        line.append(contentsOf: Self.canary)
        line.append(contentsOf: random.pick(Pools.secrets))
        secretCount += 1
    }

    private mutating func textWithSecrets() {
        put(Self.quote)
        if random.next(3) == 0 {
            put(random.pick(Pools.texts))
            put(UInt8(ascii: " "))
        }
        var isOutermost = false
        for piece in random.pick(Pools.textsWithSecrets) {
            switch piece {
            case .text(let bytes): put(bytes)
            case .secret: secret()
            case .number: put(random.pick(Pools.plainNumbers))
            case .maskStart(let quote): isOutermost = beginMask(quote: quote)
            case .maskEnd: if isOutermost { isMasked = false }
            }
        }
        put(Self.quote)
    }
}

/// Few random numbers, quickly, also in debug builds: xorshift64* (Vigna 2016).
struct SmallRandom {
    private var state: UInt64

    /// Takes any seed.
    init(seed: UInt64) { state = (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15 }

    /// A number in 0 ..< `bound`, which is small.
    mutating func next(_ bound: Int) -> Int {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Int(truncatingIfNeeded: (((state &* 0x2545_F491_4F6C_DD1D) >> 33) &* UInt64(bound)) >> 31)
    }

    mutating func pick<Element>(_ pool: [Element]) -> Element { pool[next(pool.count)] }
}
