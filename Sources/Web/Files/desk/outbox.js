// SPDX-License-Identifier: Apache-2.0
// @ts-check
// POSTs on their way. Each is kept in the browser, with the key that makes it happen once, until it is answered: over
// cuts, restarts of either side, and reloads of the page.
import { Refusal } from "./api.js";
import { isDone } from "./merge.js";
import { RetryPause, persist, Stopped } from "./retry.js";

const OUTBOX_PREFIX = "wireroom.desk.outbox.";
// The server knows a key for 24 hours; later the same request would be done a second time.
const MOST_AGE = 23 * 3600 * 1000;

/** A key for one intent. */
export function freshKey() {
    const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
}

/** Sends each entry until it is answered. */
export class Outbox {
    /** @type {Map<string, Delivery>} */
    #deliveries = new Map();

    /**
     * @param {{storage: KeptStorage, api: DeskApi, holder: () => string, now?: () => number,
     *   patience?: () => RetryPause, onChange?: () => void, onDone?: (entry: Entry, answer: Answer) => void,
     *   onRefused?: (entry: Entry, failure: Error, isFollowed: boolean) => void}} options `onDone` and `onRefused` are
     *   called before the promise of `send` is settled; `isFollowed`: a caller awaits it. `failure.refusedBody`
     *   is the body that the server would not take: that of the entry, or one of its `previous`.
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
     * @throws {Refusal} The server does not do it.
     * @throws {Stopped} The editor has stopped it; it may have been done.
     */
    send(entry) {
        const whole = { type: "application/json", ...entry, holder: this.holder(), at: this.now() };
        const delivery = this.#start(whole, false);
        delivery.isFollowed = true;
        return delivery.promise;
    }

    /** Takes up what another life of the page has left. */
    resume() {
        for (const entry of this.#stored()) {
            if (!this.#deliveries.has(entry.once)) this.#start(entry, true).promise.catch(() => {});
        }
    }

    /**
     * What is on its way.
     * @returns {Delivery[]} `asking`: whether to send it again is for the editor to say, for it may be done twice.
     */
    list() {
        return [...this.#deliveries.values()];
    }

    /**
     * What was made from a draft, if it is on its way.
     * @param {string} slot
     */
    of(slot) {
        return this.list().find(delivery => delivery.entry.slot === slot) ?? null;
    }

    /**
     * The promise of what was made from a draft, as `send` gave it to somebody else; who takes it tells how it ends.
     * @param {string} slot
     */
    follow(slot) {
        const delivery = this.of(slot);
        if (delivery) delivery.isFollowed = true;
        return delivery?.promise ?? null;
    }

    /**
     * Tries all, or one, again at once. One that is asked about is sent.
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
     * Gives an entry up. Whether it was done is not known.
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
            // Who has signed out may come back.
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

    // A request that was sent before is sent again only as the same request.
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
                return bodies[0] === entry.body ? answer : await this.#correct(entry, answer, signal);
            } catch (failure) {
                const wasOther = failure instanceof Refusal && failure.kind === "idempotency-key-reused";
                if (!wasOther || bodies.length === 1) throw Object.assign(failure, { refusedBody: bodies[0] });
                bodies.shift();
            }
        }
    }

    // What was sent before was done after all, and its author has changed it since: the change follows.
    /** @param {Entry} entry @param {Answer} options @param {AbortSignal} signal */
    async #correct(entry, { value, tag }, signal) {
        try {
            return await this.api.once("PATCH", `${entry.path}/${value.id}`, { text: entry.body, match: tag, signal });
        } catch (failure) {
            const current = failure instanceof Refusal && failure.status === 412 ? failure.current : null;
            if (!current || !isDone(current, JSON.parse(entry.body))) throw failure;
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
        } catch { /* Then it was not kept either. */ }
    }

    #stored() {
        try {
            const names = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index) ?? "");
            return names.filter(name => name.startsWith(OUTBOX_PREFIX))
                .map(name => JSON.parse(this.storage.getItem(name) ?? "null"))
                .sort((one, other) => one.at - other.at);
        } catch {
            return [];
        }
    }
}
