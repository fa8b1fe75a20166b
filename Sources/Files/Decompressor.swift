import CCompression

/// A running decompression of one stream, gzip, zlib or bzip2, one step at a time.
///
/// Bounded: it holds the window of its format (32 KiB for zlib, up to 3.7 MB for bzip2) and nothing else.
final class Decompressor {
    enum Outcome: Equatable {
        /// More can be done with more input or more room.
        case going
        /// One stream (gzip member) is complete; another may follow.
        case streamEnd
        case damaged
    }

    private enum State {
        case zlib(UnsafeMutablePointer<z_stream>)
        case bzip2(UnsafeMutablePointer<bz_stream>)
    }

    private let state: State

    /// Nil when there is no memory for it.
    init?(_ format: TailTarget.Decompression.Format) {
        switch format {
        case .gzip, .zlib:
            let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
            stream.initialize(to: z_stream())
            // 15: the largest window; 16 added: a gzip header is expected (zlib.h, inflateInit2).
            let window: Int32 = format == .gzip ? 15 + 16 : 15
            let code = inflateInit2_(stream, window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
            state = .zlib(stream)
            guard code == Z_OK else { return nil }
        case .bzip2:
            let stream = UnsafeMutablePointer<bz_stream>.allocate(capacity: 1)
            stream.initialize(to: bz_stream())
            let code = BZ2_bzDecompressInit(stream, 0, 0)
            state = .bzip2(stream)
            guard code == BZ_OK else { return nil }
        }
    }

    deinit {
        switch state {
        case .zlib(let stream):
            inflateEnd(stream)
            stream.deallocate()
        case .bzip2(let stream):
            BZ2_bzDecompressEnd(stream)
            stream.deallocate()
        }
    }

    /// Decompresses from `input` into `output`; says how much of each was used.
    func step(
        input: UnsafeMutableBufferPointer<UInt8>,
        output: UnsafeMutableBufferPointer<UInt8>
    ) -> (consumed: Int, produced: Int, outcome: Outcome) {
        switch state {
        case .zlib(let stream): inflateStep(stream, input, output)
        case .bzip2(let stream): bunzipStep(stream, input, output)
        }
    }

    private func inflateStep(
        _ stream: UnsafeMutablePointer<z_stream>,
        _ input: UnsafeMutableBufferPointer<UInt8>,
        _ output: UnsafeMutableBufferPointer<UInt8>
    ) -> (Int, Int, Outcome) {
        stream.pointee.next_in = input.baseAddress
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let code = inflate(stream, Z_NO_FLUSH)
        let consumed = input.count - Int(stream.pointee.avail_in)
        let produced = output.count - Int(stream.pointee.avail_out)
        switch code {
        case Z_OK, Z_BUF_ERROR: return (consumed, produced, .going)
        case Z_STREAM_END: return (consumed, produced, .streamEnd)
        default: return (consumed, produced, .damaged)
        }
    }

    private func bunzipStep(
        _ stream: UnsafeMutablePointer<bz_stream>,
        _ input: UnsafeMutableBufferPointer<UInt8>,
        _ output: UnsafeMutableBufferPointer<UInt8>
    ) -> (Int, Int, Outcome) {
        stream.pointee.next_in = UnsafeMutableRawPointer(input.baseAddress)?.assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = UnsafeMutableRawPointer(output.baseAddress)?.assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_out = UInt32(output.count)
        let code = BZ2_bzDecompress(stream)
        let consumed = input.count - Int(stream.pointee.avail_in)
        let produced = output.count - Int(stream.pointee.avail_out)
        switch code {
        case BZ_OK: return (consumed, produced, .going)
        case BZ_STREAM_END: return (consumed, produced, .streamEnd)
        default: return (consumed, produced, .damaged)
        }
    }
}
