"""risk_parity.py - equal risk contribution by scipy, without and with caps; for the references of the solver and of the rotation."""
import numpy as np
from scipy import optimize


def uncapped(covariance, budget):
    scale = np.sqrt(np.diag(covariance))
    correlation, b = covariance / np.outer(scale, scale), budget / budget.sum()

    def hessian(x):
        y = np.exp(x)
        return correlation * np.outer(y, y) + np.diag(y * (correlation @ y))

    near = optimize.minimize(lambda x: 0.5 * np.exp(x) @ correlation @ np.exp(x) - b @ x, 0.5 * np.log(b), method="trust-exact",
                             jac=lambda x: np.exp(x) * (correlation @ np.exp(x)) - b, hess=hessian, options={"gtol": 1e-9})
    found = optimize.root(lambda y: correlation @ y - b / y, np.exp(near.x), jac=lambda y: correlation + np.diag(b / y ** 2), tol=1e-15)
    w = found.x / scale
    return w / w.sum()


def capped(covariance, cap):
    n = len(covariance)
    size = covariance.trace() / n
    s = covariance / size
    state = {"w": np.full(n, 1 / n)}

    def at(lam):
        found = optimize.minimize(lambda w: (0.5 * w @ s @ w - lam * np.log(w).sum()) / lam, state["w"], jac=lambda w: (s @ w - lam / w) / lam,
                                  bounds=[(1e-6, cap)] * n, method="L-BFGS-B",
                                  options={"ftol": 1e-18, "gtol": 1e-13, "maxiter": 100000, "maxfun": 1000000, "maxcor": 30})
        state["w"] = found.x
        return found.x.sum() - 1

    lam = optimize.brentq(at, 1e-5, 1e2, xtol=1e-16, rtol=1e-14)
    at(lam)
    return state["w"]
