"""The checker finds each kind of violation in a made-up record, and nothing where nothing is wrong."""

import unittest

from checker import Expected, Report, Rules, check
from record import Entry, Execution, Fault

JOB = "job-1"
RULES = Rules(fence_s=3.0, slow_s=5.0)


def entry(time, what, request="c.1", **detail):
    return Entry(time, "client-1", JOB, what, request, detail)


def result(stdout="hello\n", verdict="AC", attempt=1, returned=10.0):
    return {"type": "result", "verdict": verdict, "stdout": stdout, "attempt": attempt, "returned": returned}


def answered(time=10.1, request="c.1", **changes):
    return entry(time, "answered", request, **result(**changes))


def run(time, attempt=1, node="node-1", job=JOB):
    return Execution(time, job, attempt, node)


ASKED = entry(1.0, "asked")
ACCEPTED = entry(1.1, "accepted")
GOOD = [ASKED, ACCEPTED, answered()]


def judge(entries, executions=(run(9.0),), faults=(), may_be_cancelled=False) -> Report:
    return check([Expected(JOB, "hello\n", may_be_cancelled)], entries, executions, faults, RULES)


class CheckerTest(unittest.TestCase):
    def assert_only(self, kind, report):
        self.assertEqual({violation.kind for violation in report.violations}, {kind}, report.violations)

    def test_finds_nothing_where_nothing_is_wrong(self):
        report = judge(GOOD)
        self.assertEqual(report.violations, [])
        self.assertEqual(report.summary(), "1 answered, 0 lost, 0 twice, 0 run again after finishing")

    def test_an_accepted_job_without_an_answer_is_lost(self):
        report = judge([ASKED, ACCEPTED])
        self.assert_only("lost", report)
        self.assertEqual(report.summary(), "0 answered, 1 lost, 0 twice, 0 run again after finishing")

    def test_a_job_that_was_never_sent_is_lost_as_well(self):
        self.assert_only("lost", judge([]))

    def test_a_job_that_the_portal_does_not_know_any_more_is_lost(self):
        error = entry(2.0, "answered", type="error", code="unknown_job", message="")
        report = judge([ASKED, ACCEPTED, error])
        self.assert_only("lost", report)
        self.assertEqual(report.summary(), "0 answered, 1 lost, 0 twice, 0 run again after finishing")

    def test_two_different_answers_are_twice(self):
        again = [entry(11.0, "asked", "c.2"), answered(11.1, "c.2", attempt=2)]
        self.assert_only("twice", judge(GOOD + again))

    def test_the_same_answer_to_a_second_request_is_fine(self):
        again = [entry(11.0, "asked", "c.2"), answered(11.1, "c.2")]
        self.assertEqual(judge(GOOD + again).violations, [])

    def test_the_same_answer_twice_to_one_request_is_twice(self):
        self.assert_only("twice", judge(GOOD + [answered(10.2)]))

    def test_an_answer_that_nobody_asked_for_is_twice(self):
        self.assert_only("twice", judge(GOOD + [answered(10.2, "")]))

    def test_an_execution_after_the_answer_is_one_too_many(self):
        death = Fault(9.5, 9.6, "kill node", "node-1")
        report = judge(GOOD, [run(9.0), run(10.2, 2, "node-2")], [death])
        self.assert_only("run again", report)
        self.assertEqual(report.summary(), "1 answered, 0 lost, 0 twice, 1 run again after finishing")

    def test_an_execution_after_the_answer_counts_by_the_portals_time_not_by_the_clients(self):
        late_client = [ASKED, ACCEPTED, answered(60.0)]
        death = Fault(9.5, 9.6, "kill node", "node-1")
        self.assert_only("run again", judge(late_client, [run(9.0), run(30.0, 2)], [death]))

    def test_a_cancelled_job_may_begin_until_the_word_has_travelled(self):
        cancelled = [ASKED, ACCEPTED, answered(verdict="CANCELLED", stdout="")]
        self.assertEqual(judge(cancelled, [run(11.0)], may_be_cancelled=True).violations, [])
        self.assert_only("run again", judge(cancelled, [run(16.0)], may_be_cancelled=True))

    def test_two_executions_without_a_failure_have_no_reason(self):
        self.assert_only("unexplained", judge(GOOD, [run(8.0), run(9.0, 2, "node-2")]))

    def test_two_executions_of_one_attempt_have_no_reason_whatever_happened(self):
        death = Fault(8.5, 8.6, "kill node", "node-1")
        self.assert_only("unexplained", judge(GOOD, [run(8.0), run(9.0, 1, "node-2")], [death]))

    def test_the_death_of_the_first_node_explains_a_second_execution(self):
        death = Fault(8.5, 8.6, "kill node", "node-1")
        self.assertEqual(judge(GOOD, [run(8.0), run(9.0, 2, "node-2")], [death]).violations, [])

    def test_a_box_that_is_dead_may_be_handed_a_job_before_its_node_notices(self):
        runs = [run(8.0), run(9.0, 2, "node-2")]
        self.assertEqual(judge(GOOD, runs, [Fault(7.9, 7.9, "kill box", "node-1")]).violations, [])
        self.assert_only("unexplained", judge(GOOD, runs, [Fault(7.0, 7.0, "kill box", "node-1")]))

    def test_the_death_of_another_node_explains_nothing(self):
        death = Fault(8.5, 8.6, "kill node", "node-2")
        self.assert_only("unexplained", judge(GOOD, [run(8.0), run(9.0, 2, "node-2")], [death]))

    def test_a_death_before_the_first_execution_explains_nothing(self):
        death = Fault(7.0, 7.9, "kill node", "node-1")
        self.assert_only("unexplained", judge(GOOD, [run(8.0), run(9.0, 2, "node-2")], [death]))

    def test_a_long_silence_explains_a_second_execution(self):
        runs = [run(1.5), run(9.0, 2, "node-2")]
        for kind in ("freeze node", "cut link", "black hole"):
            self.assertEqual(judge(GOOD, runs, [Fault(2.0, 8.0, kind, "node-1")]).violations, [])
        self.assertEqual(judge(GOOD, runs, [Fault(2.0, 8.0, "kill portal", "all")]).violations, [])

    def test_a_short_silence_explains_nothing(self):
        silence = Fault(7.0, 7.1, "cut link", "node-1")
        self.assert_only("unexplained", judge(GOOD, [run(6.5), run(9.0, 2, "node-2")], [silence]))

    def test_short_silences_in_a_row_are_a_long_one(self):
        silences = [Fault(2.0, 2.5, "cut link", "node-1"), Fault(3.2, 4.8, "kill portal", "all")]
        self.assertEqual(judge(GOOD, [run(1.5), run(9.0, 2, "node-2")], silences).violations, [])

    def test_a_full_disk_explains_nothing(self):
        self.assert_only("unexplained",
                         judge(GOOD, [run(8.0), run(9.0, 2, "node-2")], [Fault(2.0, 9.0, "full disk", "portal-1")]))

    def test_an_answer_that_the_program_does_not_give_is_wrong(self):
        self.assert_only("wrong", judge([ASKED, ACCEPTED, answered(stdout="other\n")]))
        self.assert_only("wrong", judge([ASKED, ACCEPTED, answered(verdict="IE", stdout="")]))

    def test_a_cancelled_job_that_nobody_cancelled_is_wrong(self):
        self.assert_only("wrong", judge([ASKED, ACCEPTED, answered(verdict="CANCELLED", stdout="")]))

    def test_a_run_of_a_job_that_nobody_submitted_is_wrong(self):
        self.assert_only("wrong", judge(GOOD, [run(9.0), run(9.0, job="job-2")]))


if __name__ == "__main__":
    unittest.main()
