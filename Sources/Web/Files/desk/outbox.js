// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Pending POSTs. Each is stored in the browser with its idempotency key until it is answered, so that it survives lost
// connections, restarts of either side, and reloads of the page.
import { Refusal } from "./api.js";
import { isDone } from "./merge.js";
import { RetryPause, persist, Stopped } from "./retry.js";

const OUTBOX_PREFIX = "wireroom.desk.outbox.";
// The server remembers idempotency keys for 24 hours; after that a retry would be processed a second time.
const MOST_AGE = 23 * 3600 * 1000;

/** Returns a new idempotency key: 128 random bits in hexadecimal. */
export function freshKey() {
    const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
}

/** A persistent queue of POSTs, each retried until it is answered. */
export class Outbox {
    /** @type {Map<string, Delivery>} */
    #deliveries = new Map();

    /**
     * @param {{storage: KeptStorage, api: DeskApi, holder: () => string, now?: () => number,
     *   patience?: () => RetryPause, onChange?: () => void, onDone?: (entry: Entry, answer: Answer) => void,
     *   onRefused?: (entry: Entry, failure: Error, isFollowed: boolean) => void}} options `onDone` and `onRefused` are
     *   called before the promise of `send` is settled; `isFollowed`: a caller awaits it. `failure.refusedBody`
     *   is the body that the server rejected: that of the entry, or one of its `previous`.
     */
    constructor({ storage, api, holder, now = Date.now, patience = () => new RetryPause(), ...events }) {
        this.storage = storage;
        this.api = api;
        this.holder = holder;
        this.now = now;
        this.patience = patience;
        this.onChange = events.onChange ?? (() => {});
        this.onDone = events.onDone ?? (() => {});
        this.onRefused = events.onRefused ?? (() => {});
    }

    /**
     * Sends a request.
     * @param {SendableEntry} entry
     * @returns {Promise<Answer>}
     * @throws {Refusal} The server rejected it.
     * @throws {Stopped} The editor cancelled it; it may have been processed.
     */
    send(entry) {
        const whole = { type: "application/json", ...entry, holder: this.holder(), at: this.now() };
        const delivery = this.#start(whole, false);
        delivery.isFollowed = true;
        return delivery.promise;
    }

    /** Resumes the entries stored before the page was reloaded. */
    resume() {
        for (const entry of this.#stored()) {
            if (!this.#deliveries.has(entry.once)) this.#start(entry, true).promise.catch(() => {});
        }
    }

    /**
     * The pending deliveries.
     * @returns {Delivery[]} `asking`: waits for the editor to confirm a retry that may not be idempotent any more.
     */
    list() {
        return [...this.#deliveries.values()];
    }

    /**
     * The pending delivery of a draft, or null.
     * @param {string} slot
     */
    of(slot) {
        return this.list().find(delivery => delivery.entry.slot === slot) ?? null;
    }

    /**
     * The promise of a draft's pending delivery, or null. The caller becomes responsible for reporting the outcome.
     * @param {string} slot
     */
    follow(slot) {
        const delivery = this.of(slot);
        if (delivery) delivery.isFollowed = true;
        return delivery?.promise ?? null;
    }

    /**
     * Retries all deliveries, or one, at once. A delivery in `asking` is retried only by its key, as confirmation.
     * @param {string} [once]
     */
    poke(once) {
        for (const delivery of this.list()) {
            if (once ? delivery.entry.once !== once : delivery.state === "asking") continue;
            delivery.isWanted = true;
            delivery.patience.poke();
        }
    }

    /**
     * Cancels a delivery. It may have been processed.
     * @param {string} once
     */
    stop(once) {
        this.#deliveries.get(once)?.patience.stop();
    }

    /** @param {Entry} entry @param {boolean} isOld */
    #start(entry, isOld) {
        const patience = this.patience();
        const delivery = (
            /** @type {Delivery} */
            ({ entry, state: "sending", trouble: null, patience, isOld, isWanted: false, isFollowed: false })
        );
        delivery.isKept = this.#keep(entry);
        this.#deliveries.set(entry.once, delivery);
        delivery.promise = this.#deliver(delivery);
        this.onChange();
        return delivery;
    }

    /** @param {Delivery} delivery */
    async #deliver(delivery) {
        const { entry } = delivery;
        try {
            const answer = await this.#untilAnswered(delivery);
            this.#forget(entry);
            this.onDone(entry, answer);
            return answer;
        } catch (failure) {
            // After signing out the entry stays stored, to be resumed at the next sign-in.
            if (failure instanceof Refusal || failure instanceof Stopped) this.#forget(entry);
            else this.#deliveries.delete(entry.once);
            this.onRefused(entry, failure, delivery.isFollowed);
            throw failure;
        } finally {
            this.onChange();
        }
    }

    /** @param {Delivery} delivery */
    async #untilAnswered(delivery) {
        for (;;) {
            await this.#consent(delivery);
            const key = this.api.key();
            try {
                return await persist(() => this.#post(delivery), {
                    patience: delivery.patience,
                    onTrouble: failure => this.#show(delivery, "waiting", failure),
                });
            } catch (failure) {
                await this.api.renewKey(failure, key);
            }
        }
    }

    // Asks the editor before a resend that the idempotency key does not protect: by another key holder, or too late.
    /** @param {Delivery} delivery */
    async #consent(delivery) {
        const { entry } = delivery;
        const isSame = entry.holder === this.holder() && this.now() - entry.at < MOST_AGE;
        if (isSame || !delivery.isOld) return;
        while (!delivery.isWanted) {
            this.#show(delivery, "asking", null);
            await delivery.patience.wait(MOST_AGE);
        }
        Object.assign(entry, { holder: this.holder(), at: this.now() });
        this.#keep(entry);
    }

    /** @param {Delivery} delivery */
    async #post(delivery) {
        const { entry } = delivery;
        this.#show(delivery, "sending", delivery.trouble);
        delivery.isOld = true;
        const { signal } = delivery.patience;
        /** @param {string} text */
        const send = text => this.api.once("POST", entry.path, { text, type: entry.type, once: entry.once, signal });
        const bodies = [entry.body, ...entry.previous ?? []];
        for (;;) {
            try {
                const answer = await send(bodies[0]);
                return bodies[0] === entry.body ? answer : await this.#correct(entry, bodies[0], answer, signal);
            } catch (failure) {
                const wasOther = failure instanceof Refusal && failure.kind === "idempotency-key-reused";
                if (!wasOther || bodies.length === 1) throw Object.assign(failure, { refusedBody: bodies[0] });
                bodies.shift();
            }
        }
    }

    // An earlier body turned out to have been processed: patches the update to the current one.
    /** @param {Entry} entry @param {string} processed @param {Answer} options @param {AbortSignal} signal */
    async #correct(entry, processed, { value, tag }, signal) {
        const patch = JSON.parse(entry.body);
        // Followers have been notified, or will be when the draft is published.
        if (JSON.parse(processed).notify) delete patch.notify;
        try {
            return await this.api.once("PATCH", `${entry.path}/${value.id}`, { json: patch, match: tag, signal });
        } catch (failure) {
            const current = failure instanceof Refusal && failure.status === 412 ? failure.current : null;
            if (!current || !isDone(current, patch)) throw failure;
            return { status: 200, value: current, tag: failure.tag ?? null, pollAfter: null };
        }
    }

    /** @param {Delivery} delivery @param {Delivery["state"]} state @param {Failure|null} trouble */
    #show(delivery, state, trouble) {
        Object.assign(delivery, { state, trouble });
        this.onChange();
    }

    /** @param {Entry} entry */
    #keep(entry) {
        try {
            this.storage.setItem(OUTBOX_PREFIX + entry.once, JSON.stringify(entry));
            return true;
        } catch {
            return false;
        }
    }

    /** @param {Entry} entry */
    #forget(entry) {
        this.#deliveries.delete(entry.once);
        try {
            this.storage.removeItem(OUTBOX_PREFIX + entry.once);
        } catch { /* Then it was not stored in the first place. */ }
    }

    #stored() {
        try {
            const names = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index) ?? "");
            return names.filter(name => name.startsWith(OUTBOX_PREFIX)).flatMap(name => this.#read(name))
                .sort((one, other) => one.at - other.at);
        } catch {
            return [];
        }
    }

    /**
     * A stored entry; none if it cannot be read, which must not keep the others from being sent.
     * @param {string} name
     * @returns {Entry[]}
     */
    #read(name) {
        try {
            const entry = JSON.parse(this.storage.getItem(name) ?? "null");
            return entry?.once ? [entry] : [];
        } catch {
            return [];
        }
    }
}
