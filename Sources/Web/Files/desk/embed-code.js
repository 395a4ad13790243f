// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The code by which another site shows a story.

/**
 * Returns the code for an element with a script, or for a frame, which systems that strip scripts take, too.
 * @param {EmbedChoice} choice
 */
export function embedCode({ origin, slug, title, kind, form, theme, height }) {
    const name = escaped(title);
    if (kind === "frame") {
        const query = String(new URLSearchParams([["form", form], ["theme", theme]].filter(([, value]) => value)));
        const address = escaped(`${origin}/embed/${slug}${query && `?${query}`}`);
        return `<iframe src="${address}" title="${name}" width="100%" height="${height}" style="border:0"`
            + ` loading="lazy"></iframe>\n<script src="${origin}/embed-frame.js" async></script>`;
    }
    const attributes = [["form", form], ["theme", theme]].map(([key, value]) => value && ` ${key}="${value}"`).join("");
    return `<script src="${origin}/embed.js" async></script>\n<wireroom-feed story="${slug}"${attributes}>`
        + `<a href="${origin}/live/${slug}">${name}</a></wireroom-feed>`;
}

/** @param {string} text */
function escaped(text) {
    return text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);
}
