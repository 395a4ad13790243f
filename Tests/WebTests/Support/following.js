// SPDX-License-Identifier: Apache-2.0
import { Feed } from "./client.js";
import { Follower } from "./client.js";
import { FakeStream, FakeWorld, json } from "./world.js";

const at = minute => `2026-11-23T20:${String(minute).padStart(2, "0")}:00.000Z`;
/** A change that publishes an update. */
export const put = (id, seq) =>
    ({ op: "put", seq, update: { id, seq, publishedAt: at(seq % 60), pinned: false, keyEvent: false } });

/** An empty delta, with these members replaced. */
export const delta = (members = {}) =>
    ({ status: "live", changes: [], cursor: "e-1", more: false, pollAfter: 10, ...members });

/** A snapshot of a story without updates, with these members replaced. */
export const snapshot = (members = {}) =>
    ({ story: { seq: 1 }, pinned: [], updates: [], cursor: "e-1", older: null, pollAfter: 10, ...members });

/** Counts of reactions. */
export const counts = { story: { veryGood: 1 }, updates: {} };

/**
 * A follower in its own fake world. `answers` overrides responses by kind of request, with functions of the request,
 * the number of earlier requests of its kind, and the defaults.
 */
export function make(answers = {}, options = {}) {
    const seen = { states: [], changes: [], reactions: [], restarts: 0, streams: [] };
    const usual = {
        updates: () => json(delta()),
        stream: request => {
            seen.streams.push(new FakeStream(request));
            return seen.streams.at(-1).response;
        },
        reactions: () => json(counts),
        links: () => json({ related: [] }),
        snapshot: () => json(snapshot()),
    };
    const world = new FakeWorld(request =>
        (answers[request.kind] ?? usual[request.kind])(request, world.count(request.kind) - 1, usual));
    const follower = new Follower({
        base: "https://live.example/", story: "storm", feed: Feed.of(snapshot()), environment: world,
        onChange: changes => seen.changes.push(...changes),
        onReactions: reactions => seen.reactions.push(reactions),
        onRestart: () => (seen.restarts += 1),
        onState: state => seen.states.push(state),
        ...options,
    });
    return { world, seen, follower, async start() { follower.start(); await world.settle(); } };
}

/** A response that never arrives. */
export const never = () => new Promise(() => {});

/** The server's problem document for an unknown story. */
export const notFound = () =>
    json({ type: "/problems/not-found" }, 404, { "Content-Type": "application/problem+json" });

/** A network failure. */
export const fails = () => { throw new TypeError("network error"); };
