/// What libyaml found wrong, said for people who write configurations.
struct YAMLProblem {
    let message: String
    let help: String?
    /// Whether the mistake lies where the construct began rather than where the parser gave up.
    let isNoticedLate: Bool

    init(_ problem: String, context: String?, next: Unicode.Scalar?, afterNext: Unicode.Scalar?) {
        var message = context.map { "\($0): \(problem)" } ?? problem
        var help: String?
        var isLate = false
        switch (problem, next) {
        case (_, "\t"):
            message = "a tab cannot indent YAML"
            help = "use spaces"
        case ("found character that cannot start any token", let next?):
            message = "a value cannot begin with '\(next)'"
            help = "put the value in quotes"
        case ("did not find expected alphabetic or numeric character", _):
            let sign = context?.contains("anchor") ?? false ? "&" : "*"
            message = "a value cannot begin with '\(sign)'"
            help = "put the value in quotes"
            isLate = true
        case ("mapping values are not allowed in this context", _):
            message = "': ' is not allowed here"
            help = "put a value that holds ': ' in quotes, or check the indentation of this line"
        case ("could not find expected ':'", _):
            message = "a key without ':'"
            help = "write 'key: value', and check the indentation of this line and the one above"
            isLate = true
        case ("did not find expected key", _):
            message = "this does not fit into the mapping around it"
            help = "check the indentation of this line, and the quotes of the value above"
        case ("did not find expected '-' indicator", _):
            message = "this does not fit into the list around it"
            help = "begin each item with '- ', in the column of the other items"
        case ("did not find expected ',' or ']'", _):
            message = "a list in brackets is not closed, or a ',' is missing"
            help = "write [a, b]; put values that hold brackets or commas in quotes"
            isLate = next == nil
        case ("did not find expected ',' or '}'", _):
            message = "a mapping in braces is not closed, or a ',' is missing"
            help = "write {a: 1, b: 2}; put values that hold braces or commas in quotes"
            isLate = next == nil
        case ("found unexpected end of stream", _):
            message = "a quoted value is not closed"
            isLate = true
        case ("found unknown escape character", _):
            message = "'\\\(afterNext.map(String.init) ?? "")' is no escape sequence of double quotes"
            help = "use single quotes, where a backslash stands for itself"
        case ("control characters are not allowed", _):
            message = "a control character that YAML does not allow"
        default: break
        }
        self.message = message
        self.help = help
        isNoticedLate = isLate
    }
}
