// SPDX-License-Identifier: Apache-2.0
/// Reads of the incidents of all stories.
public protocol IncidentReading: Sendable {
    /// The incidents that readers see. `known` are versions whose history the caller has, by the id of the story: it is not read again.
    func incidents(knowing known: [Identifier: Version]) async throws(StoryError) -> IncidentList
}
