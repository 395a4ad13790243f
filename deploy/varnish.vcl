# SPDX-License-Identifier: Apache-2.0
# Varnish before Wireroom, on the same machine, behind whatever ends TLS (nginx, hitch, Caddy, a load balancer):
#
#     varnishd -a web=127.0.0.1:6080 -a purge=127.0.0.1:6081 -f /etc/varnish/wireroom.vcl -s malloc,256m \
#         -p thread_pool_min=50 -p thread_pool_add_delay=0.02 -p thread_queue_limit=10000
#     wireroom serve --trusted-proxies 127.0.0.1 --purge-url http://127.0.0.1:6081 …
#
# The port for purges must not be reached from outside. The parameters are for thousands of readers who have an answer at the same
# moment: they are queued, instead of each getting a thread, which took twice as long. A stream keeps its thread; readers who are
# to come by the thousand should poll, or stream past Varnish. Tested with Debian 12's Varnish 7.1.
vcl 4.1;

import std;

backend wireroom {
    .host = "127.0.0.1";
    .port = "8080";
    .connect_timeout = 3s;
    # Polls are held for 30 s at most, and streams say something every 15 s.
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 60s;
}

# Who ends TLS, and names the reader's address.
acl terminators {
    "127.0.0.1";
}

sub vcl_recv {
    if (local.socket == "purge") {
        if (req.method != "PURGE") {
            return (synth(405));
        }
        # By the story that answers name, whatever their address; without one, everything.
        if (req.http.Surrogate-Key ~ "^story-[0-9a-f-]+$") {
            ban("obj.http.Surrogate-Key == " + req.http.Surrogate-Key);
            # Lists of stories name none.
            ban("obj.http.Surrogate-Key !~ .");
        } else {
            ban("obj.status > 0");
        }
        return (synth(204));
    }
    # Written over by who speaks to readers, who cannot say of themselves where they are.
    if (client.ip !~ terminators) {
        set req.http.X-Forwarded-For = client.ip;
    }
    # The reader's own id where Wireroom would take it, else a new one.
    if (req.http.X-Request-Id !~ "^[A-Za-z0-9._-]{1,128}$") {
        set req.http.X-Request-Id = std.time2integer(now, 0) + "-" + req.xid;
    }
    unset req.http.Forwarded;
    # Readers have none that Wireroom would look at.
    unset req.http.Cookie;
    if (req.url ~ "^/+metrics") {
        return (synth(404));
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Answers to keys are private.
    if (req.http.Authorization) {
        return (pass);
    }
    # Pictures: browsers keep them for a year, and Wireroom sends them from files; here they would take the memory of answers.
    if (req.url ~ "^/media/") {
        return (pass);
    }
    if (req.url ~ "^/stories/[^/?]+/stream") {
        return (pipe);
    }
    # One address for one poll.
    set req.url = std.querysort(req.url);
    if (req.url ~ "[?&]tick=") {
        set req.url = regsub(req.url, "([?&]wait)=([1-9]|[12][0-9]|30)(&|$)", "\1=20\3");
        return (hash);
    }
    # A poll that one reader waits for; it ends with that reader.
    if (req.url ~ "[?&]wait=") {
        return (pass);
    }
    return (hash);
}

sub vcl_pipe {
    # So that the next request on this connection is looked at again.
    set bereq.http.Connection = "close";
}

sub vcl_backend_response {
    if (bereq.url ~ "[?&]tick=") {
        # For as long as Wireroom says, two seconds, and not a moment longer. Requests that come while one is on its way wait for it.
        # What is not to be kept (a 503) is for one reader; it must not make the others pass, each with a request of its own.
        set beresp.grace = 0s;
        set beresp.keep = 0s;
        if (beresp.http.Cache-Control !~ "public") {
            set beresp.ttl = 0s;
        }
        return (deliver);
    }
    # stale-while-revalidate is taken over by Varnish; stale-if-error needs more VCL, and is left out.
}

sub vcl_deliver {
    # A cached answer has the id of who first asked for it.
    set resp.http.X-Request-Id = req.http.X-Request-Id;
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
}
