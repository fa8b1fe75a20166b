import Entries

/// The paths that a configuration asks for in JSON documents, as a tree of keys.
struct PathTree {
    struct Node {
        var children: [(key: [UInt8], node: Int16)] = []
        /// The result that this node's value goes to; -1 if only something below it is wanted.
        var result = -1
        /// Results at or below this node, which a repeated key sets back: the last one counts, as in Go.
        var below: [Int] = []
    }

    private(set) var nodes = [Node()]
    private(set) var resultCount = 0

    /// Adds a path and gives the number of its result; nil when the tree is full (32,767 nodes).
    mutating func add(_ path: [[UInt8]]) -> Int? {
        guard nodes.count + path.count < Int(Int16.max) else { return nil }
        var node = 0
        var passed: [Int] = []
        for key in path {
            if let known = nodes[node].children.first(where: { $0.key == key }) {
                node = Int(known.node)
            } else {
                nodes.append(Node())
                nodes[node].children.append((key, Int16(nodes.count - 1)))
                node = nodes.count - 1
            }
            passed.append(node)
        }
        if nodes[node].result < 0 {
            nodes[node].result = resultCount
            for index in passed { nodes[index].below.append(resultCount) }
            resultCount += 1
        }
        return nodes[node].result
    }

    /// The node that `key`, escapes decoded, leads to from `node`; -1 if nobody asked.
    func child(of node: Int16, key: Bytes) -> Int16 {
        guard node >= 0 else { return -1 }
        for child in nodes[Int(node)].children where child.key.count == key.count {
            if Bytes.with(child.key, { $0 == key }) { return child.node }
        }
        return -1
    }
}
