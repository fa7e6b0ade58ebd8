"""Search spaces as they stand in a sweep file."""

from __future__ import annotations

import unittest

from picoml import space


class Space(unittest.TestCase):
    def test_each_name_gives_its_distribution(self):
        for entry, expected in [
            (space.uniform(0, 1), {"distribution": "uniform", "min": 0.0, "max": 1.0}),
            (space.quniform(1, 10, 1),
             {"distribution": "q_uniform", "min": 1.0, "max": 10.0, "q": 1.0}),
            (space.loguniform(1e-4, 1),
             {"distribution": "log_uniform_values", "min": 1e-4, "max": 1.0}),
            (space.qloguniform(1, 9, 0.5),
             {"distribution": "q_log_uniform_values", "min": 1.0, "max": 9.0, "q": 0.5}),
            (space.randint(3, 10), {"distribution": "int_uniform", "min": 3, "max": 9}),
            (space.randint(3, 4), {"value": 3}),
            (space.qrandint(10, 50, 10),
             {"distribution": "int_uniform", "min": 10, "max": 50, "q": 10}),
            (space.lograndint(1, 100),
             {"distribution": "int_uniform", "min": 1, "max": 99, "scale": "log"}),
            (space.qlograndint(2, 100, 2),
             {"distribution": "int_uniform", "min": 2, "max": 100, "q": 2, "scale": "log"}),
            (space.randn(1, 2), {"distribution": "normal", "mu": 1.0, "sigma": 2.0}),
            (space.normal(), {"distribution": "normal", "mu": 0.0, "sigma": 1.0}),
            (space.qrandn(0, 1, 0.1),
             {"distribution": "q_normal", "mu": 0.0, "sigma": 1.0, "q": 0.1}),
            (space.choice(("a", 1, True)), {"values": ["a", 1, True]}),
            (space.choice(["a", "b"], [0.3, 0.7]),
             {"values": ["a", "b"], "probabilities": [0.3, 0.7]}),
            (space.grid_search([1, 2]), {"values": [1, 2]}),
            (space.suggest_int(1, 9), {"distribution": "int_uniform", "min": 1, "max": 9}),
            (space.suggest_int(0, 9, step=3),
             {"distribution": "int_uniform", "min": 0, "max": 9, "q": 3}),
            (space.suggest_float(0, 0.3, step=0.1),
             {"distribution": "q_uniform", "min": 0.0, "max": 0.3, "q": 0.1}),
            (space.suggest_float(1e-3, 1, log=True), space.loguniform(1e-3, 1)),
            (space.suggest_categorical(["x"]), {"values": ["x"]}),
        ]:
            self.assertEqual(entry, expected)
            for key in ("min", "max", "q"):
                if key in expected:
                    self.assertIs(type(entry[key]), type(expected[key]), entry)

    def test_what_cannot_be_is_refused(self):
        for action in [
            lambda: space.uniform(1, 1), lambda: space.uniform(0, float("nan")),
            lambda: space.loguniform(0, 1), lambda: space.quniform(0, 1, 0),
            lambda: space.randint(3, 3), lambda: space.lograndint(0, 5),
            lambda: space.randn(0, 0), lambda: space.choice([]),
            lambda: space.choice(["a"], [0.5, 0.5]), lambda: space.suggest_int(1, 9, step=2),
            lambda: space.suggest_float(0.05, 1, step=0.1),
            lambda: space.suggest_float(1, 2, step=0.1, log=True),
        ]:
            self.assertRaises(ValueError, action)
        for action in [lambda: space.randint(0.5, 3), lambda: space.choice([[1]]),
                       lambda: space.choice([None])]:
            self.assertRaises(TypeError, action)


if __name__ == "__main__":
    unittest.main()
