// SPDX-License-Identifier: Apache-2.0
process.env.TZ = "America/St_Johns";

import assert from "node:assert/strict";
import { test } from "node:test";
import {
    isBlankRow, linkFields, patchOf, STORY_FIELDS, typedMembers, typedOf, UPDATE_FIELDS, valueFrom, valuesFrom,
    valueLabel,
} from "../../Sources/Web/Files/desk/values.js";

const TAGS = { name: "tags", kind: "words", separator: "," };
const SECTION = { name: "section", kind: "words", separator: ">" };

const UPDATE = {
    title: "Lorries may cross", body: "The limit is **lifted**.\r\nSee below.", pinned: false, keyEvent: true,
    author: null, tags: ["traffic", "a, b", "back\\slash"], occurredAt: "2026-03-14T07:55:31.250Z",
    sources: [{ name: "Harbour office", url: "https://harbour.example/" }, { name: "A driver", url: null }],
    media: [
        { type: "video", url: "https://v.example/1", alt: null, caption: "C", credit: null, width: 1600, height: null },
    ],
};
const STORY = {
    slug: "harbour", title: "Harbour", summary: null, section: ["Home", "Coast > South"], byline: null,
    keyPoints: ["One.", "Two, and more."], tags: [], status: "closed",
    source: { name: "Courier", url: null, date: "2026-03-13T00:00:00.000Z" }, coverageStart: null, coverageEnd: null,
};

test("A form that was filled and not touched says nothing new", () => {
    assert.deepEqual(patchOf(UPDATE_FIELDS, UPDATE, typedMembers(UPDATE_FIELDS, UPDATE)), {});
    assert.deepEqual(patchOf(STORY_FIELDS, STORY, typedMembers(STORY_FIELDS, STORY)), {});
});

test("What a form was filled with is what it means", () => {
    const { body, occurredAt, ...update } = valuesFrom(UPDATE_FIELDS, typedMembers(UPDATE_FIELDS, UPDATE));
    const { body: wasBody, occurredAt: was, ...rest } = UPDATE;
    assert.deepEqual(update, rest);
    assert.deepEqual(valuesFrom(STORY_FIELDS, typedMembers(STORY_FIELDS, STORY)), STORY);
});

test("Milliseconds that no field shows are not taken away by an edit of something else", () => {
    const typed = { ...typedMembers(UPDATE_FIELDS, UPDATE), title: "Lorries cross" };
    assert.deepEqual(patchOf(UPDATE_FIELDS, UPDATE, typed), { title: "Lorries cross" });
});

test("An empty field takes the member away", () => {
    const typed = { ...typedMembers(UPDATE_FIELDS, UPDATE), title: " ", tags: "", sources: [], occurredAt: "" };
    assert.deepEqual(patchOf(UPDATE_FIELDS, UPDATE, typed), { title: null, tags: [], sources: [], occurredAt: null });
});

test("What is needed is sent empty, so that the server names it", () => {
    assert.equal(valueFrom(STORY_FIELDS.find(field => field.name === "title"), "  "), "");
    assert.equal(valueFrom(UPDATE_FIELDS.find(field => field.name === "body"), ""), "");
});

test("Markdown keeps its spaces, lines do not", () => {
    assert.equal(valueFrom({ kind: "text" }, "    code\n"), "    code\n");
    assert.equal(valueFrom({ kind: "line" }, "  A title "), "A title");
});

test("Tags and breadcrumbs are split at what stands between them", () => {
    assert.deepEqual(valueFrom(TAGS, " weather ,, ferries,"), ["weather", "ferries"]);
    assert.deepEqual(valueFrom(SECTION, "Home > Coast"), ["Home", "Coast"]);
});

test("A separator within an item survives", () => {
    for (const items of [["a,b", "c"], ["\\"], ["\\,", ","], ["x\\y"], ["end\\", "next"]]) {
        assert.deepEqual(valueFrom(TAGS, typedOf(TAGS, items)), items);
    }
});

test("Blank rows are left out, half rows are not", () => {
    const sources = UPDATE_FIELDS.find(field => field.name === "sources");
    const typed = [{ name: "", url: " " }, { name: "", url: "https://a.example" }, { name: "B", url: "" }];
    assert.deepEqual(valueFrom(sources, typed), [{ name: "", url: "https://a.example" }, { name: "B", url: null }]);
});

test("A medium is blank where only its kind stands as it was", () => {
    const { members } = UPDATE_FIELDS.find(field => field.name === "media");
    const blank = typedMembers(members, {});
    assert.equal(isBlankRow(members, blank), true);
    assert.equal(isBlankRow(members, { ...blank, alt: "A bridge" }), false);
});

test("Numbers are numbers, and nonsense stays for the server", () => {
    assert.equal(valueFrom({ kind: "number" }, " 1600 "), 1600);
    assert.equal(valueFrom({ kind: "number" }, ""), null);
    assert.equal(valueFrom({ kind: "number" }, "wide"), "wide");
});

test("A source without anything in it is none", () => {
    const source = STORY_FIELDS.find(field => field.name === "source");
    assert.equal(valueFrom(source, { name: " ", url: "", date: "" }), null);
    assert.equal(typedOf(source, null).name, "");
});

test("A link leads to a story, or to none", () => {
    const fields = linkFields([{ id: "s1", title: "Ferry" }]);
    const story = fields.find(field => field.name === "story");
    assert.equal(valueFrom(story, ""), null);
    assert.equal(valueFrom(story, "s1"), "s1");
    assert.equal(typedOf(story, null), "");
});

test("Values are told in words", () => {
    const field = name => UPDATE_FIELDS.find(one => one.name === name);
    assert.equal(valueLabel(field("pinned"), true), "Yes");
    assert.equal(valueLabel(field("sources"), UPDATE.sources), "Harbour office · https://harbour.example/\nA driver");
    assert.equal(valueLabel(field("media"), UPDATE.media), "Video · https://v.example/1 · C · 1600");
    assert.equal(valueLabel(field("title"), null), "");
    assert.equal(valueLabel(STORY_FIELDS.find(one => one.name === "status"), "closed"), "Closed");
});

test("tags mean what the server keeps of them", () => {
    assert.deepEqual(valueFrom(TAGS, " Lead,lead, High  tide ,cafe\u0301, CAF\u00c9"), ["Lead", "High tide", "caf\u00e9"]);
    assert.deepEqual(valueFrom(SECTION, "Home > home"), ["Home", "home"]);
});
