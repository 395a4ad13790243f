// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { tinyDocument } from "./Support/document.js";

globalThis.document = { ...tinyDocument, hidden: false, addEventListener() {} };
const { ServerCopy } = await import("../../Sources/Web/Files/desk/server-copy.js");

/** A copy of a text that the server has by the name `n`, unless another device has published it. */
function copyOf({ etag = "t", isLocked = false } = {}) {
    const stage = { autosaves: [], asked: 0, told: [], meanwhile() {} };
    const api = {
        async ask() {
            stage.asked += 1;
            const value = { autosaves: [...stage.autosaves] };
            stage.meanwhile();
            return { value };
        },
    };
    stage.form = { isLocked, showSaved: at => stage.told.push(at === null ? "not saved" : "saved") };
    stage.copy = new ServerCopy({ desk: { api }, story: "s", form: stage.form, intent: { once: "n" }, isBlank: false });
    stage.copy.autosaver.start("n", { etag, content: etag && "{}" });
    stage.copy.tellGone = () => {
        stage.copy.autosaver.stop();
        stage.told.push("gone");
    };
    return stage;
}

test("A text that was published on another device is told of once", async () => {
    const stage = copyOf();
    stage.autosaves = [{ name: "n" }];
    await stage.copy.check();
    assert.deepEqual(stage.told, []);
    stage.autosaves = [{ name: "other" }];
    await stage.copy.check();
    await stage.copy.check();
    assert.deepEqual([stage.told, stage.asked], [["gone"], 2]);
});

test("Nothing is asked of a text that the server does not have, or that is being sent", async () => {
    for (const stage of [copyOf({ etag: null }), copyOf({ isLocked: true })]) {
        await stage.copy.check();
        assert.deepEqual([stage.told, stage.asked], [[], 0]);
    }
});

test("A text that is sent or replaced while the server is asked is not told of", async () => {
    for (const meanwhile of [stage => (stage.form.isLocked = true), stage => stage.copy.autosaver.start("next")]) {
        const stage = copyOf();
        stage.meanwhile = () => meanwhile(stage);
        await stage.copy.check();
        assert.deepEqual([stage.told, stage.asked], [[], 1]);
    }
});
