// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Conversion between the raw input of form fields (*typed*) and API values (*value*). Drafts store the raw input, so
// that incomplete input, such as half a URL, survives a crash too.
import { exactTime, instantOf, localText } from "./local-times.js";
import { phrase } from "./phrases.js";

/**
 * One field of a form.
 * @typedef {{name: string, label: string, kind: string, required?: boolean, isNeverNull?: boolean, hint?: string,
 *   separator?: string, options?: [string, string][], members?: Field[], one?: string, adding?: string,
 *   movable?: boolean, most?: number, rows?: number, isMarkdown?: boolean}} Field
 * Kinds: `line`, `text`, `url`, `number`, `time`, `color`, `choice` and `flag`; `lines` is a list, an item a line;
 * `words` is a list with a `separator` between items; `group` is an object and `rows` a list of objects, of `members`.
 * `media` is a list and `picture` one object whose pictures can be uploaded; of their members, `alt` is an alternative
 * text, and `point` the point of a picture that a crop must keep. `kinds` are kinds of reaction, separated by spaces:
 * empty is null, for those of the server, and `none` the empty list.
 * `file` is the address of a picture that can be uploaded.
 */

/** @type {Field[]} */
const PICTURE_MEMBERS = [
    { name: "focus", label: phrase("focusPoint"), kind: "point" },
    { name: "url", label: phrase("address"), kind: "url", required: true },
    { name: "alt", label: phrase("whatItShows"), kind: "alt", hint: phrase("altHint") },
    { name: "caption", label: phrase("caption"), kind: "line" },
    { name: "credit", label: phrase("credit"), kind: "line" },
    { name: "width", label: phrase("width"), kind: "number", hint: phrase("pixels") },
    { name: "height", label: phrase("height"), kind: "number", hint: phrase("pixels") },
];

/** @type {Field[]} */
const MEDIA_MEMBERS = [
    { name: "type", label: phrase("kind"), kind: "choice",
        options: [
            ["image", phrase("image")], ["video", phrase("video")], ["audio", phrase("audio")],
            ["link", phrase("link")],
        ] },
    ...PICTURE_MEMBERS,
];

/**
 * The editable members of an update.
 * @type {Field[]}
 */
export const UPDATE_FIELDS = [
    { name: "title", label: phrase("title"), kind: "line" },
    { name: "body", label: phrase("text"), kind: "text", isMarkdown: true, required: true,
        hint: phrase("markdownHint"), rows: 7 },
    { name: "pinned", label: phrase("pinned"), kind: "flag" },
    { name: "keyEvent", label: phrase("keyEvent"), kind: "flag" },
    { name: "notify", label: phrase("notifyFollowers"), kind: "flag" },
    { name: "author", label: phrase("author"), kind: "line" },
    { name: "tags", label: phrase("tags"), kind: "words", separator: ",", hint: phrase("separatedByCommas") },
    { name: "occurredAt", label: phrase("happenedAt"), kind: "time" },
    { name: "language", label: phrase("language"), kind: "line", hint: phrase("updateLanguageHint") },
    { name: "sources", label: phrase("sourcesField"), kind: "rows", one: phrase("source"), adding: phrase("addSource"),
        members: [
            { name: "name", label: phrase("name"), kind: "line", required: true },
            { name: "url", label: phrase("address"), kind: "url" },
        ] },
    { name: "media", label: phrase("media"), kind: "media", one: phrase("medium"), movable: true, most: 20,
        members: MEDIA_MEMBERS },
];

/**
 * The editable members of a story.
 * @type {Field[]}
 */
export const STORY_FIELDS = [
    { name: "title", label: phrase("title"), kind: "line", required: true },
    { name: "summary", label: phrase("standfirst"), kind: "text", rows: 3 },
    { name: "keyPoints", label: phrase("keyPointsOfDesk"), kind: "lines", hint: phrase("oneALine"), rows: 4 },
    { name: "status", label: phrase("status"), kind: "choice",
        options: [["draft", phrase("draftOnlyDesk")], ["live", phrase("live")], ["closed", phrase("closed")]] },
    { name: "image", label: phrase("picture"), kind: "picture", one: phrase("picture"), most: 1,
        members: PICTURE_MEMBERS },
    { name: "byline", label: phrase("bylineField"), kind: "line" },
    { name: "section", label: phrase("sectionField"), kind: "words", separator: ">", hint: phrase("sectionHint") },
    { name: "tags", label: phrase("tags"), kind: "words", separator: ",", hint: phrase("separatedByCommas") },
    { name: "slug", label: phrase("slug"), kind: "line", hint: phrase("slugHint") },
    { name: "source", label: phrase("firstPublishedBy"), kind: "group",
        members: [
            { name: "name", label: phrase("name"), kind: "line", isNeverNull: true },
            { name: "url", label: phrase("address"), kind: "url" },
            { name: "date", label: phrase("date"), kind: "time" },
        ] },
    { name: "coverageStart", label: phrase("coverageBegins"), kind: "time" },
    { name: "coverageEnd", label: phrase("coverageEnds"), kind: "time" },
    { name: "ending", label: phrase("howItEnded"), kind: "line", hint: phrase("endingFieldHint") },
    { name: "reactionKinds", label: phrase("reactions"), kind: "kinds",
        hint: phrase("reactionsHint") },
    { name: "language", label: phrase("language"), kind: "line", hint: phrase("storyLanguageHint") },
    { name: "timeZone", label: phrase("timeZone"), kind: "line",
        hint: phrase("storyTimeZoneHint") },
    { name: "theme", label: phrase("look"), kind: "choice",
        options: [
            ["none", phrase("look.site")], ["sober", phrase("look.sober")], ["sport", phrase("look.sport")],
            ["election", phrase("look.election")],
        ] },
];

/**
 * Returns the fields of an entry in a link list.
 * @param {{id: string, title: string}[]} stories The stories to choose from.
 * @returns {Field[]}
 */
export function linkFields(stories) {
    return [
        { name: "title", label: phrase("title"), kind: "line", required: true },
        { name: "url", label: phrase("address"), kind: "url" },
        { name: "story", label: phrase("orStoryHere"), kind: "choice",
            options: [["", "–"], ...stories.map(optionFor)] },
        { name: "image", label: phrase("imageAddress"), kind: "url" },
    ];
}

/**
 * Converts an API value to the input of a field.
 * @param {Field} field
 * @param {*} value As in the API; null and undefined are an empty field.
 * @returns {*} A string; a boolean for `flag`; an object of these for `group`, a list of such objects for `rows` and
 *   `media`, one or null for `picture`; `{text, isDecorative}` for `alt`, `{x, y}` or null for `point`.
 */
export function typedOf(field, value) {
    switch (field.kind) {
    case "flag": return Boolean(value);
    case "time": return localText(value);
    case "choice": return value ?? firstOption(field);
    case "lines": return (value ?? []).join("\n");
    case "words": return wordsText(listOf(value), separatorOf(field));
    case "group": return typedMembers(membersOf(field), value ?? {});
    case "rows":
    case "media": return listOf(value).map(row => typedMembers(membersOf(field), row));
    case "picture": return value ? typedMembers(membersOf(field), value) : null;
    // As in HTML, an empty alternative text is that of a decorative picture.
    case "alt": return { text: value ?? "", isDecorative: value === "" };
    case "point": return value ? { x: value.x, y: value.y } : null;
    case "kinds": return value && (value.join(" ") || "none") || "";
    // The line ends of a `<textarea>`.
    case "text": return (value ?? "").replace(/\r\n?/g, "\n");
    default: return value === null || value === undefined ? "" : String(value);
    }
}

/**
 * Converts the input of a field to an API value. Invalid input is passed on as it is, for the server to reject.
 * @param {Field} field
 * @param {*} typed As returned by `typedOf`.
 * @returns {*} A value for the API.
 */
export function valueFrom(field, typed) {
    switch (field.kind) {
    case "flag": return typed;
    case "time": return instantOf(typed);
    case "choice": return typed || null;
    case "lines": return trimmedItems(typed.split("\n"));
    case "words":
        return field.name === "tags" ? keptTags(itemsOf(typed, separatorOf(field)))
            : itemsOf(typed, separatorOf(field));
    case "group": return isBlankRow(membersOf(field), typed) ? null : valuesFrom(membersOf(field), typed);
    case "rows":
    case "media":
        return listOf(typed).filter(row => isSentRow(membersOf(field), row))
            .map(row => valuesFrom(membersOf(field), row));
    case "picture":
        return typed && isSentRow(membersOf(field), typed) ? valuesFrom(membersOf(field), typed) : null;
    case "alt": return typed.isDecorative ? "" : typed.text.trim() || null;
    case "point": return typed;
    case "kinds": return typed.trim() === "none" ? [] : typed.match(/\S+/g);
    case "text": return typed.trim() || field.required ? typed : null;
    case "number": return /^\d{1,9}$/.test(typed.trim()) ? Number(typed.trim()) : typed.trim() || null;
    default: return typed.trim() || (field.required || field.isNeverNull ? "" : null);
    }
}

/**
 * Converts the members of an API object to the input of a form.
 * @param {Field[]} fields
 * @param {Thing} thing
 * @returns {Typed} By name.
 */
export function typedMembers(fields, thing) {
    return Object.fromEntries(fields.map(field => [field.name, typedOf(field, thing[field.name])]));
}

/**
 * Converts the input of a form to API values.
 * @param {Field[]} fields
 * @param {Typed} typed By name.
 * @returns {Thing}
 */
export function valuesFrom(fields, typed) {
    return Object.fromEntries(fields.map(field => [field.name, valueFrom(field, typed[field.name])]));
}

/**
 * Returns a merge patch (RFC 7396) of the fields that differ from the base state.
 * @param {Field[]} fields
 * @param {Thing} base The object that the form was filled from.
 * @param {Typed} typed By name.
 * @returns {Thing} Empty if nothing was changed.
 */
export function patchOf(fields, base, typed) {
    const changed = fields.filter(field => !isSame(typed[field.name], typedOf(field, base[field.name])));
    return valuesFrom(changed, typed);
}

/**
 * Returns whether two inputs, or two values, are deeply equal.
 * @returns {boolean}
 * @param {unknown} one
 * @param {unknown} other
 */
export function isSame(one, other) {
    return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * Returns whether a row has no input. A choice counts as input unless it is the first option.
 * @param {Field[]} members
 * @param {Typed} row
 * @returns {boolean}
 */
export function isBlankRow(members, row) {
    return members.every(member => isBlankInput(member, row[member.name]));
}

/** @param {Field} field @param {any} typed */
function isBlankInput(field, typed) {
    if (field.kind === "choice") return typed === firstOption(field);
    if (field.kind === "group") return isBlankRow(membersOf(field), typed);
    if (field.kind === "alt") return !typed || !typed.isDecorative && !typed.text.trim();
    return !String(typed ?? "").trim();
}

/**
 * Returns whether a row of a list is sent: not if it has no input, nor while its picture is not uploaded.
 * @param {Field[]} members
 * @param {Typed} row `upload` names the file that is not uploaded yet.
 * @returns {boolean}
 */
export function isSentRow(members, row) {
    return !row.upload && !isBlankRow(members, row);
}

/**
 * Formats a value for display in a diff.
 * @param {Field} field
 * @param {*} value As in the API.
 * @returns {string} Empty if there is none.
 */
export function valueLabel(field, value) {
    switch (field.kind) {
    case "flag": return value ? phrase("yes") : phrase("no");
    case "time": return exactTime(value);
    case "choice": return field.options?.find(option => option[0] === (value ?? ""))?.[1] ?? String(value);
    case "lines": return (value ?? []).join("\n");
    case "group":
    case "picture": return value ? rowLabel(membersOf(field), value) : "";
    case "alt": return value === "" ? phrase("decorativeValue") : value ?? "";
    case "point": return value ? phrase("focusValue", { x: value.x, y: value.y }) : "";
    case "rows":
    case "media": return listOf(value).map(row => rowLabel(membersOf(field), row)).join("\n");
    default: return typedOf(field, value);
    }
}

/**
 * Formats two values to be compared. Uploaded pictures are named by their texts, unless only the rest differs.
 * @param {Field} field
 * @param {*} one As in the API.
 * @param {*} other
 * @returns {[string, string]}
 */
export function comparedLabels(field, one, other) {
    const [first, second] = [one, other].map(value => valueLabel(field, withoutFiles(field, value)));
    return first === second ? [valueLabel(field, one), valueLabel(field, other)] : [first, second];
}

/** @param {Field} field @param {*} value */
function withoutFiles({ kind }, value) {
    if (kind === "media") return listOf(value).map(withoutFile);
    return kind === "picture" && value ? withoutFile(value) : value;
}

// The address of an uploaded picture says nothing to people.
/** @param {Thing} picture */
function withoutFile(picture) {
    const isNamed = picture.url?.startsWith("/media/") && (picture.alt || picture.caption);
    return isNamed ? { ...picture, url: null, width: null, height: null } : picture;
}

/** @param {Field[]} members @param {Typed} row */
function rowLabel(members, row) {
    return members.map(member => row[member.name] === null || row[member.name] === undefined ? ""
        : valueLabel(member, row[member.name])).filter(Boolean).join(" · ");
}

/** @param {string[]} items @param {string} separator */
function wordsText(items, separator) {
    return items.map(item => escapedItem(item, separator)).join(spaced(separator));
}

// Escapes separators within an item with a backslash, so that an existing item is not split.
/** @param {string} item @param {string} separator */
function escapedItem(item, separator) {
    return item.replaceAll("\\", "\\\\").replaceAll(separator, `\\${separator}`);
}

/** @param {string} text @param {string} separator */
function itemsOf(text, separator) {
    const items = [""];
    for (let index = 0; index < text.length; index += 1) {
        const [character, next] = [text[index], text[index + 1]];
        if (character === "\\" && (next === separator || next === "\\")) {
            items[items.length - 1] += next;
            index += 1;
        } else if (character === separator) {
            items.push("");
        } else {
            items[items.length - 1] += character;
        }
    }
    return trimmedItems(items);
}

// Normalizes tags like the server: NFC, single spaces, duplicates removed case-insensitively.
/** @param {string[]} tags */
function keptTags(tags) {
    const kept = new Map();
    for (const tag of tags.map(item => item.normalize("NFC").replace(/\p{White_Space}+/gu, " "))) {
        const key = tag.toLowerCase();
        if (!kept.has(key)) kept.set(key, tag);
    }
    return [...kept.values()];
}

/** @param {string} separator */
function spaced(separator) {
    return separator === "," ? ", " : ` ${separator} `;
}

/** @param {string[]} items */
function trimmedItems(items) {
    return items.map(item => item.trim()).filter(Boolean);
}

/**
 * @param {unknown} value
 * @returns {any[]}
 */
function listOf(value) {
    return Array.isArray(value) ? value : [];
}

/**
 * The members of a `group` or of `rows`.
 * @param {Field} field
 */
export function membersOf(field) {
    return field.members ?? [];
}

/**
 * @param {{id: string, title: string}} story
 * @returns {[string, string]}
 */
function optionFor({ id, title }) {
    return [id, title];
}

/** @param {Field} field */
function firstOption(field) {
    return field.options?.[0]?.[0] ?? "";
}

/** @param {Field} field */
function separatorOf(field) {
    return field.separator ?? ",";
}
