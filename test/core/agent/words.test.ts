import assert from 'node:assert/strict';
import { failureText } from '../../../src/core/agent/failure-text';
import { generateImageRequest, parseGenerateImage } from '../../../src/core/agent/generate-image';
import { describeModels } from '../../../src/core/agent/model-list';
import { viewWidth } from '../../../src/core/agent/result-text';
import { EaselError, ERROR_CODES } from '../../../src/core/errors';
import { DEFAULT_STYLES } from '../../../src/core/request/styles';

const request = (input: object, defaults = {}) =>
  generateImageRequest(parseGenerateImage(input), { request: defaults, styles: DEFAULT_STYLES });

describe('what agents say and are told', () => {
  it('becomes a request: the agent first, then the settings', () => {
    const settings = { model: 'a/b', steps: 9, width: 640, height: 640 };
    const asked = request({ prompt: ' a cat ', steps: 3, path: 'x/cat.JPG', seed: 5 }, settings);
    assert.deepEqual(
      [asked.prompt, asked.model, asked.steps, asked.format, asked.seed, asked.width],
      ['a cat', 'a/b', 3, 'jpeg', 5, 640],
    );
  });

  it('means the size of the file, whatever the settings say', () => {
    const settings = { width: 640, height: 640 };
    const asked = request({ prompt: 'x', width: 300, height: 100 }, settings);
    assert.deepEqual([asked.fit, asked.width], [{ width: 300, height: 100 }, undefined]);
    assert.deepEqual(request({ prompt: 'x', height: 50 }).fit, { width: 50, height: 50 });
  });

  it('is in the style that is named, else in the one that is set', () => {
    assert.equal(request({ prompt: 'a cat', style: 'pixel-art' }).style?.name, 'Pixel art');
    const styled = (input: object) =>
      generateImageRequest(parseGenerateImage(input), {
        ...{ request: {}, styles: DEFAULT_STYLES, style: 'Photo' },
      }).style?.name;
    assert.equal(styled({ prompt: 'a cat' }), 'Photo');
    assert.equal(styled({ prompt: 'a cat', style: '' }), undefined);
  });

  it('takes a setting of transparency for the formats that have it', () => {
    const set = { transparent: true };
    assert.equal(request({ prompt: 'x', path: 'x.png' }, set).transparent, true);
    assert.equal(request({ prompt: 'x', path: 'x.jpg' }, set).transparent, false);
    assert.throws(() => request({ prompt: 'x', path: 'x.jpg', transparent: true }), {
      code: 'bad-request',
    });
  });

  it('tells of every failure what to do', () => {
    for (const code of ERROR_CODES) {
      assert.match(
        failureText(new EaselError(code, 'It failed.')),
        /^[a-z-]+: It failed\. \w.*\.$/,
      );
    }
  });

  it('lists models with what a choice needs, and says why others do not run', () => {
    const base = { kind: 'pipeline', sizeBytes: 2.1e9, reason: '', family: 'SD 1.x' };
    const defaults = { steps: 4, guidanceScale: 1, width: 512, height: 512 };
    const text = describeModels(
      [
        { ...base, id: 'stabilityai/sd-turbo', runnable: true, defaults },
        { ...base, id: 'x/y', runnable: false, reason: 'it lacks its UNet' },
        { ...base, id: 'x/vae', kind: 'autoencoder', runnable: true },
      ],
      'starter',
    );
    assert.match(
      text,
      /- stabilityai\/sd-turbo: SD 1\.x; 2\.1 GB; .* on a processor; 512 × 512, 4 steps/,
    );
    assert.match(text, /Not usable:\n- x\/y: it lacks its UNet/);
    assert.match(text, /chosen starter, which is not among them/);
    assert.doesNotMatch(text, /vae/);
  });

  it('shows a small view', () => {
    assert.equal(viewWidth({ width: 256, height: 256 }), 256);
    assert.equal(viewWidth({ width: 4096, height: 2048 }), 384);
    assert.equal(viewWidth({ width: 1, height: 16384 }), 1);
  });
});
