// SPDX-License-Identifier: Apache-2.0
internal import API
internal import Delivery
internal import HTTP
internal import Live
internal import Stories
internal import StoryTables

extension ServeCommand {
    private static let limits = HTTP.Limits()

    /// In the order of README's table; a test compares the two.
    static let options: [Option] = [
        .database, .media, .mediaEndpoint, .mediaCache, .host, .port, .publicURL,
        Option(
            name: "origins", value: "LIST", variable: "WIREROOM_ORIGINS", defaultValue: "*",
            help: "comma-separated origins whose pages may read, react (CORS) and have frames; * allows all"),
        Option(
            name: "reactions", value: "LIST", variable: "WIREROOM_REACTIONS",
            defaultValue: ReactionKind.veryGood.name,
            help: "comma-separated kinds of reaction, or none"),
        Option(
            name: "embeds", value: "POLICY", variable: "WIREROOM_EMBEDS",
            defaultValue: API.Configuration().embeds.rawValue,
            help: "content of third parties: ask readers, always show it, or never"),
        Option(
            name: "social-images", value: "SWITCH", variable: "WIREROOM_SOCIAL_IMAGES", defaultValue: "on",
            help: "pictures that other sites show beside links, drawn of what has none: on or off"),
        Option(
            name: "workers", value: "NUMBER", variable: "WIREROOM_WORKERS", defaultValue: "one per processor",
            help: "worker threads"),
        Option(
            name: "max-body-bytes", value: "NUMBER", variable: "WIREROOM_MAX_BODY_BYTES",
            defaultValue: "\(limits.bodyBytes)",
            help: "the largest request body accepted"),
        Option(
            name: "max-media-bytes", value: "NUMBER", variable: "WIREROOM_MAX_MEDIA_BYTES",
            defaultValue: "\(API.MediaSettings.defaultMaximumBytes)",
            help: "the largest picture accepted"),
        Option(
            name: "image-workers", value: "NUMBER", variable: "WIREROOM_IMAGE_WORKERS",
            defaultValue: "one per processor",
            help: "pictures that are decoded at a time, each in a process of its own"),
        Option(
            name: "cache-bytes", value: "NUMBER", variable: "WIREROOM_CACHE_BYTES",
            defaultValue: "\(API.Configuration().cacheBytes)",
            help: "memory for the response cache; 0 disables it"),
        Option(
            name: "reaction-rate", value: "NUMBER", variable: "WIREROOM_REACTION_RATE",
            defaultValue: "\(API.Configuration().reactionLimit.perMinute)",
            help: "reactions per minute from one client network, and the largest burst; 0 for no limit"),
        Option(
            name: "trusted-proxies", value: "LIST", variable: "WIREROOM_TRUSTED_PROXIES",
            help: "comma-separated addresses and ranges (10.0.0.0/8) of proxies trusted to name the client"),
        Option(
            name: "forwarded-field", value: "NAME", variable: "WIREROOM_FORWARDED_FIELD",
            defaultValue: "x-forwarded-for",
            help: "the field in which they name it: x-forwarded-for or forwarded"),
        Option(
            name: "keep-deleted", value: "DAYS", variable: "WIREROOM_KEEP_DELETED",
            defaultValue: "\(API.Configuration().keepDeletedDays)",
            help: "how many days a deleted update can be restored; 0 erases it at once"),
        Option(
            name: "poll-interval", value: "LEAST-MOST", variable: "WIREROOM_POLL_INTERVAL",
            defaultValue: PollInterval().bounds.seconds,
            help: "bounds of pollAfter, the polling interval suggested to clients, in seconds"),
        Option(
            name: "closed-poll-interval", value: "FIRST-LATER", variable: "WIREROOM_CLOSED_POLL_INTERVAL",
            defaultValue: PollInterval().closed.seconds,
            help: "pollAfter of a closed story in seconds: on its first day, and afterwards"),
        Option(
            name: "purge-url", value: "URL", variable: "WIREROOM_PURGE_URL",
            help:
                "the HTTP cache to purge when content is taken down, hidden, renamed or deleted, such as http://127.0.0.1:6081"
        ),
        Option(
            name: "purge-method", value: "METHOD", variable: "WIREROOM_PURGE_METHOD", defaultValue: "PURGE",
            help: "the method of purge requests"),
        Option(
            name: "purge-host", value: "NAME", variable: "WIREROOM_PURGE_HOST",
            defaultValue: "the host of --purge-url",
            help: "the Host field of purge requests"),
        Option(
            name: "outbound-allow", value: "RANGES", variable: "WIREROOM_OUTBOUND_ALLOW",
            help:
                "comma-separated addresses and ranges that webhooks, push messages and look-ups of cards may go to besides public ones, such as 10.1.0.0/16"
        ),
        Option(
            name: "push-contact", value: "CONTACT", variable: "WIREROOM_PUSH_CONTACT",
            help:
                "switches Web Push on: a mailto: or https: URL by which push services can reach the operator"
        ),
        Option(
            name: "push-rate", value: "NUMBER", variable: "WIREROOM_PUSH_RATE",
            defaultValue: "\(Int(PushLimits().perSecond))",
            help: "push messages a second to one push service, from each node"),
        Option(
            name: "buffer-bytes", value: "NUMBER", variable: "WIREROOM_BUFFER_BYTES",
            defaultValue: "\(limits.heldBytes)",
            help:
                "memory for request and response bodies in transit, all clients together; beyond it load is shed"
        ),
        Option(
            name: "connections", value: "NUMBER", variable: "WIREROOM_CONNECTIONS",
            defaultValue: "by descriptors and memory",
            help: "the most connections at a time, up to \(ConnectionLimit.maximum)"),
        Option(
            name: "connections-per-client", value: "NUMBER", variable: "WIREROOM_CONNECTIONS_PER_CLIENT",
            defaultValue: "\(limits.connectionsPerClient)",
            help: "connections per client network (an IPv4 address or an IPv6 /64); 0 for no limit"),
        Option(
            name: "streams-per-client", value: "NUMBER", variable: "WIREROOM_STREAMS_PER_CLIENT",
            defaultValue: "\(limits.streamsPerClient)",
            help: "event streams per client network; 0 for no limit"),
        Option(
            name: "polls-per-client", value: "NUMBER", variable: "WIREROOM_POLLS_PER_CLIENT",
            defaultValue: "\(limits.parkedPollsPerClient)",
            help: "long polls per client network; 0 for no limit"),
        Option(
            name: "log-format", value: "FORMAT", variable: "WIREROOM_LOG_FORMAT", defaultValue: "text",
            help: "text, or json for one object per line"),
        Option(
            name: "log-level", value: "LEVEL", variable: "WIREROOM_LOG_LEVEL", defaultValue: "info",
            help: "the lowest level logged: info, warning or error"),
        Option(
            name: "log-addresses", value: "HOW", variable: "WIREROOM_LOG_ADDRESSES",
            defaultValue: LoggedAddresses.short.rawValue,
            help: "how client addresses are logged: short (the network only), full or none"),
        Option(
            name: "access-log", value: "SHARE", variable: "WIREROOM_ACCESS_LOG", defaultValue: "0.01",
            help: "the share of requests that is logged, from 0 to 1; with 0 only failures are"),
        Option(
            name: "commands-per-commit", value: "NUMBER", variable: "WIREROOM_COMMANDS_PER_COMMIT",
            defaultValue: "\(CommandQueue.defaultCommandsPerCommit)",
            help: "the largest number of writes in one group commit; 1 commits each write by itself"),
    ]
}

extension ClosedRange<Int> {
    /// The range in the format of the interval options: `5-60`.
    fileprivate var seconds: String { "\(lowerBound)-\(upperBound)" }
}

extension Arguments {
    /// The value of an option as a case of an enumeration; `nil` if it is not given.
    func choice<Word: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws(CommandError) -> Word? where Word.RawValue == String {
        guard let text = value(name) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        throw .usage("wireroom: --\(name) must be one of \(words), not \"\(text)\"")
    }

    /// The share of requests that are logged, from 0 to 1.
    var accessShare: Double {
        get throws(CommandError) {
            guard let text = value("access-log") else { return 0.01 }
            guard let share = Double(text), share == 0 || (Self.leastAccessShare...1).contains(share) else {
                throw .usage(
                    "wireroom: --access-log must be 0 or a share from \(Self.leastAccessShare) to 1, such as 0.01, not \"\(text)\""
                )
            }
            return share
        }
    }

    /// One request in a million; with less, hardly any would be logged.
    private static let leastAccessShare = 0.000001

    /// Sets the limits per client network.
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
                    wireroom: --origins must be * or a list of origins as browsers send them: scheme and host in lower case, no path, no \
                    trailing slash, no default port, such as https://news.example; not \"\(item)\"
                    """)
            }
            return .list(Set(list))
        }
    }

    var reactionKinds: Set<ReactionKind> {
        get throws(CommandError) {
            let names = try list("reactions") ?? [ReactionKind.veryGood.name]
            if names.contains("none") {
                guard names.count == 1 else {
                    throw .usage("wireroom: --reactions none cannot be combined with kinds")
                }
                return []
            }
            var kinds: Set<ReactionKind> = []
            for name in names {
                guard let kind = ReactionKind(name) else {
                    throw .usage(
                        "wireroom: \"\(name)\" is not a valid kind of reaction: use letters and digits, at most 32"
                    )
                }
                kinds.insert(kind)
            }
            guard kinds.count <= Stories.Limits.reactionKinds else {
                throw .usage("wireroom: --reactions allows at most \(Stories.Limits.reactionKinds) kinds")
            }
            return kinds
        }
    }

    /// The value of an option as a list of addresses and ranges; none if it is not given.
    func ranges(_ name: String) throws(CommandError) -> [AddressRange] {
        var ranges: [AddressRange] = []
        for text in try list(name) ?? [] {
            guard let range = AddressRange(text) else {
                throw .usage(
                    "wireroom: --\(name) must be a list of addresses and ranges, not \"\(text)\"")
            }
            ranges.append(range)
        }
        return ranges
    }

    var forwarded: ForwardedBy {
        get throws(CommandError) {
            var forwarded = ForwardedBy()
            try requireOption("trusted-proxies", for: "forwarded-field")
            forwarded.trusted = try ranges("trusted-proxies")
            if let name = value("forwarded-field") {
                guard let field = ForwardedBy.Field(rawValue: name.lowercased()) else {
                    throw .usage(
                        "wireroom: --forwarded-field must be x-forwarded-for or forwarded, not \"\(name)\"")
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

    /// The value of an option as a range of seconds, such as `5-60`.
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
                wireroom: --\(name) must be two numbers of seconds from \(range.lowerBound) to \(range.upperBound), the smaller \
                first, such as \(example), not "\(text)"
                """)
        }
        return least...most
    }

    var adminKey: String? {
        get throws(CommandError) {
            guard let key = secret("WIREROOM_ADMIN_KEY") else { return nil }
            // Other characters cannot be sent in a field (RFC 9110 §5.5).
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
