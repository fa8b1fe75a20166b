/// A header or a form field; the value may be a secret, so printing shows the name alone.
package struct NamedSecret: Equatable, Sendable {
    package let name: String
    package let value: Secret

    package init(_ name: String, _ value: Secret) {
        self.name = name
        self.value = value
    }
}
