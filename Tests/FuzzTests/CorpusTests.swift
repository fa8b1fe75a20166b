import Entries
import FuzzTargets
import Glibc
import Testing

/// Every input of the corpus, among them all that ever were a finding, through the function that the fuzzer calls.
struct CorpusTests {
    @Test(arguments: FuzzTargets.all.map { $0.name })
    func corpusHolds(_ name: String) throws {
        let target = try #require(FuzzTargets.make(name))
        let files = try Corpus.files(name)
        #expect(files.count >= 5)
        for file in files {
            let bytes = try Corpus.bytes(of: file)
            do throws(Finding) {
                try Bytes.with(bytes) { input throws(Finding) in try target.run(input) }
            } catch {
                Issue.record("\(file): \(error)")
            }
        }
    }
}

/// The folder `Fuzz/corpus` of this package.
enum Corpus {
    struct Unreadable: Error { let path: String }

    /// The paths of a target's inputs, sorted.
    static func files(_ target: String) throws -> [String] {
        let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Fuzz/corpus/" + target
        guard let handle = opendir(folder) else { throw Unreadable(path: folder) }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(folder + "/" + name) }
        }
        return names.sorted()
    }

    static func bytes(of path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw Unreadable(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while true {
            let byte = getc(file)
            if byte == EOF { return bytes }
            bytes.append(UInt8(truncatingIfNeeded: byte))
        }
    }
}
