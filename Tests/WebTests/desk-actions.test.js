// SPDX-License-Identifier: Apache-2.0
process.env.TZ = "UTC";

import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { DeskApi } from "../../Sources/Web/Files/desk/api.js";
import { restoreUpdate } from "../../Sources/Web/Files/desk/actions.js";
import { scheduleFault } from "../../Sources/Web/Files/desk/update-form.js";
import { DeskSession } from "../../Sources/Web/Files/desk/session.js";

/** An API whose server gives these answers in order; requests are recorded in `asked`. */
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

test("Retries of restoring a deleted update share one idempotency key", async () => {
    const { asked, api } = server(new TypeError("cut"), { body: '{"id": "u", "state": "published"}' });
    const desk = { api, persist: async (label, action) => action().catch(action) };
    const restored = await restoreUpdate(desk, "s", { id: "u", title: "T", body: "B" });
    assert.equal(restored.id, "u");
    assert.deepEqual(asked.map(({ method, path }) => `${method} ${path}`),
        ["POST /stories/s/updates/u/restore", "POST /stories/s/updates/u/restore"]);
    const keys = asked.map(({ headers }) => headers["Idempotency-Key"]);
    assert.ok(keys[0] && keys[0] === keys[1]);
});

test("A past or incomplete publication time is refused before sending", () => {
    const now = Date.parse("2026-11-29T09:00:00Z");
    assert.equal(scheduleFault("2026-11-29T09:00:01.000Z", now), "");
    assert.match(scheduleFault("2026-11-29T09:00:00.000Z", now), /passed/);
    assert.match(scheduleFault("2020-01-01T00:00:00.000Z", now), /passed.*“Publish”/);
    for (const nothing of [null, "incomplete"]) assert.equal(scheduleFault(nothing, now), "Say when.");
});

test("An HTML page is requested with Accept: text/html and returned as text", async () => {
    const { asked, api } = server({ body: "<!DOCTYPE html>" });
    const { value } = await api.once("GET", "/live/storm", { isPage: true });
    assert.equal(value, "<!DOCTYPE html>");
    assert.equal(asked[0].headers.Accept, "text/html");
});

test("The author is the name of a personal key; configured and first keys have none", () => {
    const session = new DeskSession(new Map(), new Map(), { open: () => new EventTarget() });
    for (const [identity, author] of [
        [{ key: "4f1c22b09a7e", name: "Joel Brandt" }, "Joel Brandt"],
        [{ key: "configuration", name: "WIREROOM_ADMIN_KEY" }, ""], [{ key: "4f1c22b09a7e", name: "first" }, ""],
        [null, ""],
    ]) {
        session.identity = identity;
        assert.equal(session.author, author);
    }
});
