import ArgumentParser
import TCPTeardown

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
