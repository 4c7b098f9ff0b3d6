"""Provable training of ReLU gates: the algorithms of chapter 3, every constant of their theorems, and baselines.

Each algorithm returns a :class:`~relucomb.training.result.TrainingResult` that says which theorem holds for the run and
what it promises; the theorems are functions too, with ``published=True`` (or a variant ``"published"``) for the
constants as printed.
"""

from __future__ import annotations

from relucomb.training.activations import Activation, custom_activation, leaky_relu
from relucomb.training.best_gate import BestGate, best_gate
from relucomb.training.concentration import azuma_hoeffding_bound, clopper_pearson, theorem_3_d_1, walk_tail
from relucomb.training.confinement import Confinement, lemma_3_4_2, lemma_3_4_3, noisy_gd_radius, radius_for
from relucomb.training.distributions import Discrete, Distribution, Gaussian, StudentT, UniformBall, UniformBox
from relucomb.training.exit_experiment import ExitExperiment, exit_experiment
from relucomb.training.frequency import Frequency
from relucomb.training.gate_data import gate_data
from relucomb.training.gate_sgd import plain_gate_sgd, relu_gate_sgd
from relucomb.training.glm_tron import glm_tron
from relucomb.training.glm_tron_bounds import GLMTronBound, glm_tron_bound, lemma_3_5_1, theorem_3_5_3_bound
from relucomb.training.glm_tron_experiment import RiskExperiment, corollary_3_5_4, gaussian_theta, risk_experiment
from relucomb.training.hypotheses import Hypothesis
from relucomb.training.inequality import Inequality
from relucomb.training.moments import TruncatedMoments, estimate_moments, moments_of_points
from relucomb.training.network_descent import (
    adam,
    gradient_descent,
    lbfgs,
    noisy_network_descent,
    stochastic_gradient_descent,
)
from relucomb.training.noises import BallNoise, GaussianNoise, NoNoise, SignNoise, label_noise
from relucomb.training.noisy_descent import gate_gradient_descent, noisy_gradient_descent
from relucomb.training.random_walk_bound import random_walk_bound, random_walk_radius, total_variance, variance_proxy
from relucomb.training.realisability import realise
from relucomb.training.recursion import RecursionSchedule, lemma_3_e_1, recursion_bound, recursion_schedule
from relucomb.training.result import Bound, Certainty, Termination, TrainingResult
from relucomb.training.second_moments import expected_squares
from relucomb.training.sgd_experiment import SGDExperiment, sgd_experiment
from relucomb.training.sgd_schedule import (
    SGDSchedule,
    relu_sgd_schedule,
    theorem_3_3_1_contraction,
    theorem_3_3_1_moments,
)
from relucomb.training.single_filter import SingleFilterNet

__all__ = [
    "Activation",
    "BallNoise",
    "BestGate",
    "Bound",
    "Certainty",
    "Confinement",
    "Discrete",
    "Distribution",
    "ExitExperiment",
    "Frequency",
    "GLMTronBound",
    "Gaussian",
    "GaussianNoise",
    "Hypothesis",
    "Inequality",
    "NoNoise",
    "RecursionSchedule",
    "RiskExperiment",
    "SGDExperiment",
    "SGDSchedule",
    "SignNoise",
    "SingleFilterNet",
    "StudentT",
    "Termination",
    "TrainingResult",
    "TruncatedMoments",
    "UniformBall",
    "UniformBox",
    "adam",
    "azuma_hoeffding_bound",
    "best_gate",
    "clopper_pearson",
    "corollary_3_5_4",
    "custom_activation",
    "estimate_moments",
    "exit_experiment",
    "expected_squares",
    "gate_data",
    "gate_gradient_descent",
    "gaussian_theta",
    "glm_tron",
    "glm_tron_bound",
    "gradient_descent",
    "label_noise",
    "lbfgs",
    "leaky_relu",
    "lemma_3_4_2",
    "lemma_3_4_3",
    "lemma_3_5_1",
    "lemma_3_e_1",
    "moments_of_points",
    "noisy_gd_radius",
    "noisy_gradient_descent",
    "noisy_network_descent",
    "plain_gate_sgd",
    "radius_for",
    "random_walk_bound",
    "random_walk_radius",
    "realise",
    "recursion_bound",
    "recursion_schedule",
    "relu_gate_sgd",
    "relu_sgd_schedule",
    "risk_experiment",
    "sgd_experiment",
    "stochastic_gradient_descent",
    "theorem_3_3_1_contraction",
    "theorem_3_3_1_moments",
    "theorem_3_5_3_bound",
    "theorem_3_d_1",
    "total_variance",
    "variance_proxy",
    "walk_tail",
]
