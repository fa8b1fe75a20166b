/// The positions of one ``TailSet`` at one moment, for the thread that saves them.
package struct PositionsSnapshot: Equatable, Sendable {
    /// Every file it tails, or has rotated away with something not safe yet.
    package var files: [FileRecord] = []
    /// Paths of the loaded positions that it has taken over.
    package var takenPaths: Set<String> = []

    package init(files: [FileRecord] = [], takenPaths: Set<String> = []) {
        self.files = files
        self.takenPaths = takenPaths
    }
}
