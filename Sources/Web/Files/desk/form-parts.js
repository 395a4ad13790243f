// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What forms have beside their fields: the error summary, notices, the primary button.
import { make } from "../shared/dom.js";
import { button, fill } from "./elements.js";
import { shortTime } from "./local-times.js";
import { phrase } from "./phrases.js";

/** The error summary of a form, announced by screen readers. */
export class FormFault {
    constructor() {
        this.node = make("div", { class: "form-fault", role: "alert", hidden: true });
    }

    /**
     * @param {string} title
     * @param {string[]} details
     * @param {string|null} requestId The request's id in the server's log.
     */
    show(title, details = [], requestId = null) {
        fill(this.node, make("p", {}, make("strong", {}, title)),
            details.length > 0 && make("ul", {}, details.map(detail => make("li", {}, detail))),
            requestId && make("p", { class: "request" }, phrase("requestId", { id: requestId })));
        this.node.hidden = false;
    }

    /**
     * Shows why saving failed: errors that match a field there, all others in the summary.
     * @param {Failure} failure
     * @param {Fields|null} fields
     * @param {string} prefix Prepended to the errors' pointers, where the body is a member of the form's object.
     */
    showFailure(failure, fields = null, prefix = "") {
        const errors = failure.errors ?? [];
        const rest = fields
            ? fields.showFaults(errors.map(({ pointer, detail }) => ({ pointer: prefix + pointer, detail })))
            : errors.map(({ pointer, detail }) => `${pointer} ${detail}`.trim());
        this.show(failure.title ? `${failure.title}.` : phrase("notSaved"), errors.length ? rest : [failure.message],
            failure.requestId);
    }

    clear() {
        fill(this.node);
        this.node.hidden = true;
    }
}

/**
 * Creates a notice above a form, with buttons.
 * @param {string} text
 * @param {...HTMLElement} actions
 */
export function notice(text, ...actions) {
    return make("div", { class: "notice", role: "status" }, make("p", {}, text), ...actions);
}

/**
 * Creates a notice that a draft has been restored.
 * @param {{at: number}} draft
 * @param {() => void} onDiscard
 */
export function restoredNotice(draft, onDiscard) {
    const when = shortTime(new Date(draft.at).toISOString());
    return notice(phrase("restoredDraft", { time: when }),
        button(phrase("discard"), onDiscard, { class: "quiet" }));
}

/**
 * Creates the primary button among several.
 * @param {string} text
 * @param {((event: Event) => unknown)|null} action
 * @param {Attributes} attributes
 */
export function mainButton(text, action, attributes = {}) {
    return button(text, action, { class: "main", ...attributes });
}
