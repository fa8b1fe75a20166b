import Entries

extension TemplateFunctions {
    mutating func addEncodings() {
        add("sha1sum", 1) { a, _ throws(TemplateError) in
            .string(Hashing.hex(Bytes.with(try a.string(0)) { Hashing.sha1($0) }))
        }
        add("sha256sum", 1) { a, _ throws(TemplateError) in
            .string(Hashing.hex(Bytes.with(try a.string(0)) { Hashing.sha256($0) }))
        }
        add("sha512sum", 1) { a, _ throws(TemplateError) in
            .string(Hashing.hex(Bytes.with(try a.string(0)) { Hashing.sha512($0) }))
        }
        add("adler32sum", 1) { a, _ throws(TemplateError) in
            .text(String(Bytes.with(try a.string(0)) { Hashing.adler32($0) }))
        }
        add("b64enc", 1) { a, _ throws(TemplateError) in .string(Hashing.base64(try a.string(0))) }
        add("b32enc", 1) { a, _ throws(TemplateError) in .string(Hashing.base32(try a.string(0))) }
        // Go's sentence stands in for what does not decode.
        add("b64dec", 1) { a, _ throws(TemplateError) in
            switch Hashing.decodeBase64(try a.string(0)) {
            case .success(let bytes): .string(bytes)
            case .failure(let mistake): .text("illegal base64 data at input byte \(mistake.offset)")
            }
        }
        add("b32dec", 1) { a, _ throws(TemplateError) in
            switch Hashing.decodeBase32(try a.string(0)) {
            case .success(let bytes): .string(bytes)
            case .failure(let mistake): .text("illegal base32 data at input byte \(mistake.offset)")
            }
        }
        addJSON()
    }

    private mutating func addJSON() {
        add("fromJson", 1) { a, execution throws(TemplateError) in
            guard let value = Bytes.with(try a.string(0), { JSONValue.parse($0) }) else { return .null }
            return try TemplateJSON.value(value, execution)
        }
        add("mustFromJson", 1) { a, execution throws(TemplateError) in
            guard let value = Bytes.with(try a.string(0), { JSONValue.parse($0) }) else {
                throw a.failure("invalid JSON")
            }
            return try TemplateJSON.value(value, execution)
        }
        for (name, style) in [
            ("toJson", TemplateJSON.Style.compact), ("toPrettyJson", .pretty), ("toRawJson", .raw),
        ] {
            add(name, 1) { a, execution throws(TemplateError) in
                .string(try TemplateJSON.text(a[0], style, execution))
            }
            alias(name, "must" + name.prefix(1).uppercased() + name.dropFirst())
        }
    }
}
