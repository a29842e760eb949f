import assert from 'node:assert/strict';
import { CATALOGUE } from '../../../src/core/catalogue/catalogue';
import { fewStepsOf } from '../../../src/core/catalogue/few-steps';

describe('few-step models and LoRAs', () => {
  /** Names of published files and repositories, with what their cards say. */
  const PUBLISHED: readonly (readonly [string, number, number, string | undefined])[] = [
    ['Hyper-SD15-1step-lora.safetensors', 1, 1, 'TCDScheduler'],
    ['ByteDance/Hyper-SD/Hyper-SDXL-1step-lora.safetensors', 1, 1, 'TCDScheduler'],
    ['Hyper-SDXL-1step-Unet.safetensors', 1, 1, 'LCMScheduler'],
    ['Hyper-SDXL-1step-Unet-Comfyui.fp16.safetensors', 1, 1, 'LCMScheduler'],
    ['Hyper-SD15-2steps-lora.safetensors', 2, 1, 'DDIMScheduler'],
    ['Hyper-SDXL-4steps-lora.safetensors', 4, 1, 'DDIMScheduler'],
    ['ByteDance/Hyper-SD/Hyper-SDXL-8steps-CFG-lora.safetensors', 8, 5, 'DDIMScheduler'],
    ['Hyper-SD15-12steps-CFG-lora.safetensors', 12, 5, 'DDIMScheduler'],
    ['sdxl_lightning_4step_lora.safetensors', 4, 1, 'EulerDiscreteScheduler'],
    ['ByteDance/SDXL-Lightning/sdxl_lightning_8step_lora.safetensors', 8, 1, 'EulerDiscreteScheduler'],
    ['sdxl_lightning_1step_x0.safetensors', 1, 1, 'EulerDiscreteScheduler'],
    ['dmd2_sdxl_4step_lora_fp16.safetensors', 4, 1, 'LCMScheduler'],
    ['dmd2_sdxl_4step_unet_fp16.bin', 4, 1, 'LCMScheduler'],
    ['tianweiy/DMD2/dmd2_sdxl_1step_unet_fp16.bin', 1, 1, 'LCMScheduler'],
    ['h1t/TCD-SDXL-LoRA', 4, 1, 'TCDScheduler'],
    ['latent-consistency/lcm-lora-sdv1-5', 4, 1, 'LCMScheduler'],
    ['lcm_lora_sdxl.safetensors', 4, 1, 'LCMScheduler'],
    ['jasperai/flash-sdxl', 4, 1, 'LCMScheduler'],
    ['sd_xl_turbo_lora_v1.safetensors', 1, 1, 'EulerAncestralDiscreteScheduler'],
    ['sd_xl_turbo_1.0_fp16.safetensors', 1, 1, 'EulerAncestralDiscreteScheduler'],
    ['Stable Diffusion XL Turbo 1.0', 1, 1, 'EulerAncestralDiscreteScheduler'],
    ['sd_turbo.safetensors', 1, 1, 'EulerDiscreteScheduler'],
    ['IDKiro/sdxs-512-0.9', 1, 1, 'EulerDiscreteScheduler'],
    ['ByteDance/SDXL-Lightning', 4, 1, 'EulerDiscreteScheduler'],
    ['sdxl_lightning_lora.safetensors', 4, 1, 'EulerDiscreteScheduler'],
    ['etri-vilab/koala-lightning-700m', 10, 3.5, 'EulerDiscreteScheduler'],
  ]; // prettier-ignore

  for (const [name, steps, guidanceScale, scheduler] of PUBLISHED) {
    it(`are run as their card says: ${name}`, () => {
      const found = fewStepsOf([name]);
      assert.deepEqual(
        [found?.steps, found?.guidanceScale, found?.scheduler._class_name],
        [steps, guidanceScale, scheduler],
      );
    });
  }

  it('are LoRAs of the catalogue, by the file that it names', () => {
    const files = CATALOGUE.flatMap(({ kind, file }) => (kind === 'lora' && file ? [file] : []));
    assert.equal(files.length, 3);
    for (const file of files) assert.equal(fewStepsOf([file])?.steps, 4, file);
  });

  it('are found by any of their names, the first that tells something', () => {
    const names = ['pytorch_lora_weights.safetensors', 'latent-consistency/lcm-lora-sdxl'];
    assert.equal(fewStepsOf(names)?.steps, 4);
    assert.equal(fewStepsOf(['sdxl_lightning_1step_x0'])?.scheduler.prediction_type, 'sample');
  });

  it('start where the UNets of one step were taught to', () => {
    assert.deepEqual(fewStepsOf(['Hyper-SDXL-1step-Unet.safetensors'])?.scheduler.timesteps, [800]);
    assert.deepEqual(fewStepsOf(['dmd2_sdxl_1step_unet_fp16.bin'])?.scheduler.timesteps, [399]);
    assert.equal(fewStepsOf(['dmd2_sdxl_4step_unet_fp16.bin'])?.scheduler.timesteps, undefined);
  });

  it('are not guessed from words in other names', () => {
    const others = [
      'v1-5-pruned-emaonly.safetensors',
      'lightning-bolt-style.safetensors',
      'sdxl-lightning-storm.safetensors',
      'turbo-car-lora.safetensors',
      'hyperrealism.safetensors',
      'flashlight.safetensors',
      'etri-vilab/koala-700m-llava-cap',
      'dreamshaperXL_lightningDPMSDE.safetensors',
      'my-100-step-comic.safetensors',
      '',
    ];
    for (const name of others) assert.equal(fewStepsOf([name]), undefined, name);
  });
});
