import Glibc

/// What a command talks through: results, messages, and the input named `-`.
package struct Console {
    package let output: Output
    package let errors: Output
    /// File descriptor of standard input.
    package let input: Int32

    package init(output: Output, errors: Output, input: Int32) {
        self.output = output
        self.errors = errors
        self.input = input
    }

    /// The streams of the process.
    package static var standard: Console {
        Console(
            output: Output(descriptor: STDOUT_FILENO),
            errors: Output(descriptor: STDERR_FILENO),
            input: STDIN_FILENO
        )
    }

    func flush() {
        output.flush()
        errors.flush()
    }
}
