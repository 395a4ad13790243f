# SPDX-License-Identifier: Apache-2.0
"""The thresholds of the benchmark ("bars"), in one place."""

import dataclasses
import statistics


@dataclasses.dataclass(frozen=True)
class Bar:
    name: str
    limit: float
    unit: str
    """Of the measured value. The limit is in this unit, or is a ratio where there is a yardstick."""
    yardstick: str = ""
    digits: int = 1
    is_least: bool = False
    """Whether more is better, so that the limit is the least that must be reached."""


PROCESSOR = "µs processor / request"

NOT_MODIFIED = Bar("snapshot unchanged, 304, 64 connections", 1.0, PROCESSOR, "nginx, 304 of the same bytes")
PLAIN = Bar("snapshot, 200, 64 connections", 1.0, PROCESSOR, "nginx, file of the same bytes")
GZIP = Bar("snapshot, 200 gzip, 64 connections", 1.0, PROCESSOR, "nginx, gzip_static of the same bytes")
PAGE = Bar("reader's page, 200 gzip, 64 connections", 1.0, PROCESSOR, "nginx, gzip_static of the same bytes")
PICTURE_SENT = Bar("picture of 150 KB, 200, 64 connections", 1.2, PROCESSOR, "nginx, file of the same bytes")
EMPTY_DELTA = Bar("empty delta, 200, 64 connections", 1.2, PROCESSOR, "Wireroom's own 304")
MANY_STORIES = Bar("304 of {many:,} stories in turn", 1.3, PROCESSOR, "304 of one of them")
COLD = Bar("cold snapshot, 50 updates of about 700 B", 200, PROCESSOR)
LARGE_SNAPSHOT = Bar("cold snapshot, story of {updates:,}", 1.2, PROCESSOR, "story of 100 updates")
LARGE_DELTA = Bar("cold delta of 10 changes, story of {updates:,}", 1.2, PROCESSOR, "story of 100 updates")
LARGE_NOT_MODIFIED = Bar("304, story of {updates:,}", 1.05, PROCESSOR, "story of 100 updates")
STREAM_LAST = Bar("{readers:,} streams: the last reader has it", 500, "ms after the write's answer")
STREAM_PROCESSOR = Bar("{readers:,} streams: a delivery", 1.0, "µs processor / delivery", "nchan, the same bytes", 2)
STREAM_MEMORY = Bar("{readers:,} streams: memory", 6.0, "KB / reader", digits=2)
CROWD_LAST = Bar("{crowd:,} streams, a node's most: the last reader has it", 1_000, "ms after the write's answer")
CROWD_MEMORY = Bar("{crowd:,} streams, a node's most: memory", 2.0, "KB / reader", digits=2)
PARKED_LAST = Bar("{parked:,} parked polls: the last is answered", 500, "ms after the write's answer")
BUSY = Bar("polls while 50 updates a second are written", 3.0, "ms p99", "p99 when nobody writes", 3)
POSTS = Bar("posts, on disk, 64 connections", 3.0, "posts/s", "--commands-per-commit 1", 0, is_least=True)
POSTS_TIME = Bar("posts, on disk, 64 connections", 25, "ms p99")
REACTIONS = Bar("reactions to a story, on disk, 64 connections", 30_000, "reactions/s", digits=0, is_least=True)
REACTIONS_SPREAD = Bar(
    "reactions to 50 updates in turn, on disk, 64 connections", 30_000, "reactions/s", digits=0, is_least=True
)
REACTIONS_BURST = Bar("posts while 64 connections react", 3.0, "ms p99", "p99 when nobody reacts", 2)
NODE_POSTS = Bar("posts, a node on PostgreSQL, 64 connections", 0.6, "posts/s", "SQLite", 0, is_least=True)
DISTANT_POSTS = Bar("posts, a node 1 ms from PostgreSQL, 64 connections", 1_500, "posts/s", digits=0, is_least=True)
CLUSTER_POSTS = Bar("posts, three nodes, 64 connections", 1_500, "posts/s", digits=0, is_least=True)
CLUSTER_POSTS_TIME = Bar("posts, three nodes, 64 connections", 60, "ms p99")
NODE_POLLS = Bar("304, a node on PostgreSQL, 64 connections", 1.02, PROCESSOR, "SQLite")
DUMP_POSTS = Bar("posts and reactions during a dump of PostgreSQL", 0.8, "posts/s", "before it", 0, is_least=True)
HEARD = Bar("a change at another node, by notification", 15, "ms p99 after the write's answer")
HEARD_BY_POLLS = Bar("a change at another node, by polls alone", 100, "ms p99 after the write's answer")
NODE_IDLE = Bar("an idle node", 1.0, "% of a processor", digits=2)
START = Bar("start on {updates:,} updates to the first answer", 150, "ms")
IDLE = Bar("memory after that, idle", 25.0, "MB")
PICTURE = Bar("a photograph of 12 megapixels, all its files", 1_500, "ms processor", digits=0)
PICTURE_RATIO = Bar("the same", 0.75, "ms processor", "vipsthumbnail, the same widths", 0)


@dataclasses.dataclass(frozen=True)
class Result:
    """The measurement for a bar: a value per round, or why there is none."""

    bar: Bar
    values: list[float] = dataclasses.field(default_factory=list)
    yardstick: list[float] = dataclasses.field(default_factory=list)
    note: str = ""
    failure: str = ""

    @property
    def ratio(self):
        """Ratio to the baseline, or to the limit itself if the bar has no baseline."""
        below = statistics.median(self.yardstick) if self.yardstick else self.bar.limit
        return statistics.median(self.values) / below

    @property
    def is_met(self):
        if self.failure:
            return False
        limit = self.bar.limit if self.bar.yardstick else 1
        return self.ratio >= limit if self.bar.is_least else self.ratio <= limit
