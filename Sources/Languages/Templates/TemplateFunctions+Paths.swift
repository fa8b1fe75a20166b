import Glibc

extension TemplateFunctions {
    mutating func addPaths() {
        add("base", 1) { a, _ throws(TemplateError) in .string(TemplatePath.base(try a.string(0))) }
        add("dir", 1) { a, _ throws(TemplateError) in .string(TemplatePath.directory(try a.string(0))) }
        add("clean", 1) { a, _ throws(TemplateError) in .string(TemplatePath.clean(try a.string(0))) }
        add("ext", 1) { a, _ throws(TemplateError) in .string(TemplatePath.extension(try a.string(0))) }
        add("isAbs", 1) { a, _ throws(TemplateError) in .bool(try a.string(0).first == UInt8(ascii: "/")) }
        for (name, other) in [
            ("base", "osBase"), ("dir", "osDir"), ("clean", "osClean"), ("ext", "osExt"), ("isAbs", "osIsAbs"),
        ] {
            alias(name, other)
        }
        add("urlParse", 1) { a, _ throws(TemplateError) in
            guard let url = TemplateURL(try a.string(0)) else { throw a.failure("unable to parse url") }
            let parts: [(String, [UInt8])] = [
                ("scheme", url.scheme), ("host", url.host), ("hostname", url.hostname), ("path", url.path),
                ("query", url.query), ("opaque", url.opaque), ("fragment", url.fragment), ("userinfo", url.userinfo),
            ]
            return .map(
                TemplateMap(
                    Dictionary(uniqueKeysWithValues: parts.map { (Array($0.utf8), TemplateValue.string($1)) })
                )
            )
        }
        add("urlJoin", 1) { a, _ throws(TemplateError) in .string(Self.join(try a.map(0))) }
        add("semver", 1) { a, _ throws(TemplateError) in
            guard let version = TemplateVersion(String(decoding: try a.string(0), as: UTF8.self)) else {
                throw a.failure("Invalid Semantic Version")
            }
            let parts: [(String, TemplateValue)] = [
                ("Major", .int(Int(clamping: version.major))), ("Minor", .int(Int(clamping: version.minor))),
                ("Patch", .int(Int(clamping: version.patch))), ("Prerelease", .text(version.prerelease)),
                ("Metadata", .text(version.metadata)), ("Original", .string(try a.string(0))),
            ]
            return .map(TemplateMap(Dictionary(uniqueKeysWithValues: parts.map { (Array($0.utf8), $1) })))
        }
        add("semverCompare", 2) { a, _ throws(TemplateError) in
            guard let constraint = TemplateVersionConstraint(String(decoding: try a.string(0), as: UTF8.self)) else {
                throw a.failure("improper constraint")
            }
            guard let version = TemplateVersion(String(decoding: try a.string(1), as: UTF8.self)) else {
                throw a.failure("Invalid Semantic Version")
            }
            return .bool(constraint.holds(version))
        }
        add("env", 1) { a, _ throws(TemplateError) in .string(Self.variable(try a.string(0))) }
        add("expandenv", 1) { a, _ throws(TemplateError) in .string(Self.expand(try a.string(0))) }
    }

    /// A URL from the parts that `urlParse` gives.
    private static func join(_ parts: TemplateMap) -> [UInt8] {
        func part(_ name: String) -> [UInt8] {
            if case .string(let text)? = parts[Array(name.utf8)] { text } else { [] }
        }
        var url: [UInt8] = []
        if !part("scheme").isEmpty { url += part("scheme") + Array(":".utf8) }
        if !part("opaque").isEmpty {
            url += part("opaque")
        } else {
            let (user, host, path) = (part("userinfo"), part("host"), part("path"))
            if !part("scheme").isEmpty || !host.isEmpty || !user.isEmpty {
                if !host.isEmpty || !path.isEmpty || !user.isEmpty { url += "//".utf8 }
                if !user.isEmpty { url += user + Array("@".utf8) }
                url += host
            }
            if !path.isEmpty, path.first != UInt8(ascii: "/"), !host.isEmpty { url.append(UInt8(ascii: "/")) }
            url += path
        }
        if !part("query").isEmpty { url += Array("?".utf8) + part("query") }
        if !part("fragment").isEmpty { url += Array("#".utf8) + part("fragment") }
        return url
    }

    private static func variable(_ name: [UInt8]) -> [UInt8] {
        guard let value = getenv(String(decoding: name, as: UTF8.self)) else { return [] }
        return Array(String(cString: value).utf8)
    }

    /// `os.ExpandEnv`: `$name` and `${name}`.
    private static func expand(_ text: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "$"), index + 1 < text.count else {
                output.append(text[index])
                index += 1
                continue
            }
            if text[index + 1] == UInt8(ascii: "{") {
                guard let close = text[index...].firstIndex(of: UInt8(ascii: "}")) else {
                    // A brace that never closes is eaten together with its dollar.
                    index += 2
                    continue
                }
                output += variable(Array(text[index + 2..<close]))
                index = close + 1
                continue
            }
            var end = index + 1
            while end < text.count, isNameByte(text[end]) { end += 1 }
            if end == index + 1 {
                output.append(UInt8(ascii: "$"))
            } else {
                output += variable(Array(text[index + 1..<end]))
            }
            index = end
        }
        return output
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isDecimalDigit || byte == UInt8(ascii: "_")
            || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }
}
