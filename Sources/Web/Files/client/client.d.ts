// SPDX-License-Identifier: Apache-2.0
// Types of Wireroom's client (`/client.js`), and of the API's JSON that it passes on.

/** An instant, RFC 3339 in UTC. */
export type Time = string;
export type StoryStatus = "draft" | "live" | "closed";
/** Counts of reactions, by kind. */
export type ReactionCounts = Record<string, number>;

export interface StorySource {
    name: string;
    url: string | null;
    date: Time | null;
}

/** A picture. If `url` begins with `/media/`, the server has it in several widths: see its README. */
export interface StoryImage {
    /** An absolute URL, or a path of the server. */
    url: string;
    alt: string | null;
    caption: string | null;
    credit: string | null;
    /** In pixels; not null for pictures of the server. */
    width: number | null;
    height: number | null;
    /** The point that a crop must keep, in percent of width and height; null: the centre. */
    focus: { x: number; y: number } | null;
    /** The mean colour, `#rrggbb`, to be shown until the picture is loaded; null for pictures elsewhere. */
    color: string | null;
    /** Whether the picture moves: then only the file at `url` does, not the smaller ones. Null for pictures elsewhere. */
    animated: boolean | null;
}

export interface Story {
    id: string;
    slug: string;
    title: string;
    summary: string | null;
    section: string[];
    byline: string | null;
    keyPoints: string[];
    tags: string[];
    status: StoryStatus;
    source: StorySource | null;
    image: StoryImage | null;
    coverageStart: Time | null;
    coverageEnd: Time | null;
    /** How it ended: shown while the story is closed. */
    ending: string | null;
    /** The kinds of reaction that readers can give; null: all of the server's. */
    reactionKinds: string[] | null;
    /** The language of its text (BCP 47), if it is known. */
    language: string | null;
    /** The time zone by which its times are shown (IANA); null: the reader's. */
    timeZone: string | null;
    theme: "none" | "sober" | "sport" | "election";
    publishedAt: Time | null;
    createdAt: Time;
    modifiedAt: Time;
    /** When it was closed; null unless it is. */
    closedAt: Time | null;
    seq: number;
    updateCount: number;
}

export interface UpdateSource {
    name: string;
    url: string | null;
}

/** `focus`, `color` and `animated` are only of images. */
export interface Media extends StoryImage {
    type: "image" | "video" | "audio" | "link";
}

export interface Retraction {
    reason: string;
    at: Time;
}

/** An update as published to readers. */
export interface Update {
    id: string;
    /** The sequence number of its last change. */
    seq: number;
    title: string | null;
    /** Markdown. */
    body: string;
    /** HTML, rendered and sanitized by the server. */
    bodyHtml: string;
    author: string | null;
    sources: UpdateSource[];
    media: Media[];
    tags: string[];
    pinned: boolean;
    keyEvent: boolean;
    occurredAt: Time | null;
    /** The language of its text (BCP 47), where it differs from the story's. */
    language: string | null;
    /** Cards of the addresses that stand alone in the body, or are links in `media`. */
    cards: Card[];
    stricken: Retraction | null;
    edited: boolean;
    publishedAt: Time;
    createdAt: Time;
    modifiedAt: Time;
}

/** What an address leads to. The texts are text, not HTML. */
export interface Card {
    url: string;
    kind: "link" | "post" | "video" | "audio" | "map" | "chart";
    provider: string | null;
    title: string | null;
    description: string | null;
    author: string | null;
    /** The path of a picture on the server, and its size in pixels. */
    thumbnail: string | null;
    thumbnailWidth: number | null;
    thumbnailHeight: number | null;
    /** Content of a third party, to be shown with consent. `size`: an aspect ratio (16/9) or a height (152px). */
    frame: { url: string; size: string } | null;
}

export interface Link {
    title: string;
    url: string | null;
    story: string | null;
    image: string | null;
}

export interface LinkLists {
    related: Link[];
    ranking: Link[];
    recommendation: Link[];
}

export type Change =
    | { op: "put"; seq: number; update: Update }
    | { op: "remove"; seq: number; id: string; reason?: "deleted" | "unpublished" | "moved" | "takedown" | "left" }
    | { op: "story"; seq: number; story: Story }
    | { op: "links"; seq: number; links: LinkLists };

/** `GET /stories/{story}/updates`. */
export interface Snapshot {
    story: Story;
    pinned: Update[];
    updates: Update[];
    cursor: string;
    older: string | null;
    pollAfter: number;
}

/** `GET /stories/{story}/updates?before=`. */
export type Page = Pick<Snapshot, "updates" | "older">;

/** `GET /stories/{story}/updates?cursor=`. */
export interface Delta {
    status: StoryStatus;
    changes: Change[];
    cursor: string;
    more: boolean;
    pollAfter: number;
}

/** `GET /stories/{story}/updates?cursor=&wait=&tick=`. */
export interface SharedDelta extends Delta {
    /** The cursor asked with. */
    after: string;
    /** To be sent with the next poll; higher than the one asked with. */
    tick: number;
}

/** `GET /stories/{story}/reactions`. */
export interface Reactions {
    story: ReactionCounts;
    updates: Record<string, ReactionCounts>;
}

/** A `reactions` event of the stream; `all`: it has all counts. */
export interface ReactionsEvent extends Reactions {
    all?: boolean;
}

/** The sort key of an update in the list. */
export type Place = Pick<Update, "id" | "publishedAt">;

/** The initial state of a feed: a snapshot, and what else is known. */
export interface FeedStart {
    /** If missing, `Feed.story` is null until a change provides it. */
    story?: Story | null;
    links?: LinkLists | null;
    cursor: string;
    older?: string | null;
    pinned?: Update[];
    updates?: Update[];
    keyEvents?: Update[];
    order?: "newest" | "oldest";
}

/** A reader's copy of one story. */
export declare class Feed {
    static of(snapshot: FeedStart): Feed;
    constructor(snapshot: FeedStart);
    story: Story;
    /** Null if not requested. */
    links: LinkLists | null;
    /** Where the next delta or stream continues; opaque. */
    cursor: string;
    /** The URL of the next page; null when everything is loaded. */
    older: string | null;
    /** The sort key of the last update of the pages loaded. */
    floor: Place | null;
    /** The order of `updates`. */
    order: "newest" | "oldest";
    /** The updates to show, in order. */
    get updates(): Update[];
    get pinned(): Update[];
    get keyEvents(): Update[];
    start(snapshot: FeedStart): void;
    apply(change: Change): void;
    applyDelta(delta: Pick<Delta, "changes" | "cursor">): void;
    /** Returns false if `address` is not `older` any more. */
    addPage(page: Page, address?: string | null): boolean;
    learn(updates: Update[]): void;
    get(id: string): Update | undefined;
}

/** No state is final: each may change to any other. */
export type FollowerState = "live" | "polling" | "reconnecting" | "offline" | "closed" | "gone";

export interface FollowerOptions {
    /** The server's origin; defaults to this page's. */
    base?: string;
    /** Slug or id. */
    story: string;
    /** An existing feed to continue; else a snapshot is read. */
    feed?: Feed | null;
    filter?: { only?: string | null; tag?: string | null; author?: string | null };
    /** Which end of the story comes first: by default the newest. */
    order?: "newest" | "oldest";
    /** Updates per page. */
    limit?: number | string;
    /** Whether to read links with each snapshot. */
    links?: boolean;
    /**
     * How changes are received while the page is visible: by a stream, which is the default, or by long polls that
     * HTTP caches in front of the server share among readers.
     */
    transport?: "stream" | "poll";
    /** Replaces functions of the browser, for tests. */
    environment?: Partial<Environment>;
    onChange?(changes: Change[], feed: Feed): unknown;
    onRestart?(feed: Feed): unknown;
    onReactions?(counts: Reactions): unknown;
    onState?(state: FollowerState): unknown;
    /** Receives the server's time, in milliseconds since 1970. */
    onDate?(milliseconds: number): unknown;
}

/** The functions of a browser that a follower uses. */
export interface Environment {
    fetch(input: string, init?: RequestInit): Promise<Response>;
    now(): number;
    random(): number;
    setTimeout(handle: () => void, milliseconds: number): number;
    clearTimeout(timer: number | undefined): void;
    isVisible(): boolean;
    isOnline(): boolean;
    listen(name: string, handle: (event: Event) => void, signal: AbortSignal): void;
    streamSlots(): Map<string, StreamSemaphore>;
    /** Creates what brings changes as they happen; its code may have to be loaded. */
    openStream(environment: Environment): PushStream | Promise<PushStream>;
}

/** An event stream, or what takes its place. */
export interface PushStream {
    readonly controller: AbortController;
    /** When it was created, in milliseconds. */
    readonly opened: number;
    /** Whether it brought anything. */
    readonly hasBytes: boolean;
    /** Reads to the end; returns false if the story is closed. */
    read(address: string, handlers: {
        onResponse(response: Response): void;
        onBytes(): void;
        onEvents(events: { event?: string; data?: string; id?: string }[]): void;
    }): Promise<boolean>;
}

/** A counting semaphore for streams. */
export interface StreamSemaphore {
    take(wake: () => void): boolean;
    give(): void;
    leave(wake: () => void): void;
}

/** Keeps a feed up to date until closed. */
export declare class Follower {
    constructor(options: FollowerOptions);
    readonly base: string;
    /** Null before the first snapshot. */
    feed: Feed | null;
    /** Seconds between polls, as last set by the server. */
    pollAfter: number;
    start(): this;
    close(): void;
    /** Reads the next page into the feed. Returns false if there is none. */
    loadOlder(): Promise<boolean>;
    loadReactions(): Promise<void>;
}

/** Creates and starts a follower. */
export declare function follow(options: FollowerOptions): Follower;

/** An RFC 9457 problem. */
export interface Problem {
    type: string;
    title: string;
    status: number;
    detail: string;
    snapshot?: string;
}

/** An error response. */
export declare class Refusal extends Error {
    constructor(response: Response, problem: Partial<Problem> | null);
    readonly status: number;
    readonly problem: Partial<Problem> | null;
    /** Whether it is the server's own 404: there is no such story. */
    readonly isNotFound: boolean;
    /** Seconds to wait before a retry. */
    readonly retryAfter: number;
}

/** A comparator for `sort`: newest first. */
export declare function comparePlaces(a: Place, b: Place): number;

/** Returns the counts after a `reactions` event. */
export declare function mergedReactions(counts: Reactions | null, event: ReactionsEvent): Reactions;
