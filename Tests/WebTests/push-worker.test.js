// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { Script } from "node:vm";
import { served } from "./Support/served.js";

const listeners = {};
const shown = [];
const calls = [];
let windows = [];

globalThis.self = {
    location: new URL("https://live.example/push-worker.js"),
    registration: { showNotification: async (title, options) => shown.push({ title, ...options }) },
    clients: {
        matchAll: async () => windows,
        openWindow: async url => calls.push(`open ${url}`),
    },
    addEventListener: (name, listener) => { listeners[name] = listener; },
};
new Script(served.get("/push-worker.js").text).runInThisContext();

async function send(name, event) {
    let promise = null;
    listeners[name]({ waitUntil: given => { promise = given; }, ...event });
    await promise;
}

const click = url => send("notificationclick", { notification: { data: { url }, close: () => calls.push("close") } });

test("a message is shown with its text, and replaces the story's last one", async () => {
    const text = { title: "Storm", body: "The bridge is shut.", url: "https://live.example/live/storm/1", tag: "s" };
    await send("push", { data: { json: () => text } });
    assert.deepEqual(shown.pop(), {
        title: "Storm", body: "The bridge is shut.", tag: "s", renotify: true, icon: "/favicon.ico",
        data: { url: "https://live.example/live/storm/1" },
    });
});

test("a message that cannot be read is shown, too", async () => {
    for (const data of [null, { json() { throw new SyntaxError("no JSON"); } }]) {
        await send("push", { data });
        const { title, body } = shown.pop();
        assert.deepEqual([title, body], ["News", "There is something new."]);
    }
});

test("a click shows the page in a window that has it open, and opens it otherwise", async () => {
    await click("https://live.example/live/storm/1");
    windows = [{ url: "https://live.example/live/storm/1", focus: async () => calls.push("focus") }];
    await click("https://live.example/live/storm/1");
    assert.deepEqual(calls.splice(0), ["close", "open https://live.example/live/storm/1", "close", "focus"]);
});

test("a click never leads to another site", async () => {
    await click("https://evil.example/live/storm/1");
    assert.deepEqual(calls.splice(0), ["close", "open https://live.example"]);
});
