// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { enlarge, tint } from "../../Sources/Web/Files/shared/enlarge.js";
import { english } from "./Support/words.js";

const HREF = "https://live.example.org/media/1";

/** A click on what is within a link to a picture, or on something else. */
function click({ link = { href: HREF }, ...keys } = {}) {
    const event = { target: { closest: selector => (selector === ".enlarge" ? link : null) }, isPrevented: false, ...keys };
    event.preventDefault = () => {
        event.isPrevented = true;
    };
    return event;
}

/** The URL of a module with this text. */
const moduleOf = text => `data:text/javascript,${encodeURIComponent(text)}`;

test("a click on a picture opens it by the lightbox's script", async () => {
    const event = click();
    await enlarge(event, moduleOf("export const openLightbox = (link, words) => { globalThis.opened = [link.href, words]; };"),
        async () => english);
    assert.deepEqual(globalThis.opened, [HREF, english]);
    assert.ok(event.isPrevented);
});

test("a click beside pictures, or one that asks for a new tab, is the browser's", async () => {
    const failing = moduleOf("throw new Error('loaded')");
    for (const keys of [{ link: null }, { ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { altKey: true }]) {
        const event = click(keys);
        await enlarge(event, failing, () => english);
        assert.ok(!event.isPrevented, JSON.stringify(keys));
    }
});

test("where the script cannot be loaded, or fails, the link is followed", async () => {
    const visited = [];
    globalThis.location = { assign: address => visited.push(address) };
    const opening = moduleOf("export const openLightbox = () => {};");
    await enlarge(click(), "data:text/plain,none", () => english);
    await enlarge(click(), moduleOf("export const openLightbox = async () => { throw new Error('no dialogs'); };"), () => english);
    await enlarge(click(), opening, () => Promise.reject(new Error("no words")));
    assert.deepEqual(visited, [HREF, HREF, HREF]);
    await enlarge(click(), opening, () => english);
    assert.equal(visited.length, 3);
});

test("the colour of a picture stands in its place until it is loaded", () => {
    const image = (color, complete) => ({
        complete, dataset: { color }, style: {}, addEventListener(name, handle) {
            assert.equal(name, "load");
            this.load = handle;
        },
        removeAttribute(name) {
            assert.equal(name, "style");
            this.style = {};
        },
    });
    const images = [image("#123456", false), image("#123456", true), image(undefined, false)];
    tint({ querySelectorAll: () => images });
    assert.deepEqual(images.map(({ style }) => style.background), ["#123456", undefined, undefined]);
    images[0].load();
    assert.deepEqual(images[0].style, {});
});
