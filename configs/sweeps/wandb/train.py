"""A training script as people have it: arguments in, metrics out."""

import argparse
import math

import picoml

parser = argparse.ArgumentParser()
parser.add_argument("--learning_rate", type=float, required=True)
parser.add_argument("--epochs", type=int, required=True)
parser.add_argument("--optimizer", choices=["adam", "sgd"], required=True)
arguments = parser.parse_args()

# Stands for a model: a loss that falls, faster the nearer the learning rate is to 0.01.
distance = abs(math.log10(arguments.learning_rate) + 2)
floor = 0.1 + 0.2 * distance + (0.05 if arguments.optimizer == "sgd" else 0)
for epoch in range(1, arguments.epochs + 1):
    picoml.report(epoch, val_loss=floor + math.exp(-epoch / (1 + distance)))
    if picoml.should_stop():
        break
