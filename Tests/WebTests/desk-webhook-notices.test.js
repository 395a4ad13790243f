// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import "./Support/desk-words.js";
import { disabledWebhooks } from "../../Sources/Web/Files/desk/webhook-notices.js";

test("Admins are told of webhooks that the server has disabled, not of those that they have", () => {
    const webhooks = [
        { id: "sent", enabled: true, disabledReason: null },
        { id: "by an admin", enabled: false, disabledReason: null },
        { id: "by the server", enabled: false, disabledReason: "the receiver answered 410" },
        { id: "enabled again", enabled: true, disabledReason: "the receiver answered 410" },
    ];
    assert.deepEqual(disabledWebhooks(webhooks).map(({ id }) => id), ["by the server"]);
});
