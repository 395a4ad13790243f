// SPDX-License-Identifier: Apache-2.0
internal import HTTP

extension Request {
    /// Throws 406 if `Accept` excludes the only media type offered.
    func requireAcceptable(_ offered: String) throws(Problem) {
        guard !accepts(offered) else { return }
        throw Problem(.notAcceptable, "this is served as \(offered), which the Accept header rules out")
    }

    /// Throws 415 if the body has a content coding (RFC 9110 §8.4, §15.5.16): none is supported in requests.
    func requireIdentityCoding() throws(Problem) {
        guard let codings = header(.contentEncoding) else { return }
        for coding in codings.split(at: UInt8(ascii: ",")).lazy.map(\.trimmed)
        where !coding.isEmpty && !coding.matches("identity") {
            let name = coding.token.map { ", not as \($0)" } ?? ""
            var problem = Problem(
                .unsupportedMediaType, "send the body as it is\(name): no Content-Encoding is known here")
            problem.headers[.acceptEncoding] = "identity"
            throw problem
        }
    }

    /// Returns the media type of the body, one of `supported`; throws 415 for others, and for a charset other than UTF-8.
    func requireBody(of supported: String...) throws(Problem) -> String {
        let names = supported.joined(separator: " or ")
        guard let value = header(.contentType) else {
            throw Problem(.unsupportedMediaType, "name the type of the body: Content-Type: \(names)")
        }
        guard value.ascii != nil, let range = MediaRange(value),
            let name = supported.first(where: { range.isNamed($0) })
        else {
            let given = value.ascii.map { ", not \($0)" } ?? ""
            throw Problem(.unsupportedMediaType, "the body must be \(names)\(given)")
        }
        guard range.isInUTF8 else { throw Problem(.unsupportedMediaType, "the body must be in UTF-8") }
        return name
    }
}
