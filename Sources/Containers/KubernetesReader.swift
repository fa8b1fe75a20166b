package import Configuration
import Entries
import Glibc
import Languages
import Synchronization

/// The targets that the Kubernetes API gives, kept up to date by a ``KubernetesReader``; from any thread.
package final class KubernetesTargets: Sendable {
    private struct State {
        var targets: [[String: String]] = []
        var hasNews = false
        var isStopping = false
    }

    private let state = Mutex(State())

    package init() {}

    /// Labels of each target.
    package var targets: [[String: String]] { state.withLock { $0.targets } }

    /// Whether the targets have changed since the last call.
    package func takeNews() -> Bool {
        state.withLock { state in
            defer { state.hasNews = false }
            return state.hasNews
        }
    }

    /// Makes the reader return soon, once its wakeup is readable, too.
    package func requestStop() { state.withLock { $0.isStopping = true } }
    var mustStop: Bool { state.withLock { $0.isStopping } }

    func publish(_ targets: [[String: String]]) {
        state.withLock { state in
            guard state.targets != targets else { return }
            state.targets = targets
            state.hasNews = true
        }
    }
}

/// Lists and watches the pods of a cluster (`kubernetes_sd_configs`, role pod); on a thread of its own.
package final class KubernetesReader {
    private final class Namespace {
        /// Nil: all.
        let name: String?
        var watch = PodWatch()
        var isAsking = false
        var text: [UInt8] = []
        var body: [UInt8] = []
        /// Monotonic nanoseconds of the next question.
        var next: Int64 = 0
        /// When the question was asked that is open.
        var began: Int64 = 0
        var failures = 0

        init(_ name: String?) { self.name = name }
    }

    private let client: EngineClient
    private let targets: KubernetesTargets
    private let wakeup: Int32
    private let selectors: String
    private let namespaces: [Namespace]
    private let hasChanged: @Sendable () -> Void
    private let tell: @Sendable (ContainerNotice) -> Void
    private var isAvailable = true
    /// Something has changed that is not published yet, since this time.
    private var changed: Int64?

    private static let pageItems = 500
    private static let longestPage = 64 << 20
    private static let longestEvent = 8 << 20
    /// Seconds after which the server ends a watch, which is then begun again: less than proxies keep a silent connection.
    private static let watchSeconds = 240
    private static let shortestRetry: Int64 = 500_000_000
    private static let longestRetry: Int64 = 30_000_000_000
    /// A watch that lasted so long had nothing wrong: 10 s.
    private static let longLife: Int64 = 10_000_000_000
    /// Changes that come together are published together: 50 ms.
    private static let settlingTime: Int64 = 50_000_000

    /// - Parameters:
    ///   - options: which pods.
    ///   - node: only pods of this node, as Promtail asks for; empty: of all.
    ///   - targets: where what is found is put.
    ///   - wakeup: a descriptor that is readable once ``KubernetesTargets/requestStop()`` was called.
    ///   - hasChanged: called on the reader's thread when there is news.
    ///   - tell: called with what the user has to know.
    /// - Throws: why the API server cannot be asked, in one sentence.
    package init(
        _ options: KubernetesOptions,
        node: String,
        targets: KubernetesTargets,
        wakeup: Int32,
        hasChanged: @escaping @Sendable () -> Void,
        tell: @escaping @Sendable (ContainerNotice) -> Void
    ) throws(KubernetesProblem) {
        let access: KubernetesAccess
        do throws(KubernetesAccess.Problem) {
            access = try KubernetesAccess(options)
        } catch {
            throw KubernetesProblem(text: error.text)
        }
        guard options.role == .pod else {
            throw KubernetesProblem(text: "role '\(options.role)' finds no log files; take 'pod'")
        }
        guard !options.attachesNodeMetadata, !options.attachesNamespaceMetadata else {
            throw KubernetesProblem(text: "'attach_metadata' is not there yet")
        }
        guard let client = EngineClient(access.endpoint) else { throw KubernetesProblem(text: "no memory") }
        self.client = client
        self.targets = targets
        self.wakeup = wakeup
        self.hasChanged = hasChanged
        self.tell = tell
        selectors = Self.selectors(options, node: node)
        let own = options.usesOwnNamespace ? access.ownNamespace.map { [$0] } ?? [] : []
        let names = Set(options.namespaces + own).sorted()
        namespaces = names.isEmpty ? [Namespace(nil)] : names.map { Namespace($0) }
    }

    private static func selectors(_ options: KubernetesOptions, node: String) -> String {
        var fields = node.isEmpty ? [] : ["spec.nodeName=\(node)"]
        var labels: [String] = []
        for selector in options.selectors where selector.role.isEmpty || selector.role == "pod" {
            if !selector.field.isEmpty { fields.append(selector.field) }
            if !selector.label.isEmpty { labels.append(selector.label) }
        }
        func part(_ name: String, _ list: [String]) -> String {
            list.isEmpty ? "" : "&\(name)=\(PercentEncoding.encoded(Array(list.joined(separator: ",").utf8)))"
        }
        return part("fieldSelector", fields) + part("labelSelector", labels)
    }

    /// Watches until it is told to stop.
    package func run() {
        while !targets.mustStop {
            let now = ContainerReader.now()
            var due = now + 1_000_000_000
            for namespace in namespaces where !namespace.isAsking {
                if now >= namespace.next { ask(namespace) } else { due = min(due, namespace.next) }
            }
            if let since = changed {
                if now - since >= Self.settlingTime { publish() } else { due = min(due, since + Self.settlingTime) }
            }
            client.run(wakeup, milliseconds: Int32(clamping: max(0, (due - now + 999_999) / 1_000_000)))
        }
    }

    private func publish() {
        changed = nil
        targets.publish(namespaces.flatMap(\.watch.targets))
        hasChanged()
    }

    private func noteChange() { if changed == nil { changed = ContainerReader.now() } }

    // MARK: - Questions

    private func ask(_ namespace: Namespace) {
        namespace.isAsking = true
        namespace.began = ContainerReader.now()
        namespace.text = []
        namespace.body = []
        let place = namespace.name.map { "/namespaces/\(PercentEncoding.encoded(Array($0.utf8)))" } ?? ""
        let path = "/api/v1\(place)/pods"
        switch namespace.watch.question {
        case .list(let page):
            let next = page.map { "&continue=\(PercentEncoding.encoded(Array($0.utf8)))" } ?? ""
            get("\(path)?limit=\(Self.pageItems)\(selectors)\(next)", namespace, milliseconds: 30_000) {
                [unowned self] in
                takePage(namespace)
            }
        case .watch(let version):
            let from = PercentEncoding.encoded(Array(version.utf8))
            let query =
                "watch=1&allowWatchBookmarks=true&timeoutSeconds=\(Self.watchSeconds)&resourceVersion=\(from)\(selectors)"
            get("\(path)?\(query)", namespace, milliseconds: nil) { [unowned self] in
                namespace.next = ContainerReader.now()
                // A server that ends every watch at once is not asked without a pause.
                if namespace.next - namespace.began < Self.shortestRetry { retry(namespace, nil) }
            }
        }
    }

    private func get(
        _ path: String,
        _ namespace: Namespace,
        milliseconds: Int?,
        _ done: @escaping () -> Void
    ) {
        let isWatch = milliseconds == nil
        let started = client.get(
            path,
            milliseconds: milliseconds,
            take: { [unowned self] status, bytes in
                let part = UnsafeBufferPointer(start: bytes.start, count: bytes.count)
                if isWatch, status == 200 {
                    namespace.text.append(contentsOf: part)
                    takeEvents(namespace)
                } else if namespace.body.count < Self.longestPage {
                    namespace.body.append(contentsOf: part)
                }
                return true
            },
            end: { [unowned self] status, error in
                namespace.isAsking = false
                if status == 410 {
                    namespace.watch.beginAnew()
                    retry(namespace, nil)
                } else if status == 200, error == nil || isWatch {
                    if isWatch { note(nil) }
                    if isWatch, ContainerReader.now() - namespace.began > Self.longLife { namespace.failures = 0 }
                    // A watch that breaks off is begun again where it was.
                    if error == nil { done() } else { retry(namespace, nil) }
                } else {
                    retry(namespace, Self.reason(status, error))
                }
            }
        )
        guard started == nil else { return }
        namespace.isAsking = false
        retry(namespace, "no memory for a request")
    }

    private static func reason(_ status: Int, _ error: String?) -> String {
        switch status {
        case 401: "status 401: the token is not accepted"
        case 403: "status 403: the account may not list and watch pods; see deploy/kubernetes.yaml"
        case 0: error ?? "no answer"
        default: error ?? "status \(status)"
        }
    }

    private func retry(_ namespace: Namespace, _ reason: String?) {
        if let reason { note(reason) }
        namespace.failures += 1
        let wait = min(Self.shortestRetry << Int64(min(namespace.failures, 8)), Self.longestRetry)
        namespace.next = ContainerReader.now() + wait
    }

    private func note(_ reason: String?) {
        if let reason {
            if isAvailable { tell(.unavailable(reason: reason)) }
        } else if !isAvailable {
            tell(.available)
        }
        isAvailable = reason == nil
    }

    // MARK: - Answers

    private func takePage(_ namespace: Namespace) {
        let found = Bytes.with(namespace.body) { JSONValue.parse($0) }
        namespace.body = []
        guard let page = found, Self.isList(page) else { return retry(namespace, "the answer is no list of pods") }
        note(nil)
        namespace.failures = 0
        namespace.watch.list(page)
        if case .watch = namespace.watch.question { noteChange() }
        namespace.next = ContainerReader.now()
    }

    /// An empty list may have null in place of its items.
    private static func isList(_ page: JSONValue) -> Bool {
        switch page["items"] {
        case .array: true
        case .null: page["kind"]?.text == "PodList"
        default: false
        }
    }

    private func takeEvents(_ namespace: Namespace) {
        while let end = namespace.text.firstIndex(of: UInt8(ascii: "\n")) {
            let event = Bytes.with(Array(namespace.text[..<end])) { JSONValue.parse($0) }
            namespace.text.removeSubrange(...end)
            guard let event else { continue }
            namespace.failures = 0
            if namespace.watch.take(event) { noteChange() }
        }
        if namespace.text.count > Self.longestEvent {
            namespace.text = []
            namespace.watch.beginAnew()
        }
    }
}

/// Why pods cannot be asked for; one sentence.
package struct KubernetesProblem: Error, Equatable {
    package let text: String
}
