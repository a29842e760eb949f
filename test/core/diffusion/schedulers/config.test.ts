import assert from 'node:assert/strict';

import { EaselError, type ErrorCode } from '../../../../src/core/errors';
import {
  createScheduler,
  SCHEDULER_ALIASES,
  SCHEDULER_NAMES,
} from '../../../../src/core/diffusion/schedulers/index';
import { findScheduler, SCHEDULERS } from '../../../../src/core/diffusion/schedulers/registry';
import { parseConfigJson } from '../../../../src/core/json';

const PNDM = {
  _class_name: 'PNDMScheduler',
  _diffusers_version: '0.6.0',
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  beta_start: 0.00085,
  skip_prk_steps: true,
  steps_offset: 1,
};

/** A config of a model that this scheduler draws with. */
function configFor(name: string): Readonly<Record<string, unknown>> {
  const definition = findScheduler(name)?.definition;
  return definition?.isFlowMatching ? { _class_name: definition.name } : PNDM;
}

/** A check for `assert.throws`: an EaselError of this code whose message names each of the words. */
function coded(code: ErrorCode, ...words: string[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof EaselError, String(error));
    assert.equal(error.code, code);
    for (const word of words) assert.ok(error.message.includes(word), error.message);
    return true;
  };
}

describe('createScheduler', () => {
  it('takes the class from the config, or from a name in any case', () => {
    assert.equal(createScheduler(PNDM).name, 'PNDMScheduler');
    assert.equal(createScheduler(PNDM, 'ddimscheduler').name, 'DDIMScheduler');
    assert.equal(createScheduler(PNDM, 'Euler A').name, 'EulerAncestralDiscreteScheduler');
    assert.equal(createScheduler(PNDM, 'euler_a').name, 'EulerAncestralDiscreteScheduler');
    assert.equal(createScheduler(PNDM, 'DPM++').name, 'DPMSolverMultistepScheduler');
    assert.equal(createScheduler({}, 'lcm').name, 'LCMScheduler');
  });

  it('makes a scheduler of every name and alias', () => {
    for (const name of [...SCHEDULER_NAMES, ...SCHEDULER_ALIASES]) {
      const scheduler = createScheduler(configFor(name), name);
      scheduler.setTimesteps(8);
      assert.ok(scheduler.timesteps.length >= 8, name);
    }
  });

  it('gives the -karras names Karras sigmas, whatever the config asks for', () => {
    const config = { ...PNDM, use_exponential_sigmas: true };
    const named = createScheduler(config, 'dpm++-karras');
    const asked = createScheduler({ ...PNDM, use_karras_sigmas: true }, 'dpm++');
    named.setTimesteps(6);
    asked.setTimesteps(6);
    assert.deepEqual(named.timesteps, asked.timesteps);
  });

  it("takes the image's seed for noise of its own, unless the config has one", () => {
    const draw = (config: object, seed?: number): Float32Array => {
      const scheduler = createScheduler({ ...PNDM, ...config }, 'dpm-sde', { seed });
      scheduler.setTimesteps(2);
      const sample = new Float32Array(16).fill(1);
      return scheduler.step(sample, scheduler.timesteps[0]!, sample, () => sample);
    };
    const given = draw({ noise_sampler_seed: 7 }, 3);
    assert.deepEqual(draw({}, 7), given);
    assert.deepEqual(draw({ noise_sampler_seed: null }, 7), given);
    const defaulted = { noise_sampler_seed: null, _use_default_values: ['noise_sampler_seed'] };
    assert.deepEqual(draw(defaulted, 7), given);
    assert.notDeepEqual(draw({}, 3), given);
    assert.deepEqual(draw({}), draw({ noise_sampler_seed: 0 }, 3));
  });

  it('lists what there is for an unknown name', () => {
    const isUnknown = coded('unknown-scheduler', 'nope', 'DDIMScheduler', 'euler-a');
    assert.throws(() => createScheduler(PNDM, 'nope'), isUnknown);
    const flow = { _class_name: 'FlowMatchHeunDiscreteScheduler' };
    assert.throws(() => createScheduler(flow), coded('unsupported-scheduler', 'FlowMatch'));
    assert.throws(() => createScheduler({}), coded('unsupported-scheduler', '_class_name'));
    assert.throws(() => createScheduler(PNDM, 'constructor'), coded('unknown-scheduler'));
  });

  it('refuses an eta where the scheduler has none', () => {
    const check = coded('bad-request', 'eta', 'DDIM and TCD', 'PNDMScheduler');
    assert.throws(() => createScheduler(PNDM, undefined, { eta: 0.5 }), check);
    assert.equal(createScheduler(PNDM, undefined, { eta: 0 }).name, 'PNDMScheduler');
    for (const { name, takesEta } of SCHEDULERS) {
      const create = () => createScheduler(configFor(name), name, { eta: 1 });
      if (takesEta) assert.equal(create().name, name);
      else assert.throws(create, coded('bad-request', name));
    }
  });

  it('refuses a diffusion scheduler for a flow matching model', () => {
    const flow = { _class_name: 'FlowMatchHeunDiscreteScheduler', num_train_timesteps: 1000 };
    const check = coded('bad-request', 'EulerDiscreteScheduler', 'flow matching');
    assert.throws(() => createScheduler(flow, 'euler'), check);
  });

  it('refuses a flow matching scheduler for a diffusion model', () => {
    for (const { name, isFlowMatching } of SCHEDULERS) {
      if (!isFlowMatching) continue;
      const check = coded('bad-request', name, 'PNDMScheduler', 'epsilon');
      assert.throws(() => createScheduler(PNDM, name), check);
      const v = { ...PNDM, prediction_type: 'v_prediction' };
      assert.throws(() => createScheduler(v, name), coded('bad-request', 'v_prediction'));
      const trained = { ...PNDM, prediction_type: 'flow_prediction' };
      assert.equal(createScheduler(trained, name).predictionType, 'flow_prediction');
    }
  });
});

describe('scheduler config', () => {
  const refused: readonly (readonly [string, string, unknown, ...string[]])[] = [
    ['euler', 'beta_schedule', 'sigmoid', 'linear'],
    ['ddim', 'prediction_type', 'flow_prediction', 'epsilon'],
    ['pndm', 'prediction_type', 'sample', 'v_prediction'],
    ['euler_a', 'prediction_type', 'sample'],
    ['dpm++', 'prediction_type', 'flow_prediction'],
    ['dpm++', 'use_flow_sigmas', true],
    ['dpm++', 'algorithm_type', 'dpmsolver', 'sigma_min'],
    ['dpm++', 'solver_order', 4],
    ['dpm++', 'solver_type', 'bh3'],
    ['dpm++', 'final_sigmas_type', null],
    ['unipc', 'use_dynamic_shifting', true],
    ['dpm-sde', 'noise_sampler_seed', -1],
    ['dpm-sde', 'noise_sampler_seed', 1.5],
    ['dpm-sde', 'noise_sampler_seed', 2 ** 53],
    ['dpm-sde', 'prediction_type', 'sample'],
    ['sa-solver', 'tau_func', 'lambda t: 1'],
    ['sa-solver', 'predictor_order', 5],
    ['deis', 'solver_order', 4],
    ['dpm++-2s', 'algorithm_type', 'dpmsolver', 'sigma_min'],
    ['unipc', 'solver_p', { _class_name: 'DDIMScheduler' }],
    ['unipc', 'predict_x0', false, 'final_sigmas_type'],
    ['ddim', 'timestep_spacing', 'uniform', 'leading'],
    ['ddim', 'steps_offset', null],
    ['ddim', 'beta_start', '0.1'],
    ['ddim', 'trained_betas', [0.1, 0.2], 'num_train_timesteps'],
    ['ddim', 'clip_sample', 'yes'],
    ['ddpm', 'variance_type', 'fixed_large_log'],
    ['lcm', 'original_inference_steps', 2000],
    ['ddim', 'a_field_of_the_future', 3, '3'],
    ['ddim', 'predict_epsilon', false],
  ];
  for (const [name, field, value, ...words] of refused) {
    it(`refuses ${field} = ${JSON.stringify(value)} for ${name} by name`, () => {
      const check = coded('unsupported-config', ...(words.length > 0 ? words : [field]));
      assert.throws(() => createScheduler({ ...PNDM, [field]: value }, name), check);
    });
  }

  it('refuses two ways of spreading sigmas at once', () => {
    const config = { ...PNDM, use_karras_sigmas: true, use_beta_sigmas: true };
    assert.throws(() => createScheduler(config, 'euler'), coded('unsupported-config', 'beta'));
  });

  it('ignores metadata, fields of other schedulers, unset fields and what says nothing', () => {
    const config = {
      ...PNDM,
      _name_or_path: 'somewhere',
      use_karras_sigmas: true,
      a_field_of_the_future: null,
      tensor_format: 'pt',
      predict_epsilon: true,
    };
    const scheduler = createScheduler(config);
    scheduler.setTimesteps(5);
    const plain = createScheduler(PNDM);
    plain.setTimesteps(5);
    assert.deepEqual(scheduler.timesteps, plain.timesteps);
  });

  it('refuses to draw nothing from a noise prediction at zero terminal SNR', () => {
    const config = { ...PNDM, rescale_betas_zero_snr: true, timestep_spacing: 'trailing' };
    for (const name of ['ddim', 'ddpm', 'lcm']) {
      const scheduler = createScheduler({ ...config, clip_sample: false }, name);
      scheduler.setTimesteps(4);
      const sample = new Float32Array(16).fill(1);
      const output = new Float32Array(16).fill(0.5);
      const step = (): unknown => scheduler.step(output, 999, sample, () => sample);
      assert.throws(step, coded('unsupported-config', 'rescale_betas_zero_snr'), name);
    }
  });

  it('refuses a network without the variance that the config says it learned', () => {
    const scheduler = createScheduler({ ...PNDM, variance_type: 'learned_range' }, 'ddpm');
    scheduler.setTimesteps(2);
    const sample = new Float32Array(16);
    const step = (): unknown =>
      scheduler.step(sample, scheduler.timesteps[0]!, sample, () => sample);
    assert.throws(step, coded('unsupported-config', 'variance_type'));
  });
});

describe('setTimesteps', () => {
  for (const name of SCHEDULER_NAMES) {
    it(`of ${name} wants a whole number of at least 1`, () => {
      const scheduler = createScheduler(configFor(name), name);
      for (const steps of [0, -3, 2.5, NaN, Infinity]) {
        assert.throws(() => scheduler.setTimesteps(steps), coded('bad-request'));
      }
    });
  }

  it('refuses more steps than the schedule has', () => {
    for (const name of ['ddim', 'ddpm', 'pndm']) {
      const check = coded('bad-request', '1000', '1001');
      assert.throws(() => createScheduler(PNDM, name).setTimesteps(1001), check);
    }
    const lcm = createScheduler(PNDM, 'lcm');
    assert.throws(() => lcm.setTimesteps(51), coded('bad-request', '50'));
    assert.throws(() => lcm.setTimesteps(4, { strength: 0.05 }), coded('bad-request', '2'));
  });

  it('refuses fewer than four steps where PNDM starts with Runge-Kutta steps', () => {
    const scheduler = createScheduler({ ...PNDM, skip_prk_steps: false });
    assert.throws(() => scheduler.setTimesteps(3), coded('bad-request', '4'));
  });

  it('starts afresh, so that one scheduler can draw twice', () => {
    for (const name of SCHEDULER_NAMES) {
      const scheduler = createScheduler(configFor(name), name);
      const draw = (): Float32Array => {
        scheduler.setTimesteps(4);
        let sample = new Float32Array(16).map((_, i) => i / 8 - 1);
        for (const timestep of scheduler.timesteps) {
          const output = scheduler.scaleModelInput(sample, timestep).map((value) => value / 2);
          sample = new Float32Array(
            scheduler.step(output, timestep, sample, () => new Float32Array(16).fill(0.5)),
          );
        }
        return sample;
      };
      assert.deepEqual(draw(), draw(), name);
    }
  });

  it('refuses a begin index outside the schedule, and steps past its end', () => {
    const scheduler = createScheduler(PNDM, 'euler');
    scheduler.setTimesteps(3);
    assert.throws(() => scheduler.setBeginIndex(3), coded('bad-request'));
    scheduler.setBeginIndex(2);
    const sample = new Float32Array(16).fill(1);
    const step = (): unknown =>
      scheduler.step(sample, scheduler.timesteps[2]!, sample, () => sample);
    step();
    assert.throws(step, coded('internal'));
  });

  it('keeps the sample through a last step of no length', () => {
    const config = { ...PNDM, use_karras_sigmas: true, final_sigmas_type: 'sigma_min' };
    for (const name of ['dpm++', 'unipc']) {
      const scheduler = createScheduler({ ...config, solver_type: 'heun' }, name);
      scheduler.setTimesteps(20);
      let sample = new Float32Array(16).fill(1);
      for (const timestep of scheduler.timesteps) {
        sample = new Float32Array(scheduler.step(sample, timestep, sample, () => sample));
      }
      assert.ok(sample.every(Number.isFinite), name);
    }
  });
});

describe('parseConfigJson', () => {
  it("reads Python's infinities and leaves strings alone", () => {
    const text =
      '{"lambda_min_clipped": -Infinity, "a": Infinity, "b": [NaN], "c": "-Infinity \\" NaN"}';
    assert.deepEqual(parseConfigJson(text, 'x.json'), {
      lambda_min_clipped: -Infinity,
      a: Infinity,
      b: [null],
      c: '-Infinity " NaN',
    });
  });

  it('says which file is not a JSON object', () => {
    for (const text of ['{', '[]', 'null', '{"a": -infinity}']) {
      assert.throws(() => parseConfigJson(text, 'x.json'), coded('bad-file', 'x.json'));
    }
  });

  it('reads a DPM-Solver config as diffusers saves it', () => {
    const text = '{"_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -Infinity}';
    const scheduler = createScheduler(parseConfigJson(text, 'scheduler_config.json'));
    scheduler.setTimesteps(10);
    assert.deepEqual(scheduler.timesteps, [999, 899, 799, 699, 599, 500, 400, 300, 200, 100]);
  });
});
