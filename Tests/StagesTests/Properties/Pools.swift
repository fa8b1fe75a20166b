import Entries
import Languages

/// What random lines are put together from.
enum Pools {
    private static func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    static let blanks = bytes([" ", " ", "  ", "\t", "\r", " \t\r  "])

    /// Written between quotes; one of the words stands in each, whatever is between its letters.
    static let secretKeys = bytes([
        "password", "Password", "PASS_WORD", #"pass\u0077ord"#, #"\u0070\u0061\u0073sword"#, "db_password_hash",
        "token", "access_token", "idToken", #"to\u006Ben"#, "tokens", "token.v2", "secret", "clientSecret",
        "client-secret", #"se\u0063ret"#, "größe_secret", #"\ud83d\ude00secret"#, "😀secret", #"secret\n"#, "X-Api-Key",
        "apiKey", "api key", "API_KEY", "openai.api.key", #"api\u005fkey"#, "authorization", "Authorization",
        "Proxy-Authorization", #"authori\u007Aation"#, "theOneAndOnlyPasswordOfTheAdministrator", #"a\"password"#,
        #"\\token"#, "user password",
    ])

    static let plainKeys = bytes([
        "user", "level", "msg", "time", "v", "x", "", "größe", "naïve key", #"\u00e4"#, #"a\"b"#, #"k\\"#, "😀",
        #"\ud83d\ude00"#, "http.status", "a b", "pass", "word", "tok", "api", "key", "auth", "sec", "ret", "k1", "k2",
        "theOneAndOnlyNameOfTheAdministrator", #"line\n"#, #"\u0000"#, "[", "{", "null",
    ])

    static let numbers = bytes([
        "0", "-0", "7", "12", "-1", "1.5", "-1.25", "0.001", "1e5", "1E+10", "2e-07", "-0.0e0", "123456789012345",
        "123456789012345678901234567890", "1.7976931348623157e308", "4.9e-324",
    ])
    static let plainNumbers = bytes(["7", "12345", "-1.5", "1e5", "true", "false"])
    static let words = bytes(["true", "false", "null"])
    static let flags = bytes(["true", "false"])
    /// Values that hide nothing.
    static let harmless = bytes(["null", #""""#])
    static let secrets = bytes(["", "1", "abc", "A-b_c.d~e", "x/y+z", "%20", "ümlaut", "0123456789abcdef0123456789"])

    /// Parts of texts without secrets, as they stand in a JSON string.
    static let texts = bytes([
        "", "a", "signed in", "x=1", "a: b", "12:30:00", "https://example.org/p?q=1&r=2", #"\n"#, #"\t\r\b\f\/"#,
        #"\\"#, #"\\\\"#, #"\"quoted\""#, #"\u00e9\u20ac"#, #"\ud83d\ude00"#, "é€😀", #"{\"a\":[1,2,{\"b\":null}]}"#,
        #"C:\\temp\\new"#, "[x]", "{y}", "'z'", "`w`", "a,b;c|d", #"level=info msg=\"all fine\""#, "the end.",
        #"\u0041=\u0042"#, "(1) <b>",
    ])

    /// A stretch of a text that has secrets in it, as it stands in a JSON string.
    enum Piece {
        case text([UInt8])
        case secret
        /// A number or a word that JSON has without quotes.
        case number
        /// From here to the end of the mask all is masked; the mask gets these quotes.
        case maskStart(quote: [UInt8])
        case maskEnd
    }

    /// Texts as they are before anybody escapes them: `§` is a secret and `#` a number, what is masked stands between
    /// `‹` and `›`, or between `«` and `»` where the mask gets quotes that the value has not.
    private static let forms = [
        #"{"password":"‹§›"}"#, #"{"user":"ann","token":"‹§ x›","n":[1,2]}"#,
        #"{ "a" : { "api_key" : "‹§›" } , "b" : 1 }"#, #"sent {"client-secret":«#»,"to":"bob"} ok"#, #"{"token":«#»}"#,
        #"[{"secret":«["§",{"a":"§"}]»},"x"]"#, #"{"secret":«{"a":"}","b":"§"}»,"c":1}"#, #"{"pass\u0077ord":"‹§›"}"#,
        "password=‹§›", "level=info password=‹§› user=ann", #"token="‹§ and more›" attempt=1"#,
        "msg='a b' secret='‹§ x›' n=1", #"x secret="‹{"a":"}","b":"§"}›" y"#,
        "https://example.org/?n=2&access_token=‹§›",
        "GET /search?api%5Fkey=‹§›&page=2 HTTP/1.1", "user[password]=‹§›&x=1", "Authorization: ‹Bearer §›\r\nHost: x",
        "authorization: ‹Basic §› next", "Authorization: ‹Digest a=\"§\", b=\"c\"›\nHost: x", "X-Api-Key: ‹§›, n",
        "the token: ‹§› is bad", "api key: ‹§›", "PASSWORD := ‹§›", "a=1\npassword=‹§›\nb=2",
        "\u{1B}[36mtoken=\u{1B}[0m‹§›", "first password=‹§› then secret=‹§› end", "password: ‹password:› ‹§›",
    ]

    /// Each form as it stands in a string, and in a string inside of JSON in a string.
    ///
    /// There a control character is written with two backslashes, is no end of a line any more, and what stands behind
    /// it is masked too: more rather than less.
    static let textsWithSecrets: [[Piece]] = forms.flatMap { form in
        let hasControl = form.unicodeScalars.contains { $0.value < 0x20 }
        return (hasControl ? [1] : [1, 2]).map { pieces(form, level: $0) }
    }

    private static func pieces(_ form: String, level: Int) -> [Piece] {
        var pieces: [Piece] = []
        var text = ""
        for character in form {
            let piece: Piece? =
                switch character {
                case "§": .secret
                case "#": .number
                case "‹": .maskStart(quote: [])
                case "«": .maskStart(quote: escaped("\"", level: level))
                case "›", "»": .maskEnd
                default: nil
                }
            guard let piece else {
                text.append(character)
                continue
            }
            if !text.isEmpty { pieces.append(.text(escaped(text, level: level))) }
            text = ""
            pieces.append(piece)
        }
        return text.isEmpty ? pieces : pieces + [.text(escaped(text, level: level))]
    }

    private static func escaped(_ text: String, level: Int) -> [UInt8] {
        (0..<level).reduce(Array(text.utf8)) { text, _ in
            var quoted: [UInt8] = []
            Bytes.with(text) { JSONValue.appendQuoted($0, to: &quoted) }
            return Array(quoted.dropFirst().dropLast())
        }
    }
}
