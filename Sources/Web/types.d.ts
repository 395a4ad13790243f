// SPDX-License-Identifier: Apache-2.0
// What all modules know by name: the JSON of the API, and the shapes that modules hand to one another.

type Story = import("./Files/client/client.js").Story;
type Update = import("./Files/client/client.js").Update;
type Media = import("./Files/client/client.js").Media;
type Change = import("./Files/client/client.js").Change;
type LinkLists = import("./Files/client/client.js").LinkLists;
type StoryLink = import("./Files/client/client.js").Link;
type Snapshot = import("./Files/client/client.js").Snapshot;
type Delta = import("./Files/client/client.js").Delta;
type Place = import("./Files/client/client.js").Place;
type FeedStart = import("./Files/client/client.js").FeedStart;
type Environment = import("./Files/client/client.js").Environment;
type FollowerOptions = import("./Files/client/client.js").FollowerOptions;
type FollowerState = import("./Files/client/client.js").FollowerState;
type Problem = import("./Files/client/client.js").Problem;
type Reactions = import("./Files/client/client.js").Reactions;
type ReactionCounts = import("./Files/client/client.js").ReactionCounts;
type ReactionsEvent = import("./Files/client/client.js").ReactionsEvent;
type Page = import("./Files/client/client.js").Page;
type StoryStatus = import("./Files/client/client.js").StoryStatus;

/** What an element can be made of; what is null, undefined or false is left out. */
type Content = Node | string | null | undefined | false | Content[];
/** True is an empty attribute; functions are listeners. */
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => unknown)>;

/** What the markup of an update needs to know besides the update. */
interface MarkupContext {
    slug: string;
    kinds: string[];
    /** The origin of the server, on pages of others. */
    base?: string;
    titleOf?: (update: Update) => string;
}

/** What is called an update in short. */
type Summarized = Pick<Update, "title" | "publishedAt"> & Partial<Pick<Update, "bodyHtml" | "media">>;

/** Where an element stands in the window. */
interface Landmark {
    element: Element;
    edge: "top" | "bottom";
    parent: Element | null;
    place: number;
}

/** What readers scroll: the window, or a box. */
interface Scroller {
    /** Where what is seen begins, in pixels from the top of the window. */
    top: number;
    by(pixels: number): void;
}

/** The elements of a followed story. */
interface ViewParts {
    updates: HTMLElement;
    /** Null: they stand in the list. */
    pinned: HTMLElement | null;
    news: HTMLElement;
    older: HTMLElement;
    connection: HTMLElement;
    announcement: HTMLElement;
}

interface WidgetParts extends ViewParts {
    feed: HTMLElement;
    header: HTMLElement;
}

interface ViewOptions<Root, Parts> extends FollowerOptions {
    root: Root;
    parts: Parts;
    context: MarkupContext;
    /** The id of the one update that is to be shown. */
    only?: string | null;
    /** Gives the feed of what is there already. */
    seed?: (articles: HTMLElement[]) => import("./Files/client/client.js").Feed;
}

interface ListOptions {
    updates: HTMLElement;
    pinned?: HTMLElement | null;
    make: (update: Update) => HTMLElement;
    only?: string | null;
}

interface VisitorOptions {
    base?: string;
    /** Slug or id. */
    story: string;
    storage?: Pick<Storage, "getItem" | "setItem" | "removeItem">;
    fetch?: (input: string, init: RequestInit) => Promise<Response>;
    /** Milliseconds. */
    timeout?: number;
}

interface TextOf {
    (html: string): { text: string | null; alts: string[] };
}

// --- the desk ---

type UpdateState = "draft" | "scheduled" | "published";
/** An update as holders of keys get it. */
type EditorUpdate = Omit<Update, "seq" | "publishedAt"> & {
    seq: number | null;
    publishedAt: string | null;
    state?: UpdateState;
    publishAt?: string | null;
};
type BinnedUpdate = EditorUpdate & { deletedAt: string; deletedBy: string | null; keptUntil: string };
type ListedStory = Story & { activeAt: string | null };
interface AuditEntry {
    number: number;
    at: string;
    key: string;
    name: string;
    action: string;
    story: string | null;
    update: string | null;
    seq: number | null;
    members: string[];
    detail: string | null;
}
interface FieldError {
    pointer: string;
    detail: string;
}
interface Takedown {
    purge: string[];
    purged: boolean | null;
    erased: boolean;
}
interface ImportReport {
    updates: number;
    keyPoints: number;
    links: Record<string, number>;
    warnings: { line: number | null; detail: string }[];
}
interface Imported {
    story: Story;
    report: ImportReport;
}

/** What stands in the fields of a form, by name. */
type Typed = Record<string, any>;
/** A thing of the API, by name of its members. */
type Thing = Record<string, any>;
/** What was typed and not saved yet; each slot has some of these. */
interface Draft extends Begun {
    /** When, in milliseconds since 1970. */
    at: number;
    /** The Idempotency-Key of what is made of it. */
    once: string;
    /** Bodies that were sent with that key, and whose answers did not come. */
    sent: string[];
    text: string;
    reason: string;
    author: string;
}

/** A row of a list, which is written anew where its form has changed. */
interface Row {
    form: string;
    node: HTMLElement;
}

type Desk = import("./Files/desk/desk.js").Desk;
type Watch = import("./Files/desk/watch.js").Watch;
type Outbox = import("./Files/desk/outbox.js").Outbox;
type Feed = import("./Files/client/client.js").Feed;
type DeskApi = import("./Files/desk/api.js").DeskApi;
type Field = import("./Files/desk/values.js").Field;
type Fields = import("./Files/desk/fields.js").Fields;
type Route = import("./Files/desk/route.js").Route;

/** A block of an event stream. */
interface StreamEvent {
    event?: string;
    data?: string;
    id?: string;
}

/** What is thrown: a refusal of the server, no answer, or a defect. */
interface Failure extends Error {
    status?: number;
    kind?: string;
    title?: string;
    errors?: FieldError[];
    requestId?: string | null;
    tag?: string | null;
    problem?: Partial<Problem> | null;
    isNotFound?: boolean;
    current?: Thing | null;
    retryAfter?: number | null;
    /** The body that the server would not take. */
    refusedBody?: string;
}

/** What a refusal says (RFC 9457). */
interface RefusalProblem extends Problem {
    requestId: string;
    errors: FieldError[];
    current: Thing;
}

/** An answer of the server to a request of the desk. */
interface Answer {
    status: number;
    value: any;
    tag: string | null;
    pollAfter: number | null;
}
/** What a form was filled from, and what is typed in it. */
interface Begun {
    base: Thing;
    tag: string | null;
    typed: Typed;
}
interface Saved extends Begun {
    state: "saved" | "same" | "open";
}
interface Difference {
    field: Field;
    base: any;
    mine: any;
    theirs: any;
    by: "me" | "them" | "both";
}
interface DiffPart {
    kind: "same" | "gone" | "new";
    text: string;
}
/** A POST to be sent. */
interface SendableEntry {
    /** The Idempotency-Key. */
    once: string;
    path: string;
    body: string;
    type?: string;
    /** The draft that it is made from. */
    slot: string;
    /** Names it for a person. */
    label: string;
    /** Bodies that were sent with the same key before, the last first, and whose answers did not come. */
    previous?: string[];
}
/** A POST on its way. */
interface Entry extends SendableEntry {
    type: string;
    /** Who has sent it. */
    holder: string;
    /** When, in milliseconds since 1970. */
    at: number;
}
interface Delivery {
    entry: Entry;
    state: "sending" | "waiting" | "asking";
    trouble: Failure | null;
    patience: import("./Files/desk/retry.js").RetryPause;
    isOld: boolean;
    isWanted: boolean;
    isFollowed: boolean;
    /** Whether it outlives the page. */
    isKept: boolean;
    promise: Promise<Answer>;
}

/** Where what must survive the page is kept. */
type KeptStorage = Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">;

interface RequestOptions {
    /** A value for the body. */
    json?: unknown;
    /** A body of the `type`. */
    text?: string;
    type?: string;
    /** Entity tags. */
    match?: string | null;
    noneMatch?: string | null;
    /** An Idempotency-Key. */
    once?: string;
    /** Tried instead of the editor's. */
    key?: string;
    signal?: AbortSignal;
    /** HTML is asked for, and given as it is. */
    isPage?: boolean;
}

/** A control of a form. */
interface Control {
    node: HTMLElement;
    input?: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
    /** Names the zone of a time. */
    showZone?(field: Field): void;
    typed: any;
    faultPlaces(): [string, FaultPlace][];
}
/** Where a fault can be shown. */
interface FaultPlace {
    showFault(text: string): void;
    reveal(): void;
}
/** A row of a list in a form. */
interface FieldRow {
    fields: Fields;
    legend: HTMLElement;
    node: HTMLElement;
}
/** What a dialog that asks for a reason says. */
interface ReasonTexts {
    title: string;
    text: Content[];
    label: string;
    /** Must be typed. */
    word?: string;
    reason?: string;
}
/** The view of the desk that is open. */
interface DeskView {
    name: string;
    node: HTMLElement;
    close(): void;
    focus(): void;
    go?(route: Route): void;
    hold?(work: () => void): void;
}
/** A part of a story that is open. */
interface StoryPart {
    node: HTMLElement;
    held?: { region: { hold(work: () => void): void } };
    close(): void;
    changed(changes: Change[]): void;
}
/** A version of an update, with what it has changed. */
interface UpdateVersion {
    version: EditorUpdate;
    changes: Difference[] | null;
    notes: string[];
    who: string | null;
}
/** Something that is done until it is answered. */
interface PendingTask {
    label: string;
    state: string | undefined;
    patience: import("./Files/desk/retry.js").RetryPause;
    trouble: Failure | null;
}
type StatusQuestion = [title: string, text: string, action: string];

/** `AbortSignal` with what the type checker of Debian 12 does not know yet. */
type AbortSignals = typeof AbortSignal & { timeout(milliseconds: number): AbortSignal };
