// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The tick "Notify followers" of the form for an update: for key events only, on servers that send notifications.
import { SignedOut } from "./api.js";
import { make } from "../shared/dom.js";

/** The tick of one form. */
export class NotifyTick {
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
        this.input.disabled = !this.keyEvent.checked;
        if (this.input.disabled) this.input.checked = false;
    }

    /**
     * Shows it with the number of followers, if the server sends notifications.
     * @param {DeskApi} api
     * @param {string} story Id.
     */
    async offer(api, story) {
        try {
            const { value: { count } } = await api.ask("GET", `/stories/${story}/push-subscriptions`);
            this.count.textContent = ` (${count})`;
            this.node.hidden = false;
        } catch (failure) {
            // 404: it sends none. Signing out is dealt with by others.
            if (!(failure instanceof SignedOut)) this.node.hidden = true;
        }
    }
}
