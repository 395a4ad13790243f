// SPDX-License-Identifier: Apache-2.0
package import HTTP

/// The hot path: answers cache hits before anything is routed.
///
/// Nearly all requests of a busy day end here, on the worker that read them: a hash of the target, a look-up, a comparison of
/// generations, and bytes that are ready to be sent. It makes no task, parses nothing, decodes no text and allocates next to nothing;
/// what is added here is paid by every poll.
package struct ResponseCacheMiddleware: Responder {
    private let cache: ResponseCache
    private let cors: CORS

    /// - Parameter cors: answers what the cache has not, and opens all responses to other origins.
    package init(cache: ResponseCache, cors: CORS) {
        (self.cache, self.cors) = (cache, cors)
    }

    /// Answers a hit at once; all else is for the router behind.
    package func respond(to request: Request) -> Answer {
        guard var response = cache.response(to: request) else { return cors.respond(to: request) }
        cors.open(&response, to: request)
        return .ready(response)
    }

    /// Whether the router behind takes the body.
    package func admit(_ request: Request) -> Admission { cors.admit(request) }

    /// The refusal of the router behind.
    package func respond(to failure: RequestFailure, request: Request?, id: RequestID) -> Response {
        cors.respond(to: failure, request: request, id: id)
    }
}
