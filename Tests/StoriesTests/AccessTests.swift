// SPDX-License-Identifier: Apache-2.0
import Stories
import Support
import Testing

@Suite("Access")
struct AccessTests {
    private static let mine = Identifier.make(1)
    private static let other = Identifier.make(2)
    private static let boundAdmin = Access.holder(Grant(role: .admin, stories: [mine]))

    @Test(
        "Everyone sees public stories; drafts only a key that reaches them",
        arguments: [
            (.reader, mine, false), (.editor, mine, true), (.admin, mine, true),
            (.editor(of: mine), mine, true),
            (.editor(of: mine), other, false), (.holder(Grant(role: .editor, stories: [])), mine, false),
            (boundAdmin, other, false),
        ] as [(Access, Identifier, Bool)])
    func sees(access: Access, story: Identifier, draft: Bool) {
        #expect(access.sees(story, status: .draft) == draft)
        #expect(access.sees(story, status: .live))
        #expect(access.sees(story, status: .closed))
    }

    @Test(
        "Writing takes a key that reaches the story, creation an unbound key, removal the admin role",
        arguments: [
            (.reader, mine, false, false, false), (.editor, mine, true, true, false),
            (.admin, mine, true, true, true),
            (.editor(of: mine), mine, true, false, false), (.editor(of: mine), other, false, false, false),
            (boundAdmin, mine, true, false, true), (boundAdmin, other, false, false, false),
        ] as [(Access, Identifier, Bool, Bool, Bool)])
    func writes(access: Access, story: Identifier, writes: Bool, creates: Bool, removes: Bool) {
        #expect(((try? access.requireWrite(to: story)) != nil) == writes)
        #expect(((try? access.requireCreation()) != nil) == creates)
        #expect(((try? access.requireRemoval(of: story)) != nil) == removes)
    }

    @Test("A refusal names the key or role that is required")
    func refusals() {
        #expect(throws: StoryError.forbidden("requires a key")) { try Access.reader.requireCreation() }
        #expect(throws: StoryError.forbidden("requires a key")) {
            try Access.reader.requireRemoval(of: Self.mine)
        }
        #expect(throws: StoryError.forbidden("requires a key with the role admin")) {
            try Access.editor.requireRemoval(of: Self.mine)
        }
        #expect(throws: StoryError.forbidden("this key is bound to other stories")) {
            try Access.editor(of: Self.other).requireWrite(to: Self.mine)
        }
    }
}
