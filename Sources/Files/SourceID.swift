/// One file as one target tails it: a number that is never used again during a run.
///
/// A file that was rotated keeps its number; the file that takes its place, or that is cut and begun anew, gets
/// another.
package struct SourceID: Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }
}
