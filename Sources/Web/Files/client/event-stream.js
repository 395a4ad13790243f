// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { EventParser, contentType, requireSuccess } from "./events.js";

// All in milliseconds.
// The server sends some at once; else something on the way holds streams back.
const FIRST_BYTE_TIMEOUT = 10_000;
// The server breaks each silence of 15 s by a comment.
const SILENCE_TIMEOUT = 40_000;
// So often it is looked at: often enough to be noticed soon after the machine has slept.
const WATCH_INTERVAL = 5_000;

/** One event stream, which is ended when it is silent for too long. */
export class EventStream {
    #environment;
    #last;
    /** Whether anything came. */
    hasBytes = false;

    /** @param {Environment} environment */
    constructor(environment) {
        this.#environment = environment;
        this.opened = this.#last = environment.now();
        this.controller = new AbortController();
    }

    /**
     * Reads it until it ends. `onResponse(response)` is told of its head, `onBytes` of the first bytes, and
     * `onEvents(events)` of what came together; they may abort `controller`. False: there is no stream (204).
     * @param {string} address
     * @param {{
     *   onResponse: (response: Response) => void, onBytes: () => void, onEvents: (events: StreamEvent[]) => void,
     * }} options
     */
    async read(address, { onResponse, onBytes, onEvents }) {
        const { signal } = this.controller;
        const stopWatch = this.#watch();
        try {
            const headers = { Accept: "text/event-stream" };
            const response = await this.#environment.fetch(address, { headers, cache: "no-store", signal });
            await requireSuccess(response);
            onResponse(response);
            if (response.status === 204 || !response.body) return false;
            if (!/^text\/event-stream\b/.test(contentType(response))) throw new Error("not a stream");
            const [reader, decoder, parser] = [response.body.getReader(), new TextDecoder(), new EventParser()];
            for (;;) {
                const { done, value } = await reader.read();
                if (done || signal.aborted) return true;
                this.#last = this.#environment.now();
                if (!this.hasBytes) onBytes();
                this.hasBytes = true;
                onEvents(parser.take(decoder.decode(value, { stream: true })));
            }
        } finally {
            stopWatch();
            this.controller.abort();
        }
    }

    /** Ends it after silence by the clock on the wall, which goes on while machines sleep. */
    #watch() {
        let timer = 0;
        const look = () => {
            const now = this.#environment.now();
            // The clock was put back.
            if (now < this.#last) this.#last = now;
            const rest = this.#last + (this.hasBytes ? SILENCE_TIMEOUT : FIRST_BYTE_TIMEOUT) - now;
            if (rest <= 0) this.controller.abort();
            else timer = this.#environment.setTimeout(look, Math.min(rest, WATCH_INTERVAL));
        };
        look();
        return () => this.#environment.clearTimeout(timer);
    }
}
