/// Which names stand for something that differs from entry to entry.
enum Cardinality {
    private static let names: Set<String> = [
        "timestamp", "ts", "time", "datetime", "traceid", "spanid", "requestid", "reqid", "correlationid",
        "transactionid", "sessionid", "userid", "customerid", "orderid", "messageid", "eventid", "uuid", "guid", "ip",
        "ipaddress", "clientip", "remoteip", "remoteaddr", "sourceip", "srcip", "url", "uri", "useragent", "email",
        "duration", "latency", "msg", "message",
    ]

    /// Whether a label of that name would have about as many values as there are entries; spelling does not count.
    static func isHigh(_ name: String) -> Bool {
        names.contains(name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != "." })
    }
}
