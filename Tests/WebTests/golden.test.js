// SPDX-License-Identifier: Apache-2.0
// Same golden file as GoldenMarkupTests.swift: browser and server render an update to identical bytes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { summaryTitle } from "../../Sources/Web/Files/reader/update-summary.js";
import { placeCards } from "../../Sources/Web/Files/shared/cards.js";
import { updateElement } from "../../Sources/Web/Files/shared/markup.js";
import { tinyDocument } from "./Support/document.js";
import { textOf } from "./Support/text-of.js";
import { english } from "./Support/words.js";

const golden = JSON.parse(readFileSync(new URL("../Golden/updates.json", import.meta.url), "utf8"));
const context = {
    slug: "golden", kinds: ["veryGood"], placeCards, words: english, titleOf: update => summaryTitle(update, textOf, english),
    canShare: true,
};
globalThis.document = tinyDocument;

/** Browsers write times anew, by the clock of the reader. */
const withoutTimes = html => html.replace(/(<time [^>]*>)[^<]*/g, "$1");

test("the golden file covers all kinds of updates", () => {
    assert.ok(golden.length >= 40);
    const kinds = {
        titled: ({ title }) => title, untitled: ({ title }) => !title, pinned: ({ pinned }) => pinned,
        key: ({ keyEvent }) => keyEvent, edited: ({ edited }) => edited, struck: ({ stricken }) => stricken,
        signed: ({ author }) => author, dated: ({ occurredAt }) => occurredAt, tagged: ({ tags }) => tags.length,
        sourced: ({ sources }) => sources.length > 1, rightToLeft: ({ bodyHtml }) => /\p{Script=Hebrew}/u.test(bodyHtml),
        gallery: ({ media }) => media.filter(({ type }) => type === "image").length > 2,
        ofServer: ({ media }) => media.some(({ color, focus }) => color && focus),
        animated: ({ media }) => media.some(({ animated }) => animated),
        long: ({ body }) => body.length > 3000, pictured: ({ bodyHtml }) => bodyHtml.includes("<img"),
        carded: ({ cards }) => cards.length > 1, framed: ({ cards }) => cards.some(({ frame }) => frame),
        ...Object.fromEntries(["image", "video", "audio", "link"].map(type =>
            [type, ({ media }) => media.some(medium => medium.type === type)])),
    };
    for (const [kind, holds] of Object.entries(kinds)) assert.ok(golden.some(({ update }) => holds(update)), kind);
    assert.ok(golden.some(({ reactions }) => reactions.veryGood > 1));
});

for (const { update, reactions, html } of golden) {
    test(`the markup of ${update.title ?? update.id} equals the server's`, () => {
        assert.equal(updateElement(update, reactions, context).outerHTML, withoutTimes(html));
    });
}
