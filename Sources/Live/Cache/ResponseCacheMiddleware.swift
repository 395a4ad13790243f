// SPDX-License-Identifier: Apache-2.0
package import HTTP

/// The hot path: answers cache hits before routing.
///
/// Nearly all requests on a busy day end here, on the worker that read them: hash the target, look it up, compare generations, send
/// prebuilt bytes. It creates no task, parses nothing, decodes no text and allocates next to nothing; any cost added here is paid by
/// every poll.
package struct ResponseCacheMiddleware: Responder {
    private let cache: ResponseCache
    private let cors: CORS

    /// Creates a middleware in front of `cors`, which answers misses and opens all responses to other origins.
    package init(cache: ResponseCache, cors: CORS) {
        (self.cache, self.cors) = (cache, cors)
    }

    /// Answers a hit at once; passes everything else on to the router.
    package func respond(to request: Request) -> Answer {
        guard var response = cache.response(to: request) else { return cors.respond(to: request) }
        cors.open(&response, to: request)
        return .ready(response)
    }

    /// Returns the router's admission decision.
    package func admit(_ request: Request) -> Admission { cors.admit(request) }

    /// Returns the router's response to a failed request.
    package func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
        cors.respond(to: failure, request: request, id: id)
    }
}
