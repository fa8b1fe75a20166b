/// An instant: seconds since 1970-01-01T00:00:00Z and nanoseconds within the second.
///
/// Covers what Go's `time.Time` covers, which 64-bit nanoseconds (years 1678 to 2262) do not.
@frozen
public struct Timestamp: Equatable, Comparable, Hashable, Sendable {
    /// Negative before 1970.
    public let seconds: Int64
    /// 0 ..< 1,000,000,000, also before 1970.
    public let nanoseconds: Int32

    /// Carries nanoseconds outside 0 ..< 1e9 into the seconds; seconds that leave 64 bits wrap.
    @inlinable public init(seconds: Int64, nanoseconds: Int64 = 0) {
        if nanoseconds >= 0, nanoseconds < 1_000_000_000 {
            self.seconds = seconds
            self.nanoseconds = Int32(truncatingIfNeeded: nanoseconds)
        } else {
            let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
            let isBorrowing = remainder < 0
            self.seconds = seconds &+ quotient &- (isBorrowing ? 1 : 0)
            self.nanoseconds = Int32(truncatingIfNeeded: isBorrowing ? remainder + 1_000_000_000 : remainder)
        }
    }

    /// The instant so many nanoseconds after 1970.
    @inlinable public init(unixNanoseconds: Int64) { self.init(seconds: 0, nanoseconds: unixNanoseconds) }

    /// Nanoseconds since 1970; wraps where 64 bits do not reach, as Go's `UnixNano` does.
    @inlinable public var unixNanoseconds: Int64 { seconds &* 1_000_000_000 &+ Int64(nanoseconds) }

    /// The instant a nanosecond later.
    @inlinable public var successor: Timestamp {
        nanoseconds < 999_999_999
            ? Timestamp(seconds: seconds, nanoseconds: Int64(nanoseconds) &+ 1)
            : Timestamp(seconds: seconds &+ 1, nanoseconds: 0)
    }

    /// The instant `nanoseconds` later (earlier when negative).
    @inlinable public func adding(nanoseconds: Int64) -> Timestamp {
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return Timestamp(seconds: seconds &+ whole, nanoseconds: Int64(self.nanoseconds) + rest)
    }

    /// Whether `left` is earlier.
    @inlinable public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds != right.seconds ? left.seconds < right.seconds : left.nanoseconds < right.nanoseconds
    }
}
