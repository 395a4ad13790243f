// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Routes of the desk in the URL fragment, such as `/desk#/stories/<id>/links`.

const PARTS = ["updates", "about", "links", "bin", "trail"];
const NAME_PATTERN = /^[a-z0-9-]+$/;

/**
 * `update`: the update to show. `query`: what to find in the story. `stories`: those of the columns.
 * @typedef {{view: "stories"|"new"|"import"|"appearance"|"story"|"columns", id?: string, part?: string,
 *   update?: string, query?: string, stories?: string[]}} Route
 */

/**
 * Parses a URL fragment.
 * @param {string} fragment Including the `#`.
 * @returns {Route|null} Null if it is not a route, such as the target of a skip link.
 */
export function routeOf(fragment) {
    if (fragment === "" || fragment === "#") return { view: "stories" };
    if (!fragment.startsWith("#/")) return null;
    const [first, id = "", part = "updates", rest = ""] = fragment.slice(2).split("/");
    if (first === "stories" && NAME_PATTERN.test(id)) return storyRoute(id, part, rest);
    if (first === "columns") return { view: "columns", stories: id.split(",").filter(name => NAME_PATTERN.test(name)) };
    const isView = first === "new" || first === "import" || first === "appearance";
    return { view: isView ? first : "stories" };
}

/** @param {string} id @param {string} part @param {string} rest @returns {Route} */
function storyRoute(id, part, rest) {
    /** @type {Route} */
    const route = { view: "story", id, part: PARTS.includes(part) ? part : "updates" };
    if (part === "updates" && NAME_PATTERN.test(rest)) route.update = rest;
    if (part === "find" && rest) route.query = decodedText(rest);
    return route;
}

/**
 * Returns the URL fragment of a route.
 * @param {Route} route
 * @returns {string}
 */
export function fragmentOf({ view, id, part = "updates", update, query, stories = [] }) {
    if (view === "columns") return `#/columns/${stories.join(",")}`;
    if (view !== "story") return view === "stories" ? "#/" : `#/${view}`;
    if (query) return `#/stories/${id}/find/${encodeURIComponent(query)}`;
    if (update) return `#/stories/${id}/updates/${update}`;
    return `#/stories/${id}${part === "updates" ? "" : `/${part}`}`;
}

/** @param {string} text */
function decodedText(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return "";
    }
}
