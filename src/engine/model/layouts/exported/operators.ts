import { deviceProfile, DEVICES, type DeviceName } from '../../../../core/devices';
import { EaselError } from '../../../../core/errors';
import type { OnnxHeader } from '../../../onnx/header';

/** Domains of which ONNX Runtime has kernels everywhere. */
const COMMON_DOMAINS = ['com.microsoft', 'ai.onnx.ml', 'ai.onnx.contrib', 'com.ms.internal.nhwc'];

/**
 * Refuses a model that a device has no kernels for, before its weights are read.
 * @throws EaselError `unsupported-model`, naming the operators and what to use instead
 */
export function requireOperators({ path, operators }: OnnxHeader, device: DeviceName): void {
  const available = deviceProfile(device).ownOperators?.names ?? [];
  for (const { label, ownOperators } of DEVICES) {
    const missing = (ownOperators?.names ?? []).filter(
      (name) => operators.has(name) && !available.includes(name),
    );
    if (!ownOperators || missing.length === 0) continue;
    throw new EaselError(
      'unsupported-model',
      `${path} was made for ${ownOperators.hardware} only: it uses ${list(missing)}, which the device ` +
        `${device} does not have. Take the model as safetensors, or an ONNX export that was not optimised ` +
        `for ${label}.`,
      { path, operators: missing },
    );
  }
  const foreign = [...operators].filter((name) => {
    const [domain, operator] = name.split('::');
    return operator !== undefined && !COMMON_DOMAINS.includes(domain!);
  });
  if (foreign.length > 0) {
    throw new EaselError(
      'unsupported-model',
      `${path} uses ${list(foreign)}, operators of another runtime. Take the model as safetensors, or an ` +
        'ONNX export without them.',
      { path, operators: foreign },
    );
  }
}

function list(operators: readonly string[]): string {
  const names = operators.map((name) => name.replace('com.microsoft::', '')).sort();
  return names.slice(0, 4).join(', ') + (names.length > 4 ? ' and others' : '');
}
