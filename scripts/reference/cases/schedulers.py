"""The scheduler configs that scripts/reference/schedulers.py runs, by diffusers class."""

STABLE_DIFFUSION = {
    "num_train_timesteps": 1000,
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
}
ZERO_SNR = {"prediction_type": "v_prediction", "rescale_betas_zero_snr": True}
TRAILING = {"timestep_spacing": "trailing"}
LEADING = {"timestep_spacing": "leading", "steps_offset": 1}
LINSPACE = {"timestep_spacing": "linspace"}
SPACINGS = (TRAILING, LEADING, LINSPACE)
V = {"prediction_type": "v_prediction"}
X0 = {"prediction_type": "sample"}
KARRAS = {"use_karras_sigmas": True}
EXPONENTIAL = {"use_exponential_sigmas": True}
BETA = {"use_beta_sigmas": True}
SPREADS = (KARRAS, EXPONENTIAL, BETA)
SIGMA_RANGE = {"sigma_min": 0.05, "sigma_max": 10.0}
SIGMA_MIN = {"final_sigmas_type": "sigma_min"}
THRESHOLD = {"thresholding": True, "dynamic_thresholding_ratio": 0.9, "sample_max_value": 1.5}
NO_CLIP = {"clip_sample": False}
CLIP = {"clip_sample": True, "clip_sample_range": 0.8}
COSINE = {"beta_schedule": "squaredcos_cap_v2"}
LINEAR = {"beta_schedule": "linear", "beta_start": 0.0001, "beta_end": 0.02}
TRAINED = {
    "num_train_timesteps": 100,
    "trained_betas": [round(0.001 + 0.0004 * i, 6) for i in range(100)],
}


def case(class_name: str, steps: int, *parts: dict, **extra) -> dict:
    config = {"_class_name": class_name, **STABLE_DIFFUSION}
    for part in parts:
        config.update(part)
    return {"config": config, "steps": steps, **extra}


def spaced(class_name: str, steps: int, *parts: dict) -> list:
    return [case(class_name, steps, spacing, *parts) for spacing in SPACINGS]


def ddim() -> list:
    name = "DDIMScheduler"
    return [
        *spaced(name, 5, NO_CLIP, {"set_alpha_to_one": False}),
        *spaced(name, 7, ZERO_SNR, NO_CLIP),
        case(name, 1, NO_CLIP),
        case(name, 2, CLIP),
        case(name, 20, X0, CLIP),
        case(name, 20, THRESHOLD, V),
        case(name, 4, LINEAR, NO_CLIP),
        case(name, 4, TRAINED),
        case(name, 10, NO_CLIP, LEADING, begin=4),
        *[case(name, 6, NO_CLIP, spacing, eta=eta) for eta in (0.3, 1.0) for spacing in SPACINGS],
        case(name, 6, ZERO_SNR, TRAILING, CLIP, eta=0.5),
        case(name, 6, X0, THRESHOLD, {"set_alpha_to_one": False}, eta=0.7),
        # numpy's arange gives one timestep too many here, and diffusers takes it.
        case(name, 61, NO_CLIP, TRAILING, {"thresholding": None, "trained_betas": None}),
    ]


def ddpm() -> list:
    name = "DDPMScheduler"
    variances = ("fixed_small", "fixed_small_log", "fixed_large", "learned", "learned_range", None)
    return [
        *spaced(name, 5, NO_CLIP),
        *[case(name, 4, NO_CLIP, {"variance_type": kind}) for kind in variances],
        case(name, 5, ZERO_SNR, TRAILING, CLIP),
        case(name, 1),
        case(name, 20, X0, THRESHOLD),
        case(name, 5, V, {"beta_schedule": "sigmoid"}),
        case(name, 5, {"beta_schedule": "laplace"}),
        case(name, 5, COSINE),
        case(name, 6, NO_CLIP, begin=2),
    ]


def pndm() -> list:
    name = "PNDMScheduler"
    skip = {"skip_prk_steps": True}
    return [
        *spaced(name, 10, skip),
        *spaced(name, 7),
        case(name, 1, skip),
        case(name, 2, skip, LEADING),
        case(name, 20, skip, V, LEADING),
        case(name, 20, V, {"set_alpha_to_one": True}),
        case(name, 4, LINEAR),
        case(name, 10, skip, LEADING, begin=5),
    ]


def k_diffusion(name: str, *parts: dict) -> list:
    return [
        *spaced(name, 5, *parts),
        case(name, 1, *parts),
        case(name, 2, V, *parts),
        case(name, 20, V, TRAILING, *parts),
        case(name, 6, LINEAR, *parts),
        case(name, 8, LEADING, *parts, begin=3),
    ]


def spread(name: str, *parts: dict) -> list:
    return [
        *[case(name, 6, each, *parts) for each in SPREADS],
        *[case(name, 6, each, SIGMA_RANGE, LEADING, *parts) for each in SPREADS],
    ]


def euler() -> list:
    name = "EulerDiscreteScheduler"
    return [
        *k_diffusion(name),
        *spread(name),
        case(name, 20, ZERO_SNR, TRAILING),
        case(name, 6, SIGMA_MIN),
        case(name, 6, SIGMA_MIN, KARRAS),
        case(name, 5, X0),
        case(name, 5, {"prediction_type": "original_sample"}),
        case(name, 6, {"interpolation_type": "log_linear"}),
        case(name, 6, {"interpolation_type": "log_linear"}, KARRAS),
        case(name, 6, V, {"timestep_type": "continuous"}, KARRAS),
        case(name, 6, COSINE),
        case(name, 4, {"sigma_min": None, "sigma_max": None}),
    ]


def euler_ancestral() -> list:
    name = "EulerAncestralDiscreteScheduler"
    # diffusers ignores the switch of another class.
    return [*k_diffusion(name), case(name, 20, ZERO_SNR, TRAILING), case(name, 4, TRAILING, KARRAS)]


def lms() -> list:
    name = "LMSDiscreteScheduler"
    return [*k_diffusion(name), *spread(name), case(name, 5, X0)]


def heun() -> list:
    name = "HeunDiscreteScheduler"
    return [
        *k_diffusion(name),
        *spread(name),
        case(name, 5, X0, CLIP),
        case(name, 5, {"beta_schedule": "exp"}),
    ]


def dpm_solver() -> list:
    name = "DPMSolverMultistepScheduler"
    orders = [{"solver_order": order} for order in (1, 2, 3)]
    plus = [
        {"algorithm_type": algorithm, "solver_type": kind}
        for algorithm in ("dpmsolver++", "sde-dpmsolver++")
        for kind in ("midpoint", "heun")
    ]
    plain = [
        {"algorithm_type": algorithm, "solver_type": kind, **SIGMA_MIN}
        for algorithm in ("dpmsolver", "sde-dpmsolver")
        for kind in ("midpoint", "heun")
    ]
    long = {"lower_order_final": False}
    return [
        *[case(name, 20, order, kind) for order in orders for kind in plus],
        *[case(name, 16, order, kind) for order in orders[:2] for kind in plain],
        case(name, 16, orders[2], plain[0]),
        *spaced(name, 5),
        *spaced(name, 6, V, orders[2]),
        *spread(name, orders[1]),
        case(name, 8, {"use_lu_lambdas": True}),
        # With these the first timestep comes twice, and only a begin index keeps diffusers on its way.
        case(name, 8, {"use_lu_lambdas": True}, COSINE, {"lambda_min_clipped": -5.1}, begin=0),
        case(name, 8, KARRAS, COSINE, begin=0),
        case(name, 20, KARRAS, SIGMA_MIN),
        case(name, 20, KARRAS, SIGMA_MIN, long),
        case(name, 1),
        case(name, 2, {"euler_at_final": True}, SIGMA_MIN),
        case(name, 16, {"euler_at_final": True}, SIGMA_MIN),
        case(name, 20, ZERO_SNR, TRAILING),
        case(name, 5, X0, THRESHOLD),
        case(name, 5, plain[0], THRESHOLD),
        case(name, 5, plain[0], X0),
        case(name, 5, plain[0], V),
        case(name, 5, COSINE, {"lambda_min_clipped": -5.1}),
        case(name, 5, COSINE, {"lambda_min_clipped": -5.1}, TRAILING),
        case(name, 4, {"variance_type": "learned_range"}, channels=3),
        case(name, 10, begin=4),
        case(name, 10, KARRAS, {"algorithm_type": "sde-dpmsolver++"}, begin=6),
        case(name, 5, {"solver_type": "bh2"}),
    ]


def singlestep() -> list:
    name = "DPMSolverSinglestepScheduler"
    orders = [{"solver_order": order} for order in (1, 2, 3)]
    kinds = [{"solver_type": kind} for kind in ("midpoint", "heun")]
    sde = {"algorithm_type": "sde-dpmsolver++"}
    plain = {"algorithm_type": "dpmsolver", **SIGMA_MIN}
    whole = {"lower_order_final": False, **SIGMA_MIN}
    return [
        *[case(name, 12, order, kind) for order in orders for kind in kinds],
        *[case(name, 8, order, kind, sde) for order in orders for kind in kinds],
        *[case(name, 7, order, kind, plain) for order in orders for kind in kinds],
        *[case(name, 6, order, whole) for order in orders],
        # diffusers turns lower_order_final on where the steps do not divide by the order.
        *[case(name, steps, orders[2], whole) for steps in (7, 8)],
        *[case(name, steps, order) for steps in (1, 2, 3) for order in orders[1:]],
        *spread(name),
        case(name, 9, KARRAS, orders[2], SIGMA_MIN),
        case(name, 8, KARRAS, COSINE, begin=0),
        case(name, 6, V, TRAILING),
        case(name, 5, X0, THRESHOLD),
        case(name, 5, plain, V),
        case(name, 5, plain, X0),
        case(name, 5, COSINE, {"lambda_min_clipped": -5.1}),
        case(name, 4, {"variance_type": "learned_range"}, channels=3),
        case(name, 5, {"solver_type": "logrho", "algorithm_type": "deis"}, SIGMA_MIN),
        case(name, 10, begin=3),
        case(name, 10, orders[2], begin=5),
        case(name, 10, sde, orders[2], KARRAS, begin=4),
    ]


def dpm_solver_sde() -> list:
    name = "DPMSolverSDEScheduler"
    # Without it, diffusers takes a random one.
    seed = {"noise_sampler_seed": 42}
    return [
        *spaced(name, 5, seed),
        case(name, 1, seed),
        case(name, 2, seed, TRAILING),
        case(name, 2, seed, V, LEADING),
        case(name, 4, seed, KARRAS, {"noise_sampler_seed": 2**40 + 3}),
        case(name, 20, seed, V, TRAILING),
        case(name, 6, seed, LINEAR),
        case(name, 6, seed, TRAINED),
        case(name, 6, seed, COSINE),
        *spread(name, seed),
        case(name, 25, KARRAS, {"noise_sampler_seed": 0}),
        case(name, 8, seed, LEADING, begin=6),
        case(name, 10, seed, KARRAS, begin=8),
        {"config": {"_class_name": name, **seed}, "steps": 4},
    ]


def deis() -> list:
    name = "DEISMultistepScheduler"
    orders = [{"solver_order": order} for order in (1, 2, 3)]
    long = {"lower_order_final": False}
    return [
        *[case(name, 20, order) for order in orders],
        *[case(name, 6, order, long) for order in orders],
        *spaced(name, 5),
        *spaced(name, 6, V, orders[2]),
        *spread(name),
        *[case(name, 8, each, orders[2], long) for each in SPREADS],
        case(name, 1),
        case(name, 2),
        case(name, 3, orders[2]),
        case(name, 20, X0, THRESHOLD),
        case(name, 6, LINEAR),
        case(name, 6, COSINE),
        case(name, 5, {"algorithm_type": "dpmsolver++", "solver_type": "bh2", **SIGMA_MIN}),
        case(name, 10, begin=4),
        case(name, 20, orders[2], KARRAS, begin=9),
        # DreamShaper's, as saved.
        case(
            name,
            8,
            orders[1],
            LEADING,
            {
                "algorithm_type": "deis",
                "solver_type": "logrho",
                "lower_order_final": True,
                "clip_sample": False,
                "set_alpha_to_one": False,
                "skip_prk_steps": True,
                "use_karras_sigmas": False,
            },
        ),
    ]


def kdpm2(name: str) -> list:
    return [
        *spaced(name, 5),
        case(name, 1),
        # Not linspace: there the ancestral step to the smallest sigma is the root of a rounding error.
        case(name, 2, TRAILING),
        case(name, 2, V, LEADING),
        case(name, 20, V, TRAILING),
        case(name, 6, LINEAR),
        case(name, 6, TRAINED),
        *spread(name),
        case(name, 8, LEADING, begin=6),
        case(name, 10, KARRAS, begin=8),
        {"config": {"_class_name": name}, "steps": 4},
    ]


def tcd() -> list:
    name = "TCDScheduler"
    return [
        *[case(name, steps) for steps in (1, 2, 4, 8, 20, 50)],
        case(name, 4, V),
        case(name, 4, X0),
        case(name, 4, ZERO_SNR),
        case(name, 3, {"original_inference_steps": 100}),
        case(name, 4, {"clip_sample": True, "thresholding": True, "set_alpha_to_one": False}),
        case(name, 4, strength=0.6),
        case(name, 6, begin=2),
        {"config": {"_class_name": name}, "steps": 4},
        *[case(name, steps, eta=0.3) for steps in (1, 2, 4, 20)],
        *[case(name, 4, kind, eta=0.7) for kind in (V, X0, ZERO_SNR)],
        case(name, 8, eta=1.0),
        case(name, 6, eta=0.3, begin=2),
    ]


def sa_solver() -> list:
    name = "SASolverScheduler"
    orders = [
        {"predictor_order": predictor, "corrector_order": corrector}
        for predictor, corrector in ((1, 1), (1, 2), (2, 1), (2, 2), (3, 2), (3, 4))
    ]
    noise = {"algorithm_type": "noise_prediction"}
    return [
        *[case(name, 12, order) for order in orders],
        *[case(name, 12, order, noise) for order in orders[:4]],
        *spaced(name, 5),
        *spaced(name, 6, V),
        *spread(name),
        case(name, 1),
        case(name, 2),
        case(name, 20, X0, THRESHOLD),
        case(name, 8, noise, V),
        case(name, 8, noise, X0),
        case(name, 8, {"lower_order_final": False}),
        case(name, 5, COSINE, {"lambda_min_clipped": -5.1}),
        case(name, 10, begin=4),
        # Where the timesteps are not those of the sigmas: it adds noise by the former.
        *[case(name, 8, each, begin=3) for each in SPREADS],
    ]


def edm(name: str, steps: int, *parts: dict, **extra) -> dict:
    config = {"_class_name": name}
    for part in parts:
        config.update(part)
    return {"config": config, "steps": steps, **extra}


# Playground v2.5.
PLAYGROUND = {
    "sigma_data": 0.5,
    "sigma_max": 80.0,
    "sigma_min": 0.002,
    "num_train_timesteps": 1000,
    "prediction_type": "epsilon",
    "rho": 7.0,
}
SHORT_RANGE = {"sigma_min": 0.03, "sigma_max": 14.6, "sigma_data": 1.0, "rho": 5.0}


def edm_euler() -> list:
    name = "EDMEulerScheduler"
    exponential = {"sigma_schedule": "exponential"}
    return [
        *[edm(name, steps, PLAYGROUND) for steps in (1, 2, 5, 20)],
        *[edm(name, steps, exponential) for steps in (1, 2, 6)],
        edm(name, 6, SHORT_RANGE),
        edm(name, 6, SHORT_RANGE, exponential, V),
        edm(name, 6, SIGMA_MIN),
        edm(name, 20, V),
        edm(name, 8, begin=3),
    ]


def edm_dpm_solver() -> list:
    name = "EDMDPMSolverMultistepScheduler"
    exponential = {"sigma_schedule": "exponential"}
    orders = [{"solver_order": order} for order in (1, 2, 3)]
    kinds = [{"solver_type": kind} for kind in ("midpoint", "heun")]
    sde = {"algorithm_type": "sde-dpmsolver++"}
    return [
        *[edm(name, steps, PLAYGROUND) for steps in (1, 2, 5, 20)],
        *[edm(name, steps, exponential) for steps in (1, 2, 6)],
        *[edm(name, 16, order, kind) for order in orders for kind in kinds],
        *[edm(name, 16, order, kind, sde) for order in orders[:2] for kind in kinds],
        edm(name, 6, SHORT_RANGE, orders[2]),
        edm(name, 6, SHORT_RANGE, exponential, V),
        edm(name, 6, SHORT_RANGE, SIGMA_MIN),
        edm(name, 16, SIGMA_MIN, {"euler_at_final": True}),
        edm(name, 20, V, THRESHOLD, SHORT_RANGE),
        edm(name, 5, {"algorithm_type": "deis", "solver_type": "logrho"}, SIGMA_MIN),
        edm(name, 8, begin=3),
    ]


def unipc() -> list:
    name = "UniPCMultistepScheduler"
    noise = {"predict_x0": False, **SIGMA_MIN}
    return [
        *[
            # bh1 ends in NaN at sigma zero.
            case(name, 20, {"solver_order": order, "solver_type": kind}, end)
            for order in (1, 2, 3, 4)
            for kind, end in (("bh1", SIGMA_MIN), ("bh2", {}))
        ],
        *spaced(name, 5),
        *spaced(name, 6, V, {"solver_order": 3}),
        *spread(name),
        case(name, 10, KARRAS, SIGMA_MIN),
        case(name, 10, EXPONENTIAL, SIGMA_MIN, {"solver_order": 3}),
        case(name, 10, SIGMA_MIN, {"lower_order_final": False}),
        case(name, 1),
        case(name, 2),
        case(name, 20, ZERO_SNR, TRAILING),
        case(name, 5, X0, THRESHOLD),
        case(name, 8, noise),
        case(name, 8, noise, V, {"solver_order": 3}),
        case(name, 8, noise, X0),
        case(name, 8, {"disable_corrector": [0, 1, 3]}),
        case(name, 5, {"solver_type": "midpoint"}),
        case(name, 10, begin=4),
    ]


def lcm() -> list:
    name = "LCMScheduler"
    return [
        *[case(name, steps) for steps in (1, 2, 4, 8, 20, 50)],
        case(name, 4, V, THRESHOLD),
        case(name, 4, X0, CLIP),
        case(name, 3, {"original_inference_steps": 100, "timestep_scaling": 4.0}),
        case(name, 4, strength=0.6),
        case(name, 6, begin=2),
        case(name, 4, ZERO_SNR),
    ]


def flow_match_euler() -> list:
    def flow(steps: int, *parts: dict, **extra) -> dict:
        config = {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000}
        for part in parts:
            config.update(part)
        return {"config": config, "steps": steps, **extra}

    # Stable Diffusion 3, FLUX.1 dev, and LTX-Video.
    sd3 = {"shift": 3.0}
    flux = {
        "shift": 3.0,
        "use_dynamic_shifting": True,
        "base_shift": 0.5,
        "max_shift": 1.15,
        "base_image_seq_len": 256,
        "max_image_seq_len": 4096,
    }
    terminal = {"shift_terminal": 0.1}
    stochastic = {"stochastic_sampling": True}
    inverted = {"invert_sigmas": True}
    linear = {"time_shift_type": "linear"}
    return [
        *[flow(steps) for steps in (1, 2, 5, 28)],
        *[flow(steps, sd3) for steps in (1, 4, 28)],
        *[flow(20, flux, mu=mu) for mu in (0.5, 1.15)],
        flow(6, flux, linear, mu=1.5),
        flow(6, sd3, terminal),
        flow(8, flux, terminal, mu=0.9),
        *[flow(6, sd3, each) for each in SPREADS],
        *[flow(6, flux, each, mu=0.8) for each in SPREADS],
        *[flow(6, each, {"sigma_min": 0.05, "sigma_max": 0.9}) for each in SPREADS],
        flow(6, sd3, stochastic),
        flow(6, flux, stochastic, KARRAS, mu=0.7),
        flow(6, inverted),
        flow(6, sd3, inverted, stochastic),
        flow(5, {"num_train_timesteps": 100}, sd3),
        flow(4, {"shift_terminal": None, "base_shift": None, "prediction_type": "flow_prediction"}),
        flow(8, sd3, begin=3),
        flow(8, flux, begin=5, mu=1.0),
    ]


def carried_over() -> list:
    """`X.from_config` of a config that was written for another class."""
    from_pndm = {
        "_class_name": "PNDMScheduler",
        "_diffusers_version": "0.6.0",
        **STABLE_DIFFUSION,
        "clip_sample": False,
        "set_alpha_to_one": False,
        "skip_prk_steps": True,
        "steps_offset": 1,
        "trained_betas": None,
    }
    from_turbo = {
        "_class_name": "EulerDiscreteScheduler",
        **STABLE_DIFFUSION,
        "interpolation_type": "linear",
        "prediction_type": "epsilon",
        "sigma_max": 12.0,
        "sigma_min": 0.06,
        "timestep_spacing": "trailing",
        "timestep_type": "discrete",
        "use_karras_sigmas": True,
        "use_exponential_sigmas": False,
        "_use_default_values": ["timestep_spacing"],
    }
    names = list(CASES)
    return [
        {"config": config | SEEDS.get(name, {}), "name": name, "steps": 5}
        for config in (from_pndm, from_turbo)
        for name in names
        if not (name == "PNDMScheduler" and config is from_pndm)
    ]


# For the classes that have a generator of their own.
SEEDS = {"DPMSolverSDEScheduler": {"noise_sampler_seed": 7}}

CASES = {
    "DDIMScheduler": ddim(),
    "DDPMScheduler": ddpm(),
    "PNDMScheduler": pndm(),
    "LMSDiscreteScheduler": lms(),
    "EulerDiscreteScheduler": euler(),
    "EulerAncestralDiscreteScheduler": euler_ancestral(),
    "HeunDiscreteScheduler": heun(),
    "DPMSolverMultistepScheduler": dpm_solver(),
    # With COSINE, the ancestral form is not finite.
    "KDPM2DiscreteScheduler": [
        *kdpm2("KDPM2DiscreteScheduler"),
        case("KDPM2DiscreteScheduler", 6, COSINE),
    ],
    "KDPM2AncestralDiscreteScheduler": kdpm2("KDPM2AncestralDiscreteScheduler"),
    "DPMSolverSinglestepScheduler": singlestep(),
    "DPMSolverSDEScheduler": dpm_solver_sde(),
    "DEISMultistepScheduler": deis(),
    "UniPCMultistepScheduler": unipc(),
    "SASolverScheduler": sa_solver(),
    "LCMScheduler": lcm(),
    "TCDScheduler": tcd(),
}
CASES["carried-over"] = carried_over()
# Not carried over: diffusers makes them from another model's config too, but their images are noise.
CASES["EDMEulerScheduler"] = edm_euler()
CASES["EDMDPMSolverMultistepScheduler"] = edm_dpm_solver()
CASES["FlowMatchEulerDiscreteScheduler"] = flow_match_euler()

BETA_CONFIGS = [
    {"_class_name": "DDIMScheduler"},
    {"_class_name": "DDIMScheduler", **STABLE_DIFFUSION},
    {"_class_name": "DDIMScheduler", **STABLE_DIFFUSION, "rescale_betas_zero_snr": True},
    {"_class_name": "DDIMScheduler", **COSINE},
    {"_class_name": "DDIMScheduler", **TRAINED},
    {"_class_name": "DDIMScheduler", "num_train_timesteps": 37},
    {"_class_name": "EulerDiscreteScheduler", **STABLE_DIFFUSION, "rescale_betas_zero_snr": True},
    {"_class_name": "HeunDiscreteScheduler"},
    {"_class_name": "HeunDiscreteScheduler", "beta_schedule": "exp"},
    {"_class_name": "DDPMScheduler", "beta_schedule": "sigmoid"},
    {"_class_name": "DDPMScheduler", "beta_schedule": "laplace"},
    {"_class_name": "LCMScheduler"},
]
