// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Saving an edit with optimistic locking.
import { Refusal } from "./api.js";
import { isDone } from "./merge.js";
import { patchOf } from "./values.js";

/**
 * Whether a patch may be sent again after a lost response. One of nothing but the tick must not: as it leaves the
 * entity tag of what is published as it was, it would notify followers twice.
 * @param {Thing} patch
 * @param {UpdateState} state The update's.
 */
export function isRepeatable(patch, state) {
    return state !== "published" || Object.keys(patch).some(name => name !== "notify");
}

/**
 * Saves the difference between a form and its base as a merge patch. After a 412 `resolve` merges, and the result is
 * sent again.
 * @param {Begun & {
 *   fields: Field[],
 *   send: (patch: Thing, match: string|null) => Promise<Pick<Answer, "value"|"tag">>,
 *   resolve: (base: Thing, mine: Thing, theirs: Thing) => Promise<{typed: Typed, isFinal: boolean}|null>,
 *   extra?: Thing,
 * }} options `extra`: members that are not fields, such as `state`. `resolve` returns null to cancel; without `isFinal`
 *   the editor continues editing the result.
 * @returns {Promise<Saved>} `same`: there was nothing to save. `open`: nothing was saved, and editing continues from
 *   `base`. `saved`: `before` is what was there before it.
 * @throws {Refusal} From `send`.
 */
export async function saveChange({ send, fields, base, tag, typed, extra = {}, resolve }) {
    for (;;) {
        const patch = { ...patchOf(fields, base, typed), ...extra };
        if (!Object.keys(patch).length) return { state: "same", base, tag, typed };
        try {
            const answer = await send(patch, tag);
            return { state: "saved", base: answer.value, tag: answer.tag, typed, before: base };
        } catch (failure) {
            const theirs = failure instanceof Refusal && failure.status === 412 ? failure.current : null;
            if (!theirs) throw failure;
            // An earlier attempt succeeded and its response was lost.
            if (isDone(theirs, patch)) return { state: "saved", base: theirs, tag: failure.tag, typed, before: base };
            const decision = await resolve(base, { ...base, ...patch }, theirs);
            if (!decision) return { state: "open", base, tag, typed };
            [base, tag, typed] = [theirs, failure.tag, decision.typed];
            if (!decision.isFinal) return { state: "open", base, tag, typed };
        }
    }
}
