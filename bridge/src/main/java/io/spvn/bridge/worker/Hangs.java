package io.spvn.bridge.worker;

/// Workers whose event loop is blocked for longer than it may: they are killed, where that is asked
/// for, and followed as if they had ended by themselves. A loop that comes back, however late and
/// however busy, is not blocked.
final class Hangs implements Duty {
    private static final System.Logger LOG = System.getLogger(Hangs.class.getName());

    private final Fleet fleet;
    private final boolean kills;

    Hangs(Fleet fleet, HangAction action) {
        this.fleet = fleet;
        this.kills = action == HangAction.RESTART;
    }

    private boolean hangs(Member member, long now) {
        return kills
                && member.kind().replaceable()
                && member.tenure().hangs(now)
                && !member.tenure().killed();
    }

    @Override
    public boolean due(long now) {
        return fleet.inPlace().stream().anyMatch(member -> hangs(member, now));
    }

    @Override
    public boolean attend(long now) {
        for (Member member : fleet.inPlace()) {
            if (hangs(member, now)) {
                LOG.log(System.Logger.Level.WARNING, member.name() + " is blocked and is killed");
                member.tenure().kill();
                member.worker().kill();
                return true;
            }
        }
        return false;
    }
}
