// SPDX-License-Identifier: Apache-2.0
// Scripts of third parties run in the desk's origin, so that they are not loaded where the desk was used.
import assert from "node:assert/strict";
import test from "node:test";
import { DeskSettings } from "../../Sources/Web/Files/desk/settings.js";
import { tinyDocument } from "./Support/document.js";
import { MemoryStorage } from "./Support/storage.js";

const SCRIPT = "https://statistics.example/count.js";
const SLOTS = JSON.stringify([{ name: "Statistics", purpose: "analytics", script: SCRIPT }]);

let visits = 0;

/**
 * Opens a page whose reader has allowed the script. Returns what it has loaded, its listeners, and how often it was reloaded.
 * A storage that is null is forbidden.
 */
async function visit(local, session) {
    const page = { loaded: [], listeners: [], reloads: 0 };
    local?.setItem("wireroom.consent", JSON.stringify({ [SCRIPT]: true }));
    Object.defineProperties(globalThis, {
        localStorage: { configurable: true, get: () => local ?? assert.fail("forbidden") },
        sessionStorage: { configurable: true, get: () => session ?? assert.fail("forbidden") },
        navigator: { configurable: true, value: {} },
        location: { configurable: true, value: { reload: () => page.reloads++ } },
        addEventListener: { configurable: true, value: (name, listener) => page.listeners.push([name, listener]) },
    });
    globalThis.CSS = { escape: text => text };
    globalThis.CSSStyleSheet = class {
        replaceSync() {}
    };
    globalThis.document = {
        ...tinyDocument, adoptedStyleSheets: [], head: { append: script => page.loaded.push(script.outerHTML) },
        querySelector: selector => (selector.startsWith("meta") ? { getAttribute: () => SLOTS } : null),
    };
    await import(`../../Sources/Web/Files/reader/consent.js?visit=${visits++}`);
    return page;
}

const storageWith = (...names) => {
    const storage = new MemoryStorage();
    for (const name of names) storage.setItem(name, "x");
    return storage;
};

test("what a reader has allowed is loaded", async () => {
    const page = await visit(storageWith("wireroom.folds", "another.wireroom.desk.key"), storageWith());
    assert.equal(page.loaded.length, 1);
    assert.match(page.loaded[0], /src="https:\/\/statistics\.example\/count\.js"/);
    assert.equal((await visit(storageWith(), null)).loaded.length, 1);
});

test("nothing is loaded in a browser where the desk was used, whatever was allowed", async () => {
    const used = new MemoryStorage();
    new DeskSettings(used).markUsed();
    for (const storages of [
        [used, storageWith()], [storageWith("wireroom.desk.draft.a/new"), storageWith()],
        [storageWith(), storageWith("wireroom.seen.a", "wireroom.desk.key")],
    ]) {
        const page = await visit(...storages);
        assert.deepEqual(page.loaded, []);
        assert.deepEqual(page.listeners, []);
    }
});

test("the first use of the desk in another tab reloads a page with such scripts", async () => {
    const page = await visit(storageWith(), storageWith());
    const [[name, listener]] = page.listeners;
    assert.equal(name, "storage");
    for (const key of ["wireroom.folds", null]) listener({ key });
    assert.equal(page.reloads, 0);
    listener({ key: "wireroom.desk.used" });
    assert.equal(page.reloads, 1);
});
