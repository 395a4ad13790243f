// SPDX-License-Identifier: Apache-2.0
/** A fake environment: a clock that tests advance, and a server that they script. */
export class FakeWorld {
    /** The wall clock, in milliseconds; tests may set it forward and back. */
    time = 1_800_000_000_000;
    visible = true;
    online = true;
    /** The value of `random()`. */
    chance = 0.5;
    /** Every request: {at (milliseconds since the start), kind, url, init, signal}. */
    requests = [];
    #timers = new Map();
    /** The monotonic clock of the timers, in milliseconds. */
    #ticks = 0;
    #number = 0;
    #listeners = {};
    #answer;

    /** `answer(request)` returns a Response or a promise of one, throws, or never resolves. */
    constructor(answer) {
        this.#answer = answer;
        this.started = this.time;
        this.random = () => this.chance;
        this.now = () => this.time;
        this.isVisible = () => this.visible;
        this.isOnline = () => this.online;
        this.setTimeout = (run, milliseconds) => {
            this.#timers.set((this.#number += 1), { run, at: this.#ticks + Math.max(0, milliseconds) });
            return this.#number;
        };
        this.clearTimeout = number => this.#timers.delete(number);
        this.listen = (name, handle, signal) => {
            (this.#listeners[name] ??= new Set()).add(handle);
            signal.addEventListener("abort", () => this.#listeners[name].delete(handle));
        };
        this.fetch = (url, init) => this.#fetch(url, init);
        const slots = new Map();
        this.streamSlots = () => slots;
    }

    get timers() {
        return this.#timers.size;
    }

    get listeners() {
        return Object.values(this.#listeners).reduce((sum, set) => sum + set.size, 0);
    }

    /** Requests of a kind: updates, stream, links, reactions, snapshot. */
    count(kind) {
        return this.requests.filter(request => request.kind === kind).length;
    }

    /** Times of requests of a kind, in seconds since the start. */
    times(kind) {
        return this.requests.filter(request => request.kind === kind).map(({ at }) => at / 1000);
    }

    async emit(name, event) {
        for (const handle of [...(this.#listeners[name] ?? [])]) handle(event);
        await this.settle();
    }

    async hide(isHidden = true) {
        this.visible = !isHidden;
        await this.emit("visibilitychange");
    }

    /** Lets pending promises settle without advancing the clock. */
    async settle() {
        for (let turn = 0; turn < 12; turn += 1) await new Promise(resolve => setImmediate(resolve));
    }

    async advance(seconds) {
        const end = this.#ticks + seconds * 1000;
        await this.settle();
        for (;;) {
            const next = [...this.#timers].sort(([, a], [, b]) => a.at - b.at)[0];
            if (!next || next[1].at > end) break;
            this.#timers.delete(next[0]);
            this.#tick(next[1].at);
            next[1].run();
            await this.settle();
        }
        this.#tick(end);
        await this.settle();
    }

    #tick(ticks) {
        this.time += ticks - this.#ticks;
        this.#ticks = ticks;
    }

    /** The machine sleeps: the wall clock advances, the timers do not. */
    sleep(seconds) {
        this.time += seconds * 1000;
    }

    async #fetch(url, init = {}) {
        const kind = kindOf(url);
        const request = { at: this.time - this.started, kind, url, init, signal: init.signal };
        this.requests.push(request);
        const ended = new Promise((_, reject) => {
            const end = () => reject(new DOMException("aborted", "AbortError"));
            if (init.signal?.aborted) end();
            init.signal?.addEventListener("abort", end);
        });
        ended.catch(() => {});
        return Promise.race([Promise.resolve().then(() => this.#answer(request)), ended]);
    }
}

function kindOf(url) {
    const { pathname, searchParams } = new URL(url, "http://model");
    const last = pathname.split("/").at(-1);
    return last === "updates" && !searchParams.has("cursor") ? "snapshot" : last;
}

export function json(value, status = 200, headers = {}) {
    return new Response(JSON.stringify(value), { status, headers: { "Content-Type": "application/json", ...headers } });
}

/** An event stream that a test writes to; aborting its request fails it. */
export class FakeStream {
    #controller;

    constructor(request, opening = "retry: 2000\nid: e-1\n\n") {
        const body = new ReadableStream({ start: controller => (this.#controller = controller) });
        this.response = new Response(body, { headers: { "Content-Type": "text/event-stream" } });
        request.signal.addEventListener("abort", () => this.fail(new DOMException("aborted", "AbortError")));
        if (opening) this.write(opening);
    }

    /** Text or bytes. */
    write(text) {
        this.#controller.enqueue(typeof text === "string" ? new TextEncoder().encode(text) : text);
    }

    event(name, value, id) {
        this.write(`event: ${name}\n${id ? `id: ${id}\n` : ""}data: ${JSON.stringify(value)}\n\n`);
    }

    end() {
        this.#controller.close();
    }

    fail(error = new TypeError("network error")) {
        try {
            this.#controller.error(error);
        } catch {
            // Already closed.
        }
    }
}
