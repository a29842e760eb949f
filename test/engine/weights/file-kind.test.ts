import * as assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EaselError } from '../../../src/core/errors';
import { weightFormat } from '../../../src/engine/weights/file-kind';
import { readWeightTensors } from '../../../src/engine/weights/weight-file';
import { encodeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';
import { encodeTorchCheckpoint, encodeZip } from '../../support/torch-file';

const folder = tempFolder();
const TENSOR = { name: 'w', dtype: 'F32', shape: [2], bytes: new Uint8Array(8) };
const SAFETENSORS = encodeSafetensors([TENSOR]);
const TORCH = encodeTorchCheckpoint([TENSOR]);
const latin1 = (text: string) => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(300, 1)]);

function write(name: string, bytes: Uint8Array | string): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

async function refusal(name: string, bytes: Uint8Array | string): Promise<EaselError> {
  try {
    await readWeightTensors(write(name, bytes));
  } catch (thrown) {
    assert.ok(thrown instanceof EaselError, String(thrown));
    return thrown;
  }
  throw new assert.AssertionError({ message: `${name} was read` });
}

/** Contents, and what the message must say of them under any name. */
const FOREIGN: readonly (readonly [string | Uint8Array, RegExp])[] = [
  [latin1('tjgg\x01\0\0\0'), /a GGML file/],
  ['<!DOCTYPE html>\n<html><head><title>Sign in</title>', /a web page \(HTML\).*sign in/],
  ['\ufeff\n <HTML lang="en">', /a web page/],
  ['<?xml version="1.0"?><html xmlns="x">', /a web page/],
  ['<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', /an XML document.*server/],
  ['{"_class_name": "StableDiffusionPipeline", "unet": []}', /index of a diffusers folder \(StableDiffusionPipeline\)/], // prettier-ignore
  ['{"_class_name": "UNet2DConditionModel"}', /config of one part of a model \(UNet2DConditionModel\)/], // prettier-ignore
  ['{"architectures": ["CLIPTextModel"]}', /config of one part of a model \(CLIPTextModel\)/],
  ['{"metadata": {}, "weight_map": {}}', /index of weights in several files/],
  ['{"last_node_id": 9, "nodes": []}', /workflow of ComfyUI/],
  ['{"error":"Access to this model is restricted"}', /answer of a server/],
  ['{"a": 1}', /a JSON file/],
  ['Access to model x/y is restricted. You must be logged in.', /a text file.*server/],
  ['[InternetShortcut]\r\nURL=https://example.org\r\n', /a shortcut to a web page/],
  ['[Desktop Entry]\nType=Link\n', /a shortcut to a web page/],
  ['<?xml version="1.0"?>\n<!DOCTYPE plist>\n<plist version="1.0">', /plist/],
  ['<svg xmlns="http://www.w3.org/2000/svg"/>', /an image \(SVG\)/],
  [latin1('\x89PNG\r\n\x1a\n'), /an image \(PNG\)/],
  [latin1('\xff\xd8\xff\xe0'), /an image \(JPEG\)/],
  [latin1('RIFF\x10\0\0\0WEBPVP8 '), /an image \(WebP\)/],
  [latin1('7z\xbc\xaf\x27\x1c'), /an archive \(7-Zip\).*Unpack/],
  [latin1('Rar!\x1a\x07'), /an archive \(RAR\)/],
  [latin1('\x1f\x8b\x08\0'), /an archive \(gzip\)/],
  [latin1('\x89HDF\r\n\x1a\n'), /HDF5.*Keras/],
  [latin1('\x93NUMPY\x01\0'), /a NumPy array/],
  [latin1('\x08\x08\x12\x07pytorch\x1a\x05'), /one ONNX graph.*model_index\.json/],
  [latin1('MZ\x90\0'), /a program/],
  [latin1('\0\x05\x16\x07\0\x02\0\0'), /a side file of macOS/],
  [latin1('L\0\0\0\x01\x14\x02\0'), /a shortcut \(Windows\)/],
  ['version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n', /a Git LFS pointer/],
  [new Uint8Array(0), /empty \(0 bytes.*download the file again/],
  [new Uint8Array(5000), /filled with zeros.*unfinished download/],
];

describe('what a file of weights is', () => {
  for (const ending of ['safetensors', 'ckpt', 'pt', 'bin']) {
    it(`names what is no weights, as .${ending}, and does not call it damaged`, async () => {
      for (const [bytes, what] of FOREIGN) {
        const { code, message } = await refusal(`x.${ending}`, bytes);
        assert.match(message, what);
        assert.doesNotMatch(message, /damaged|pickle/);
        assert.ok(['unsupported-model', 'bad-file', 'model-incomplete'].includes(code), code);
      }
    });
  }

  it('says what a name tells', async () => {
    const { message } = await refusal('v1-inference.yaml', 'model:\n  params: 1\n');
    assert.match(message, /a config \(YAML\)/);
    assert.match((await refusal('model_index.json', '{"a": 1}')).message, /index of a diffusers/);
    assert.match((await refusal('a.onnx', Buffer.from([255, 254, 0]))).message, /one ONNX graph/);
    assert.match((await refusal('a.msgpack', Buffer.from([0xde, 0, 1]))).message, /Flax/);
  });

  it('names a download that is not finished, whatever is in it', async () => {
    const names = ['a.safetensors.crdownload', 'b.safetensors.part', 'c0ffee.incomplete'];
    for (const name of names) {
      const { code, message } = await refusal(name, SAFETENSORS.subarray(0, 100));
      assert.equal(code, 'model-incomplete');
      assert.match(message, /a download that is not finished/);
    }
  });

  it('reads by contents, not by the name', async () => {
    for (const name of ['a.bin', 'a.ckpt', 'a', 'a.safetensors', 'a.sft', 'a.SAFETENSORS']) {
      assert.equal(await weightFormat(write(name, SAFETENSORS)), 'safetensors', name);
      assert.deepEqual([...(await readWeightTensors(join(folder, name))).keys()], ['w']);
    }
    for (const name of ['a.bin', 'a.ckpt', 'a', 'a.pt2']) {
      assert.deepEqual([...(await readWeightTensors(write(name, TORCH))).keys()], ['w']);
    }
  });

  it('says what is in a zip archive that torch did not write', async () => {
    const named = (name: string) =>
      refusal('x.ckpt', encodeZip([{ name, bytes: Buffer.from('x') }]));
    assert.match((await named('m/model_index.json')).message, /of a diffusers folder.*Unpack/);
    assert.match((await named('m/sd.safetensors')).message, /with files of weights.*Unpack/);
    assert.match((await named('archive/data.npy')).message, /NumPy/);
    assert.match((await named('archive/data.txt')).message, /no file of weights is in it/);
  });

  it('tells nothing of what is in a file that is no weights', async () => {
    const secret = 'root:x:0:0:root:/root:/bin/bash\n';
    const numbers = [String(Buffer.from(secret).readBigUInt64LE(0)), 'root', '/bin/bash'];
    const variants = [secret, Buffer.concat([Buffer.from(secret), Buffer.from([0, 1, 2])])];
    for (const name of ['x.safetensors', 'x.bin', 'x.ckpt']) {
      for (const bytes of variants) {
        const { message, data } = await refusal(name, bytes);
        for (const told of numbers) assert.ok(!(message + JSON.stringify(data)).includes(told));
      }
    }
  });
});
