/// Which part of an expanded text came from where in the text as written; empty when nothing was expanded.
struct ExpansionMap: Sendable {
    /// From `expanded` on, text is copied from `original` on (`isCopied`), or stands for what begins at `original`.
    struct Piece: Sendable {
        let expanded: Int
        let original: Int
        let isCopied: Bool
    }

    private var pieces: [Piece] = []

    /// Adds a piece behind the last one; indices count Unicode scalars.
    mutating func append(_ piece: Piece) { pieces.append(piece) }

    /// The index in the text as written of the scalar at `index` of the expanded text.
    func original(of index: Int) -> Int {
        var low = 0
        var high = pieces.count
        while low < high {
            let middle = (low + high) / 2
            if pieces[middle].expanded <= index { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return index }
        let piece = pieces[low - 1]
        return piece.isCopied ? piece.original + index - piece.expanded : piece.original
    }
}
