// SPDX-License-Identifier: Apache-2.0
/// The unfinished text of a form, saved by its program while somebody writes, so that they can go on with it on another device.
///
/// It is no draft: it need not be valid, is in no list of updates, no revision and no audit trail, and nobody but the holder of the key
/// sees it. Publishing consumes it: creating updates with an idempotency key deletes the holder's autosave of that name in the same
/// transaction.
public struct Autosave: Hashable, Sendable {
    /// The name that the program has given it: the idempotency key with which the text will be published.
    public var name: String
    /// The text in the program's own form, opaque.
    public var content: String
    /// When it was saved.
    public var savedAt: Timestamp

    /// Memberwise.
    public init(name: String, content: String, savedAt: Timestamp) {
        (self.name, self.content, self.savedAt) = (name, content, savedAt)
    }

    /// Whether a text can be a name: 1 to 64 letters and digits of ASCII, `-` and `_`.
    public static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }

    /// Returns the errors of a content: its JSON Pointer is `/content`.
    public static func errors(ofContent content: String) -> [ValidationError] {
        var errors: [ValidationError] = []
        if content.utf8.count > Limits.autosaveBytes {
            errors.append(
                ValidationError("/content", "must not be longer than \(Limits.autosaveBytes) bytes of UTF-8"))
        }
        // PostgreSQL stores no text with it.
        if content.utf8.contains(0) { errors.append(ValidationError("/content", "must not contain U+0000")) }
        return errors
    }
}

/// Autosaves of a story. Each caller, who must be allowed to write to the story, has their own.
public protocol AutosaveStore: Sendable {
    /// Returns the caller's autosaves, newest first, at most ``Limits/autosaves``.
    func autosaves(of story: StoryReference, access: Access) async throws(StoryError) -> [Versioned<Autosave>]

    /// Creates or replaces an autosave. Beyond ``Limits/autosaves`` the oldest one is dropped, as are those that were not saved again for
    /// ``Limits/autosaveMilliseconds``.
    func saveAutosave(
        _ name: String, of story: StoryReference, content: String, if precondition: Precondition,
        access: Access
    ) async throws(StoryError) -> Versioned<Autosave>

    /// Deletes an autosave. Throws `.notFound(.autosave)`.
    func deleteAutosave(
        _ name: String, of story: StoryReference, if precondition: Precondition, access: Access
    ) async throws(StoryError)
}
