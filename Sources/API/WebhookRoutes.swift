// SPDX-License-Identifier: Apache-2.0
internal import Delivery
internal import HTTP
internal import JSON
internal import Stories

extension Endpoints {
    /// Webhooks, for admins.
    mutating func addWebhooks() {
        addWebhookReads()
        addWebhookWrites()
        addDeliveries()
    }

    private mutating func addWebhookReads() {
        let store = store
        on(.get, "/webhooks", .key) { call in
            let all = try await store.webhooks(access: call.access)
            return .json(WebhooksAnswer(webhooks: all), capacity: 16 * 1_024)
        }
        on(.get, "/webhooks/{webhook}", .key) { call in
            .json(try await store.webhook(try call.webhook, access: call.access))
        }
    }

    private mutating func addWebhookWrites() {
        let store = store
        on(.post, "/webhooks", .key) { call in
            try call.access.requireWebhooks()
            let body = try WebhookInput(body: try call.request.json(), requiring: "url")
            let keys = StandardWebhooks.newKeys(secret: body.secret)
            return try await call.perform(answering: { Response.webhook($0, keys, .created) }) {
                try await store.createWebhook(body.patch, keys: keys, idempotency: $0, access: call.access)
            }
        }
        on(.patch, "/webhooks/{webhook}", .key) { call in
            try call.access.requireWebhooks()
            let id = try call.webhook
            let patch = try WebhookPatch(body: try call.request.json(orType: "application/merge-patch+json"))
            return .json(try await store.editWebhook(id, patch, access: call.access))
        }
        on(.delete, "/webhooks/{webhook}", .key) { call in
            try await store.deleteWebhook(try call.webhook, access: call.access)
            return Response(.noContent)
        }
        on(.post, "/webhooks/{webhook}/rotate", .key) { call in
            try call.access.requireWebhooks()
            let id = try call.webhook
            let secret = call.request.body.isEmpty ? nil : try SecretInput(body: call.request.json()).secret
            let keys = StandardWebhooks.newKeys(secret: secret)
            return try await call.perform(answering: { Response.webhook($0, keys, .ok) }) {
                try await store.rotateWebhook(id, keys: keys, idempotency: $0, access: call.access)
            }
        }
    }

    private mutating func addDeliveries() {
        let store = store
        on(.post, "/webhooks/{webhook}/test", .key) { call in
            let id = try call.webhook
            return try await call.perform(answering: { .json($0, .accepted) }) {
                try await store.testWebhook(id, idempotency: $0, access: call.access)
            }
        }
        on(.get, "/webhooks/{webhook}/deliveries", .key, parameters: ["limit", "before"]) { call in
            let (id, parameters) = (try call.webhook, Parameters(request: call.request))
            let limit = try parameters.limit()
            let before = try parameters.position("before") { text in
                Int64(text).flatMap { $0 > 0 ? $0 : nil }
            }
            let page = try await store.deliveries(of: id, limit: limit, before: before, access: call.access)
            let older = page.older.map { number in
                var address = QueryBuilder()
                address.add("limit", limit == Limits.defaultPageSize ? nil : String(limit))
                address.add("before", String(number))
                return "/webhooks/\(id)/deliveries" + address.text
            }
            return .json(DeliveriesAnswer(deliveries: page.deliveries, older: older), capacity: 16 * 1_024)
        }
        on(.post, "/webhooks/{webhook}/deliveries/{delivery}/retry", .key) { call in
            let id = try call.webhook
            guard let delivery = Identifier(call.request.parameters["delivery"] ?? "") else {
                try call.access.requireWebhooks()
                throw Problem(.notFound(.delivery))
            }
            return try await call.perform(answering: { .json($0, .accepted) }) {
                try await store.retryDelivery(delivery, of: id, idempotency: $0, access: call.access)
            }
        }
    }
}

extension Call {
    /// The webhook named by the path; 403 for those who may not know of any, 404 for a text that is not an id.
    fileprivate var webhook: Identifier {
        get throws {
            try access.requireWebhooks()
            guard let id = Identifier(request.parameters["webhook"] ?? "") else {
                throw Problem(.notFound(.webhook))
            }
            return id
        }
    }
}

extension Response {
    /// A webhook with its new secret.
    fileprivate static func webhook(_ webhook: Webhook, _ keys: WebhookKeys, _ status: Status) -> Response {
        let headers: Headers = status == .created ? [.location: "/webhooks/\(webhook.id)"] : [:]
        return .json(NewWebhook(webhook: webhook, secret: keys.secret), status, headers: headers)
    }
}

private struct WebhooksAnswer: JSONWritable {
    let webhooks: [Webhook]

    func write(to writer: inout JSONWriter) {
        writer.object { $0.member("webhooks", webhooks) }
    }
}

private struct DeliveriesAnswer: JSONWritable {
    let deliveries: [WebhookDelivery]
    let older: String?

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("deliveries", deliveries)
            $0.member("older", older)
        }
    }
}

extension WebhookPatch: BodyPatch {
    /// Decodes the members that admins may set.
    mutating func read(_ reader: inout JSONObjectDecoder) {
        url = reader.text("url")
        events = reader.list("events") { value, place, errors in
            let event = value.text.flatMap { WebhookEvent(exactly: $0) }
            if let event, WebhookEvent.subscribable.contains(event) { return event }
            errors.append(
                ValidationError(
                    place(), JSONObjectDecoder.choiceRule(WebhookEvent.subscribable.map(\.rawValue))))
            return nil
        }
        story = reader.nullableMember("story", "a string", rule: "must be the id or slug of a story") {
            $0.text.flatMap { StoryReference($0) }
        }
        tag = reader.nullableMember("tag", "a string", rule: "must be a string", \.text)
        payload = reader.choice("payload")
        coalesceSeconds = reader.member(
            "coalesceSeconds", "a number", rule: JSONObjectDecoder.integerRule, \.integer)
        isEnabled = reader.bool("enabled")
    }
}

/// The body of a request for a new webhook.
private struct WebhookInput: BodyPatch {
    var patch = WebhookPatch()
    private var own = SecretInput()
    var secret: [UInt8]? { own.secret }

    mutating func read(_ reader: inout JSONObjectDecoder) {
        patch.read(&reader)
        own.read(&reader)
    }

    func errors(at base: String) -> [ValidationError] { patch.errors(at: base) }
}

/// The body of a request for new keys.
private struct SecretInput: BodyPatch {
    var secret: [UInt8]?

    mutating func read(_ reader: inout JSONObjectDecoder) {
        let rule = "must be whsec_ and the base64 of 24 to 64 bytes"
        secret =
            reader.member("secret", "a string", rule: rule) {
                $0.text.flatMap(StandardWebhooks.secret)
            }.given
    }

    func errors(at base: String) -> [ValidationError] { [] }
}
