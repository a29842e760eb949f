import assert from 'node:assert/strict';
import type { DeviceChoice, Precision } from '../../src/core/devices';
import type { GenerationEvent, LocalSummary } from '../../src/protocol/engine';
import { openEngine } from '../../src/client/open';
import { breakTensor } from '../support/broken-weights';
import { ENGINE } from '../support/cli';
import { materialise } from '../support/fixture';
import { differences, psnr, readPixels } from '../support/pictures';
import { softwareVulkan } from '../support/software-vulkan';

describe('WebGPU on a software driver', function () {
  this.timeout(180_000);
  let client: ReturnType<typeof openEngine> | undefined;
  let model: string;

  before(function () {
    const env = softwareVulkan(this);
    model = materialise('sd1');
    client = openEngine({ module: ENGINE, env });
  });
  after(() => client?.dispose());

  async function draw(
    device: DeviceChoice,
    precision: Precision = 'full',
  ): Promise<[LocalSummary, Uint8Array]> {
    let png: Uint8Array | undefined;
    const size = { width: 32, height: 32, format: 'png' } as const;
    const request = { prompt: 'a cat', model, seed: 1, steps: 2, device, precision, ...size };
    const onEvent = (event: GenerationEvent) => {
      if (event.event === 'image') png = event.bytes;
    };
    assert.ok(client);
    const summary = await client.call('generate', { request }, { onEvent });
    assert.ok(png);
    return [summary, png];
  }

  it('draws what the processor draws', async () => {
    const [onGpu, gpuPicture] = await draw('webgpu');
    assert.equal(onGpu.device, 'webgpu');
    const [, cpuPicture] = await draw('cpu');
    const { mean } = differences(await readPixels(gpuPicture), await readPixels(cpuPicture));
    assert.ok(mean < 0.1, `the pictures differ by ${mean.toFixed(3)} of 255 on average`);
  });

  it('is known as a driver in software, with its memory', async () => {
    assert.ok(client);
    const { devices } = await client.call('devices', null);
    const webgpu = devices.find(({ device }) => device === 'webgpu');
    assert.equal(webgpu?.card?.kind, 'software');
    assert.match(webgpu.card.name, /^SwiftShader/);
    assert.ok(webgpu.card.memoryBytes >= 2 ** 30);
    const [summary] = await draw('webgpu');
    assert.deepEqual(summary.card, webgpu.card);
  });

  it('has the attention that is right: fused kernels of ONNX Runtime 1.30 are wrong on it', async () => {
    assert.ok(client);
    const { devices } = await client.call('devices', null);
    assert.equal(devices.find(({ device }) => device === 'webgpu')?.attention, 'plain');
  });

  it('draws in float16 nearly the same where its trial is right, and else says why not', async () => {
    assert.ok(client);
    const { devices } = await client.call('devices', null);
    const webgpu = devices.find(({ device }) => device === 'webgpu');
    assert.ok(webgpu?.works);
    if (!webgpu.half) {
      // SwiftShader.
      assert.match(webgpu.halfFault, /no float16 \(shader-f16\)/);
      const message = /the graphics adapter has no float16 .*Ask for full/;
      await assert.rejects(draw('webgpu', 'half'), { code: 'unsupported-precision', message });
      return;
    }
    const [summary, half] = await draw('webgpu', 'half');
    assert.equal(summary.precision, 'half');
    const [, exact] = await draw('cpu');
    const likeness = psnr((await readPixels(half)).data, (await readPixels(exact)).data);
    assert.ok(likeness >= 35, `${likeness} dB`);
  });

  it('leads to the processor where its values are not finite, and then to an error', async () => {
    assert.ok(client);
    const broken = materialise('sd1');
    breakTensor(broken, 'unet', 'conv_out.bias');
    const request = { prompt: 'a cat', model: broken, seed: 1, steps: 2, width: 32, height: 32 };
    const events: GenerationEvent[] = [];
    const drawing = client.call(
      'generate',
      { request: { ...request, device: 'webgpu' } },
      { onEvent: (event) => void events.push(event) },
    );
    await assert.rejects(drawing, { code: 'not-finite' });
    const warnings = events.flatMap((one) => (one.event === 'warning' ? [one.message] : []));
    assert.match(warnings.join(), /WebGPU.*step 1 of 3.*CPU/);
    assert.ok(events.every(({ event }) => event !== 'image'));
  });

  it('is left alone by auto where the processor is faster, and says so', async () => {
    assert.ok(client);
    const report = await client.call('devices', null);
    const webgpu = report.devices.find(({ device }) => device === 'webgpu');
    assert.ok(webgpu?.works);
    assert.equal(report.chosen, 'cpu');
    const [summary] = await draw('auto');
    assert.equal(summary.device, 'cpu');
    assert.match(
      summary.deviceReason,
      /webgpu: SwiftShader .*, a driver in software and no card: /,
    );
  });
});
