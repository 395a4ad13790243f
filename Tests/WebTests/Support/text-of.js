// SPDX-License-Identifier: Apache-2.0
/** The text of server-rendered HTML and the alternative texts of its pictures, as a browser would read them. */
export function textOf(html) {
    const read = text => text.replace(/&(?:amp|lt|gt|quot|#39);/g, name => NAMED[name]);
    return {
        text: read(html.replace(/<[^>]*>/g, "")),
        alts: [...html.matchAll(/alt="([^"]*)"/g)].map(([, alt]) => read(alt)),
    };
}

const NAMED = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'" };
