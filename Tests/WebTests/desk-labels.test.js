// SPDX-License-Identifier: Apache-2.0
process.env.TZ = "UTC";

import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import {
    auditLabel, countLabel, deleteMessage, importLabels, labelOf, movedStory, savedMessage, slugQuestion, statusQuestion,
    takedownTerms,
} from "../../Sources/Web/Files/desk/labels.js";
import { documentType } from "../../Sources/Web/Files/desk/import.js";
import { versionsOf, withSteps } from "../../Sources/Web/Files/desk/history.js";
import { foundStories } from "../../Sources/Web/Files/desk/stories.js";

test("An update is labelled by its title, or else by the start of its text", () => {
    assert.equal(labelOf({ title: "They are off", body: "x" }), "They are off");
    assert.equal(labelOf({ title: null, body: "\nThe leaders pass.\nMore." }), "The leaders pass.");
    assert.equal(labelOf({ title: null, body: `${"word ".repeat(20)}` }).length <= 61, true);
    assert.equal(labelOf({ title: null, body: "---\n\n## **Tug** _Ada_ [left](https://a.example/x_(y))\n" }), "Tug Ada left");
    assert.equal(labelOf({ title: null, body: "> 1. ![The quay](/media/1) `snake_case` 2\\*3 ~~gone~~ <https://a.example>" }),
        "The quay snake_case 2*3 gone https://a.example");
    assert.equal(labelOf({ title: "2 * 3 * 4", body: "x" }), "2 * 3 * 4");
    assert.equal(labelOf({ title: null, body: "2 * 3 * 4 and snake_case_too" }), "2 * 3 * 4 and snake_case_too");
    assert.equal(labelOf({ title: null, body: "***" }), "***");
});

test("The message after saving names the state of the update", () => {
    assert.equal(savedMessage({ state: "published" }), "Published.");
    assert.equal(savedMessage({ state: "scheduled", publishAt: "2036-05-04T21:00:00Z" }),
        "Scheduled for 4 May 2036, 21:00:00 UTC.");
});

test("Audit actions are described in words; unknown ones are shown as they are", () => {
    assert.equal(auditLabel({ action: "update.edit", members: ["title", "body"], detail: null }),
        "edited an update (Title, Text)");
    assert.equal(auditLabel({ action: "update.publish", members: ["state", "keyEvent"], detail: null }),
        "published an update (Key event)");
    assert.equal(auditLabel({ action: "story.edit", members: ["keyPoints"], detail: null }),
        "edited the story (Key points)");
    assert.equal(auditLabel({ action: "links.replace", members: [], detail: "ranking" }),
        "replaced a list of links (Ranking)");
    assert.equal(auditLabel({ action: "story.edit", members: ["status", "ending"], detail: "from live to closed" }),
        "closed the story (How it ended)");
    assert.equal(auditLabel({ action: "story.edit", members: ["status"], detail: "from closed to live" }),
        "reopened the story");
    assert.equal(auditLabel({ action: "story.replace", members: ["status"], detail: "from draft to live" }),
        "took the story live");
    const other = "0190a020-0000-7000-8000-000000000020";
    assert.equal(auditLabel({ action: "update.move", members: [], detail: `to ${other}` }),
        "moved an update to another story");
    assert.equal(movedStory(`from ${other}`), other);
    assert.equal(movedStory("from live to closed"), null);
    assert.equal(auditLabel({ action: "update.takedown", members: [], detail: "from live to nowhere" }),
        "took an update down (from live to nowhere)");
    assert.equal(auditLabel({ action: "story.freeze", members: [], detail: null }), "story.freeze");
});

test("Counts a story's updates, pinned and unpublished ones", () => {
    assert.equal(countLabel({ drafts: [], pinned: [] }, 1, false), "1 update");
    assert.equal(countLabel({ drafts: [], pinned: [] }, 50, true), "The newest 50 updates");
    assert.equal(countLabel({ drafts: [{}, {}], pinned: [{}] }, 12, false), "12 updates, 1 pinned, 2 not published");
});

test("The import report counts what was imported", () => {
    assert.deepEqual(importLabels({ updates: 1, keyPoints: 3, links: { related: 6 } }),
        ["1 update", "3 key points", "6 links (related)"]);
});

test("An export document is distinguished from plain text", () => {
    assert.equal(documentType('\n{"wireroom": 1, "story": {}}'), "application/json");
    assert.equal(documentType("Current:Home > Coast"), "text/plain");
    assert.equal(documentType("{ broken"), "text/plain");
});

test("A search finds words in any order, without regard to case and accents", () => {
    const stories = [{ title: "São Paulo floods" }, { title: "Storm at the harbour" }];
    assert.deepEqual(foundStories(stories, "FLOODS sao"), [stories[0]]);
    assert.deepEqual(foundStories(stories, ""), stories);
    assert.deepEqual(foundStories(stories, "storm floods"), []);
});

test("Each version lists its changes from the one before and their author", () => {
    const update = (seq, title, more) => ({
        id: "u", seq, modifiedAt: `t${seq}`, title, body: "B", tags: [], sources: [], media: [], state: "published", stricken: null, ...more,
    });
    const entries = [{
        number: 1, update: "u", story: "s", at: "t5", seq: 5, name: "Ines", action: "update.edit", members: ["title"],
        detail: null,
    }];
    const present = update(7, "New", { stricken: { reason: "Wrong." } });
    const versions = versionsOf(present, [update(5, "New"), update(2, "Old")], entries, "s");
    const names = changes => changes?.map(change => change.field.name);
    assert.deepEqual(versions.map(({ changes, notes, entry }) => [names(changes), notes, entry && `${entry.name} ${auditLabel(entry)}`]), [
        [[], ["Retracted: Wrong."], null],
        [["title"], [], "Ines edited an update (Title)"],
        [undefined, [], null],
    ]);
});

test("The history has each step, also those of which no version is kept", () => {
    const version = (seq, state = "published") => ({
        id: "u", seq, modifiedAt: `t${seq}`, title: "T", body: "B", tags: [], sources: [], media: [], state, stricken: null,
    });
    const entry = (number, action, seq = number) => ({
        number, update: "u", story: "s", at: `t${number}`, seq, name: "Ines", action: `update.${action}`, members: [], detail: null,
    });
    const entries = [entry(6, "edit"), entry(5, "publish"), entry(4, "move", null), entry(3, "unpublish"), entry(2, "publish"),
        { ...entry(1, "draft", null), action: "preview.create" }];
    const steps = withSteps(versionsOf(version(6), [version(5), version(2)], entries, "s"), entries);
    assert.deepEqual(steps.map(step => "version" in step ? `version ${step.version.seq}, ${step.entry.action}` : step.action), [
        "version 6, update.edit", "version 5, update.publish", "update.move", "update.unpublish", "version 2, update.publish",
    ]);
    assert.deepEqual(withSteps(versionsOf(version(6), [version(2)], [], "s"), []).length, 2);
});

test("The confirmation of a status change describes its effect from the current status", () => {
    const story = status => ({ title: "Storm", status });
    const [goLive, goLiveText] = statusQuestion(story("draft"), "live");
    const [reopen, reopenText, deed] = statusQuestion(story("closed"), "live");
    assert.match(`${goLive} ${goLiveText}`, /Go live.*Everybody can read “Storm”/);
    assert.match(`${reopen} ${reopenText} ${deed}`, /Reopen.*could read “Storm” all the time.*Reopen$/);
    assert.doesNotMatch(reopenText, /Everybody/);
    assert.match(statusQuestion(story("live"), "closed")[1], /corrections still reach.*once an hour/);
});

test("Texts of deletions and takedowns depend on whether the story is live or closed", () => {
    const update = { title: "A name", body: "x", state: "published" };
    assert.match(deleteMessage(update, "live"), /open show it at once.*bin.*30 days/);
    assert.match(deleteMessage(update, "closed"), /within the hour/);
    assert.doesNotMatch(deleteMessage({ ...update, state: "draft" }, "live"), /open|Readers/);
    const said = status => Object.fromEntries(takedownTerms(status));
    assert.equal(said("live")["Open pages"], "At once.");
    assert.match(said("closed")["Open pages"], /within the hour/);
    assert.match(said("live").Backups, /168 hours/);
});

test("The confirmation of a new slug says that old addresses keep working", () => {
    assert.match(slugQuestion("storm", "flood")[1], /\/live\/storm to \/live\/flood\. Old addresses go on working/);
    assert.match(slugQuestion("storm", "")[1], /made from its title/);
});
