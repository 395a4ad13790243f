// A third-party front end as in README, typed by the declarations that a server serves beside the client.
import { Feed, Follower, Refusal, comparePlaces, follow, mergedReactions } from "../../../Sources/Web/Files/client/client";
import type { Change, Reactions, Snapshot, Update } from "../../../Sources/Web/Files/client/client";

const headlines: string[] = [];
let counts: Reactions | null = null;

function draw(feed: Feed): void {
    headlines.splice(0, headlines.length, feed.story.title, ...feed.updates.map(({ title }) => title ?? ""));
}

const follower: Follower = follow({
    base: "https://live.example.org",
    story: "harbour-storm",
    filter: { only: "key" },
    onRestart: draw,
    onChange: (changes: Change[], feed) => {
        for (const change of changes) if (change.op === "remove") headlines.push(change.id);
        draw(feed);
    },
    onReactions: told => {
        counts = mergedReactions(counts, { all: true, ...told });
    },
    onState: state => headlines.push(state === "gone" ? "gone" : state),
});

follower.loadOlder().catch((error: unknown) => {
    if (error instanceof Refusal && error.isNotFound) follower.close();
});

export function newest(snapshot: Snapshot): Update | undefined {
    return Feed.of(snapshot).updates.sort(comparePlaces)[0];
}

// @ts-expect-error There is no such state.
follow({ story: "x", onState: state => state === "over" });
// @ts-expect-error A story has to be named.
follow({ base: "https://live.example.org" });
