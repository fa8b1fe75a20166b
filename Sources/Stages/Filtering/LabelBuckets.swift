import CBytes
import Entries
import Glibc

/// A token bucket for each value of a label, in bounded memory.
///
/// Values are kept in two generations. At ``limit`` values the young generation becomes the old one, and what was old
/// is forgotten, as in Promtail: whatever comes often is never forgotten, and a forgotten value starts with a full
/// bucket. Belongs to one thread.
final class LabelBuckets {
    private struct Record {
        let hash: UInt64
        let text: Bytes
        var bucket: TokenBucket
    }

    /// Values by open addressing; the tables double as they fill.
    private struct Generation {
        private(set) var records = UnsafeMutablePointer<Record>.allocate(capacity: 32)
        private(set) var count = 0
        private var places = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 64)

        init() { places.initialize(repeating: -1) }

        func deallocate() {
            for index in 0..<count { records[index].text.start.deallocate() }
            records.deallocate()
            places.deallocate()
        }

        func find(_ text: Bytes, hash: UInt64) -> UnsafeMutablePointer<Record>? {
            var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
            while places[place] >= 0 {
                let record = records + Int(places[place])
                if record.pointee.hash == hash, record.pointee.text == text { return record }
                place = (place + 1) & (places.count - 1)
            }
            return nil
        }

        /// Adds a value that is not there yet; copies its text.
        mutating func add(_ text: Bytes, hash: UInt64, bucket: TokenBucket) -> UnsafeMutablePointer<Record> {
            if count == places.count / 2 { grow() }
            let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(text.count, 1))
            memcpy(copy, text.start, text.count)
            let record = records + count
            record.initialize(to: Record(hash: hash, text: Bytes(copy, count: text.count), bucket: bucket))
            file(count)
            count += 1
            return record
        }

        private func file(_ index: Int) {
            var place = Int(truncatingIfNeeded: records[index].hash) & (places.count - 1)
            while places[place] >= 0 { place = (place + 1) & (places.count - 1) }
            places[place] = Int32(index)
        }

        private mutating func grow() {
            let size = places.count * 2
            let larger = UnsafeMutablePointer<Record>.allocate(capacity: size / 2)
            larger.moveInitialize(from: records, count: count)
            records.deallocate()
            records = larger
            places.deallocate()
            places = .allocate(capacity: size)
            places.initialize(repeating: -1)
            for index in 0..<count { file(index) }
        }
    }

    private let rate: TokenBucket.Rate
    private let limit: Int
    private var young = Generation()
    private var old = Generation()
    /// Values come from log content: nobody outside can know which of them fall together.
    private let seed = UInt64.random(in: .min ... .max)

    /// `limit`: values in a generation.
    init(_ rate: TokenBucket.Rate, limit: Int) {
        self.rate = rate
        self.limit = limit
    }

    deinit {
        young.deallocate()
        old.deallocate()
    }

    /// Takes a token from the bucket of `value`; false when it is empty.
    func take(_ value: Bytes, at now: Int64) -> Bool {
        let hash = cbytes_hash(value.start, value.end, seed)
        let record = young.find(value, hash: hash) ?? add(value, hash: hash, at: now)
        return record.pointee.bucket.take(rate, at: now) == nil
    }

    private func add(_ value: Bytes, hash: UInt64, at now: Int64) -> UnsafeMutablePointer<Record> {
        let bucket = old.find(value, hash: hash)?.pointee.bucket ?? TokenBucket(rate, at: now)
        let record = young.add(value, hash: hash, bucket: bucket)
        if young.count == limit {
            old.deallocate()
            old = young
            young = Generation()
        }
        return record
    }
}
