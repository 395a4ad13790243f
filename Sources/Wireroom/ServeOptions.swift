internal import API
internal import HTTP
internal import Stories

extension ServeCommand {
    static let options: [Option] = [
        .database, .host, .port, .publicURL,
        Option(
            name: "origins", value: "LIST", variable: "WIREROOM_ORIGINS",
            help: "origins whose pages may read, by commas; default * for all"),
        Option(
            name: "reactions", value: "LIST", variable: "WIREROOM_REACTIONS",
            help: "kinds of reaction, by commas, or none; default veryGood"),
        Option(
            name: "reaction-rate", value: "NUMBER", variable: "WIREROOM_REACTION_RATE",
            help: "reactions of one client in a minute; default 120, 0 for no limit"),
        Option(
            name: "trusted-proxies", value: "LIST", variable: "WIREROOM_TRUSTED_PROXIES",
            help: "proxies that say who the client is: addresses and ranges (10.0.0.0/8), by commas"),
        Option(
            name: "forwarded-field", value: "NAME", variable: "WIREROOM_FORWARDED_FIELD",
            help: "where they say it: x-forwarded-for (default) or forwarded"),
        Option(
            name: "purge-url", value: "URL", variable: "WIREROOM_PURGE_URL",
            help: "the cache to tell of takedowns, such as http://127.0.0.1:6081; default none"),
        Option(
            name: "purge-method", value: "METHOD", variable: "WIREROOM_PURGE_METHOD",
            help: "the method of those requests; default PURGE"),
        Option(
            name: "purge-host", value: "NAME", variable: "WIREROOM_PURGE_HOST",
            help: "what the cache knows the site as; default the host of --purge-url"),
        Option(
            name: "keep-deleted", value: "DAYS", variable: "WIREROOM_KEEP_DELETED",
            help: "days for which deleted updates can be restored; default 30, 0 erases them at once"),
        Option(
            name: "workers", value: "NUMBER", variable: "WIREROOM_WORKERS",
            help: "threads that serve; default one a processor"),
        Option(
            name: "cache-bytes", value: "NUMBER", variable: "WIREROOM_CACHE_BYTES",
            help: "memory for answers that are ready to send; default 67108864, 0 keeps none"),
        Option(
            name: "poll-interval", value: "LEAST-MOST", variable: "WIREROOM_POLL_INTERVAL",
            help: "seconds that pollers are told to wait, by pace and load; default 5-60"),
        Option(
            name: "closed-poll-interval", value: "FIRST-LATER", variable: "WIREROOM_CLOSED_POLL_INTERVAL",
            help: "the same for a closed story: on its first day, and after it; default 300-3600"),
        Option(
            name: "commands-per-commit", value: "NUMBER", variable: "WIREROOM_COMMANDS_PER_COMMIT",
            help: "writes that may share a commit; default 256, 1 commits each alone"),
        Option(
            name: "max-body-bytes", value: "NUMBER", variable: "WIREROOM_MAX_BODY_BYTES",
            help: "the largest request body; default 1048576"),
        Option(
            name: "buffer-bytes", value: "NUMBER", variable: "WIREROOM_BUFFER_BYTES",
            help: "memory for request bodies and answers on their way; default 134217728"),
        Option(
            name: "connections-per-client", value: "NUMBER", variable: "WIREROOM_CONNECTIONS_PER_CLIENT",
            help: "connections of one client network; default 1000, 0 for no limit"),
        Option(
            name: "streams-per-client", value: "NUMBER", variable: "WIREROOM_STREAMS_PER_CLIENT",
            help: "event streams of one client network; default 500, 0 for no limit"),
        Option(
            name: "polls-per-client", value: "NUMBER", variable: "WIREROOM_POLLS_PER_CLIENT",
            help: "polls of one client network that wait for a change; default 500, 0 for no limit"),
        Option(
            name: "log-format", value: "FORMAT", variable: "WIREROOM_LOG_FORMAT",
            help: "text (default) or json, an object a line"),
        Option(
            name: "log-level", value: "LEVEL", variable: "WIREROOM_LOG_LEVEL",
            help: "the least that is logged: info (default), warning or error"),
        Option(
            name: "log-addresses", value: "HOW", variable: "WIREROOM_LOG_ADDRESSES",
            help: "clients' addresses: short (default, the network alone), full or none"),
        Option(
            name: "access-log", value: "SHARE", variable: "WIREROOM_ACCESS_LOG",
            help: "share of requests with a line in the log; default 0.01, 1 for all, 0 for failures alone"),
    ]
}

extension Arguments {
    /// One of some words.
    func choice<Word: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws(CommandError) -> Word? where Word.RawValue == String {
        guard let text = value(name) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        throw .usage("wireroom: --\(name) takes one of \(words), not \"\(text)\"")
    }

    /// The share of requests that get a line in the log.
    var accessShare: Double {
        get throws(CommandError) {
            guard let text = value("access-log") else { return 0.01 }
            guard let share = Double(text), share == 0 || (Self.leastAccessShare...1).contains(share) else {
                throw .usage(
                    "wireroom: --access-log takes 0, or a share from \(Self.leastAccessShare) to 1, such as 0.01, not \"\(text)\""
                )
            }
            return share
        }
    }

    /// One request in a million: with less nobody would ever see a line.
    private static let leastAccessShare = 0.000001

    /// Takes over what one client network may have of the server's places.
    func setShares(of limits: inout HTTP.Limits) throws(CommandError) {
        let range = 0...1_000_000
        limits.connectionsPerClient =
            try integer("connections-per-client", in: range) ?? limits.connectionsPerClient
        limits.streamsPerClient = try integer("streams-per-client", in: range) ?? limits.streamsPerClient
        limits.parkedPollsPerClient =
            try integer("polls-per-client", in: range) ?? limits.parkedPollsPerClient
    }

    var origins: CORS.Configuration.Origins {
        get throws(CommandError) {
            guard let list = try list("origins"), list != ["*"] else { return .any }
            for item in list where WebOrigin(item) == nil {
                throw .usage(
                    """
                    wireroom: --origins takes *, or origins as browsers send them: scheme and host in lower case, no path, no slash at \
                    the end, no default port, such as https://news.example; not \"\(item)\"
                    """)
            }
            return .list(Set(list))
        }
    }

    var reactionKinds: Set<ReactionKind> {
        get throws(CommandError) {
            let names = try list("reactions") ?? [ReactionKind.veryGood.name]
            if names.contains("none") {
                guard names.count == 1 else { throw .usage("wireroom: --reactions none stands alone") }
                return []
            }
            var kinds: Set<ReactionKind> = []
            for name in names {
                guard let kind = ReactionKind(name) else {
                    throw .usage(
                        "wireroom: \"\(name)\" cannot name a reaction: letters and digits, at most 32")
                }
                kinds.insert(kind)
            }
            guard kinds.count <= Stories.Limits.reactionKinds else {
                throw .usage("wireroom: --reactions takes at most \(Stories.Limits.reactionKinds) kinds")
            }
            return kinds
        }
    }

    var forwarded: ForwardedBy {
        get throws(CommandError) {
            var forwarded = ForwardedBy()
            try requireOption("trusted-proxies", for: "forwarded-field")
            for text in try list("trusted-proxies") ?? [] {
                guard let range = AddressRange(text) else {
                    throw .usage("wireroom: --trusted-proxies takes addresses and ranges, not \"\(text)\"")
                }
                forwarded.trusted.append(range)
            }
            if let name = value("forwarded-field") {
                guard let field = ForwardedBy.Field(rawValue: name.lowercased()) else {
                    throw .usage(
                        "wireroom: --forwarded-field takes x-forwarded-for or forwarded, not \"\(name)\"")
                }
                forwarded.field = field
            }
            return forwarded
        }
    }

    var pollInterval: PollInterval {
        get throws(CommandError) {
            var interval = PollInterval()
            interval.bounds =
                try seconds("poll-interval", in: 1...3_600, example: "5-60") ?? interval.bounds
            interval.closed =
                try seconds("closed-poll-interval", in: 1...86_400, example: "300-3600") ?? interval.closed
            return interval
        }
    }

    /// Two numbers of seconds, the smaller first.
    private func seconds(
        _ name: String, in range: ClosedRange<Int>, example: String
    ) throws(CommandError) -> ClosedRange<Int>? {
        guard let text = value(name) else { return nil }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard ends.count == 2, let least = ends[0], let most = ends[1], least <= most,
            range.contains(least), range.contains(most)
        else {
            throw .usage(
                """
                wireroom: --\(name) takes two numbers of seconds from \(range.lowerBound) to \(range.upperBound), the smaller \
                first, such as \(example), not "\(text)"
                """)
        }
        return least...most
    }

    var adminKey: String? {
        get throws(CommandError) {
            guard let key = secret("WIREROOM_ADMIN_KEY") else { return nil }
            // Others cannot be sent in a field (RFC 9110 §5.5).
            guard key.utf8.count >= 20, key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw .usage(
                    "wireroom: WIREROOM_ADMIN_KEY must have at least 20 characters, visible ASCII and no spaces"
                )
            }
            return key
        }
    }
}

extension String {
    var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
