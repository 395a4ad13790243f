// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { Refusal, SignedOut, Unreached } from "../../Sources/Web/Files/desk/api.js";
import { NotifyTick } from "../../Sources/Web/Files/desk/notify-tick.js";
import { tinyDocument } from "./Support/document.js";

globalThis.document = tinyDocument;

/** The tick of a form whose update is to notify, before anything is known of the server. */
function tickOf() {
    const node = { hidden: false, append() {} };
    const inputs = { notify: { checked: true, disabled: false }, keyEvent: { checked: true } };
    const tick = new NotifyTick({ node: () => node, input: name => inputs[name] });
    tick.update();
    return tick;
}

async function offered(ask) {
    const tick = tickOf();
    await tick.offer({ ask }, "s");
    return tick;
}

const stateOf = ({ node, input, count }) => [node.hidden, input.checked, input.disabled, count.textContent ?? ""];

test("The tick is shown with the number of followers", async () => {
    const tick = await offered(async () => ({ value: { count: 7 } }));
    assert.deepEqual(stateOf(tick), [false, true, false, " (7)"]);
});

test("The tick of a server that sends no notifications is hidden, and stays unticked", async () => {
    const tick = await offered(async () => { throw new Refusal(404, {}); });
    assert.deepEqual(stateOf(tick), [true, false, true, ""]);
    // A draft that was kept is put into the form later.
    tick.input.checked = true;
    tick.update();
    assert.equal(tick.input.checked, false);
});

test("If the number cannot be read, the tick is shown without it", async () => {
    for (const failure of [new Refusal(503, {}), new Refusal(403, {}), new Unreached("no answer came")]) {
        assert.deepEqual(stateOf(await offered(async () => { throw failure; })), [false, true, false, ""]);
    }
});

test("What is no key event cannot notify", async () => {
    const tick = await offered(async () => ({ value: { count: 7 } }));
    tick.keyEvent.checked = false;
    tick.update();
    assert.deepEqual(stateOf(tick), [false, false, true, " (7)"]);
});

test("Signing out leaves the tick as it was", async () => {
    const tick = await offered(async () => { throw new SignedOut(); });
    assert.deepEqual(stateOf(tick), [true, true, false, ""]);
});
