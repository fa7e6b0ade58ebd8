"""A trial in a process of its own: what it may say, and how it ends."""

from __future__ import annotations

import unittest

from support import Case, DEADLINE


def failure(said):
    return said[-1]["failure"]


class Reports(Case):
    def test_reports_and_a_returned_number_reach_the_worker(self):
        said = self.ran("""
            def train(trial):
                trial.report(1, rmse=2)
                trial.report(3, {"rmse": 1.5, "a b": True})
                return 1.25
            """)
        self.assertEqual(said, [
            {"report": {"step": 1, "metrics": {"rmse": 2.0}}},
            {"report": {"step": 3, "metrics": {"rmse": 1.5, "a b": 1.0}}},
            {"result": {"metrics": {"rmse": 1.25}}}])

    def test_a_returned_dictionary_gets_the_reported_objective_when_it_lacks_it(self):
        said = self.ran("""
            def train(trial):
                trial.report(1, rmse=2, loss=4)
                return {"size": 7}
            """)
        self.assertEqual(said[-1], {"result": {"metrics": {"size": 7.0, "rmse": 2.0}}})

    def test_nothing_returned_is_the_last_report(self):
        said = self.ran("def train(trial):\n trial.report(1, rmse=2)\n trial.report(2, rmse=1)")
        self.assertEqual(said[-1], {"result": {"metrics": {"rmse": 1.0}}})

    def test_nothing_at_all_is_a_missing_metric(self):
        said = self.ran("def train(trial): pass")
        self.assertEqual(failure(said)["class"], "metric_missing")

    def test_leaving_with_0_is_the_last_report_and_with_1_an_error(self):
        said = self.ran("import sys\ndef train(trial):\n trial.report(1, rmse=2)\n sys.exit(0)")
        self.assertEqual(said[-1], {"result": {"metrics": {"rmse": 2.0}}})
        said = self.ran("import sys\ndef train(trial):\n trial.report(1, rmse=2)\n sys.exit(3)")
        self.assertEqual(failure(said)["class"], "trainer_error")
        self.assertIn("sys.exit(3)", failure(said)["message"])

    def test_what_is_not_finite_is_text(self):
        said = self.ran("""
            def train(trial):
                trial.report(1, rmse=float("nan"), a=float("inf"), b=float("-inf"))
                return float("nan")
            """)
        self.assertEqual(said[0]["report"]["metrics"],
                         {"rmse": "NaN", "a": "Infinity", "b": "-Infinity"})
        self.assertEqual(said[1], {"result": {"metrics": {"rmse": "NaN"}}})

    def test_numbers_of_other_libraries_count_and_texts_do_not(self):
        said = self.ran("""
            from fractions import Fraction
            class Tensor:
                def __float__(self): return 0.5
            class Step:
                def __index__(self): return 4
            def train(trial):
                trial.report(Step(), rmse=Tensor(), half=Fraction(1, 2))
                for value in ("3", None, [1], 1j):
                    try: trial.report(9, rmse=value)
                    except TypeError as error: print(error)
                    else: raise AssertionError(value)
                return 1
            """)
        self.assertEqual(said[0], {"report": {"step": 4, "metrics": {"rmse": 0.5, "half": 0.5}}})
        self.assertEqual(len(said), 2, self.log())
        self.assertIn("the metric 'rmse' is a str, not a number", self.log())

    def test_steps_are_whole_and_grow(self):
        said = self.ran("""
            def refused(kind, action):
                try: action()
                except kind: return
                raise AssertionError
            def train(trial):
                trial.report(5, rmse=1)
                for step in (5, 4, 0, -1, 2**63):
                    refused(ValueError, lambda: trial.report(step, rmse=1))
                for step in (6.0, "6", True, None):
                    refused(TypeError, lambda: trial.report(step, rmse=1))
                refused(TypeError, lambda: trial.report(6))
                trial.report(6, rmse=1)
            """)
        self.assertEqual([each for each in said if "failure" in each], [])
        self.assertEqual([each["report"]["step"] for each in said[:-1]], [5, 6])

    def test_a_huge_report_is_refused_and_the_trial_goes_on(self):
        said = self.ran("""
            def train(trial):
                try: trial.report(1, {f"metric-{i}": i for i in range(10_000)})
                except ValueError as error: assert "65536" in str(error)
                trial.report(1, {f"metric-{i}": i for i in range(1_000)})
                return 1
            """)
        self.assertEqual(len(said[0]["report"]["metrics"]), 1000)
        self.assertEqual(said[1], {"result": {"metrics": {"rmse": 1.0}}})

    def test_many_reports_wait_for_a_slow_worker(self):
        said = self.ran("""
            def train(trial):
                for step in range(1, 20_001): trial.report(step, rmse=step)
            """)
        self.assertEqual(len(said), 20_001)

    def test_reports_of_several_threads_do_not_mix(self):
        said = self.ran("""
            import threading
            def train(trial):
                lines = ['{"report":{"step":%d,"metrics":{"%s":1}}}' % (n, "x" * 20000)
                         for n in (1, 2, 3, 4)]
                work = [threading.Thread(target=lambda l=l: [trial._channel.send(l)
                        for _ in range(25)]) for l in lines]
                [w.start() for w in work]; [w.join() for w in work]
                return 1
            """)
        self.assertEqual(len(said), 101)

    def test_after_the_end_nothing_can_be_said(self):
        said = self.ran("""
            def train(trial):
                trial.finish(2)
                try: trial.report(1, rmse=1)
                except RuntimeError: return 3
            """)
        self.assertEqual(said, [{"result": {"metrics": {"rmse": 2.0}}}])


class Failures(Case):
    def test_a_traceback_shows_the_users_frames_alone(self):
        said = self.ran("""
            def train(trial): inner(trial)
            def inner(trial): trial.report('1')
            """)
        self.assertEqual(failure(said)["class"], "trainer_error")
        text = failure(said)["message"]
        self.assertIn("in inner", text)
        self.assertNotIn("_context.py", text)
        self.assertNotIn("_running.py", text)
        self.assertTrue(text.splitlines()[-1].startswith("TypeError"), text)

    def test_a_long_message_keeps_its_end(self):
        said = self.ran("def train(trial):\n raise ValueError('ä' * 5000 + '\\nthe end')")
        text = failure(said)["message"]
        self.assertLessEqual(len(text.encode()), 3500)
        self.assertTrue(text.endswith("the end"))

    def test_an_exception_that_cannot_be_shown_is_told(self):
        said = self.ran("""
            class Odd(Exception):
                def __str__(self): raise RuntimeError("no")
            def train(trial): raise Odd("\\udc80")
            """)
        self.assertEqual(failure(said)["class"], "trainer_error")
        self.assertIn("Odd", failure(said)["message"])

    def test_memory_that_ran_out_is_told_apart(self):
        said = self.ran("def train(trial):\n raise MemoryError")
        self.assertEqual(failure(said)["class"], "out_of_memory")
        self.write("class OutOfMemoryError(RuntimeError): pass\n", "torch/cuda.py")
        self.write("", "torch/__init__.py")
        said = self.ran("import torch.cuda\ndef train(t):\n raise torch.cuda.OutOfMemoryError()")
        self.assertEqual(failure(said)["class"], "out_of_memory")
        for text, kind in [("RESOURCE_EXHAUSTED: Out of", "out_of_memory"),
                           ("INTERNAL: no", "trainer_error")]:
            said = self.ran(f"""
                class XlaRuntimeError(RuntimeError): pass
                def train(trial): raise XlaRuntimeError("{text}")
                """)
            self.assertEqual(failure(said)["class"], kind)
        said = self.ran("def train(trial):\n raise FloatingPointError('overflow')")
        self.assertEqual(failure(said)["class"], "trainer_error")

    def test_code_that_cannot_be_loaded_is_bad_code(self):
        for text, part in [
            ("import no_such_module", "No module named 'no_such_module'"),
            ("def train(:", "SyntaxError"),
            ("def fit(trial): pass", "no function 'train'; it has fit"),
            ("train = 3", "is no function but a int"),
            ("raise SystemExit(0)", "SystemExit"),
            ("1 / 0", "ZeroDivisionError"),
        ]:
            with self.subTest(text):
                said = self.ran(text)
                self.assertEqual(failure(said)["class"], "bad_code")
                self.assertIn(part, failure(said)["message"])
                self.assertNotIn("_running.py", failure(said)["message"])
        said = self.ran("", entry="absent.py:train")
        self.assertIn("no file 'absent.py'", failure(said)["message"])
        said = self.ran("raise MemoryError")
        self.assertEqual(failure(said)["class"], "out_of_memory")

    def test_a_missing_module_within_train_is_the_trainers_error(self):
        said = self.ran("def train(trial):\n import no_such_module")
        self.assertEqual(failure(said)["class"], "trainer_error")

    def test_exit_codes_tell_results_from_failures(self):
        for text, code in [("def train(t): return 1", 0), ("def train(t): 1/0", 1), ("1/0", 1)]:
            self.write(text)
            process, lines = self.fresh()
            lines.all()
            self.assertEqual(process.wait(DEADLINE), code, text)

    def test_a_thread_left_behind_does_not_hold_the_process(self):
        said = self.ran("""
            import threading
            def train(trial):
                threading.Thread(target=threading.Event().wait).start()
                return 1
            """)
        self.assertEqual(said, [{"result": {"metrics": {"rmse": 1.0}}}])


if __name__ == "__main__":
    unittest.main()
