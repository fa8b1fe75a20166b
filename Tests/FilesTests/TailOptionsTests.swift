import Testing

@testable import Files

struct TailOptionsTests {
    @Test(arguments: [(1_048_576, 786_432), (1_024, 768), (350, 261), (192, 144), (100, 52), (64, 16), (49, 1), (8, 1)])
    func filesLeaveDescriptorsForTheRest(limit: Int, files: Int) {
        #expect(TailOptions.descriptors(of: limit) == files)
    }
}
