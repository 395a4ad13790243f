// SPDX-License-Identifier: Apache-2.0
// Global types: the JSON of the API, and structures shared by modules.

type Story = import("./Files/client/client.js").Story;
type Update = import("./Files/client/client.js").Update;
type Media = import("./Files/client/client.js").Media;
type StoryImage = import("./Files/client/client.js").StoryImage;
type Card = import("./Files/client/client.js").Card;
type Change = import("./Files/client/client.js").Change;
type LinkLists = import("./Files/client/client.js").LinkLists;
type StoryLink = import("./Files/client/client.js").Link;
type Snapshot = import("./Files/client/client.js").Snapshot;
type Delta = import("./Files/client/client.js").Delta;
type SharedDelta = import("./Files/client/client.js").SharedDelta;
type PushStream = import("./Files/client/client.js").PushStream;
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

/** Children of an element; null, undefined and false are left out. */
type Content = Node | string | null | undefined | false | Content[];
/** Attributes of an element: true is an empty attribute; functions are listeners. */
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => unknown)>;

type Words = import("./Files/shared/words.js").Words;
/** A message: a text, or texts by plural category. */
type Message = string | { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
/** The words of our own in one language. */
interface Catalogue {
    /** BCP 47. */
    language: string;
    dir: "ltr" | "rtl";
    messages: Record<string, Message>;
}

/** The context for rendering an update. */
interface MarkupContext {
    slug: string;
    kinds: string[];
    words: Words;
    /** The language of editors' text (BCP 47), if it is known. */
    language?: string;
    /** The server's origin, on other sites. */
    base?: string;
    /** Whether frames of third parties are shown: ask, always or never. */
    embeds?: string;
    /** From `cards.js`, once it is loaded. */
    placeCards?: (update: Pick<Update, "cards">, context: MarkupContext) => CardPlaces;
    activate?: (root: Document | ShadowRoot, policy: string | undefined, words: Words) => void;
    titleOf?: (update: Update) => string;
    /** Whether updates have a button that shares them. */
    canShare?: boolean;
}

/** Places the cards of an update in its markup. */
interface CardPlaces {
    /** The content of the body, with cards for the paragraphs that are nothing but their addresses. */
    body: (html: string) => DocumentFragment;
    /** The card of a link; null: it has none. */
    medium: (medium: Media) => Element | null;
    /** The other cards. */
    others: () => Element[];
}

/** The members of an update from which its title is derived. */
type Summarized = Pick<Update, "title" | "publishedAt"> & Partial<Pick<Update, "bodyHtml" | "media">>;

/** The recorded position of an element in the window. */
interface Landmark {
    element: Element;
    edge: "top" | "bottom";
    parent: Element | null;
    place: number;
}

/** A scroll container: the window, or an element. */
interface Scroller {
    /** The upper edge of the visible part, in pixels from the top of the window. */
    top: number;
    by(pixels: number): void;
}

/** The elements of a followed story. */
interface ViewParts {
    updates: HTMLElement;
    /** Null: pinned updates stay in the list. */
    pinned: HTMLElement | null;
    news: HTMLElement;
    older: HTMLElement;
    connection: HTMLElement;
    announcement: HTMLElement;
}

interface WidgetParts extends ViewParts {
    feed: HTMLElement;
    header: HTMLElement;
    /** The link to the page of the story. */
    page: HTMLAnchorElement;
}

interface ViewOptions<Root, Parts> extends FollowerOptions {
    root: Root;
    parts: Parts;
    context: MarkupContext;
    /** The story's time zone (IANA); by default the reader's. */
    zone?: string;
    /** The id of the single update to show. */
    only?: string | null;
    /** The URL of the lightbox's script; empty: pictures are links. */
    lightbox: string;
    /** Whether there may ever be buttons of reactions; true by default. */
    hasReactions?: boolean;
    /** Creates the feed of a server-rendered page. */
    seed?: (articles: HTMLElement[]) => import("./Files/client/client.js").Feed;
}

/** The newest update on a page when a reader left, and when that was, in milliseconds since 1970. */
type LeftAt = Place & { at: number };

/** What the extras of a page need of its view. */
/** What the types of this compiler's version lack. */
type Popover = HTMLElement & { popover: "auto" | "manual" | null, showPopover(): void };

interface NavigatedView {
    feed: import("./Files/client/client.js").Feed;
    list: { waiting: Set<string> };
    parts: Pick<ViewParts, "news">;
    context: MarkupContext;
    loadOlder(): Promise<HTMLElement[]>;
    jump(id: string): Promise<boolean>;
    drawn(): void;
    notice(words: string): void;
    newUpdates(count: number): string;
    times: import("./Files/shared/times.js").Times;
}

interface ListOptions {
    updates: HTMLElement;
    pinned?: HTMLElement | null;
    make: (update: Update) => HTMLElement;
    only?: string | null;
    order?: "newest" | "oldest";
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

/** What the bell needs of the browser. */
interface BellBrowser {
    workers?: ServiceWorkerContainer;
    Notification?: typeof Notification;
    hasPush: boolean;
    fetch: (input: string, init: RequestInit) => Promise<Response>;
    storage: Pick<Storage, "getItem" | "setItem">;
    now: () => number;
    /** The switch of sounds; undefined where the browser has none. */
    sound?: (words: Words) => import("./Files/reader/sound.js").SoundSwitch;
}

/** Not in every browser. */
interface Navigator {
    userActivation?: { hasBeenActive: boolean };
}

interface SoundBrowser {
    play: () => void;
    /** Calls back when the page tells of new updates. */
    atNews: (play: () => void) => void;
    recall: (name: string) => string | null;
    keep: (name: string, value: string) => void;
}

/** The endpoint that the server knows, and the ids of subscriptions by stories' ids. */
interface BellMemory {
    endpoint: string;
    /** Ids of subscriptions; empty: of a former endpoint, to be renewed. */
    stories: Record<string, string>;
    /** When each story's was last sent to the server, in milliseconds since 1970. */
    renewedAt: Record<string, number>;
}

/** The part of a service worker's scope that ours uses. */
interface PushWorkerScope {
    location: Location;
    registration: { showNotification(title: string, options: object): Promise<void> };
    clients: {
        matchAll(options: object): Promise<{ url: string; focus(): Promise<unknown> }[]>;
        openWindow(url: string): Promise<unknown>;
    };
    addEventListener(type: "push" | "notificationclick", listener: (event: PushWorkerEvent) => void): void;
}

interface PushWorkerEvent {
    data?: { json(): any } | null;
    notification: { data: { url: string }; close(): void };
    waitUntil(promise: Promise<unknown>): void;
}

interface TextOf {
    (html: string): { text: string | null; alts: string[] };
}

// --- the desk ---

type UpdateState = "draft" | "scheduled" | "published";
/** An update as returned to key holders. */
type EditorUpdate = Omit<Update, "seq" | "publishedAt"> & {
    seq: number | null;
    publishedAt: string | null;
    state?: UpdateState;
    publishAt?: string | null;
    /** Of drafts: whether followers are notified when it is published. */
    notify?: boolean;
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

/** The input of a form's fields, by name. */
type Typed = Record<string, any>;
/** An object of the API, by member name. */
type Thing = Record<string, any>;
/** Unsaved input; which members are present depends on the slot. */
interface Draft extends Begun {
    /** When, in milliseconds since 1970. */
    at: number;
    /** The idempotency key to send it with. */
    once: string;
    /** Bodies sent with that key without receiving a response. */
    sent: string[];
    /** What the server has of it. */
    stored?: string;
    text: string;
    reason: string;
    author: string;
}

/** A row of a list, rendered again when `form`, the serialized content, changes. */
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
type Pictures = import("./Files/desk/pictures.js").Pictures;
type Upload = import("./Files/desk/uploads.js").Upload;
type FocusPoint = import("./Files/desk/focus.js").FocusPoint;
type Route = import("./Files/desk/route.js").Route;

/** A block of an event stream. */
interface StreamEvent {
    event?: string;
    data?: string;
    id?: string;
}

/** What is thrown: an error response, no response, or a defect. */
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
    /** The body that the server rejected. */
    refusedBody?: string;
}

/** The body of an error response (RFC 9457). */
interface RefusalProblem extends Problem {
    requestId: string;
    errors: FieldError[];
    current: Thing;
}

/** What is chosen in the dialog for the code of another site. */
interface EmbedChoice {
    /** The public origin of the server. */
    origin: string;
    slug: string;
    title: string;
    /** frame or element. */
    kind: string;
    /** As the attribute of the widget; empty: full. */
    form: string;
    /** As the attribute of the widget; empty: none. */
    theme: string;
    /** The room that is kept for it, in pixels. */
    height: number;
}

/** A successful response to a request of the desk. */
interface Answer {
    status: number;
    value: any;
    tag: string | null;
    pollAfter: number | null;
}
/** A present or former state of the settings of the site. */
interface SiteRevision {
    number: number;
    at: string;
    key: string;
    name: string;
    settings: Thing;
}
/** The base state and entity tag that a form was filled from, and its input. */
interface Begun {
    base: Thing;
    tag: string | null;
    typed: Typed;
}
interface Saved extends Begun {
    state: "saved" | "same" | "open";
    before?: Thing;
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
    /** The draft's slot. */
    slot: string;
    /** The user-facing description. */
    label: string;
    /** Earlier bodies sent with the same key without receiving a response, latest first. */
    previous?: string[];
}
/** A pending POST. */
interface Entry extends SendableEntry {
    type: string;
    /** The key holder who sent it. */
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
    /** Whether it is stored, and so survives a reload. */
    isKept: boolean;
    promise: Promise<Answer>;
}

/** The members of `Storage` that the desk uses. */
type KeptStorage = Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">;

interface RequestOptions {
    /** A file, sent as it is. */
    body?: Blob;
    /** A body to encode as JSON. */
    json?: unknown;
    /** A body of media type `type`. */
    text?: string;
    type?: string;
    /** Entity tags for `If-Match` and `If-None-Match`. */
    match?: string | null;
    noneMatch?: string | null;
    /** An idempotency key. */
    once?: string;
    /** A key to use instead of the session's. */
    key?: string;
    signal?: AbortSignal;
    /** Requests HTML, and returns it as text. */
    isPage?: boolean;
}

/** A control of a form. */
interface Control {
    node: HTMLElement;
    input?: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
    /** Shows the zone of a time. */
    showZone?(field: Field): void;
    typed: any;
    faultPlaces(): [string, FaultPlace][];
    /** Releases what it holds. */
    close?(): void;
}
/** A place that can show a validation error. */
interface FaultPlace {
    showFault(text: string): void;
    reveal(): void;
}
/** What the desk shows of a webhook. */
interface Webhook {
    id: string;
    url: string;
    enabled: boolean;
    /** Why the server has disabled it; null if an admin has. */
    disabledReason: string | null;
}
/** A media asset: a picture uploaded to this server. */
interface UploadedPicture {
    id: string;
    url: string;
    width: number;
    height: number;
}
/** The texts of a dialog that asks for a reason. */
interface ReasonTexts {
    title: string;
    text: Content[];
    label: string;
    /** The confirmation word to type. */
    word?: string;
    reason?: string;
}
/** A view of the desk. */
interface DeskView {
    name: string;
    node: HTMLElement;
    close(): void;
    focus(): void;
    go?(route: Route): void;
    hold?(work: () => void): void;
    /** The id of the story that is shown. */
    storyId?: string;
    /** The updates that are loaded. */
    updates?(): EditorUpdate[];
    showUpdate?(update: string): void;
    /** Does what a shortcut stands for; returns whether it was for this view. */
    press?(shortcut: Shortcut): boolean;
    /** Leaves what is open; returns whether something was. */
    leave?(): boolean;
    commands?(): Command[];
}
type Shortcut = import("./Files/desk/shortcuts.js").Shortcut;
/** Something to do, for the palette. */
interface Command {
    label: string;
    detail?: string;
    run: () => unknown;
}
/** A part of the story view. */
interface StoryPart {
    node: HTMLElement;
    held?: { region: { hold(work: () => void): void } };
    close(): void;
    changed(changes: Change[]): void;
    /** Moves the focus to where its text is written. */
    focusText?(): void;
    go?(route: Route): void;
    press?(shortcut: Shortcut): boolean;
    leave?(): boolean;
    commands?(): Command[];
}
/** A version of an update, with its changes. */
interface UpdateVersion {
    version: EditorUpdate;
    changes: Difference[] | null;
    notes: string[];
    entry: AuditEntry | null;
}
/** A request that is retried until it is answered. */
interface PendingTask {
    label: string;
    state: string | undefined;
    patience: import("./Files/desk/retry.js").RetryPause;
    trouble: Failure | null;
}
type StatusQuestion = [title: string, text: string, action: string];

/** `AbortSignal` with `timeout`, which the type checker of Debian 12 lacks. */
type AbortSignals = typeof AbortSignal & { timeout(milliseconds: number): AbortSignal };
