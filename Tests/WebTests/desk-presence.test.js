// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { Presence } from "../../Sources/Web/Files/desk/presence.js";

const EDITING = { others: [{ key: "k", name: "Joel Brandt" }], modifiedAt: "2026-11-30T21:04:00.000Z", modifiedBy: "Joel Brandt" };

/** A server that notes requests; `fails` makes it unreachable. */
function fakeServer() {
    const server = {
        asked: [], fails: false,
        async once(method, path) {
            server.asked.push(`${method} ${path.replace(/[0-9a-f]{32}$/, "<form>")}`);
            if (server.fails) throw new Error("no answer came");
            return { value: EDITING };
        },
    };
    return server;
}

const settled = () => new Promise(resolve => setImmediate(resolve));

test("An open form tells the server again and again, and stops when it is closed", async context => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const [server, told] = [fakeServer(), []];
    const presence = new Presence(server, "/stories/s/updates/u", editing => told.push(editing.others[0].name));
    presence.begin();
    presence.begin();
    await settled();
    assert.deepEqual([server.asked, told], [["PUT /stories/s/updates/u/presences/<form>"], ["Joel Brandt"]]);
    server.fails = true;
    context.mock.timers.tick(4_000);
    await settled();
    server.fails = false;
    context.mock.timers.tick(4_000);
    await settled();
    assert.deepEqual([server.asked.length, told.length], [3, 2]);
    presence.end();
    presence.end();
    context.mock.timers.tick(60_000);
    await settled();
    assert.deepEqual(server.asked.slice(3), ["DELETE /stories/s/updates/u/presences/<form>"]);
});

test("An answer that comes after the form was closed says nothing", async () => {
    const [server, told] = [fakeServer(), []];
    const presence = new Presence(server, "/stories/s/updates/u", editing => told.push(editing));
    presence.begin();
    presence.end();
    await settled();
    assert.deepEqual(told, []);
    server.fails = true;
    assert.equal(await presence.ask(), null);
});
