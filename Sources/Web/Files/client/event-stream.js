// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { EventParser } from "./event-parser.js";
import { contentType, requireSuccess } from "./events.js";

// All in milliseconds.
// The server sends some at once; otherwise a proxy is buffering.
const FIRST_BYTE_TIMEOUT = 10_000;
// The server sends a heartbeat comment after 15 s of silence.
const SILENCE_TIMEOUT = 40_000;
// How often silence is checked; short, to detect a dead stream soon after sleep.
const WATCH_INTERVAL = 5_000;

/** One event stream, closed when it is silent for too long. */
export class EventStream {
    #environment;
    #last;
    /** Whether anything was received. */
    hasBytes = false;

    /** @param {Environment} environment */
    constructor(environment) {
        this.#environment = environment;
        this.opened = this.#last = environment.now();
        this.controller = new AbortController();
    }

    /**
     * Reads the stream to its end. `onResponse` receives the head, `onBytes` is called at the first bytes, `onEvents`
     * receives the events of each chunk; they may abort `controller`. Returns false after 204: there is no stream.
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

    /** Aborts after silence by the wall clock, which goes on during sleep. */
    #watch() {
        let timer = 0;
        const look = () => {
            const now = this.#environment.now();
            // The clock was set back.
            if (now < this.#last) this.#last = now;
            const rest = this.#last + (this.hasBytes ? SILENCE_TIMEOUT : FIRST_BYTE_TIMEOUT) - now;
            if (rest <= 0) this.controller.abort();
            else timer = this.#environment.setTimeout(look, Math.min(rest, WATCH_INTERVAL));
        };
        look();
        return () => this.#environment.clearTimeout(timer);
    }
}

/**
 * What an environment takes for streams.
 * @type {Pick<Environment, "openStream">}
 */
export const streaming = { openStream: environment => new EventStream(environment) };
