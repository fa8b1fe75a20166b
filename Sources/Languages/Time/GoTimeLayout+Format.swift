extension GoTimeLayout {
    /// The instant as the layout writes it, in the local time of `zone`, as Go's `Time.Format` does.
    ///
    /// `nanoseconds` lie in 0 ..< 1e9; seconds beyond a hundred million years are held there.
    package func format(seconds: Int64, nanoseconds: Int32, zone: ZoneInfo) -> [UInt8] {
        let bounded = min(max(seconds, -(1 << 52)), 1 << 52)
        let offset = zone.offset(atUTC: bounded)
        let local = Int(bounded) + offset
        var writer = GoTimeWriter(
            dayNumber: CivilDay.floorDivide(local, 86_400),
            secondOfDay: CivilDay.floorModulo(local, 86_400),
            nanoseconds: Int(nanoseconds),
            offset: offset
        )
        for step in steps {
            switch step.element {
            case .literal: writer.append(literals[step.argument..<(step.argument + step.length)])
            case .abbreviation: writer.append(zone.abbreviation(atUTC: bounded)[...])
            default: writer.append(step)
            }
        }
        return writer.output
    }
}
