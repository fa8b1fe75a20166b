/// A header that is sent beside others of its name; its value may stand in a file, and printing shows the name alone.
package struct AddedHeader: Equatable, Sendable {
    package let name: String
    package let value: SecretSource

    package init(_ name: String, _ value: SecretSource) {
        self.name = name
        self.value = value
    }
}
