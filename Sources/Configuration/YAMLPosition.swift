/// A place in a configuration file: line and column from 1, columns in Unicode scalars.
package struct YAMLPosition: Hashable, Comparable, Sendable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: YAMLPosition, right: YAMLPosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    /// Where every file begins.
    package static let start = YAMLPosition(line: 1, column: 1)
}
