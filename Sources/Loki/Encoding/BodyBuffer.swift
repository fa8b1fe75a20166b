import Entries

/// Memory of a sender for gathering and compressing bodies, kept from push to push.
///
/// Owned by the thread of its sender; ``deallocate()`` frees it.
package struct BodyBuffer {
    private var memory = UnsafeMutablePointer<UInt8>.allocate(capacity: 64)
    /// Bytes of memory for bodies.
    private(set) var capacity = 64
    private var places = UnsafeMutablePointer<UnsafeMutablePointer<UInt8>>.allocate(capacity: 64)
    private var placeCapacity = 64

    package init() {}

    package func deallocate() {
        memory.deallocate()
        places.deallocate()
    }

    /// Room for `count` bytes, what was in it is lost.
    ///
    /// Far too much room is given back.
    package mutating func room(for count: Int) -> UnsafeMutablePointer<UInt8> {
        if count > capacity || (capacity > 8 * 1024 * 1024 && count < capacity / 8) {
            memory.deallocate()
            capacity = max(count, 64)
            memory = .allocate(capacity: capacity)
        }
        return memory
    }

    /// The first `count` bytes of what was put into the room that was asked for last.
    func contents(_ count: Int) -> Bytes { Bytes(memory, count: count) }

    /// One write position per stream.
    mutating func cursors(_ count: Int) -> UnsafeMutablePointer<UnsafeMutablePointer<UInt8>> {
        if count > placeCapacity {
            places.deallocate()
            placeCapacity = count * 2
            places = .allocate(capacity: placeCapacity)
        }
        return places
    }
}
