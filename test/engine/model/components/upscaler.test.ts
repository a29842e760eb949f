import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { materialise } from '../../../support/fixture';
import { writeHollow } from '../../../support/published-checkpoint';
import { openUpscaler } from '../../../../src/engine/model/components/upscaler/upscaler';
import { randomTensors, type TensorShapes } from '../../../support/random-weights';
import { writeSafetensors } from '../../../support/safetensors-file';
import { tempFolder } from '../../../support/temp-folder';
import { materialiseUpscaler, UPSCALERS } from '../../../support/upscalers';

function write(tensors: TensorShapes): string {
  const file = path.join(tempFolder(), 'upscaler.safetensors');
  writeSafetensors(file, randomTensors(tensors, 'F16'));
  return file;
}

const refused = (tensors: TensorShapes, message: RegExp, code = 'unsupported-model') =>
  assert.rejects(openUpscaler(write(tensors)), { code, message });

describe('an upscaler', () => {
  it('is found in a .pth file under any name that training tools give its tensors', async () => {
    for (const dict of ['params_ema', 'params', 'state_dict', 'model_state_dict']) {
      const { scale } = await openUpscaler(materialiseUpscaler('compact-x2', { file: 'a.pth', dict })); // prettier-ignore
      assert.equal(scale, 2);
    }
    const { tensors } = UPSCALERS['new-x4']!;
    const prefixed = Object.entries(tensors).map(([name, shape]) => [`module.${name}`, shape] as const); // prettier-ignore
    assert.equal((await openUpscaler(write(Object.fromEntries(prefixed)))).scale, 4);
  });

  it('of another architecture is refused by its name', async () => {
    const some = [4, 4];
    for (const [name, tensors] of [
      ['SwinIR', { 'conv_first.weight': some, 'layers.0.residual_group.blocks.0.attn.relative_position_index': some }], // prettier-ignore
      ['Swin2SR', { 'layers.0.residual_group.blocks.0.attn.logit_scale': some, 'layers.0.residual_group.blocks.0.attn.qkv.weight': some }], // prettier-ignore
      ['HAT', { 'layers.0.residual_group.blocks.0.conv_block.cab.0.weight': some, 'layers.0.residual_group.blocks.0.attn.qkv.weight': some }], // prettier-ignore
      ['DAT', { 'before_RG.1.weight': some, 'layers.0.blocks.0.attn.dwconv.0.weight': some }],
      ['OmniSR', { 'residual_layer.0.residual_layer.0.layer.0.fn.0.weight': some }],
      ['SPAN', { 'block_1.c1_r.sk.weight': some }],
      ['MM-RealSR', { ...UPSCALERS['new-x4']!.tensors, 'am_list.0.fc.0.weight': some }],
    ] as const) {
      await refused(tensors, new RegExp(`another architecture \\(${name}\\)`));
    }
  });

  it('is not what draws, changes a model, or cannot be told', async () => {
    await refused({ 'lora_unet_a.lora_down.weight': [4, 4] }, /no upscaler, but a LoRA/);
    await refused({ 'something.weight': [4, 4] }, /no upscaler that Easel knows/);
    const body = { 'body.0.weight': [8, 3, 3, 3], 'body.2.weight': [8, 8, 3, 3] };
    await refused(body, /compact upscaler without PReLU/);
  });

  it('for images of other channels, and one that is not whole, is refused', async () => {
    const { tensors } = UPSCALERS['new-x4']!;
    const grey = { ...tensors, 'conv_first.weight': [8, 1, 3, 3], 'conv_last.weight': [1, 8, 3, 3] }; // prettier-ignore
    await refused(grey, /images of 1 channels/);
    const { 'body.0.rdb1.conv1.weight': first, ...others } = tensors;
    assert.ok(first);
    await refused(others, /no upscaler that Easel knows|an upscaler/);
    const { 'body.1.weight': slope, 'body.0.weight': convolution } = UPSCALERS['compact-x2']!.tensors; // prettier-ignore
    await refused(
      { 'body.0.weight': convolution!, 'body.1.weight': slope!, 'body.2.weight': [13, 8, 3, 3] },
      /size that none has/,
    );
  });

  it('is found in a folder with one, and asked for in one with several', async () => {
    const folder = path.join(tempFolder(), 'models');
    mkdirSync(folder);
    materialiseUpscaler('compact-x2', { folder, file: 'a.pth' });
    assert.equal((await openUpscaler(folder)).name, 'a');
    materialiseUpscaler('compact-x4', { folder, file: 'b.pth' });
    await assert.rejects(openUpscaler(folder), { code: 'bad-request', message: /a\.pth, b\.pth/ });
    materialiseUpscaler('compact-x1', { folder, file: 'c.safetensors' });
    await assert.rejects(openUpscaler(folder), { message: /a\.pth, b\.pth, c\.safetensors/ });
  });

  it('is the safetensors of two files with one name', async () => {
    const folder = tempFolder();
    materialiseUpscaler('compact-x2', { folder, file: 'a.pth' });
    materialiseUpscaler('compact-x4', { folder, file: 'a.safetensors' });
    assert.equal((await openUpscaler(folder)).scale, 4);
    await assert.rejects(openUpscaler('none'), { code: 'model-not-found' });
    // Models that make images larger by a prompt.
    const whole = { code: 'unsupported-model', message: /whole model.*easel generate.*--model/ };
    await assert.rejects(openUpscaler(materialise('sd-x4-upscale')), whole);
    await assert.rejects(openUpscaler(writeHollow('x4-upscaler')), whole);
    await assert.rejects(openUpscaler('org/none'), { message: /easel models download org\/none/ });
  });
});
