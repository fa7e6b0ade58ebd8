"""Four families of classifiers on the handwritten digits that scikit-learn brings along."""

import joblib
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

# Loaded once: every trial is a fork of the process that ran these lines.
images, digits = load_digits(return_X_y=True)
x, x_test, y, y_test = train_test_split(images / 16, digits, test_size=0.3, random_state=0)
classes = list(range(10))


def model(p, seed):
    if p.family == "logistic":
        return make_pipeline(StandardScaler(), LogisticRegression(C=p.C, max_iter=500))
    if p.family == "svm":
        return SVC(C=p.C, gamma=p.gamma, probability=True, random_state=seed)
    return RandomForestClassifier(p.trees, max_depth=p.max_depth, random_state=seed)


def scores(fitted):
    return {
        "loss": log_loss(y_test, fitted.predict_proba(x_test), labels=classes),
        "accuracy": fitted.score(x_test, y_test),
    }


def network(trial):
    """Learns epoch by epoch, so that it can be pruned, stopped and resumed."""
    saved = trial.checkpoint_dir / "network.joblib"
    p = trial.params
    net = joblib.load(saved) if saved.exists() else MLPClassifier(
        (p.width,), learning_rate_init=p.rate, alpha=p.alpha, random_state=trial.seed)
    for epoch in range(trial.resumed_step + 1, p.epochs + 1):
        net.partial_fit(x, y, classes=classes)
        trial.report(epoch, scores(net))
        with trial.checkpoint(epoch) as folder:
            joblib.dump(net, folder / "network.joblib")
        if trial.should_stop():
            break
    return net


def train(trial):
    p = trial.params
    fitted = network(trial) if p.family == "network" else model(p, trial.seed).fit(x, y)
    joblib.dump(fitted, "model.joblib")
    trial.save("model.joblib")
    return scores(fitted)
