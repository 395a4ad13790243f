// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What is not yet saved, whatever view is open.
import { make } from "../shared/dom.js";
import { arrange, button, fill } from "./elements.js";
import { RetryPause, persist, troubleText } from "./retry.js";
import { shortTime } from "./local-times.js";

/** The list of what waits for the server, with what can be done about it. */
export class Pending {
    /** @type {Map<object, {words: string, node: HTMLElement}>} */
    #rows = new Map();
    /** @type {Set<PendingTask>} */
    #tasks = new Set();

    /**
     * @param {HTMLElement} place
     * @param {Outbox} outbox
     * @param {(work: () => void) => void} hold Does work that may move what stands below.
     */
    constructor(place, outbox, hold) {
        this.place = place;
        this.outbox = outbox;
        this.hold = hold;
    }

    /**
     * Does something until it is answered; while it is not, it stands in the list.
     * @template T
     * @param {string} label
     * @param {() => Promise<T>} action Must be safe to do twice.
     * @param {(words: string) => void} told How it goes.
     * @param {string} [state] What is not yet so while it is not answered.
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

    /** Tries everything again at once. */
    poke() {
        this.outbox.poke();
        for (const task of this.#tasks) task.patience.poke();
    }

    /** Whether something would be lost with the page. */
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
            return this.row(entry, `${entry.label}: sent at ${sent}, and no answer came. It may have been done: `
                + "look before you send it again.", button("Send it again", poke), button("Forget it", stop));
        }
        return this.row(entry, `${entry.label}. ${trouble ? troubleText(trouble) : ""}`,
            button("Try now", poke), button("Stop trying", stop));
    }

    /** @param {PendingTask} task */
    taskNode(task) {
        return this.row(task, `${task.label}. ${task.trouble ? troubleText(task.trouble, task.state) : ""}`,
            button("Try now", () => task.patience.poke()), button("Stop trying", () => task.patience.stop()));
    }

    // The same words are not read out again, and a button under the finger stays.
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
