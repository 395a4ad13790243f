// SPDX-License-Identifier: Apache-2.0
internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    /// Looks whether addresses are dead, before a text with them is published. `check` looks at one, within seconds, of which all together
    /// get as many as `patience` takes to return.
    mutating func addLinkCheck(
        _ check: (@Sendable (_ url: String) async -> LinkState)?,
        patience: @escaping @Sendable () async -> Void, limit: RateLimit
    ) {
        let limiter = RateLimiter(limit)
        on(.post, "/link-check", .key) { call in
            let input = try LinkCheckInput(body: call.request.json(), requiring: "urls")
            if let decision = limiter.take(call.clientNetwork), !decision.isAllowed {
                call.metrics.countLimited()
                throw Problem.tooMany(decision)
            }
            let states = await Self.states(of: input.urls, check, patience)
            return .json(LinkCheckAnswer(links: zip(input.urls, states).map(CheckedLink.init)))
        }
    }

    /// Returns the states of addresses, each of which is looked at once. A look cannot be stopped: those that last too long end by themselves.
    private static func states(
        of urls: [String], _ check: (@Sendable (String) async -> LinkState)?,
        _ patience: @escaping @Sendable () async -> Void
    ) async -> [LinkState] {
        guard let check, !urls.isEmpty else { return urls.map { _ in .unknown } }
        let distinct = Dictionary(urls.map { (ByteString($0), $0) }) { first, _ in first }
        let (answers, answering) = AsyncStream.makeStream(of: (ByteString, LinkState).self)
        for (key, url) in distinct {
            Task { answering.yield((key, await check(url))) }
        }
        let timer = Task {
            await patience()
            answering.finish()
        }
        defer { timer.cancel() }
        var states: [ByteString: LinkState] = [:]
        for await (key, state) in answers {
            states[key] = state
            if states.count == distinct.count { break }
        }
        return urls.map { states[ByteString($0)] ?? .unknown }
    }
}

private struct LinkCheckInput: BodyPatch {
    var urls: [String] = []

    mutating func read(_ reader: inout JSONObjectDecoder) {
        urls =
            reader.list("urls") { value, place, errors in
                if let text = value.text { return text }
                errors.append(ValidationError(place(), "must be a string, not \(value.kind)"))
                return nil
            }.given ?? []
    }

    func errors(at base: String) -> [ValidationError] { LinkState.errors(in: urls, at: base + "/urls") }
}

private struct CheckedLink: JSONWritable {
    let url: String
    let state: LinkState

    func write(to writer: inout JSONWriter) {
        var status: Int?
        if case .answered(let code) = state { status = code }
        writer.object {
            $0.member("url", url)
            $0.member("dead", state.isDead)
            $0.member("status", status)
        }
    }
}

private struct LinkCheckAnswer: JSONWritable {
    let links: [CheckedLink]

    func write(to writer: inout JSONWriter) {
        writer.object { $0.member("links", links) }
    }
}
