// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The fields of the site's appearance.
import { phrase } from "./phrases.js";

/** @type {Field[]} */
const PALETTE = [
    { name: "accent", label: phrase("site.accent"), kind: "color" },
    { name: "background", label: phrase("site.background"), kind: "color" },
    { name: "text", label: phrase("text"), kind: "color" },
    { name: "link", label: phrase("linksPart"), kind: "color" },
];

/** @type {[string, string][]} */
const FONTS = [
    ["", phrase("asUsual")], ["serif", phrase("font.serif")], ["sans", phrase("font.sans")],
    ["humanist", phrase("font.humanist")],
    ["geometric", phrase("font.geometric")], ["slab", phrase("font.slab")], ["mono", phrase("font.mono")],
];

/** @type {Field[]} */
const LINK_MEMBERS = [
    { name: "label", label: phrase("site.words"), kind: "line", required: true },
    { name: "url", label: phrase("address"), kind: "url", required: true },
];

/**
 * The members of the settings of the site that the desk edits.
 * @type {Field[]}
 */
export const SITE_FIELDS = [
    { name: "name", label: phrase("name"), kind: "line", hint: phrase("site.nameHint") },
    { name: "logo", label: phrase("site.logo"), kind: "group",
        members: [
            { name: "light", label: phrase("site.onLight"), kind: "file", isNeverNull: true,
                hint: phrase("site.logoHint") },
            { name: "dark", label: phrase("site.onDark"), kind: "file", hint: phrase("site.darkHint") },
            { name: "width", label: phrase("width"), kind: "number", hint: phrase("site.pixelsHint") },
            { name: "height", label: phrase("height"), kind: "number", hint: phrase("site.pixelsHint") },
        ] },
    { name: "icon", label: phrase("site.icon"), kind: "group",
        members: [
            { name: "url", label: phrase("picture"), kind: "file", isNeverNull: true, hint: phrase("site.iconHint") },
        ] },
    { name: "defaultImage", label: phrase("site.image"), kind: "group",
        members: [
            { name: "url", label: phrase("picture"), kind: "file", isNeverNull: true,
                hint: phrase("site.imageHint") },
            { name: "alt", label: phrase("whatItShows"), kind: "line" },
        ] },
    { name: "colors", label: phrase("colours"), kind: "group",
        members: [
            { name: "light", label: phrase("site.onLight"), kind: "group", members: PALETTE },
            { name: "dark", label: phrase("site.onDark"), kind: "group", members: PALETTE },
        ] },
    { name: "fonts", label: phrase("site.fonts"), kind: "group",
        members: [
            { name: "heading", label: phrase("site.headlines"), kind: "choice", options: FONTS },
            { name: "body", label: phrase("site.texts"), kind: "choice", options: FONTS },
            { name: "interface", label: phrase("site.interface"), kind: "choice", options: FONTS },
        ] },
    { name: "radius", label: phrase("site.radius"), kind: "number", hint: phrase("site.radiusHint") },
    { name: "density", label: phrase("site.density"), kind: "choice",
        options: [
            ["", phrase("asUsual")], ["compact", phrase("site.compact")], ["spacious", phrase("site.spacious")],
        ] },
    { name: "navigation", label: phrase("site.navigation"), kind: "rows", one: phrase("link"),
        adding: phrase("addLink"), movable: true, members: LINK_MEMBERS },
    { name: "footer", label: phrase("site.footer"), kind: "rows", one: phrase("link"), adding: phrase("addLink"),
        movable: true, members: LINK_MEMBERS },
    { name: "imprint", label: phrase("site.imprint"), kind: "line", hint: phrase("site.imprintHint") },
    { name: "css", label: phrase("site.css"), kind: "text", rows: 6, hint: phrase("site.cssHint") },
    { name: "slots", label: phrase("site.slots"), kind: "rows", one: phrase("site.script"), adding: phrase("addScript"),
        members: [
            { name: "name", label: phrase("site.slotName"), kind: "line", required: true },
            { name: "purpose", label: phrase("site.purpose"), kind: "choice",
                options: [["analytics", phrase("site.analytics")], ["advertising", phrase("site.advertising")]] },
            { name: "script", label: phrase("address"), kind: "url", required: true },
        ] },
    { name: "language", label: phrase("language"), kind: "line", hint: phrase("site.languageHint") },
    { name: "timeZone", label: phrase("timeZone"), kind: "line", hint: phrase("site.timeZoneHint") },
];

/**
 * What stands while a colour is not given, by scheme.
 * @type {Record<string, Record<string, string>>}
 */
export const BUILT_IN = {
    light: { accent: "#a3160d", background: "#fffdfa", text: "#1c1b19", link: "#1f4e79" },
    dark: { accent: "#ff8b7e", background: "#161514", text: "#ece8e1", link: "#9cc6f0" },
};
