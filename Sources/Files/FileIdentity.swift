/// What makes a file itself, whatever it is called: device, inode, and the time it was made.
package struct FileIdentity: Hashable, Sendable {
    package var device: UInt64
    package var inode: UInt64
    /// Nanoseconds since 1970; 0 where the file system keeps none.
    package var born: Int64

    package init(device: UInt64, inode: UInt64, born: Int64) {
        self.device = device
        self.inode = inode
        self.born = born
    }
}

extension FileIdentity {
    /// Whether both are the same file, as far as can be told: a missing birth time fits any.
    package func isSame(as other: FileIdentity) -> Bool {
        device == other.device && inode == other.inode && (born == other.born || born == 0 || other.born == 0)
    }
}
