// SPDX-License-Identifier: Apache-2.0
/// A trie of routes by path segment: a match costs one look-up per segment, whatever the number of routes.
struct RouteTrie: Sendable {
    private struct Node: Sendable {
        var literals: [String: Int] = [:]  // ascii: segments of templates, asked for nothing else
        var parameter: Int?
        var routes: [Route] = []
    }

    private var nodes = [Node()]
    /// All routes in the order in which they were added.
    private(set) var routes: [Route] = []

    mutating func add(_ route: Route) {
        var index = 0
        for segment in Route.segments(route.template) { index = child(of: index, for: segment) }
        precondition(
            !nodes[index].routes.contains { $0.method == route.method },
            "the route \(route.method) \(route.template) is there already")
        nodes[index].routes.append(route)
        routes.append(route)
    }

    private mutating func child(of index: Int, for segment: String) -> Int {
        let isParameter = Route.parameterName(segment) != nil
        if let known = isParameter ? nodes[index].parameter : nodes[index].literals[segment] { return known }
        nodes.append(Node())
        let new = nodes.count - 1
        if isParameter { nodes[index].parameter = new } else { nodes[index].literals[segment] = new }
        return new
    }

    /// The routes of a path, one per method; `nil` if there is no such path.
    func find(_ segments: [String]) -> [Route]? { find(segments[...], from: 0) }

    private func find(_ segments: ArraySlice<String>, from index: Int) -> [Route]? {
        guard let segment = segments.first else {
            return nodes[index].routes.isEmpty ? nil : nodes[index].routes
        }
        // Backtracking: a literal without a match below it must not hide a parameter beside it.
        if segment.isASCII, let next = nodes[index].literals[segment],
            let found = find(segments.dropFirst(), from: next)
        {
            return found
        }
        guard let next = nodes[index].parameter, !segment.isEmpty else { return nil }
        return find(segments.dropFirst(), from: next)
    }
}

extension String {
    /// Whether it can be a literal segment, all of which are ASCII. Other segments are not hashed: hashing normalizes them first.
    fileprivate var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}
