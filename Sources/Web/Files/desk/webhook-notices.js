// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Notices of webhooks that the server has disabled, for admins, who alone may read them.
import { make, named } from "../shared/dom.js";
import { arrange } from "./elements.js";
import { phraseParts } from "./phrases.js";
import { PollLoop } from "./poll-loop.js";

const WEBHOOK_SECONDS = 60;

/**
 * Returns the webhooks that the server has disabled, not those that an admin has.
 * @param {Webhook[]} webhooks
 */
export function disabledWebhooks(webhooks) {
    return webhooks.filter(webhook => !webhook.enabled && webhook.disabledReason);
}

/** A list of notices, kept up to date. */
export class WebhookNotices {
    /** @type {Map<string, HTMLElement>} By webhook and reason, so that none is announced twice. */
    #rows = new Map();
    /** @type {PollLoop|null} */
    #loop = null;

    /** @param {Desk} desk */
    constructor(desk) {
        this.desk = desk;
        this.node = make("div", { class: "webhooks", role: "status" });
        if (!desk.session.isAdmin) return;
        // A notice that cannot be read is not worth a message of its own.
        this.#loop = new PollLoop({ read: () => this.read(), seconds: WEBHOOK_SECONDS, onState: () => {} });
    }

    close() {
        this.#loop?.close();
    }

    async read() {
        const { value } = await this.desk.api.ask("GET", "/webhooks");
        const rows = disabledWebhooks(value.webhooks).map(webhook => this.rowOf(webhook));
        this.desk.hold(() => arrange(this.node, rows));
    }

    /** @param {Webhook} webhook */
    rowOf({ id, url, disabledReason }) {
        const key = `${id} ${disabledReason}`;
        const row = this.#rows.get(key) ?? make("p", { class: "notice" },
            make("span", {}, ...phraseParts("webhookDisabled", { url: named(url), reason: disabledReason ?? "" })));
        this.#rows.set(key, row);
        return row;
    }
}
