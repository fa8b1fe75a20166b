/// A TCP port of 127.0.0.1 that nobody listens on at the moment.
package func freePort() throws -> UInt16 { try LoopbackListener().port }
