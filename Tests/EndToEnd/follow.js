// SPDX-License-Identifier: Apache-2.0
// Follows a story of a server on another origin, and holds what a reader would see.
// follow.html?base=http://127.0.0.1:8080&story=marathon-day&by=stream|poll
"use strict";

const wishes = new URLSearchParams(location.search);
const base = wishes.get("base");
const feed = `/stories/${wishes.get("story")}`;
const follow = { stream: followByStream, poll: followByPolls }[wishes.get("by")];

let updates = new Map();
let story = null;
let links = null;
let done = false;
// What happened on the way, for the report: how often a snapshot was taken, a stream opened or lost, and so on.
const counts = { snapshots: 0, opened: 0, reconnects: 0, changes: 0, reactions: 0, expired: 0, failures: 0 };
// When the change of each number came, in milliseconds since 1970.
const arrivals = {};

async function read(path) {
    const answer = await fetch(base + path, { signal: AbortSignal.timeout(20000) });
    if (!answer.ok) throw Object.assign(new Error(path), { status: answer.status });
    return answer.json();
}

// Gives the cursor where to follow on.
async function takeSnapshot() {
    const first = await read(`${feed}/updates?limit=20`);
    const found = new Map();
    for (let page = first; page; page = page.older && await read(page.older)) {
        for (const update of page.updates) found.set(update.id, update);
    }
    // The lists have an address of their own, and so a cache on the way, this browser's included, may hold older ones
    // than the cursor is of. What the server ignores but caches do not, makes them as new as the cursor at least.
    links = await read(`${feed}/links?since=${first.cursor}`);
    updates = found;
    story = first.story;
    counts.snapshots += 1;
    return first.cursor;
}

const apply = {
    put: change => updates.set(change.update.id, change.update),
    remove: change => updates.delete(change.id),
    story: change => { story = change.story; },
    links: change => { links = change.links; },
};

function take(change) {
    apply[change.op](change);
    arrivals[change.seq] = Date.now();
    counts.changes += 1;
}

function followByStream(cursor) {
    return new Promise(resolve => {
        const source = new EventSource(`${base}${feed}/stream?cursor=${cursor}`);
        source.onopen = () => { counts.opened += 1; };
        source.addEventListener("reactions", () => { counts.reactions += 1; });
        for (const op of Object.keys(apply)) {
            source.addEventListener(op, event => take(JSON.parse(event.data)));
        }
        source.onerror = () => {
            // The browser comes back by itself from all but an answer that is no stream, such as 204 and 410.
            if (source.readyState === EventSource.CLOSED) resolve();
            else counts.reconnects += 1;
        };
    });
}

async function followByPolls(cursor) {
    for (;;) {
        const delta = await poll(cursor);
        if (!delta) continue;
        counts.opened += 1;
        delta.changes.forEach(take);
        cursor = delta.cursor;
        if (delta.status === "closed" && !delta.more) return;
    }
}

// Nothing, after a moment, where the server was only away: then the cursor is still good.
async function poll(cursor) {
    try {
        return await read(`${feed}/updates?cursor=${cursor}&wait=5`);
    } catch (error) {
        if (error.status === 410) throw error;
        counts.reconnects += 1;
        await pause();
        return null;
    }
}

async function main() {
    while (!done) {
        try {
            await follow(await takeSnapshot());
            done = story.status === "closed";
        } catch (error) {
            if (error.status === 410) counts.expired += 1;
            else counts.failures += 1;
        }
        await pause();
    }
}

function pause() {
    return new Promise(resolve => setTimeout(resolve, 200));
}

// What the check reads: the list as a page would show it.
function view() {
    const list = [...updates.values()].sort((a, b) =>
        a.publishedAt !== b.publishedAt ? (a.publishedAt < b.publishedAt ? 1 : -1) : (a.id < b.id ? 1 : -1));
    return { updates: list, story, links, done, counts };
}

main();
