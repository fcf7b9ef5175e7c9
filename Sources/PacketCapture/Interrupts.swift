internal import Dispatch
internal import Glibc

/// Ends a live capture, or the following of a file, when the user or the system asks.
///
/// That is SIGINT (Ctrl-C), SIGTERM, SIGHUP.
/// The first such signal stops the capture; the next one has its usual effect, so that a program
/// that hangs in its report can still be ended.
package final class Interrupts: @unchecked Sendable {
  private var sources: [any DispatchSourceSignal] = []

  package init(stopping stop: CaptureStop) {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: DispatchQueue.global(qos: .userInitiated))
      source.setEventHandler {
        stop.stop()
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
      }
      source.resume()
      sources.append(source)
    }
  }
}
