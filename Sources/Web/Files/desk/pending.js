// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The list of unsaved requests, shown in every view.
import { make } from "../shared/dom.js";
import { arrange, button, fill } from "./elements.js";
import { phrase } from "./phrases.js";
import { RetryPause, persist, troubleText } from "./retry.js";
import { shortTime } from "./local-times.js";

/** The list of requests that are being retried, with buttons to retry now or stop. */
export class Pending {
    /** @type {Map<object, {words: string, node: HTMLElement}>} */
    #rows = new Map();
    /** @type {Set<PendingTask>} */
    #tasks = new Set();

    /**
     * @param {HTMLElement} place
     * @param {Outbox} outbox
     * @param {(work: () => void) => void} hold Runs a layout change that may move the content below.
     */
    constructor(place, outbox, hold) {
        this.place = place;
        this.outbox = outbox;
        this.hold = hold;
    }

    /**
     * Retries a request until it is answered; lists it after the first failure.
     * @template T
     * @param {string} label
     * @param {() => Promise<T>} action Must be idempotent.
     * @param {(words: string) => void} told Receives progress messages.
     * @param {string} [state] See `troubleText`.
     * @returns {Promise<T>}
     */
    async persist(label, action, told = () => {}, state) {
        /** @type {PendingTask} */
        const task = { label, state, patience: new RetryPause(), trouble: null };
        this.#tasks.add(task);
        try {
            return await persist(action, {
                patience: task.patience,
                onTrouble: failure => {
                    task.trouble = failure;
                    told(troubleText(failure, state));
                    this.show();
                },
            });
        } finally {
            this.#tasks.delete(task);
            this.show();
        }
    }

    /** Retries everything at once. */
    poke() {
        this.outbox.poke();
        for (const task of this.#tasks) task.patience.poke();
    }

    /** Whether closing the page would lose a request. */
    get isFragile() {
        return this.#tasks.size > 0 || this.outbox.list().some(delivery => !delivery.isKept);
    }

    show() {
        const deliveries = this.outbox.list().filter(delivery => delivery.trouble || delivery.state === "asking");
        const tasks = [...this.#tasks].filter(task => task.trouble);
        const nodes = [
            ...deliveries.map(delivery => this.deliveryNode(delivery)), ...tasks.map(task => this.taskNode(task)),
        ];
        this.hold(() => arrange(this.place, nodes));
        for (const [key, row] of this.#rows) if (!nodes.includes(row.node)) this.#rows.delete(key);
    }

    /** @param {Delivery} options */
    deliveryNode({ entry, state, trouble }) {
        const [poke, stop] = [() => this.outbox.poke(entry.once), () => this.outbox.stop(entry.once)];
        if (state === "asking") {
            const sent = shortTime(new Date(entry.at).toISOString());
            return this.row(entry, phrase("noAnswerToLabel", { label: entry.label, time: sent }),
                button(phrase("sendAgain"), poke), button(phrase("forgetIt"), stop));
        }
        return this.row(entry, `${entry.label}. ${trouble ? troubleText(trouble) : ""}`,
            button(phrase("tryNow"), poke), button(phrase("stopTrying"), stop));
    }

    /** @param {PendingTask} task */
    taskNode(task) {
        return this.row(task, `${task.label}. ${task.trouble ? troubleText(task.trouble, task.state) : ""}`,
            button(phrase("tryNow"), () => task.patience.poke()),
            button(phrase("stopTrying"), () => task.patience.stop()));
    }

    // Reuses a row whose text is unchanged, so that it is not announced again and a button being pressed stays.
    /** @param {object} key @param {string} words @param {...HTMLElement} actions */
    row(key, words, ...actions) {
        const known = this.#rows.get(key);
        if (known?.words === words) return known.node;
        const node = known?.node ?? make("li", {});
        fill(node, make("p", {}, words), make("div", { class: "actions" }, ...actions));
        this.#rows.set(key, { words, node });
        return node;
    }
}
