// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** An incremental parser of server-sent events (HTML Living Standard §9.2). */
export class EventParser {
    #rest = "";
    /** @type {StreamEvent} */
    #block = {};

    /**
     * Returns the blocks completed by a chunk: `{event, data, id}`, as far as given. Comments are skipped.
     * @param {string} text
     */
    take(text) {
        // A final CR may be the first half of a CRLF.
        const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
        this.#rest = lines.pop() ?? "";
        const blocks = [];
        for (const line of lines) {
            if (line) this.#addLine(line);
            else {
                if (Object.keys(this.#block).length) blocks.push(this.#block);
                this.#block = {};
            }
        }
        return blocks;
    }

    /** @param {string} line */
    #addLine(line) {
        const colon = (line + ":").indexOf(":");
        const [name, value] = [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
        if (name === "data" && "data" in this.#block) this.#block.data += `\n${value}`;
        else if (name === "event" || name === "data" || name === "id") this.#block[name] = value;
    }
}
