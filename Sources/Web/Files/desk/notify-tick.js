// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The tick "Notify followers" of the form for an update: for key events only, on servers that send notifications.
import { Refusal, SignedOut } from "./api.js";
import { make } from "../shared/dom.js";
import { numberText } from "./phrases.js";

/** The tick of one form. */
export class NotifyTick {
    /** Whether the server is known to send no notifications. */
    #isOff = false;

    /** @param {import("./fields.js").Fields} fields The form's. */
    constructor(fields) {
        this.node = fields.node("notify");
        this.input = (
            /** @type {HTMLInputElement} */
            (fields.input("notify"))
        );
        this.keyEvent = (
            /** @type {HTMLInputElement} */
            (fields.input("keyEvent"))
        );
        this.count = make("span", { class: "count" });
        this.node.append(this.count);
        this.node.hidden = true;
    }

    /** Allows it for key events only. */
    update() {
        this.input.disabled = this.#isOff || !this.keyEvent.checked;
        if (this.input.disabled) this.input.checked = false;
    }

    /**
     * Shows it with the number of followers, if that can be read; not if the server sends no notifications.
     * @param {DeskApi} api
     * @param {string} story Id.
     */
    async offer(api, story) {
        try {
            const { value: { count } } = await api.ask("GET", `/stories/${story}/push-subscriptions`);
            this.count.textContent = ` (${numberText(count)})`;
        } catch (failure) {
            // Dealt with by others.
            if (failure instanceof SignedOut) return;
            this.#isOff = failure instanceof Refusal && failure.status === 404;
        }
        // What is hidden must not be sent; what may be sent is shown.
        this.node.hidden = this.#isOff;
        this.update();
    }
}
