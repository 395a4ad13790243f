// SPDX-License-Identifier: Apache-2.0
// Tabs that sign each other in, and what stays of a key in the browser.
import assert from "node:assert/strict";
import test from "node:test";
import "./Support/desk-words.js";
import { MemoryStorage } from "./Support/storage.js";
import { DeskSession } from "../../Sources/Web/Files/desk/session.js";
import { keyIn } from "../../Sources/Web/Files/desk/sign-in.js";
import { TabChannel } from "../../Sources/Web/Files/desk/tab-channel.js";

/** Channels of one browser: a message reaches all but the sender. */
function browser() {
    const all = new Set();
    return () => {
        const channel = new EventTarget();
        channel.postMessage = data => {
            for (const other of all) if (other !== channel) other.dispatchEvent(new MessageEvent("message", { data }));
        };
        all.add(channel);
        return channel;
    };
}

const ignore = () => {};
const events = () => ({ onIn: ignore, onOut: ignore, open: browser() });

test("a tab asks the others for the key; only who is signed in answers", async () => {
    const open = browser();
    let key = null;
    new TabChannel({ key: () => key, onOut: ignore, open });
    const tab = new TabChannel({ key: () => null, onOut: ignore, open });
    assert.equal(await tab.ask(), null);
    key = "k1";
    assert.equal(await tab.ask(), "k1");
});

test("a tab that waits hears of a sign-in elsewhere, until it waits no longer", () => {
    const open = browser();
    const heard = [];
    const stop = new TabChannel({ key: () => null, onOut: ignore, open }).listen(key => heard.push(key));
    const other = new TabChannel({ key: () => "k2", onOut: ignore, open });
    other.tellKey("k2");
    stop();
    other.tellKey("k3");
    assert.deepEqual(heard, ["k2"]);
});

test("signing out is told to the other tabs alone", () => {
    const open = browser();
    const out = [];
    const tabs = ["a", "b", "c"].map(name => new TabChannel({ key: () => null, onOut: () => out.push(name), open }));
    tabs[1].tellOut();
    assert.deepEqual(out, ["a", "c"]);
});

test("without channels each tab asks for the key itself", async () => {
    const open = () => {
        throw new Error("not supported");
    };
    const tab = new TabChannel({ key: () => null, onOut: ignore, open });
    assert.equal(await tab.ask(), null);
    tab.tellOut();
});

test("a key stays in the browser only if the editor wants it, until it is refused or forgotten", async () => {
    const [tab, kept] = [new MemoryStorage(), new MemoryStorage()];
    const session = new DeskSession(tab, kept, events());
    const api = { once: async () => ({ value: { key: "p", name: "Ines", role: "editor", stories: null } }) };
    assert.equal(await session.take(api, "k1"), "Ines");
    assert.deepEqual([tab.length, kept.length], [1, 0]);
    session.stay(true);
    assert.equal(new DeskSession(new MemoryStorage(), kept, events()).key, "k1");
    session.dropKept();
    assert.deepEqual([session.key, kept.length], ["k1", 0]);
    session.stay(true);
    session.forget();
    assert.deepEqual([session.key, session.identity, tab.length, kept.length], [null, null, 0, 0]);
});

test("a refused key does not cost the key that another tab keeps", async () => {
    const [tab, kept] = [new MemoryStorage(), new MemoryStorage()];
    const session = new DeskSession(tab, kept, events());
    tab.setItem("wireroom.desk.key", "old");
    kept.setItem("wireroom.desk.key", "new");
    session.dropKept();
    assert.equal(kept.getItem("wireroom.desk.key"), "new");
});

test("a key is found in what was pasted with blanks and line breaks", () => {
    assert.equal(keyIn("  wr_ab12\r\n  cd34\u00a0\u200b\n"), "wr_ab12cd34");
});
