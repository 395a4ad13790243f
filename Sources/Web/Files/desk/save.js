// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Saving a change of something that others may change as well.
import { Refusal } from "./api.js";
import { isDone } from "./merge.js";
import { patchOf } from "./values.js";

/**
 * Saves what a form says otherwise than the thing it was filled from. Where somebody else was faster, `resolve`
 * decides, and it is sent again.
 * @param {Begun & {
 *   fields: Field[],
 *   send: (patch: Thing, match: string|null) => Promise<Pick<Answer, "value"|"tag">>,
 *   resolve: (base: Thing, mine: Thing, theirs: Thing) => Promise<{typed: Typed, isFinal: boolean}|null>,
 *   extra?: Thing,
 * }} options `extra` are members that are no fields, such as `state`. `resolve` gives null to leave everything as it
 *   is; not `isFinal` means that the editor wants to go on writing.
 * @returns {Promise<Saved>} `same`: there was nothing to save. `open`: nothing was saved, and the form goes on from
 *   `base`.
 * @throws {Refusal} As of `send`.
 */
export async function saveChange({ send, fields, base, tag, typed, extra = {}, resolve }) {
    for (;;) {
        const patch = { ...patchOf(fields, base, typed), ...extra };
        if (!Object.keys(patch).length) return { state: "same", base, tag, typed };
        try {
            const answer = await send(patch, tag);
            return { state: "saved", base: answer.value, tag: answer.tag, typed };
        } catch (failure) {
            const theirs = failure instanceof Refusal && failure.status === 412 ? failure.current : null;
            if (!theirs) throw failure;
            // An answer of ours was lost.
            if (isDone(theirs, patch)) return { state: "saved", base: theirs, tag: failure.tag, typed };
            const decision = await resolve(base, { ...base, ...patch }, theirs);
            if (!decision) return { state: "open", base, tag, typed };
            [base, tag, typed] = [theirs, failure.tag, decision.typed];
            if (!decision.isFinal) return { state: "open", base, tag, typed };
        }
    }
}
