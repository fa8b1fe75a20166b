import Entries

/// Finds whether one of some words stands anywhere in a name, whatever the case and whatever of `_`, `-`, `.`, `+`
/// and blanks stands between the letters: an Aho-Corasick automaton over folded bytes.
///
/// Owns its tables; freed by its owner with ``deallocate()``.
/// - Complexity: two loads a byte, no allocation.
struct WordMatcher: BitwiseCopyable {
    /// Class of a byte that no word has.
    private static let foreign: UInt8 = 0
    /// Class of a byte that is passed over.
    private static let ignored: UInt8 = 1
    /// The state in which a word was found.
    private static let found = UInt16.max

    private let classes: UnsafeMutablePointer<UInt8>
    /// The next state, by state and class.
    private let next: UnsafeMutablePointer<UInt16>
    private let width: Int

    /// Longest text of all words together, in bytes.
    static let lengthLimit = 16_384

    /// Takes words as ``fold(_:)`` gives them, none of them empty, ``lengthLimit`` bytes at most.
    init(_ words: [[UInt8]]) {
        var letters: [UInt8: UInt8] = [:]
        for letter in Set(words.joined()).sorted() { letters[letter] = UInt8(letters.count + 2) }
        width = letters.count + 2
        classes = .allocate(capacity: 256)
        for byte in 0...UInt8.max {
            (classes + Int(byte)).initialize(
                to: Self.fold(byte).map { letters[$0] ?? Self.foreign } ?? Self.ignored
            )
        }
        let table = Self.table(words.map { $0.map { Int(letters[$0] ?? Self.foreign) } }, width: width)
        next = .allocate(capacity: table.count)
        next.initialize(from: table, count: table.count)
    }

    func deallocate() {
        classes.deallocate()
        next.deallocate()
    }

    /// Whether a word stands in `name`.
    @inline(__always)
    func matches(_ name: Bytes) -> Bool {
        var state: UInt16 = 0
        for index in 0..<name.count {
            let letter = classes[Int(name[index])]
            if letter == Self.ignored { continue }
            state = next[Int(state) &* width &+ Int(letter)]
            if state == Self.found { return true }
        }
        return false
    }

    /// The byte in lower case; nil for one that is passed over.
    static func fold(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: " "): nil
        default: byte
        }
    }

    static func fold(_ bytes: [UInt8]) -> [UInt8] { bytes.compactMap(fold) }

    /// Where in `name` a text as ``fold(_:)`` gives it ends, bytes that are passed over included; nil when the name
    /// does not begin with it.
    static func end(of folded: [UInt8], in name: Bytes) -> Int? {
        var place = 0
        var index = 0
        while index < name.count {
            if let byte = fold(name[index]) {
                guard place < folded.count else { return index }
                guard folded[place] == byte else { return nil }
                place += 1
            }
            index += 1
        }
        return place == folded.count ? index : nil
    }

    /// The transitions of the automaton for words given as classes.
    private static func table(_ words: [[Int]], width: Int) -> [UInt16] {
        var children = [[Int: Int]()]
        var isEnd = [false]
        for word in words {
            var state = 0
            for letter in word {
                if let known = children[state][letter] {
                    state = known
                } else {
                    children.append([:])
                    isEnd.append(false)
                    children[state][letter] = children.count - 1
                    state = children.count - 1
                }
            }
            isEnd[state] = true
        }
        var table = [UInt16](repeating: 0, count: children.count * width)
        // Breadth first: where a word breaks off, the automaton goes on as from its longest proper suffix.
        var queue = [(state: 0, fallback: 0)]
        var head = 0
        while head < queue.count {
            let (state, fallback) = queue[head]
            head += 1
            for letter in 0..<width where letter != Int(ignored) {
                let elsewhere = state == 0 ? 0 : table[fallback * width + letter]
                guard let child = children[state][letter] else {
                    table[state * width + letter] = elsewhere
                    continue
                }
                let isFound = isEnd[child] || elsewhere == found
                table[state * width + letter] = isFound ? found : UInt16(child)
                if !isFound { queue.append((child, Int(elsewhere))) }
            }
        }
        return table
    }
}
