// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { placeCards } from "../../Sources/Web/Files/shared/cards.js";
import { tinyDocument } from "./Support/document.js";

globalThis.document = tinyDocument;

const URL = "https://news.example/1";
const CARD = { url: URL, kind: "link", provider: "News", title: "Title", thumbnail: "/media/1.webp" };

const imagesOf = element => element.outerHTML.match(/src="[^"]*"/g);

test("on other sites the pictures of cards are loaded from the server", () => {
    for (const base of [undefined, "", "https://live.example.org", "/wireroom"]) {
        const places = placeCards({ cards: [CARD, CARD] }, { slug: "s", kinds: [], base });
        const medium = places.medium({ type: "link", url: URL, caption: null, alt: null, credit: null });
        for (const card of [medium, ...places.others()]) {
            assert.deepEqual(imagesOf(card), [`src="${base ?? ""}/media/1.webp"`]);
        }
        // Those in the text are completed with the rest of it.
        const inBody = placeCards({ cards: [CARD] }, { slug: "s", kinds: [], base });
        const content = inBody.body(`<p><a href="${URL}">${URL}</a></p>`);
        assert.deepEqual(imagesOf(content), ['src="/media/1.webp"']);
    }
});
