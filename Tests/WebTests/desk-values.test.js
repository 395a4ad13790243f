// SPDX-License-Identifier: Apache-2.0
process.env.TZ = "America/St_Johns";

import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import {
    comparedLabels, isBlankRow, linkFields, patchOf, STORY_FIELDS, typedMembers, typedOf, UPDATE_FIELDS, valueFrom, valuesFrom,
    valueLabel,
} from "../../Sources/Web/Files/desk/values.js";

const TAGS = { name: "tags", kind: "words", separator: "," };
const SECTION = { name: "section", kind: "words", separator: ">" };

const UPDATE = {
    title: "Lorries may cross", body: "The limit is **lifted**.\r\nSee below.", pinned: false, keyEvent: true,
    notify: false, author: null, tags: ["traffic", "a, b", "back\\slash"], occurredAt: "2026-03-14T07:55:31.250Z",
    language: "de", sources: [{ name: "Harbour office", url: "https://harbour.example/" }, { name: "A driver", url: null }],
    media: [
        { type: "video", focus: null, url: "https://v.example/1", alt: null, caption: "C", credit: null, width: 1600,
            height: null },
    ],
};
const STORY = {
    slug: "harbour", title: "Harbour", summary: null, section: ["Home", "Coast > South"], byline: null,
    keyPoints: ["One.", "Two, and more."], tags: [], status: "closed", theme: "sport",
    source: { name: "Courier", url: null, date: "2026-03-13T00:00:00.000Z" }, coverageStart: null, coverageEnd: null,
    ending: null,
    reactionKinds: null,
    language: "pt-BR", timeZone: null,
    image: { focus: { x: 20, y: 80 }, url: "/media/a", alt: "", caption: null, credit: "Ana", width: 640, height: 480 },
};

test("An untouched form gives an empty patch", () => {
    assert.deepEqual(patchOf(UPDATE_FIELDS, UPDATE, typedMembers(UPDATE_FIELDS, UPDATE)), {});
    assert.deepEqual(patchOf(STORY_FIELDS, STORY, typedMembers(STORY_FIELDS, STORY)), {});
});

test("Filling a form and reading it back gives the same values", () => {
    const { body, occurredAt, ...update } = valuesFrom(UPDATE_FIELDS, typedMembers(UPDATE_FIELDS, UPDATE));
    const { body: wasBody, occurredAt: was, ...rest } = UPDATE;
    assert.deepEqual(update, rest);
    assert.deepEqual(valuesFrom(STORY_FIELDS, typedMembers(STORY_FIELDS, STORY)), STORY);
});

test("Editing another field keeps milliseconds that the form does not show", () => {
    const typed = { ...typedMembers(UPDATE_FIELDS, UPDATE), title: "Lorries cross" };
    assert.deepEqual(patchOf(UPDATE_FIELDS, UPDATE, typed), { title: "Lorries cross" });
});

test("Kinds of reaction are all, none or some", () => {
    const field = STORY_FIELDS.find(({ kind }) => kind === "kinds");
    for (const [value, typed] of [[null, ""], [[], "none"], [["sad", "veryGood"], "sad veryGood"]]) {
        assert.equal(typedOf(field, value), typed);
        assert.deepEqual(valueFrom(field, typed), value);
    }
});

test("An empty field clears the member", () => {
    const typed = { ...typedMembers(UPDATE_FIELDS, UPDATE), title: " ", tags: "", sources: [], occurredAt: "" };
    assert.deepEqual(patchOf(UPDATE_FIELDS, UPDATE, typed), { title: null, tags: [], sources: [], occurredAt: null });
});

test("An empty required field is sent, for the server to report", () => {
    assert.equal(valueFrom(STORY_FIELDS.find(field => field.name === "title"), "  "), "");
    assert.equal(valueFrom(UPDATE_FIELDS.find(field => field.name === "body"), ""), "");
});

test("Markdown keeps surrounding space; single lines are trimmed", () => {
    assert.equal(valueFrom({ kind: "text" }, "    code\n"), "    code\n");
    assert.equal(valueFrom({ kind: "line" }, "  A title "), "A title");
});

test("Tags and breadcrumbs are split at their separators", () => {
    assert.deepEqual(valueFrom(TAGS, " weather ,, ferries,"), ["weather", "ferries"]);
    assert.deepEqual(valueFrom(SECTION, "Home > Coast"), ["Home", "Coast"]);
});

test("A separator within an item survives the round trip", () => {
    for (const items of [["a,b", "c"], ["\\"], ["\\,", ","], ["x\\y"], ["end\\", "next"]]) {
        assert.deepEqual(valueFrom(TAGS, typedOf(TAGS, items)), items);
    }
});

test("Blank rows are omitted, incomplete ones are kept", () => {
    const sources = UPDATE_FIELDS.find(field => field.name === "sources");
    const typed = [{ name: "", url: " " }, { name: "", url: "https://a.example" }, { name: "B", url: "" }];
    assert.deepEqual(valueFrom(sources, typed), [{ name: "", url: "https://a.example" }, { name: "B", url: null }]);
});

test("A medium with nothing but its default type is blank", () => {
    const { members } = UPDATE_FIELDS.find(field => field.name === "media");
    const blank = typedMembers(members, {});
    assert.equal(isBlankRow(members, blank), true);
    for (const input of [{ alt: { text: "A bridge", isDecorative: false } }, { alt: { text: "", isDecorative: true } },
        { focus: { x: 0, y: 0 } }, { url: "https://" }]) {
        assert.equal(isBlankRow(members, { ...blank, ...input }), false, JSON.stringify(input));
    }
});

test("A picture that is not uploaded yet is not sent, but is a change", () => {
    const media = UPDATE_FIELDS.find(field => field.name === "media");
    const row = typedMembers(media.members, { alt: "A bridge" });
    const waiting = { ...row, upload: { once: "k", name: "a.jpg" } };
    const typed = { ...typedMembers(UPDATE_FIELDS, UPDATE), media: [waiting] };
    assert.deepEqual(patchOf(UPDATE_FIELDS, UPDATE, typed), { media: [] });
    const image = STORY_FIELDS.find(field => field.name === "image");
    assert.equal(valueFrom(image, typed.media[0]), null);
});

test("A decorative picture has an empty alternative text, one without any has none", () => {
    const alt = { name: "alt", kind: "alt" };
    for (const value of ["", null, "A bridge"]) assert.equal(valueFrom(alt, typedOf(alt, value)), value);
    assert.equal(valueFrom(alt, { text: " ", isDecorative: false }), null);
    assert.equal(valueFrom(alt, { text: "Left from before", isDecorative: true }), "");
});

test("Members that only the server sets are not sent back", () => {
    const media = [{ ...UPDATE.media[0], color: "#aabbcc" }];
    const typed = typedMembers(UPDATE_FIELDS, { ...UPDATE, media });
    assert.equal("color" in valuesFrom(UPDATE_FIELDS, typed).media[0], false);
    assert.deepEqual(patchOf(UPDATE_FIELDS, { ...UPDATE, media }, typed), {});
});

test("Numbers are parsed; other text is passed on for the server to report", () => {
    assert.equal(valueFrom({ kind: "number" }, " 1600 "), 1600);
    assert.equal(valueFrom({ kind: "number" }, ""), null);
    assert.equal(valueFrom({ kind: "number" }, "wide"), "wide");
});

test("An empty source is null", () => {
    const source = STORY_FIELDS.find(field => field.name === "source");
    assert.equal(valueFrom(source, { name: " ", url: "", date: "" }), null);
    assert.equal(typedOf(source, null).name, "");
});

test("A link's story is an id or null", () => {
    const fields = linkFields([{ id: "s1", title: "Ferry" }]);
    const story = fields.find(field => field.name === "story");
    assert.equal(valueFrom(story, ""), null);
    assert.equal(valueFrom(story, "s1"), "s1");
    assert.equal(typedOf(story, null), "");
});

test("Values have readable labels", () => {
    const field = name => UPDATE_FIELDS.find(one => one.name === name);
    assert.equal(valueLabel(field("pinned"), true), "Yes");
    assert.equal(valueLabel(field("sources"), UPDATE.sources), "Harbour office · https://harbour.example/\nA driver");
    assert.equal(valueLabel(field("media"), UPDATE.media), "Video · https://v.example/1 · C · 1600");
    assert.equal(valueLabel(STORY_FIELDS.find(one => one.name === "image"), STORY.image),
        "focus 20 %, 80 % · /media/a · (decorative) · Ana · 640 · 480");
    assert.equal(valueLabel(field("title"), null), "");
    assert.equal(valueLabel(STORY_FIELDS.find(one => one.name === "status"), "closed"), "Closed");
});

test("Uploaded pictures are compared by their texts, and by the rest where these are the same", () => {
    const media = UPDATE_FIELDS.find(one => one.name === "media");
    const picture = { type: "image", url: "/media/a", alt: "A bridge", caption: null, credit: "Ana", width: 640, height: 480 };
    assert.deepEqual(comparedLabels(media, [picture], [{ ...picture, alt: "A closed bridge" }]),
        ["Image · A bridge · Ana", "Image · A closed bridge · Ana"]);
    assert.deepEqual(comparedLabels(media, null, [{ ...picture, alt: null }]), ["", "Image · /media/a · Ana · 640 · 480"]);
    assert.deepEqual(comparedLabels(media, [picture], [{ ...picture, url: "/media/b" }]),
        ["Image · /media/a · A bridge · Ana · 640 · 480", "Image · /media/b · A bridge · Ana · 640 · 480"]);
});

test("Tags are normalized like on the server", () => {
    assert.deepEqual(valueFrom(TAGS, " Lead,lead, High  tide ,cafe\u0301, CAF\u00c9"), ["Lead", "High tide", "caf\u00e9"]);
    assert.deepEqual(valueFrom(SECTION, "Home > home"), ["Home", "home"]);
});
