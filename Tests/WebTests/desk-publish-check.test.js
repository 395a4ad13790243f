// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import "./Support/desk-words.js";
import { PublishCheck, addressesIn, repeatedAddresses } from "../../Sources/Web/Files/desk/publish-check.js";

test("addresses are found in text, sources and links, without the punctuation around them", () => {
    const body = "See [it](https://example.org/a_(b)), https://example.org/c. <https://example.org/d> and "
        + "**https://example.org/e**.";
    assert.deepEqual(addressesIn({
        body, sources: [{ name: "x", url: "https://example.org/s" }, { name: "y", url: null }],
        media: [{ type: "link", url: "https://example.org/l" }, { type: "image", url: "https://example.org/i.jpg" }],
    }), ["https://example.org/a_(b)", "https://example.org/c", "https://example.org/d", "https://example.org/e",
        "https://example.org/s", "https://example.org/l"]);
    assert.deepEqual(addressesIn({ body: "https://e.org/ and https://e.org/" }), ["https://e.org/"]);
});

const NOW = Date.parse("2026-05-04T12:00:00Z");
const published = (id, body, day = "2026-05-04") =>
    ({ id, body, publishedAt: `${day}T11:00:00Z`, sources: [], media: [] });

test("an address that was published in the story within a day is found, however it is dressed", () => {
    const updates = [
        published("a", "https://www.Example.org/x/?utm_source=y"),
        published("b", "https://example.org/old", "2026-05-02"),
    ];
    const found = (addresses, id = null) =>
        repeatedAddresses(addresses, updates, id, NOW).map(({ update }) => update.id);
    assert.deepEqual(found(["http://example.org/x#part"]), ["a"]);
    assert.deepEqual(found(["http://example.org/x"], "a"), []);
    assert.deepEqual(found(["https://example.org/old", "https://example.org/X"]), []);
});

test("without anything to warn of, or an answer, nobody is asked; what was there is not looked at again", async () => {
    const asked = [];
    const answers = [{ links: [{ url: "https://e.org/", dead: false, status: 200 }] }, null];
    const api = { ask: async (...request) => {
        asked.push(request[2].json.urls);
        const value = answers.shift();
        if (!value) throw new Error("away");
        return { value };
    } };
    const check = new PublishCheck(api, () => []);
    assert.equal(await check.isMeant({ body: "No link." }, null, "Publish"), true);
    assert.equal(await check.isMeant({ body: "https://e.org/" }, null, "Publish"), true);
    assert.equal(await check.isMeant({ body: "https://e.org/ https://e.org/2" }, null, "Publish"), true);
    assert.deepEqual(asked, [["https://e.org/"], ["https://e.org/2"]]);
});
