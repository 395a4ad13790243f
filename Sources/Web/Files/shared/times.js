// SPDX-License-Identifier: Apache-2.0
// @ts-check
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Midnight of any time zone is at a full quarter of an hour. */
const QUARTER = 15 * MINUTE;
/**
 * Milliseconds, the unit, and the exclusive upper bound of its count.
 * @type {[number, "minute"|"hour", number][]}
 */
const AGO_UNITS = [[MINUTE, "minute", 60], [HOUR, "hour", 24]];
/** Smaller differences are ignored: a `Date` from the browser's cache may be this old. */
const CLOCK_TOLERANCE = 90_000;

/** Shows times to a reader: in the language of the page, and by the time zone of the story, or the reader's own. */
export class Times {
    /** How many milliseconds the reader's clock is ahead of the server's. */
    #lead = 0;
    /** For each `<time>`: the instant it shows, and when its text expires. */
    #written = new WeakMap();
    #words;

    /**
     * Formats are created once: that is slow, and a page has thousands of times.
     * @param {import("./words.js").Words} words
     * @param {string} [zone] The story's (IANA); by default the reader's.
     */
    constructor(words, zone) {
        this.#words = words;
        // English without a region has the form that the server writes.
        const locale = words.language === "en" ? "en-GB" : words.language;
        const timeZone = knownZone(zone);
        const timeZoneName = isReaders(timeZone) ? undefined : "short";
        /** @param {Intl.DateTimeFormatOptions} options */
        const format = options => new Intl.DateTimeFormat(locale, { timeZone, ...options });
        /** @type {Intl.DateTimeFormatOptions} */
        const clock = { hour: "2-digit", minute: "2-digit" };
        /** @type {Intl.DateTimeFormatOptions} */
        const date = { day: "numeric", month: "short", year: "numeric", ...clock };
        this.clock = format({ ...clock, timeZoneName });
        this.date = format({ ...date, timeZoneName });
        this.day = format({ dateStyle: "short" });
        // On paper, relative times and local ones without a zone are useless.
        this.print = format({ ...date, timeZoneName: "short" });
        this.exact = format({ dateStyle: "full", timeStyle: "long" });
        this.ago = new Intl.RelativeTimeFormat(locale, { style: "short" });
    }

    /**
     * Formats a time: with the date unless it is today, and relative: "21:15 · 12 min ago"; after a day, and for future
     * times, date and time alone. `until` is when the text expires; it and `now` are in milliseconds since 1970.
     * @param {string} iso
     * @param {number} now
     */
    relative(iso, now) {
        const time = Date.parse(iso);
        const { words, until } = this.#age(time, now);
        if (!words) return { text: this.date.format(time), until };
        const nextQuarter = (Math.floor(now / QUARTER) + 1) * QUARTER;
        return { text: `${this.clockTime(time, now)} · ${words}`, until: Math.min(until, nextQuarter) };
    }

    /**
     * A time by the clock, with the date unless it is today; both in milliseconds since 1970.
     * @param {number} time
     * @param {number} [now]
     */
    clockTime(time, now = Date.now()) {
        const isToday = this.day.format(time) === this.day.format(now);
        return (isToday ? this.clock : this.date).format(time);
    }

    /** The present by the server's clock, in milliseconds since 1970. */
    serverNow() {
        return Date.now() - this.#lead;
    }

    /**
     * The relative part; without `words` if only the date is to be shown.
     * @param {number} time
     * @param {number} now
     */
    #age(time, now) {
        if (Math.abs(now - time) < MINUTE) return { words: this.#words.say("justNow"), until: time + MINUTE };
        for (const [milliseconds, unit, most] of AGO_UNITS) {
            const count = Math.floor((now - time) / milliseconds);
            if (count > 0 && count < most) {
                return { words: this.ago.format(-count, unit), until: time + (count + 1) * milliseconds };
            }
        }
        return { until: time > now ? time - MINUTE + 1 : Infinity };
    }

    /**
     * Corrects for a wrong clock of the reader; returns true if all times must be refreshed.
     * @param {number} time
     * @param {number} [now]
     */
    setServerTime(time, now = Date.now()) {
        const lead = Math.abs(now - time) < CLOCK_TOLERANCE ? 0 : now - time;
        if (lead === this.#lead || (lead && Math.abs(lead - this.#lead) < CLOCK_TOLERANCE)) return false;
        this.#lead = lead;
        this.#written = new WeakMap();
        return true;
    }

    /**
     * Refreshes all `<time>` below a root that have expired; their title is the exact time.
     * @param {ParentNode} root
     * @param {number} [now]
     */
    refresh(root, now = Date.now() - this.#lead) {
        for (const element of root.querySelectorAll("time")) {
            const iso = element.dateTime;
            const known = this.#written.get(element);
            if (known?.iso === iso && known.until > now) continue;
            const { text, until } = this.relative(iso, now);
            element.textContent = text;
            element.title = this.exact.format(Date.parse(iso));
            this.#written.set(element, { iso, until });
        }
    }

    /**
     * Writes date, time and zone into all `<time>` below a root, until they are refreshed.
     * @param {ParentNode} root
     */
    printAll(root) {
        for (const element of root.querySelectorAll("time")) {
            element.textContent = this.print.format(Date.parse(element.dateTime));
            this.#written.delete(element);
        }
    }
}

/**
 * The zone, unless the browser does not know it.
 * @param {string} [timeZone]
 */
function knownZone(timeZone) {
    try {
        return new Intl.DateTimeFormat("en", { timeZone }) && timeZone;
    } catch {
        return undefined;
    }
}

/**
 * Whether clocks in a zone show the same as the reader's.
 * @param {string} [timeZone]
 */
function isReaders(timeZone) {
    const now = new Date();
    return now.toLocaleString("en", { timeZone }) === now.toLocaleString("en");
}
