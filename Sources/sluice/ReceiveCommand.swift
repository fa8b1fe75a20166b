import Agent
import Glibc
import HTTPServer
import Loki

/// `sluice receive`: a Loki push endpoint on this machine.
enum ReceiveCommand {
    static let usage = """
        usage: sluice receive [--listen ADDRESS:PORT] [--discard | --print | --store FILE] [--script ANSWERS]

          --listen    where to listen (default 127.0.0.1:3100; only this machine)
          --print     prints each entry on standard output (default)
          --discard   counts only; GET /stats tells
          --store     appends each entry to FILE, one JSON object per line
          --script    answers to successive pushes, to see how a client takes faults: 500x3,429@2,reset,lost,hang:5,204
                      or random:500=0.2,429=0.1,seed=7

        Ends at SIGINT or SIGTERM. Exit codes: 0 fine, 1 cannot listen or write, 2 wrong usage.
        """

    static func run(_ arguments: [String]) -> Int32 {
        var address = "127.0.0.1:3100"
        var mode = PushReceiver.Mode.print(STDOUT_FILENO)
        var script = AnswerScript()
        var rest = arguments[...]
        while let option = rest.popFirst() {
            switch option {
            case "--print": mode = .print(STDOUT_FILENO)
            case "--discard": mode = .discard
            case "--help", "-h", "-help":
                Terminal.out(usage + "\n")
                return 0
            case "--listen", "--store", "--script":
                guard let value = rest.popFirst() else { return wrong("\(option) needs a value") }
                do throws(AnswerScript.Mistake) {
                    if option == "--script" { script = try AnswerScript(value) }
                } catch {
                    return wrong("--script: \(error.message)")
                }
                if option == "--listen" { address = value }
                if option == "--store" {
                    let file = open(value, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
                    guard file >= 0 else {
                        Terminal.error("sluice receive: \(value): \(String(cString: strerror(errno)))\n")
                        return 1
                    }
                    mode = .store(file)
                }
            default: return wrong("unknown option '\(option)'")
            }
        }
        return serve(address, PushReceiver(mode: mode, script: script))
    }

    private static func serve(_ address: String, _ receiver: PushReceiver) -> Int32 {
        guard let colon = address.lastIndex(of: ":"), let port = Int(address[address.index(after: colon)...]),
            (0...65535).contains(port)
        else { return wrong("--listen '\(address)' is not ADDRESS:PORT") }
        do throws(HTTPServer.StartError) {
            let server = try HTTPServer(address: String(address[..<colon]), port: port) { receiver.answer($0) }
            Terminal.error("sluice receive: listening on \(address[..<colon]):\(server.port)\n")
            Signals.waitForEnd()
            server.stop()
            Terminal.error("sluice receive: \(receiver.stats.json)")
            return 0
        } catch {
            Terminal.error("sluice receive: \(error); choose another place with --listen ADDRESS:PORT\n")
            return 1
        }
    }

    private static func wrong(_ message: String) -> Int32 {
        Terminal.error("sluice receive: \(message)\n\n\(usage)\n")
        return 2
    }
}
