/// Which files to tail, and how their bytes become lines.
package struct TailTarget: Equatable, Sendable {
    /// How compressed files are read.
    package struct Decompression: Equatable, Sendable {
        package enum Format: String, Equatable, Sendable, CaseIterable {
            case gzip = "gz"
            case zlib = "z"
            case bzip2 = "bz2"
        }

        package var format: Format
        /// Time between finding a file and reading it.
        package var initialDelay: Duration

        package init(format: Format, initialDelay: Duration = .zero) {
            self.format = format
            self.initialDelay = initialDelay
        }
    }

    /// The caller's number for the target; events name it.
    package var id: Int
    /// The value of `__path__`: a path or a glob.
    package var pathPattern: String
    /// The value of `__path_exclude__`.
    package var excludePattern: String?
    package var decompression: Decompression?
    /// A character set's IANA name; nil passes bytes on as they are.
    package var encoding: String?
    /// Longest line in bytes; what is longer is cut and reported.
    ///
    /// 0: only the bound of 16 MiB holds.
    package var maximumLineBytes: Int

    package init(
        id: Int,
        pathPattern: String,
        excludePattern: String? = nil,
        decompression: Decompression? = nil,
        encoding: String? = nil,
        maximumLineBytes: Int = 0
    ) {
        self.id = id
        self.pathPattern = pathPattern
        self.excludePattern = excludePattern
        self.decompression = decompression
        self.encoding = encoding
        self.maximumLineBytes = maximumLineBytes
    }
}
