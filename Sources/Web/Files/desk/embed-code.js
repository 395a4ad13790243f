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
        const address = escaped(embedAddress({ origin, slug, form, theme }));
        return `<iframe src="${address}" title="${name}" width="100%" height="${height}" style="border:0"`
            + ` loading="lazy"></iframe>\n<script src="${origin}/embed-frame.js" async></script>`;
    }
    const attributes = [["form", form], ["theme", theme]].map(([key, value]) => value && ` ${key}="${value}"`).join("");
    return `<script src="${origin}/embed.js" async></script>\n<wireroom-feed story="${slug}"${attributes}`
        + ` style="display:block;min-height:${height}px">`
        + `<a href="${origin}/live/${slug}">${name}</a></wireroom-feed>`;
}

/**
 * Returns the address of the page for a frame.
 * @param {Pick<EmbedChoice, "origin"|"slug"|"form"|"theme">} choice
 */
export function embedAddress({ origin, slug, form, theme }) {
    const query = String(new URLSearchParams([["form", form], ["theme", theme]].filter(([, value]) => value)));
    return `${origin}/embed/${slug}${query && `?${query}`}`;
}

/** @param {string} text */
function escaped(text) {
    return text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);
}
