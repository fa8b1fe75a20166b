/// A request that has come in whole.
package struct HTTPRequest: Sendable {
    package let method: String
    /// Without the query.
    package let path: String
    package let query: String
    /// In order of arrival; names as sent.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    /// The first value of a header, whatever the case of its name.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// What is answered.
package struct HTTPResponse: Sendable {
    /// What happens to the connection.
    package enum Ending: Sendable {
        case keepAlive
        case close
        /// No answer at all: the connection is cut. For receivers that play a broken server.
        case cut
    }

    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    package var ending: Ending
    /// Nanoseconds to wait before answering.
    ///
    /// For receivers that play a slow server.
    package var delay: Int64 = 0

    package init(
        status: Int,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        ending: Ending = .keepAlive
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.ending = ending
    }

    /// A plain text answer.
    package static func text(_ status: Int, _ text: String, type: String = "text/plain; charset=utf-8") -> HTTPResponse
    {
        HTTPResponse(status: status, headers: [("Content-Type", type)], body: Array(text.utf8))
    }
}
