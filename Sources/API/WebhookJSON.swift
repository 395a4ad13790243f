// SPDX-License-Identifier: Apache-2.0
internal import Delivery
public import JSON
public import Stories

extension Webhook: JSONWritable {
    /// Writes its JSON form, without a secret.
    public func write(to writer: inout JSONWriter) {
        writer.object { writeMembers(&$0) }
    }

    func writeMembers(_ writer: inout JSONWriter) {
        writer.member("id", id)
        writer.member("url", settings.url)
        writer.member("events", settings.events.map(\.rawValue))
        writer.member("story", settings.story)
        writer.member("tag", settings.tag)
        writer.member("payload", settings.payload.rawValue)
        writer.member("coalesceSeconds", settings.coalesceSeconds)
        writer.member("enabled", settings.isEnabled)
        writer.member("disabledReason", disabledReason)
        writer.member("failingSince", failingSince)
        writer.member("publicKey", StandardWebhooks.text(ofPublicKey: publicKey))
        writer.member("createdAt", createdAt)
        writer.member("modifiedAt", modifiedAt)
    }
}

/// A webhook with the secret that was made for it, which is shown once.
struct NewWebhook: JSONWritable {
    let webhook: Webhook
    let secret: [UInt8]

    func write(to writer: inout JSONWriter) {
        writer.object {
            webhook.writeMembers(&$0)
            $0.member("secret", StandardWebhooks.text(ofSecret: secret))
        }
    }
}

extension WebhookDelivery: JSONWritable {
    /// Writes its JSON form.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", id)
            $0.member("type", event.rawValue)
            $0.member("timestamp", at)
            $0.member("story", place?.story)
            $0.member("seq", place?.version.seq)
            $0.member("update", place?.update)
            $0.member("status", status.rawValue)
            $0.member("attempts", attempts)
            $0.member("attemptedAt", attemptedAt)
            $0.member("nextAttemptAt", status == .waiting ? dueAt : nil)
            $0.member("code", code)
            $0.member("error", error)
        }
    }
}

/// What is sent to a webhook.
struct WebhookBody: JSONWritable {
    let claimed: ClaimedDelivery
    /// What readers see of it now; only for full payloads.
    let content: WebhookContent?

    func write(to writer: inout JSONWriter) {
        let delivery = claimed.delivery
        writer.object { writer in
            writer.member("type", delivery.event.rawValue)
            writer.member("timestamp", delivery.at)
            writer.member("data") { writer in
                writer.object { writer in
                    guard let place = delivery.place else { return writer.member("webhook", claimed.webhook) }
                    write(place, to: &writer)
                }
            }
        }
    }

    private func write(_ place: WebhookDelivery.Place, to writer: inout JSONWriter) {
        writer.member("story", place.story)
        writer.member("seq", place.version.seq)
        writer.member("epoch", place.version.epochText)
        writer.member("update", place.update)
        guard claimed.payload == .full else { return }
        writer.member("current") { writer in
            guard let content else { return writer.raw("null".utf8) }
            writer.object { writer in
                writer.member("story", content.story)
                writer.member("update") { $0.raw(content.update ?? Array("null".utf8)) }
            }
        }
    }
}

extension Version {
    /// The epoch as cursors begin with it.
    fileprivate var epochText: String {
        String(decoding: description.utf8.prefix { $0 != UInt8(ascii: "-") }, as: UTF8.self)
    }
}

extension API {
    /// Returns the JSON of a delivery, made of what readers see at present.
    public static func webhookBody(
        of claimed: ClaimedDelivery, from queue: some WebhookQueue
    ) async throws(StoryError) -> [UInt8] {
        let content = claimed.payload == .full ? try await queue.content(of: claimed.delivery) : nil
        return JSONWriter.bytes(of: WebhookBody(claimed: claimed, content: content))
    }
}
