import Entries
import Receivers

/// Datagrams of GELF: the input is cut into them by lengths of one byte.
///
/// Holds: memory for chunks stays within its bound; a line that was made of a message is a message with the same line.
final class GELFTarget: FuzzTarget {
    static let name = "gelf"

    private var assembly = GELFAssembly()
    private var now: Int64 = 0

    init() {}

    func run(_ input: Bytes) throws(Finding) {
        var place = 0
        while place < input.count {
            let count = min(Int(input[place]), input.count - place - 1)
            let datagram = input[(place + 1)..<(place + 1 + count)].array
            place += 1 + count
            now += 1_000_000
            if let whole = assembly.take(datagram, now: now) { try check(whole) }
        }
        guard assembly.waitingCount <= 1_024 else { throw Finding("more messages wait than may") }
        try check(input.array)
    }

    private func check(_ bytes: [UInt8]) throws(Finding) {
        guard let message = GELFMessage(bytes) else { return }
        // What is not UTF-8 has become U+FFFD by then.
        guard let again = GELFMessage(message.line), let last = GELFMessage(again.line), last.line == again.line else {
            throw Finding("a line of JSON is another one when it is read again")
        }
    }
}
