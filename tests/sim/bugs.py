"""Small deliberate bugs, each of which the swarm must find: the judge is judged by them."""

from collections.abc import Callable

import pytest

from sim.oracle import alarms, boards, oracle, returns, sense, sight, silences, twins, windows
from sim.oracle.oracle import Invariant
from tests.sim import flag_bugs as flags
from tests.sim import flight_bugs as flights
from tests.sim import return_bugs as returned
from tests.sim import station_bugs as station
from tests.sim import watchdog_bugs as watchdog
from tests.sim import word_bugs as words

Bug = Callable[[pytest.MonkeyPatch], None]

# Each bug, and a demand of the oracle that it breaks.
BUGS: dict[Bug, Invariant] = {
    station.no_resend: oracle.no_loss,
    station.no_replay: oracle.no_loss,
    station.publish_before_commit: oracle.nothing_before_the_disk,
    station.receipt_before_commit: oracle.nothing_before_the_disk,
    station.act_before_commit: oracle.nothing_before_the_disk,
    station.shown_twice: oracle.no_double,
    station.gap_skipped: oracle.in_order,
    station.silence_unseen: sight.blindness_is_visible,
    station.late_wills_are_believed: sight.late_wills_are_stale,
    station.answer_to_the_notice: oracle.convergence,
    station.speaks_at_once: oracle.no_loss,
    station.chain_not_written: oracle.in_order,
    station.anybody_may_speak: oracle.nobody_elses_words,
    station.dies_of_garbage: oracle.honest_run,
    station.last_word_lost: oracle.no_loss,
    station.wrong_clocks_unseen: sight.wrong_clocks_flagged,
    station.waits_forgotten_at_a_checkpoint: oracle.convergence,
    station.checkpoint_too_far: oracle.convergence,
    station.checks_forgotten_at_a_checkpoint: oracle.convergence,
    station.stops_forgotten_at_a_checkpoint: oracle.convergence,
    station.voice_is_not_heard: alarms.no_false_alarm,
    station.nobody_is_waited_for: oracle.in_order,
    station.anybody_may_sign: oracle.no_idle_flag,
    station.twins_unseen: twins.twins_are_flagged,
    station.twins_stand_for_ever: twins.twins_are_flagged,
    station.forks_are_merged: twins.nothing_is_merged,
    station.sleep_is_not_noticed: returns.sleepers_blame_nobody,
    station.set_clocks_make_silences: returns.set_clocks_blame_nobody,
    watchdog.deadline_too_late: alarms.no_false_alarm,
    watchdog.no_grace: alarms.silences_flagged,
    watchdog.never_judged: alarms.silences_flagged,
    watchdog.no_escalation: alarms.silences_flagged,
    watchdog.judges_while_behind: alarms.repair_before_judgement,
    watchdog.standby_does_not_restart: alarms.silences_flagged,
    watchdog.flags_in_vain: oracle.no_idle_flag,
    watchdog.receipts_never_missed: sight.receipts_missed,
    watchdog.receipts_missed_too_late: sight.receipts_missed,
    watchdog.slow_after_a_start: returns.overdue_is_flagged_at_once,
    watchdog.clock_moves_deadlines: sight.set_clocks_move_nothing,
    watchdog.open_windows_wait: alarms.silences_flagged,
    watchdog.the_lead_is_no_limit: alarms.silences_flagged,
    watchdog.receipts_are_forgotten: sight.receipts_missed,
    watchdog.one_of_two_never_judges: alarms.silences_flagged,
    watchdog.answers_prove_no_delivery: alarms.answered_is_delivered,
    watchdog.doubts_are_forgotten: alarms.silences_flagged,
    watchdog.imports_are_not_judged: boards.flags_live,
    flags.flag_again_after_restart: boards.flags_live,
    flags.never_cleared: boards.flags_live,
    flags.blindness_unsaid: sight.lost_sight_is_flagged,
    flags.silences_are_not_believed: silences.declared_silences_are_no_alarm,
    flags.checks_are_missed_in_a_silence: silences.declared_silences_are_no_alarm,
    flags.resumptions_are_not_heard: silences.declared_silences_are_no_alarm,
    flags.late_notices_unflagged: windows.late_notices_flagged,
    flags.late_notices_stand: boards.flags_live,
    flags.openings_untold: windows.openings_are_told,
    flags.two_missed_checks_are_nothing: windows.missed_checks_degrade,
    flags.one_missed_check_degrades: windows.missed_checks_degrade,
    flags.boards_are_believed: boards.boards_show_what_stands,
    flags.dead_watchdogs_unseen: sight.blindness_is_visible,
    flags.flags_are_seen_twice: boards.flags_are_seen_once,
    flags.blindness_said_once: sight.lost_sight_is_flagged,
    flags.clocks_differ_for_ever: sight.wrong_clocks_flagged,
    flights.closings_untold: windows.ends_are_told,
    flights.flights_put_away_are_lost: windows.ends_are_told,
    returned.no_grace_at_a_return: returns.nothing_is_judged_at_a_return,
    returned.resumed_and_gone_is_excused: silences.silences_are_as_declared,
    returned.silences_declared_to_the_speechless_are_forgotten: silences.silences_are_as_declared,
    returned.resumed_and_asked_is_excused: alarms.silences_flagged,
    returned.excused_checks_stay_flagged: boards.flags_live,
    returned.boards_stay_as_a_break_left_them: boards.boards_show_what_stands,
    words.standbys_by_voice_are_not_heard: alarms.no_false_alarm,
    words.rejections_by_voice_are_not_heard: alarms.no_false_alarm,
    words.silences_have_no_end: alarms.silences_flagged,
    words.promises_are_not_kept: silences.who_is_not_back_is_missed,
    words.nonsense_is_nothing: sense.nonsense_is_flagged,
    words.nonsense_is_flagged_at_each_start: sense.nonsense_is_flagged,
    words.unread_records_are_dropped: oracle.no_loss,
    words.revisions_need_no_order: alarms.no_false_alarm,
    words.everything_may_be_answered: alarms.silences_flagged,
}

# Other demands that some bugs break, and a part of the text that says so.
ALSO: tuple[tuple[Bug, Invariant, str], ...] = (
    (station.answers_said_twice, oracle.no_double, "was answered by"),
    (station.chain_not_written, oracle.in_order, "breaks its journal"),
    (station.numbers_skipped, oracle.in_order, "breaks its journal"),
    (flags.clears_in_vain, boards.flags_live, "which does not stand"),
    (flags.flag_again_after_restart, boards.flags_live, "again, as"),
    (flights.flights_put_away_are_lost, windows.openings_are_told, "told []"),
    (flights.cancelled_flights_go_on, windows.ends_are_told, "ended_early is told 0 times"),
    (flags.channels_are_never_mended, boards.flags_live, "degraded tur/0 is never cleared"),
    (flags.silences_mend_no_channel, boards.flags_live, "degraded tur/0 is never cleared"),
    (returned.clocks_flagged_before_a_start_stay_so, sight.wrong_clocks_flagged, "to the end"),
    (returned.twins_flagged_before_a_start_stay_so, twins.twins_are_flagged, "is one again"),
    (
        *(returned.late_notices_heard_speechless_are_forgotten, windows.late_notices_flagged),
        "is flagged as []",
    ),
    (watchdog.flags_two_ticks_late, alarms.silences_flagged, "ms after deadline and grace"),
    (watchdog.flags_two_ticks_late, sight.receipts_missed, "ms after it must be"),
    (watchdog.unconfirmed_is_forgotten, sight.receipts_missed, "not flagged until it was there"),
    (flags.late_notices_flagged_late, windows.late_notices_flagged, "ms after it was heard"),
)
