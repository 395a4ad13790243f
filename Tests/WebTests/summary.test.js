// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";

import { summaryTitle } from "../../Sources/Web/Files/reader/update-summary.js";
import { textOf } from "./Support/text-of.js";
import { english } from "./Support/words.js";

// The same cases as in UpdateSummaryTests.swift: server and browser must give the same summary.

const publishedAt = "2026-11-29T14:03:21.000Z";

const cases = [
    ["its own title", { title: "Goal" }, "Goal"],
    ["on one line", { title: "Goal\n  for\tReds" }, "Goal for Reds"],
    ["the beginning of the text", { bodyHtml: "<p>One.</p>\n<p>Two.</p>" }, "One. Two."],
    ["a break is a space", { bodyHtml: "<p>a<br />\nb</p>" }, "a b"],
    ["the picture of a body", { bodyHtml: "<p><img src=\"https://example.org/b.jpg\" alt=\"The bridge at dawn\" /></p>" }, "The bridge at dawn"],
    ["the alternative text of a medium", { media: [{ alt: null, caption: null }, { alt: "A map", caption: "x" }] }, "A map"],
    ["the caption of a medium", { media: [{ alt: null, caption: "Our map" }] }, "Our map"],
    ["the time", { bodyHtml: "<hr />" }, "Update of 2026-11-29 14:03 UTC"],
    ["cut at a word", { title: "word ".repeat(30).trim() }, `${"word ".repeat(21)}word…`],
    ["cut at the limit where no word is near it", { title: `快讯 ${"中".repeat(150)}` }, `快讯 ${"中".repeat(107)}…`],
    ["never within a flag", { title: `${"x".repeat(109)}🇩🇪🇫🇷` }, `${"x".repeat(109)}…`],
    ["never before an accent", { title: `${"x".repeat(109)}e\u0301e\u0301` }, `${"x".repeat(109)}…`],
];

for (const [name, update, expected] of cases) {
    test(`the summary title: ${name}`, () => {
        assert.equal(summaryTitle({ title: null, bodyHtml: "", media: [], publishedAt, ...update }, textOf, english), expected);
    });
}
