import CCompression

/// Decompresses what is in memory as a whole, within a bound.
package enum Inflation {
    package enum Format: Sendable {
        case gzip
        case zlib
        /// Without header and checksum.
        case deflate

        /// `windowBits` of inflateInit2 (zlib.h).
        fileprivate var window: Int32 {
            switch self {
            case .gzip: 15 + 16
            case .zlib: 15
            case .deflate: -15
            }
        }
    }

    package enum Outcome: Equatable, Sendable {
        case done([UInt8])
        /// It is more than the limit.
        case tooLarge
        case damaged

        package var contents: [UInt8]? {
            if case .done(let contents) = self { contents } else { nil }
        }
    }

    private static let step = 64 * 1024

    /// The contents of `bytes`, which may be several gzip members; memory is bound by `limit` bytes and a step of 64 KiB.
    package static func inflate(_ bytes: [UInt8], _ format: Format, limit: Int) -> Outcome {
        var stream = z_stream()
        guard inflateInit2_(&stream, format.window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return .damaged
        }
        defer { inflateEnd(&stream) }
        var input = bytes
        var contents: [UInt8] = []
        var output = [UInt8](repeating: 0, count: step)
        return input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(clamping: input.count)
            while true {
                let (code, produced) = output.withUnsafeMutableBufferPointer { room -> (Int32, Int) in
                    stream.next_out = room.baseAddress
                    stream.avail_out = UInt32(room.count)
                    let code = proceed(&stream)
                    return (code, room.count - Int(stream.avail_out))
                }
                guard contents.count + produced <= limit else { return .tooLarge }
                contents += output[..<produced]
                if code == Z_STREAM_END {
                    guard case .gzip = format, stream.avail_in > 0, inflateReset(&stream) == Z_OK else {
                        return .done(contents)
                    }
                } else if code != Z_OK || (produced == 0 && stream.avail_in == 0) {
                    return .damaged
                }
            }
        }
    }

    /// zlib's function, whose name this type would hide.
    private static func proceed(_ stream: inout z_stream) -> Int32 { CCompression.inflate(&stream, Z_NO_FLUSH) }
}
