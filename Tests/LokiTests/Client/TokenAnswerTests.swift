import Testing

@testable import Loki

struct TokenAnswerTests {
    private func parse(_ json: String) -> TokenAnswer? { TokenAnswer(Array(json.utf8)) }

    @Test(arguments: [
        #"{"access_token":"abc"}"#,
        #" { "other" : {"a":[1,"]}",{}]} , "access_token" : "abc" , "n":null,"b":true,"x":-1.5e3 } "#,
        #"{"access_token":"a\u0062c","token_type":"bearer"}"#,
        #"{"access_token":"abc","token_type":"BEARER","expires_in":0}"#,
    ])
    func findsTheToken(_ json: String) throws {
        let answer = try #require(parse(json))
        #expect(answer.token == "abc")
        #expect(answer.type == "Bearer")
        #expect(answer.lifetime == nil)
    }

    @Test(arguments: [#"3600"#, #""3600""#, "3.6e3"])
    func lifetimeIsANumberOrItsText(_ text: String) throws {
        let answer = try #require(parse(#"{"access_token":"a","expires_in":\#(text),"token_type":"MAC"}"#))
        #expect(answer.lifetime == .seconds(3_600))
        #expect(answer.type == "MAC")
    }

    @Test(arguments: [
        "", "{}", "[]", "null", #"{"access_token":""}"#, #"{"access_token":7}"#, #"{"access_token"}"#, "{,}",
    ])
    func withoutATokenThereIsNothing(_ json: String) {
        #expect(parse(json)?.token == nil)
    }

    @Test func everyCutAnswerIsRefused() {
        let json = Array(#"{"x":[{"y":"z\n"}],"access_token":"abc","expires_in":12}"#.utf8)
        for end in json.indices {
            #expect(TokenAnswer(Array(json[..<end]))?.token == nil, "cut at \(end)")
        }
    }

    @Test func deepNestingIsOnlyCounted() {
        let depth = 100_000
        let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(parse(#"{"x":\#(nested),"access_token":"abc"}"#)?.token == "abc")
    }

    @Test func formsAreEncodedAsOAuthAsks() {
        #expect(FormEncoding.encode([("a b", "ü&=+/"), ("c", "~-._9Z")]) == "a+b=%C3%BC%26%3D%2B%2F&c=~-._9Z")
    }
}
