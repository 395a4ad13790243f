// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The address in place of an embed code, which the server refuses.

/** As the server's refusal says it (`RenderedBody.swift`). */
const REFUSAL_PATTERN = /^must not be an embed code.*?: (https:\/\/\S+)/;
const CODE_PATTERN = /<(iframe|blockquote|div|object)\b[^]*?<\/\1>(?:\s*<script\b[^]*?<\/script>)?/i;

/**
 * Returns the address that the server names in its refusal of an embed code.
 * @param {Failure} failure
 * @returns {string|null} Null if it is another refusal, or the code has no address.
 */
export function refusedAddress(failure) {
    const found = (failure.errors ?? []).map(({ detail }) => REFUSAL_PATTERN.exec(detail)?.[1]);
    return found.find(Boolean) ?? null;
}

/**
 * Returns the edit that puts an address on a line of its own in place of an embed code.
 * @param {string} text
 * @param {string} address
 * @returns {import("./markdown-edit.js").TextEdit|null} Null if no code is found.
 */
export function addressEdit(text, address) {
    const isAll = /^\s*<[^]*>\s*$/.test(text);
    const found = isAll ? null : CODE_PATTERN.exec(text);
    if (!isAll && !found) return null;
    const before = found ? text.slice(0, found.index).trimEnd() : "";
    const after = found ? text.slice(found.index + found[0].length).trimStart() : "";
    const put = `${before && "\n\n"}${address}${after && "\n\n"}`;
    const start = before.length;
    const place = start + put.length;
    return { start, end: text.length - after.length, text: put, from: place, to: place };
}
