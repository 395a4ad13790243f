// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The fields of the site's appearance.

/** @type {Field[]} */
const PALETTE = [
    { name: "accent", label: "Accent", kind: "color" },
    { name: "background", label: "Background", kind: "color" },
    { name: "text", label: "Text", kind: "color" },
    { name: "link", label: "Links", kind: "color" },
];

/** @type {[string, string][]} */
const FONTS = [
    ["", "As usual"], ["serif", "Serif"], ["sans", "Sans serif"], ["humanist", "Humanist sans"],
    ["geometric", "Geometric sans"], ["slab", "Slab serif"], ["mono", "Monospace"],
];

/** @type {Field[]} */
const LINK_MEMBERS = [
    { name: "label", label: "Words", kind: "line", required: true },
    { name: "url", label: "Address", kind: "url", required: true },
];

/**
 * The members of the settings of the site that the desk edits.
 * @type {Field[]}
 */
export const SITE_FIELDS = [
    { name: "name", label: "Name", kind: "line", hint: "At the head of every page, in titles and feeds" },
    { name: "logo", label: "Logo", kind: "group",
        members: [
            { name: "light", label: "On light ground", kind: "file", isNeverNull: true,
                hint: "Shown instead of the name" },
            { name: "dark", label: "On dark ground", kind: "file", hint: "By default the same" },
            { name: "width", label: "Width", kind: "number", hint: "Pixels; known of uploaded pictures" },
            { name: "height", label: "Height", kind: "number", hint: "Pixels; known of uploaded pictures" },
        ] },
    { name: "icon", label: "Icon", kind: "group",
        members: [
            { name: "url", label: "Picture", kind: "file", isNeverNull: true, hint: "Square; for tabs and feeds" },
        ] },
    { name: "defaultImage", label: "Picture of link previews", kind: "group",
        members: [
            { name: "url", label: "Picture", kind: "file", isNeverNull: true,
                hint: "Where a page has none of its own; best 1200 by 630 pixels" },
            { name: "alt", label: "What it shows", kind: "line" },
        ] },
    { name: "colors", label: "Colours", kind: "group",
        members: [
            { name: "light", label: "On light ground", kind: "group", members: PALETTE },
            { name: "dark", label: "On dark ground", kind: "group", members: PALETTE },
        ] },
    { name: "fonts", label: "Fonts", kind: "group",
        members: [
            { name: "heading", label: "Headlines", kind: "choice", options: FONTS },
            { name: "body", label: "Texts", kind: "choice", options: FONTS },
            { name: "interface", label: "Everything else", kind: "choice", options: FONTS },
        ] },
    { name: "radius", label: "Round corners", kind: "number", hint: "Pixels, up to 32" },
    { name: "density", label: "Space between updates", kind: "choice",
        options: [["", "As usual"], ["compact", "Less"], ["spacious", "More"]] },
    { name: "navigation", label: "Links at the head", kind: "rows", one: "Link", movable: true, members: LINK_MEMBERS },
    { name: "footer", label: "Links at the foot", kind: "rows", one: "Link", movable: true, members: LINK_MEMBERS },
    { name: "imprint", label: "Imprint", kind: "line", hint: "Who is responsible, in a line at the foot" },
    { name: "css", label: "Own CSS", kind: "text", rows: 6, hint: "After everything else; at most 32 KiB" },
    { name: "slots", label: "Scripts of third parties", kind: "rows", one: "Script",
        members: [
            { name: "name", label: "Whose it is", kind: "line", required: true },
            { name: "purpose", label: "What it is for", kind: "choice",
                options: [["analytics", "Analytics"], ["advertising", "Advertising"]] },
            { name: "script", label: "Address", kind: "url", required: true },
        ] },
    { name: "language", label: "Language", kind: "line", hint: "Such as en, pt-BR or zh-Hant" },
    { name: "timeZone", label: "Time zone", kind: "line", hint: "Such as Europe/Lisbon" },
];

/**
 * What stands while a colour is not given, by scheme.
 * @type {Record<string, Record<string, string>>}
 */
export const BUILT_IN = {
    light: { accent: "#a3160d", background: "#fffdfa", text: "#1c1b19", link: "#1f4e79" },
    dark: { accent: "#ff8b7e", background: "#161514", text: "#ece8e1", link: "#9cc6f0" },
};
