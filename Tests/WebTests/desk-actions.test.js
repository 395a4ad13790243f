// SPDX-License-Identifier: Apache-2.0
process.env.TZ = "UTC";

import assert from "node:assert/strict";
import { test } from "node:test";
import { DeskApi } from "../../Sources/Web/Files/desk/api.js";
import { restoreUpdate } from "../../Sources/Web/Files/desk/actions.js";
import { scheduleFault } from "../../Sources/Web/Files/desk/update-form.js";
import { DeskSession } from "../../Sources/Web/Files/desk/sign-in.js";

/** A server that gives the answers in their order, and remembers what it was asked. */
function server(...answers) {
    const asked = [];
    const fetch = async (path, { method, headers }) => {
        asked.push({ path, method, headers });
        const next = answers.shift();
        if (next instanceof Error) throw next;
        return new Response(next.body, { status: next.status ?? 200 });
    };
    return { asked, api: new DeskApi({ key: () => "k", signIn: async () => {}, fetch }) };
}

test("A deleted update is fetched back by one intent, however often it has to be sent", async () => {
    const { asked, api } = server(new TypeError("cut"), { body: '{"id": "u", "state": "published"}' });
    const desk = { api, persist: async (label, action) => action().catch(action) };
    const restored = await restoreUpdate(desk, "s", { id: "u", title: "T", body: "B" });
    assert.equal(restored.id, "u");
    assert.deepEqual(asked.map(({ method, path }) => `${method} ${path}`),
        ["POST /stories/s/updates/u/restore", "POST /stories/s/updates/u/restore"]);
    const keys = asked.map(({ headers }) => headers["Idempotency-Key"]);
    assert.ok(keys[0] && keys[0] === keys[1]);
});

test("A time that has passed, and what is no time, is refused before anything is sent", () => {
    const now = Date.parse("2026-11-29T09:00:00Z");
    assert.equal(scheduleFault("2026-11-29T09:00:01.000Z", now), "");
    assert.match(scheduleFault("2026-11-29T09:00:00.000Z", now), /passed/);
    assert.match(scheduleFault("2020-01-01T00:00:00.000Z", now), /passed.*“Publish”/);
    for (const nothing of [null, "incomplete"]) assert.equal(scheduleFault(nothing, now), "Say when.");
});

test("A page is asked for as one, and given as it is", async () => {
    const { asked, api } = server({ body: "<!DOCTYPE html>" });
    const { value } = await api.once("GET", "/live/storm", { isPage: true });
    assert.equal(value, "<!DOCTYPE html>");
    assert.equal(asked[0].headers.Accept, "text/html");
});

test("Who writes is the person whom the key was made for, and nobody else", () => {
    const session = new DeskSession(new Map());
    for (const [identity, author] of [
        [{ key: "4f1c22b09a7e", name: "Joel Brandt" }, "Joel Brandt"],
        [{ key: "configuration", name: "WIREROOM_ADMIN_KEY" }, ""], [{ key: "4f1c22b09a7e", name: "first" }, ""],
        [null, ""],
    ]) {
        session.identity = identity;
        assert.equal(session.author, author);
    }
});
