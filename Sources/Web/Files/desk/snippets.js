// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Texts that editors insert by a slash at the start of a line: built in, and the site's own.
import { phrase } from "./phrases.js";

/** @typedef {{name: string, text: string}} Snippet */

/**
 * What every site has. A snippet of the site with the same name replaces it.
 * @type {Snippet[]}
 */
const BUILT_IN_SNIPPETS = [
    { name: phrase("snippet.known"),
        text: `# ${phrase("snippet.known")}\n\n- …\n\n# ${phrase("snippet.unknown")}\n\n- ` },
    { name: phrase("snippet.timeline"), text: "- **{time}** …\n- **{time}** " },
    { name: phrase("snippet.correction"), text: `${phrase("snippet.correctionText", { time: "{time}" })} ` },
    { name: phrase("snippet.quote"), text: `> ${phrase("snippet.quoteText")}\n>\n> – ${phrase("snippet.quoteBy")}` },
];

const OPENING = /(?:^|\n)\/([\p{L}\p{M}\p{N} ’'-]{0,40})$/u;

/**
 * Returns what follows the slash before the caret.
 * @param {string} text
 * @param {number} caret
 * @returns {string|null} Null if no slash begins the line, or something stands behind the caret.
 */
export function snippetQuery(text, caret) {
    const end = text.indexOf("\n", caret);
    const rest = text.slice(caret, end < 0 ? text.length : end);
    return rest.trim() ? null : OPENING.exec(text.slice(0, caret))?.[1] ?? null;
}

/**
 * Returns the snippets that match: those whose name begins with the query before those in which a word does.
 * @param {Snippet[]} own The site's.
 * @param {string} query
 * @returns {Snippet[]}
 */
export function foundSnippets(own, query) {
    const names = new Set(own.map(({ name }) => foldedName(name)));
    const all = [...own, ...BUILT_IN_SNIPPETS.filter(({ name }) => !names.has(foldedName(name)))];
    const wanted = foldedName(query);
    const rank = (/** @type {Snippet} */ { name }) => {
        const folded = foldedName(name);
        if (folded.startsWith(wanted) || folded.replaceAll(" ", "").startsWith(wanted)) return 0;
        return folded.includes(` ${wanted}`) ? 1 : 2;
    };
    return all.map(snippet => ({ snippet, rank: rank(snippet) })).filter(found => found.rank < 2)
        .sort((one, other) => one.rank - other.rank).map(found => found.snippet);
}

/**
 * Replaces the slash and what follows it with a snippet; selects its first `…`, or places the caret at its end.
 * @param {string} text
 * @param {number} caret
 * @param {Snippet} snippet
 * @param {string} time Replaces `{time}`.
 * @returns {import("./markdown-edit.js").TextEdit}
 */
export function snippetEdit(text, caret, snippet, time) {
    const start = text.lastIndexOf("\n", caret - 1) + 1;
    const inserted = snippet.text.replaceAll("{time}", time);
    const gap = inserted.indexOf("…");
    const from = start + (gap < 0 ? inserted.length : gap);
    return { start, end: caret, text: inserted, from, to: gap < 0 ? from : from + 1 };
}

/** @param {string} name */
function foldedName(name) {
    return name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/** The snippets of the site, read when they are first needed. */
export class Snippets {
    /** @type {Snippet[]} */
    own = [];
    /** @type {string|null} */
    tag = null;

    /**
     * @param {Pick<DeskApi, "ask">} api
     * @param {() => Promise<void>} edit Has the editor change them.
     */
    constructor(api, edit) {
        this.api = api;
        this.edit = edit;
    }

    /** Reads them anew. Without a connection those known before are used. */
    async read() {
        const { value, tag } = await this.api.ask("GET", "/snippets");
        [this.own, this.tag] = [value.snippets, tag];
    }

    /**
     * Replaces them, unless somebody else has done so since they were read.
     * @param {Snippet[]} snippets
     */
    async replace(snippets) {
        const { value, tag } = await this.api.ask("PUT", "/snippets", { json: { snippets }, match: this.tag });
        [this.own, this.tag] = [value.snippets, tag];
    }
}
