import ArgumentParser
import TCPTeardown
import TeardownReport

/// What the user may assume where packets do not tell.
struct AssumptionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How long the side that holds it keeps TIME-WAIT: "
        + Profile.named.map(\.name).joined(separator: ", ") + ", or a duration.",
      valueName: "name|duration"))
  var profile = ProfileArgument(profile: .linux)

  @Option(
    help: ArgumentHelp(
      "CLOSE-WAIT for at least this long is reported as a leak.", valueName: "duration"))
  var closeWait = DurationArgument(nanoseconds: 10_000_000_000)

  @Option(
    help: ArgumentHelp(
      "Ports that clients take theirs from, of which too many may be held.",
      valueName: "low-high"))
  var ephemeralPorts = PortRangeArgument(ports: PortBudget.linuxPorts)

  var options: ReconstructionOptions {
    ReconstructionOptions(profile: profile.profile, closeWaitLimit: closeWait.nanoseconds)
  }
}

/// A profile's name, or a duration of TIME-WAIT.
struct ProfileArgument: ExpressibleByArgument, Sendable {
  let profile: Profile

  init(profile: Profile) { self.profile = profile }

  init?(argument: String) {
    if let named = Profile.named.first(where: { $0.name == argument.lowercased() }) {
      profile = named
    } else if let duration = DurationArgument(argument: argument) {
      profile = Profile(
        name: argument, timeWait: duration.nanoseconds, finWait2: Profile.linux.finWait2)
    } else {
      return nil
    }
  }

  var defaultValueDescription: String { profile.name }

  static var allValueStrings: [String] { Profile.named.map(\.name) }
}

/// A range of ports: `32768-60999`.
struct PortRangeArgument: ExpressibleByArgument, Equatable, Sendable {
  let ports: ClosedRange<UInt16>

  init(ports: ClosedRange<UInt16>) { self.ports = ports }

  init?(argument: String) {
    let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
    guard ends.count == 2, let low = ends[0], let high = ends[1], low > 0, low <= high else {
      return nil
    }
    ports = low...high
  }

  var defaultValueDescription: String { "\(ports.lowerBound)-\(ports.upperBound)" }
}
