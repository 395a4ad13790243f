// SPDX-License-Identifier: Apache-2.0
/// A note by which editors hand a story over to each other. Readers never see it.
public struct StoryNote: Hashable, Sendable {
    /// Its number among the notes of the story, from 1.
    public var number: Int64
    /// The text; empty: the note before it was cleared.
    public var text: String
    /// When it was written.
    public var at: Timestamp
    /// Who wrote it.
    public var author: Principal

    /// Memberwise.
    public init(number: Int64, text: String, at: Timestamp, author: Principal) {
        (self.number, self.text, self.at, self.author) = (number, text, at, author)
    }

    /// Returns the violations in the text of a note.
    public static func errors(in text: String, at pointer: String = "/text") -> [ValidationError] {
        var validator = Validator()
        if !text.isEmpty { validator.text(text, at: pointer, atMost: Limits.noteCharacters) }
        return validator.errors
    }
}

/// The storage of notes.
public protocol NoteStore: Sendable {
    /// The latest notes of a story, newest first, at most ``Limits/notes``: the first one holds. Editors of the story only.
    func notes(of story: StoryReference, access: Access) async throws(StoryError) -> [StoryNote]

    /// Writes a note; an empty text clears it. The same text again is no new note. Returns the notes as they are then.
    func writeNote(
        _ text: String, to story: StoryReference, access: Access
    ) async throws(StoryError) -> [StoryNote]
}
