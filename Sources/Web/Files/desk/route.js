// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Routes of the desk in the URL fragment, such as `/desk#/stories/<id>/links`.

const PARTS = ["updates", "about", "links", "bin", "trail"];

/**
 * @typedef {{view: "stories"|"new"|"import"|"story", id?: string, part?: string}} Route
 */

/**
 * Parses a URL fragment.
 * @param {string} fragment Including the `#`.
 * @returns {Route|null} Null if it is not a route, such as the target of a skip link.
 */
export function routeOf(fragment) {
    if (fragment === "" || fragment === "#") return { view: "stories" };
    if (!fragment.startsWith("#/")) return null;
    const [first, id, part = "updates"] = fragment.slice(2).split("/");
    if (first === "stories" && id && /^[a-z0-9-]+$/.test(id)) {
        return { view: "story", id, part: PARTS.includes(part) ? part : "updates" };
    }
    return { view: first === "new" || first === "import" ? first : "stories" };
}

/**
 * Returns the URL fragment of a route.
 * @param {Route} route
 * @returns {string}
 */
export function fragmentOf({ view, id, part = "updates" }) {
    if (view === "story") return `#/stories/${id}${part === "updates" ? "" : `/${part}`}`;
    return view === "stories" ? "#/" : `#/${view}`;
}
